"""The Sphinx extension, in real builds that are strict about references."""

from __future__ import annotations

import os
from pathlib import Path
from posixpath import dirname, normpath
from urllib.parse import unquote, urlsplit

import pytest
from msgspec.structs import replace

from adhere.app.docs import sync
from adhere.app.doctor import diagnose
from adhere.app.ground import Wanted
from adhere.app.project import find_project
from adhere.policy.settings import ConfigTable
from adhere.report.document import Vulnerability
from adhere.report.json import encode_report
from adhere.report.release import encode_release
from corpus.past import earlier, release
from readers.html import Page
from surfaces.docs_site import report
from surfaces.sphinx_site import PAGES, SphinxSite

MYST = ["myst_parser", "adhere.sphinx"]
NOTHING = "no targets are out of date"


@pytest.fixture
def site(tmp_path: Path) -> SphinxSite:
    found = SphinxSite(tmp_path)
    found.store()
    found.index()
    found.conf()
    return found


@pytest.mark.parametrize(
    ("markup", "theme"),
    [("rst", "furo"), ("md", "furo"), ("rst", "alabaster"), ("md", "pydata_sphinx_theme")],
)
def test_a_build_is_clean_and_every_link_leads_somewhere(
    site: SphinxSite, markup: str, theme: str
) -> None:
    site.conf(extensions=MYST if markup == "md" else MYST[1:], html_theme=theme)
    assert site.build(jobs=2) == ""
    assert site.sources() == {f"{name}.{markup}" for name in PAGES}
    out = site.docs / "_build" / "html"
    for name in PAGES:
        page = Page(site.page(f"compliance/{name}.html"))
        assert "_static/adhere.css" in "".join(page.values("href"))
        assert "Made by adhere" in page.text
        for href in page.values("href"):
            parts = urlsplit(href)
            if not parts.scheme and parts.path:
                leads = normpath(f"{dirname(f'compliance/{name}')}/{unquote(parts.path)}")
                assert (out / leads).exists(), f"{name} leads to {href}"
    assert {path.name for path in (out / "_adhere").iterdir()} == {
        *("badge.svg", "findings.csv", "packages.csv", "report.json")
    }


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml"])
def test_other_sites_link_to_the_same_files(site: SphinxSite, builder: str) -> None:
    assert site.build(builder) == ""
    name = "compliance/dependencies/index.html" if builder == "dirhtml" else "index.html"
    (link,) = {h for h in Page(site.page(name, builder)).values("href") if "packages.csv" in h}
    out = site.docs / "_build" / builder
    assert (out / dirname(name) / link).is_file()


def test_a_second_build_has_nothing_to_do_and_writes_nothing(site: SphinxSite) -> None:
    site.build(jobs=2)
    before = {path: path.stat().st_mtime_ns for path in site.docs.glob("compliance/**/*.*")}
    assert site.build(jobs=2) == ""
    assert NOTHING in site.log
    assert "0 added, 0 changed, 0 removed" in site.log
    assert "configuration has changed" not in site.log
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_new_report_is_shown_and_nothing_else_is_read_again(site: SphinxSite) -> None:
    site.write("other.rst", "Other\n=====\n")
    site.index("", "compliance/index", "other")
    site.build()
    site.store(report(waivers=()))
    assert site.build(jobs=2) == ""
    assert f"0 added, {len(PAGES)} changed, 0 removed" in site.log
    assert "There is no waiver" in Page(site.page("compliance/waivers.html")).text


def test_what_is_shown_depends_on_the_report(site: SphinxSite) -> None:
    site.write("own.rst", "Own\n===\n\n:adhere-status:`release`\n")
    site.index("", "compliance/index", "own")
    site.build()
    dependencies = site.environment().dependencies
    for name in ("own", "compliance/index", "compliance/adrs/ADR-001"):
        found = {os.path.normpath(path) for path in dependencies[name]}
        assert str(site.root / ".adhere" / "report.json") in found
    assert not dependencies.get("index")


def test_one_process_and_two_build_the_same(site: SphinxSite) -> None:
    site.build()
    alone = {name: site.page(f"compliance/{name}.html") for name in PAGES}
    objects = site.objects()
    (site.docs / "_build").rename(site.root / "first")
    site.build(jobs=2)
    assert {name: site.page(f"compliance/{name}.html") for name in PAGES} == alone
    assert site.objects() == objects


