"""The Sphinx extension: switched off, placed by itself, and left out of the search."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from sphinx.errors import ExtensionError

from adhere.surfaces.mkdocs.options import AdhereOptions
from adhere.surfaces.sphinx.options import CHOICES, DEFAULTS, FLAGS, TEXTS
from readers.html import Page
from surfaces.docs_site import report
from surfaces.sphinx_site import PAGES, SphinxSite

NOTHING = "no targets are out of date"
ROOT = "Shop\n====\n\n{text}\n"
TREE = ".. toctree::\n   :caption: {caption}\n\n   {entries}\n\n"
MYST = ["myst_parser", "adhere.sphinx"]


@pytest.fixture
def site(tmp_path: Path) -> SphinxSite:
    found = SphinxSite(tmp_path)
    found.store()
    found.conf()
    for name in ("guide", "reference", "more"):
        found.write(f"{name}.rst", f"{name.title()}\n=====================\n")
    found.write("index.rst", root("guide", "reference", "more"))
    return found


def root(*entries: str, text: str = "", caption: str = "Parts") -> str:
    tree = TREE.format(caption=caption, entries="\n   ".join(entries)) if entries else ""
    return ROOT.format(text=text) + "\n" + tree


def led_to(site: SphinxSite) -> list[str]:
    """Documents that the root document leads to, in their order."""
    return site.environment().toctree_includes.get("index", [])


def side(site: SphinxSite, name: str = "guide.html") -> list[str]:
    """What the navigation of a page names, in its order."""
    text = site.page(name)
    return Page(text[text.index('<div class="sphinxsidebar"') :]).text.split()


def test_every_option_of_the_mkdocs_plugin_is_one_of_the_extension() -> None:
    ours = {*CHOICES, *DEFAULTS, *(f"adhere_{name}" for name in (*TEXTS, *FLAGS)), "adhere_pages"}
    assert {f"adhere_{name}" for name, _ in AdhereOptions._schema} == ours - {"adhere_markup"}


# Switched off


def test_switched_off_it_shows_nothing_and_leaves_nothing(site: SphinxSite) -> None:
    text = ":adr:`ADR-001` :adhere-status:`ADR-001` :adhere-metric:`packages`\n\n"
    text += ".. adhere-summary::\n\n.. adhere-adr:: ADR-009\n\n.. adhere-dependencies::"
    site.write("index.rst", root("guide", "reference", "more", text=text))
    site.conf(adhere_nav="auto", adhere_enabled=False, adhere_require_commit_match=True)
    site.write("adr/ADR-001.md", "# not read\n")
    assert site.build(jobs=2) == ""
    assert site.sources() == set()
    assert not (site.docs / "_adhere").exists()
    assert {"_adhere", "compliance"}.isdisjoint(os.listdir(site.docs / "_build" / "html"))
    page = site.page("index.html")
    assert "adhere.css" not in page
    assert "Shop¶ ADR-001 ADR-001 packages Parts" in " ".join(Page(page).text.split())
    site.build()
    assert NOTHING in site.log


def test_switched_off_it_reads_neither_report_nor_configuration(site: SphinxSite) -> None:
    (site.root / "adhere.toml").write_text("wrong", "utf-8")
    (site.root / ".adhere" / "report.json").write_text("{", "utf-8")
    with pytest.raises(ExtensionError):
        site.build()
    site.conf(adhere_enabled=False)
    assert site.build() == ""


def test_switched_off_and_on_again(site: SphinxSite) -> None:
    site.conf(adhere_nav="auto")
    assert site.build(jobs=2) == ""
    mine = "compliance/mine.rst"
    site.write(mine, ":orphan:\n\nMine\n====\n")
    site.conf(adhere_nav="auto", adhere_enabled=False)
    assert site.build(jobs=2) == ""
    assert site.sources() == {"mine.rst"}
    assert led_to(site) == ["guide", "reference", "more"]
    site.build(jobs=2)
    assert NOTHING in site.log
    site.conf(adhere_nav="auto")
    assert site.build(jobs=2) == ""
    assert site.sources() == {"mine.rst", *(f"{name}.rst" for name in PAGES)}
    assert led_to(site)[-1] == "compliance/index"


def test_switched_off_a_document_that_was_changed_by_hand_is_not_lost(site: SphinxSite) -> None:
    site.conf(adhere_nav="auto")
    site.build()
    site.write("compliance/waivers.rst", "Mine\n====\n")
    site.conf(adhere_enabled=False)
    with pytest.raises(ExtensionError, match="it was changed by hand"):
        site.build()
    assert (site.docs / "compliance" / "waivers.rst").read_text("utf-8") == "Mine\n====\n"


# The navigation


def test_one_line_of_the_configuration_is_enough(site: SphinxSite) -> None:
    assert site.build(jobs=2) == ""
    assert led_to(site) == ["guide", "reference", "more", "compliance/index"]


@pytest.mark.filterwarnings("ignore:'myst_parser")  # what it uses of Sphinx is its own matter
@pytest.mark.parametrize("annotated", [True, False])
def test_a_decision_that_adhere_began_needs_no_toctree(site: SphinxSite, annotated: bool) -> None:
    """Its page leads to it; a document that no page leads to is one that is lost."""
    site.decision()
    site.conf(extensions=MYST, adhere_annotate_adrs=annotated)
    assert site.build(jobs=2) == ""
    assert "adr/ADR-001.html" in site.page("compliance/adrs/ADR-001.html")
    site.write("adr/notes.md", "# Notes\n\nWords.\n")
    assert site.build().count("WARNING") == 1
    site.conf(extensions=MYST, adhere_pages=[])
    assert "adr/ADR-001.md: WARNING: document isn't included in any toctree" in site.build()


def test_off_the_user_names_the_pages(site: SphinxSite) -> None:
    site.conf(adhere_nav="off")
    assert "compliance/index.rst: WARNING: document isn't included in any toctree" in site.build()
    assert led_to(site) == ["guide", "reference", "more"]


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        ("auto", ["guide", "reference", "more", "compliance/index"]),
        ("after:reference", ["guide", "reference", "compliance/index", "more"]),
        ("after: /guide ", ["guide", "compliance/index", "reference", "more"]),
    ],
)
def test_the_extension_places_them(site: SphinxSite, where: str, wanted: list[str]) -> None:
    site.conf(adhere_nav=where, adhere_nav_title="How we stand", html_theme="alabaster")
    assert site.build(jobs=2) == ""
    assert led_to(site) == wanted
    titles = [{"compliance/index": "How we stand"}.get(name, name.title()) for name in wanted]
    assert " ".join(titles) in " ".join(side(site))
    assert site.build(jobs=2) == ""
    assert NOTHING in site.log


def test_the_last_toctree_is_the_place_and_pages_follow_each_other(site: SphinxSite) -> None:
    two = TREE.format(caption="First", entries="guide")
    two += TREE.format(caption="Second", entries="self\n   reference\n   more")
    site.write("index.rst", ROOT.format(text="") + "\n" + two)
    site.conf(adhere_nav="auto", html_theme="alabaster")
    assert site.build() == ""
    assert 'rel="next" title="Compliance" href="compliance/index.html"' in site.page("more.html")
    page = Page(site.page("compliance/index.html"))
    assert "dependencies.html" in page.values("href")
    site.conf(adhere_nav="after:more", html_theme="alabaster")
    assert site.build() == ""
    assert led_to(site) == ["guide", "reference", "more", "compliance/index"]


@pytest.mark.parametrize("text", ["", "Part\n----\n\nWords.\n"])
def test_a_root_document_without_a_toctree_gets_one_that_is_seen_at_the_side(
    site: SphinxSite, text: str
) -> None:
    for name in ("guide", "reference", "more"):
        (site.docs / f"{name}.rst").unlink()
    site.write("index.rst", root(text=text))
    site.conf(adhere_nav="auto")
    assert site.build(jobs=2) == ""
    assert led_to(site) == ["compliance/index"]
    assert "Compliance" in side(site, "index.html")
    body = site.page("index.html").partition('<div class="sphinxsidebar"')[0]
    assert "Compliance" not in Page(body.partition("<body>")[2]).text.partition("Shop¶")[2]


def test_an_empty_root_document_gets_one_too(site: SphinxSite) -> None:
    for name in ("guide", "reference", "more"):
        (site.docs / f"{name}.rst").unlink()
    site.write("index.rst", "")
    site.conf(adhere_nav="auto")
    assert site.build() == ""
    assert led_to(site) == ["compliance/index"]


@pytest.mark.filterwarnings("ignore:'myst_parser")  # what it uses of Sphinx is its own matter
def test_the_root_document_may_be_markdown_of_another_name(site: SphinxSite) -> None:
    (site.docs / "index.rst").unlink()
    site.write("start.md", "# Shop\n\n```{toctree}\nguide\nreference\nmore\n```\n")
    site.conf(extensions=MYST, root_doc="start", adhere_nav="after:guide", man_pages=[])
    assert site.build(jobs=2) == ""
    includes = site.environment().toctree_includes
    assert includes["start"] == ["guide", "compliance/index", "reference", "more"]


def test_where_the_user_put_them_they_stay(site: SphinxSite) -> None:
    site.conf(adhere_nav="after:more", adhere_nav_title="Otherwise", html_theme="alabaster")
    site.write("index.rst", root("guide", "Mine <compliance/index>", "reference", "more"))
    assert site.build() == ""
    assert led_to(site) == ["guide", "compliance/index", "reference", "more"]
    assert "Guide Mine Reference" in " ".join(side(site))


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("guide.rst", "compliance/index"),
        ("guide.rst", "How we stand <compliance/index.rst>"),
        ("part/guide.rst", "../compliance/index"),
        ("part/guide.rst", "/compliance/index"),
    ],
)
def test_where_another_document_of_the_users_has_them_they_stay(
    site: SphinxSite, name: str, entry: str
) -> None:
    (site.docs / "guide.rst").unlink()
    site.write(name, f"Guide\n=====\n\n.. toctree::\n\n   {entry}\n")
    site.write("index.rst", root(name.removesuffix(".rst"), "reference", "more"))
    assert site.build(jobs=2) == ""
    assert "compliance/index" not in led_to(site)
    site.build(jobs=2)
    assert NOTHING in site.log


def test_an_entry_of_the_users_takes_the_place_of_ours_and_gives_it_back(site: SphinxSite) -> None:
    guide = (site.docs / "guide.rst").read_text("utf-8")
    for text, ours in (
        (guide, True),
        (f"{guide}\n.. toctree::\n\n   compliance/index\n", False),
    ) * 2:
        site.write("guide.rst", text)
        assert site.build(jobs=2) == ""
        assert ("compliance/index" in led_to(site)) == ours
        site.build(jobs=2)
        assert NOTHING in site.log


def test_a_document_that_only_speaks_of_them_is_no_toctree(site: SphinxSite) -> None:
    site.write("guide.rst", "Guide\n=====\n\nSee :doc:`compliance/index`, or compliance/index.\n")
    assert site.build(jobs=2) == ""
    assert led_to(site)[-1] == "compliance/index"


def test_an_entry_that_is_none_is_a_warning_with_the_nearest(site: SphinxSite) -> None:
    site.conf(adhere_nav="after:referense")
    said = site.build()
    assert "index.rst: WARNING: `adhere_nav`: no toctree of the root document names" in said
    assert "`referense`; did you mean `reference`?" in said
    assert said.count("WARNING") == 1
    assert led_to(site)[-1] == "compliance/index"


def test_pages_that_come_or_go_are_led_to_or_not(site: SphinxSite) -> None:
    path = site.root / ".adhere" / "report.json"
    kept = path.read_bytes()
    path.unlink()
    site.conf(adhere_nav="auto", adhere_on_missing="skip")
    for _ in range(2):
        assert site.build(jobs=2) == ""
        assert led_to(site) == ["guide", "reference", "more"]
        site.build(jobs=2)
        assert NOTHING in site.log
        path.write_bytes(kept)
        assert site.build(jobs=2) == ""
        assert led_to(site) == ["guide", "reference", "more", "compliance/index"]
        site.build(jobs=2)
        assert NOTHING in site.log
        path.unlink()


def test_a_new_report_leaves_the_root_document_alone(site: SphinxSite) -> None:
    site.conf(adhere_nav="auto")
    site.build()
    site.store(report(waivers=()))
    assert site.build(jobs=2) == ""
    assert f"0 added, {len(PAGES)} changed, 0 removed" in site.log


def test_a_page_of_the_users_in_that_folder_is_not_placed(site: SphinxSite) -> None:
    site.write("compliance/index.rst", ":orphan:\n\nMine\n====\n")
    site.conf(adhere_nav="auto", adhere_pages=[])
    assert site.build() == ""
    assert led_to(site) == ["guide", "reference", "more"]


# The search


def searched(site: SphinxSite) -> dict[str, Any]:
    """What a search of the built site finds in."""
    text = site.page("searchindex.js")
    found: dict[str, Any] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return found


def documents(site: SphinxSite) -> set[str]:
    """Documents that a search finds by any word or title, ours without their folder."""
    index = searched(site)
    numbers: set[int] = set()
    for part in ("terms", "titleterms"):
        for where in index[part].values():
            numbers.update(where if isinstance(where, list) else [where])
    numbers.update(n for places in index["alltitles"].values() for n, _ in places)
    names = {index["docnames"][n] for n in numbers} - {"index", "guide", "reference", "more"}
    return {name.removeprefix("compliance/") for name in names}


def named(site: SphinxSite) -> set[str]:
    """Decisions and rules that a search finds by their id."""
    return {name for *_, name in searched(site)["objects"].get("", ())}


@pytest.mark.parametrize("markup", ["rst", "md"])
@pytest.mark.filterwarnings("ignore:'myst_parser")  # what it uses of Sphinx is its own matter
def test_a_search_finds_what_is_wanted(site: SphinxSite, markup: str) -> None:
    always = {"adhere_nav": "auto", "extensions": MYST if markup == "md" else MYST[1:]}
    rules = {"ADR-001/lock", "ADR-001/pins", "adhere/waivers"}
    for search, wanted, objects in (
        ("content", {*PAGES}, rules | {"ADR-001"}),
        ("summary", {"index"}, rules),
        ("off", set(), set()),
    ):
        site.conf(adhere_search=search, **always)
        assert site.build(jobs=2) == ""
        assert documents(site) == wanted
        assert named(site) & (rules | {"ADR-001"}) == objects
        assert "ADR-001" in site.objects()["adhere:adr"]
        assert site.build(jobs=2) == ""
        assert NOTHING in site.log


def test_a_decision_of_the_users_is_found_whatever_is_left_out(site: SphinxSite) -> None:
    site.decision()
    site.write("index.rst", root("guide", "reference", "more", "adr/ADR-001"))
    site.conf(extensions=MYST, adhere_nav="auto", adhere_search="off")
    assert site.build() == ""
    assert documents(site) == {"adr/ADR-001"}
    assert named(site) == {"ADR-001"}


def test_that_there_is_no_report_is_not_found_either(site: SphinxSite) -> None:
    (site.root / ".adhere" / "report.json").unlink()
    site.conf(adhere_nav="auto", adhere_search="off", adhere_on_missing="placeholder")
    assert site.build() == ""
    assert documents(site) == set()