def test_other_documents_can_refer_to_decisions_and_rules(site: SphinxSite) -> None:
    site.index(":adr:`ADR-001` :adr:`why <ADR-002>` :adhere-rule:`ADR-001/licenses` :any:`ADR-003`")
    assert site.build() == ""
    rule = "compliance/adrs/ADR-001.html#rule-adr-001-licenses"
    links = Page(site.page("index.html")).values("href")
    assert rule in links
    assert 'id="rule-adr-001-licenses"' in site.page("compliance/adrs/ADR-001.html")
    for name in ("ADR-001", "ADR-002", "ADR-003"):
        place = f"compliance/adrs/{name}.html#adr-decision-{name.lower()}"
        assert place in links
        assert site.objects()["adhere:adr"][name] == place
    assert site.objects()["adhere:rule"]["ADR-001/licenses"] == rule


def test_another_documentation_refers_to_them_by_the_inventory(
    site: SphinxSite, tmp_path: Path
) -> None:
    site.build()
    (tmp_path / "other").mkdir()
    other = SphinxSite(tmp_path / "other")
    other.store(report(adrs=(), results=()))
    other.index(":external+shop:adhere:adr:`ADR-001` :adr:`ADR-002`")
    inventory = str(site.docs / "_build" / "html" / "objects.inv")
    mapping = {"shop": ("https://docs.example.org/", inventory)}
    other.conf(extensions=["adhere.sphinx", "sphinx.ext.intersphinx"], intersphinx_mapping=mapping)
    assert other.build() == ""
    links = Page(other.page("index.html")).values("href")
    for name in ("ADR-001", "ADR-002"):
        where = f"compliance/adrs/{name}.html#adr-decision-{name.lower()}"
        assert f"https://docs.example.org/{where}" in links


def test_a_decision_that_is_a_document_has_a_panel_and_is_what_one_refers_to(
    site: SphinxSite,
) -> None:
    site.decision()
    site.index(":adr:`ADR-001`", "adr/ADR-001", "compliance/index")
    site.conf(extensions=MYST)
    assert site.build(jobs=2) == ""
    text = Page(site.page("adr/ADR-001.html")).text
    assert "✖ failed · accepted, enforced · judged on 2026-11-24 · rules and evidence" in text
    assert text.index("enforced") < text.index("Only approved licenses") < text.index("Only these")
    assert site.objects()["adhere:adr"]["ADR-001"] == "adr/ADR-001.html"
    assert "adr/ADR-001.html" in Page(site.page("index.html")).values("href")
    page = Page(site.page("compliance/adrs/ADR-001.html"))
    assert "../../adr/ADR-001.html" in page.values("href")
    site.conf(extensions=MYST, adhere_annotate_adrs=False)
    assert site.build() == ""
    assert "enforced" not in Page(site.page("adr/ADR-001.html")).text


def test_a_decision_that_no_parser_reads_is_named_and_not_linked(site: SphinxSite) -> None:
    site.decision()
    site.conf(source_suffix={".rst": "restructuredtext"})
    assert site.build() == ""
    page = Page(site.page("compliance/adrs/ADR-001.html"))
    assert "The decision itself: docs/adr/ADR-001.md" in page.text


def test_decisions_may_be_copies_that_lie_elsewhere(site: SphinxSite) -> None:
    site.decision()
    (site.docs / "adr").rename(site.docs / "records")
    site.index("", "records/ADR-001", "compliance/index")
    site.conf(extensions=MYST, adhere_adr_dir="records")
    assert site.build() == ""
    assert "accepted, enforced" in Page(site.page("records/ADR-001.html")).text


@pytest.mark.filterwarnings("ignore:'myst_parser")  # what it uses of Sphinx is its own matter
def test_where_docs_sync_wrote_the_pages_the_extension_adds_none(site: SphinxSite) -> None:
    site.conf(extensions=MYST)
    site.build()
    for path in site.docs.glob("compliance/**/*.md"):
        path.unlink()
    sync(find_project(str(site.root), None), ConfigTable(), str(site.docs))
    written = {path: path.read_bytes() for path in site.docs.glob("compliance/**/*.md")}
    site.build()
    assert {path: path.read_bytes() for path in written} == written
    assert "none are added" in site.log
    site.store(report(waivers=()))
    assert "are of another report: run it again" in site.build()


def test_pages_that_are_no_more_are_removed_and_nothing_else(site: SphinxSite) -> None:
    site.build()
    site.write("compliance/mine.rst", ":orphan:\n\nMine\n====\n")
    site.conf(adhere_pages=["waivers"])
    assert site.build() == ""
    assert site.sources() == {"index.rst", "waivers.rst", "mine.rst"}
    site.conf(adhere_path="quality/proof", adhere_pages=["adrs"])
    site.index("", "quality/proof/index")
    assert site.build() == ""
    assert site.sources() == {"mine.rst"}
    assert Page(site.page("quality/proof/adrs/ADR-001.html")).text
    site.conf(adhere_pages=[])
    site.index(":adhere-status:`ADR-001`", "compliance/mine")
    assert site.build() == ""
    assert not (site.docs / "quality" / "proof" / "index.rst").exists()


def test_documents_are_what_the_loaded_extensions_read(site: SphinxSite) -> None:
    site.build()
    site.conf(extensions=MYST)
    assert site.build() == ""
    assert site.sources() == {f"{name}.md" for name in PAGES}
    site.conf(extensions=MYST, adhere_markup="rst")
    assert site.build() == ""
    assert site.sources() == {f"{name}.rst" for name in PAGES}
    site.conf(source_suffix={".txt": "restructuredtext"})
    (site.docs / "index.rst").rename(site.docs / "index.txt")
    assert site.build() == ""
    assert site.sources() == {f"{name}.txt" for name in PAGES}


def test_charts_and_the_script_may_be_left_out(site: SphinxSite) -> None:
    site.build()
    page = site.page("compliance/performance.html")
    assert 'aria-label="seconds.total: 4 runs, latest 120 ms, budget at most 100 ms"' in page
    assert "adhere.js" in page
    site.conf(adhere_charts="none", adhere_sort_js=False)
    site.build()
    page = site.page("compliance/performance.html")
    assert "adhere-chart" not in page
    assert "adhere.js" not in page
    assert "at most 100 ms" in Page(page).text


def test_a_style_of_the_users_is_taken(site: SphinxSite) -> None:
    site.write("_adhere_templates/adhere.css", "/* mine */\n")
    site.conf(adhere_templates="_adhere_templates")
    site.build()
    assert site.page("_static/adhere.css") == "/* mine */\n"


def test_the_environment_keeps_words_and_numbers_only(site: SphinxSite) -> None:
    site.index(":adr:`ADR-001`")
    site.build()
    kept = site.environment().domaindata["adhere"]
    assert set(kept) == {"version", "places", "marks"}
    assert kept["marks"].keys() == {"index", *(f"compliance/{name}" for name in PAGES)}


def test_a_project_without_a_configuration_is_where_its_report_is(site: SphinxSite) -> None:
    (site.root / "adhere.toml").unlink()
    assert site.build() == ""


def test_the_report_may_be_named(site: SphinxSite) -> None:
    (site.root / ".adhere" / "report.json").rename(site.docs / "other.json")
    site.conf(adhere_report="other.json")
    assert site.build() == ""


def test_what_is_withheld_is_in_no_file_of_a_build(site: SphinxSite) -> None:
    found = report()
    flaw = Vulnerability("PYSEC-2026-7", ("CVE-2026-7",), "HIGH")
    site.store(replace(found, packages=(replace(found.packages[0], vulnerabilities=(flaw,)),)))
    site.index(".. adhere-dependencies::\n\n.. adhere-checklist::")
    assert site.build() == ""
    assert "PYSEC-2026-7" in site.page("compliance/dependencies.html")
    counts = 'schema = 1\n[report]\npublish_vulnerabilities = "counts"\n'
    (site.root / "adhere.toml").write_text(counts, "utf-8")
    assert site.build() == ""
    for path in (site.docs / "_build").rglob("*.*"):
        assert path.is_dir() or b"2026-7" not in path.read_bytes(), path
    assert "not shown here" in Page(site.page("compliance/dependencies.html")).text


def test_the_doctor_finds_the_pages_and_knows_those_of_another_report(site: SphinxSite) -> None:
    project = find_project(str(site.root), None)
    for builder in ("html", "dirhtml"):
        site.build(builder)
        found = diagnose(project, ConfigTable(), Wanted(), str(site.docs / "_build" / builder))
        assert [part.state for part in found.parts] == ["ok", "ok", "ok"]
        assert found.parts[-1].detail.startswith(f"{len(PAGES)} pages of docs/_build/{builder} are")
    site.store(report(waivers=()))
    assert not diagnose(project, ConfigTable(), Wanted()).is_well


def test_what_changed_and_frozen_releases_have_their_place(site: SphinxSite) -> None:
    folder = site.root / ".adhere" / "releases"
    folder.mkdir()
    (folder / "1.0.json").write_bytes(encode_release(release("1.0", earlier())))
    (site.root / ".adhere" / "previous.json").write_bytes(encode_report(earlier()))
    assert site.build() == ""
    overview = Page(site.page("compliance/index.html")).text
    assert "Since the run before of 2026-10-24" in overview
    assert "Since release 1.0 of 2026-10-24" in overview
    page = Page(site.page("compliance/release/index.html"))
    assert "1.0.html" in page.values("href")
    assert "Not ready for a release" in page.text
    assert "Frozen on 2026-10-24" in Page(site.page("compliance/release/1.0.html")).text
