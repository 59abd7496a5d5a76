"""The MkDocs plugin, in real builds that are strict."""

from __future__ import annotations

import logging
import os
from posixpath import normpath
from typing import Any

import pytest
from mkdocs.exceptions import Abort
from mkdocs.structure.files import Files

from adhere.app.docs import sync
from adhere.app.doctor import diagnose
from adhere.app.ground import Wanted
from adhere.app.project import find_project
from adhere.policy.settings import ConfigTable
from corpus.reports import with_words
from readers.html import Page
from surfaces.docs_site import DETAIL, MAIN, NAV, DocsSite, links, menu, report


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs", "material"])
@pytest.mark.parametrize("nav", [None, NAV], ids=["found", "listed"])
def test_a_strict_build_is_clean_and_every_link_leads_somewhere(
    site: DocsSite, theme: str, nav: Any
) -> None:
    about = {"name": theme, "font": False} if theme == "material" else {"name": theme}
    before = sorted(site.root.glob("docs/**/*"))
    site.build(theme=about, nav=nav)
    assert {*MAIN, DETAIL} <= site.pages()
    assert menu(site) == MAIN
    assert "_adhere/adhere.css" in links(site, MAIN[1])
    assert "_adhere/adhere.js" in site.page("index.html")
    for name in (*MAIN, DETAIL):
        for link in links(site, name):
            assert (site.out / link).exists(), f"{name} leads to {link}"
        assert not [h for h in Page(site.page(name)).values("href") if h.startswith("/")]
    assert sorted(site.root.glob("docs/**/*")) == before


def test_pages_are_those_that_docs_sync_writes(site: DocsSite) -> None:
    config = site.config()
    config = config.plugins.on_config(config)
    made = config.plugins.on_files(Files([]), config=config)
    found = {file.src_uri: file.content_bytes for file in made}
    sync(find_project(str(site.root), None), ConfigTable(), str(site.docs))
    for name, content in found.items():
        assert (site.docs / name).read_bytes() == content
    assert len(found) > len(MAIN)


def test_where_docs_sync_wrote_the_pages_the_plugin_adds_none(site: DocsSite) -> None:
    sync(find_project(str(site.root), None), ConfigTable(), str(site.docs))
    site.build(nav=NAV)
    assert menu(site) == MAIN
    assert "none are added" in site.said(logging.INFO)
    assert "adhere.js" in site.page("index.html")
    site.build(
        {"path": "elsewhere", "sort_js": False}, nav=NAV
    )  # its panels lead to the pages that are there
    assert menu(site) == MAIN
    assert DETAIL in links(site, "adr/ADR-001.html")
    assert "adhere.js" not in site.page("index.html")
    site.store(report(waivers=()))
    with pytest.raises(Abort):
        site.build(nav=NAV)
    assert "are of another report: run it again" in site.said()


def test_the_user_may_place_the_pages(site: DocsSite) -> None:
    site.build(nav=["index.md", "compliance/waivers.md", "adr/ADR-001.md"])
    assert menu(site) == ["compliance/waivers.html"]
    assert {*MAIN} <= site.pages()


def test_the_pages_may_be_in_no_navigation(site: DocsSite) -> None:
    for nav in (None, NAV):
        site.build({"nav": False}, nav=nav)  # a bare `off`, as YAML reads it
        assert not menu(site)
        assert {*MAIN} <= site.pages()


@pytest.mark.parametrize("nav", [None, ["index.md", {"Adr": ["adr/ADR-001.md"]}, "more.md"]])
def test_the_pages_may_come_after_an_entry(site: DocsSite, nav: Any) -> None:
    (site.docs / "more.md").write_text("# More\n", "utf-8")
    site.build({"nav": "after:Adr", "nav_title": "What we keep"}, nav=nav)
    page = site.page("index.html")
    assert page.index("adr/ADR-001.html") < page.index("What we keep") < page.index(MAIN[0])
    if nav:
        assert page.index(MAIN[-1]) < page.index("more.html")


def test_the_pages_may_come_after_an_entry_from_a_folder_in_a_folder(site: DocsSite) -> None:
    site.build({"nav": "after:Adr", "path": "quality/proof", "nav_title": "Kept"})
    page = site.page("index.html")
    assert page.index("adr/ADR-001.html") < page.index("Kept") < page.index("quality/proof/")
    assert "Quality" not in page
    site.build({"path": "quality/proof", "nav_title": "Kept"})
    page = site.page("index.html")
    assert page.index("Quality") < page.index("Kept") < page.index("quality/proof/index.html")


def test_fewer_pages_link_to_no_page_that_is_not_there(site: DocsSite) -> None:
    site.build({"pages": ["waivers"], "path": "a/b"}, nav=NAV)
    assert {p for p in site.pages() if p.startswith("a/")} == {"a/b/index.html", "a/b/waivers.html"}
    assert "_adhere/findings.csv" not in menu(site)


def test_another_folder_and_directory_urls(site: DocsSite) -> None:
    site.build({"path": "quality/proof"}, use_directory_urls=True)
    assert "quality/proof/adrs/ADR-001/index.html" in site.pages()
    (style,) = [
        h
        for h in Page(site.page("quality/proof/adrs/ADR-001/index.html")).values("href")
        if "adhere.css" in h
    ]
    assert style == "../../../../_adhere/adhere.css"


def test_a_decision_has_a_panel_below_its_title(site: DocsSite) -> None:
    site.build(nav=NAV)
    page = Page(site.page("adr/ADR-001.html")).text
    assert page.index("not a title") < page.index("✖ failed · accepted, enforced")
    assert page.index("failed") < page.index("What became of its rules") < page.index("Only these")
    assert normpath(DETAIL) in links(site, "adr/ADR-001.html")
    site.build({"annotate_adrs": False}, nav=NAV)
    assert "enforced" not in Page(site.page("adr/ADR-001.html")).text


def test_decisions_may_lie_elsewhere(site: DocsSite) -> None:
    (site.docs / "adr").rename(site.docs / "records")
    site.build({"adr_dir": "docs/records"})
    assert "accepted, enforced" in Page(site.page("records/ADR-001.html")).text
    assert "records/ADR-001.html" in links(site, DETAIL)


def test_parts_are_there_for_pages_that_include_them(site: DocsSite) -> None:
    (site.docs / "index.md").write_text('# Home\n\n--8<-- ".adhere/snippets/summary.md"\n', "utf-8")
    extensions = ["tables", "md_in_html", {"pymdownx.snippets": {"base_path": [str(site.root)]}}]
    site.build(markdown_extensions=extensions)
    assert "FAIL: 1 of 3 rules" in Page(site.page("index.html")).text
    os.unlink(site.root / ".adhere" / "report.json")
    site.build({"on_missing": "skip"}, markdown_extensions=extensions)
    assert "No data" in Page(site.page("index.html")).text


def test_no_macro_of_a_strangers_is_evaluated(site: DocsSite) -> None:
    attack = "{{ 7 * 191 }}{% set x = 1 %}"
    site.store(with_words(report(), lambda text: text if "/" in text else f"{text[:9]}{attack}"))
    hook = (
        "import jinja2\n"
        "def on_page_markdown(markdown, page, **_):\n"
        "    if page.meta.get('render_macros') is not False:\n"
        "        return jinja2.Template(markdown).render()\n"
    )
    (site.root / "hook.py").write_text(hook, "utf-8")
    site.build({"annotate_adrs": True}, hooks=["hook.py"])
    for name in site.pages():
        assert "1337" not in site.page(name), name
    assert "{{ 7 * 191 }}" in Page(site.page(MAIN[0])).text


def test_charts_scripts_and_search_may_be_left_out(site: DocsSite) -> None:
    site.build({"charts": "none", "sort_js": False, "search": "off"}, theme={"name": "material"})
    assert "adhere-chart" not in site.page("compliance/performance.html")
    assert "adhere.js" not in site.page(MAIN[0])
    assert not (site.out / "_adhere" / "adhere.js").exists()
    assert "compliance/" not in (site.out / "search" / "search_index.json").read_text("utf-8")
    site.build({"search": "summary"}, theme={"name": "material"})
    assert "adhere-chart" in site.page("compliance/performance.html")
    index = (site.out / "search" / "search_index.json").read_text("utf-8")
    assert "compliance/index.html" in index
    assert "compliance/waivers.html" not in index


def test_a_disabled_plugin_does_nothing(site: DocsSite) -> None:
    site.build({"enabled": False}, nav=NAV)
    assert not menu(site)
    assert not [name for name in site.pages() if "compliance" in name]


def test_what_changed_and_frozen_releases_have_their_place(site: DocsSite) -> None:
    site.freeze("1.0", "1!2.0")
    site.build()
    assert site.said() == ""
    overview = Page(site.page("compliance/index.html")).text
    assert "Since the run before of 2026-10-24" in overview
    assert "Since release 1!2.0 of 2026-10-24" in overview
    release = "compliance/release/index.html"
    assert {f"compliance/release/{name}.html" for name in ("1.0", "1-2.0")} <= {
        *links(site, release)
    }
    assert "Release 1!2.0" in Page(site.page("compliance/release/1-2.0.html")).text
    assert release in menu(site)
    assert "compliance/release/1.0.html" not in menu(site)
    found = diagnose(find_project(str(site.root), None), ConfigTable(), Wanted())
    assert found.is_well
    assert found.parts[-1].detail.startswith(f"{len(MAIN) + 5} pages of site are of this report")


def test_a_release_that_cannot_be_read_ends_the_build(site: DocsSite) -> None:
    site.freeze("1.0")
    (site.root / ".adhere" / "releases" / "1.0.json").write_text("{", "utf-8")
    with pytest.raises(Abort):
        site.build()
    assert "adhere[report-invalid]: .adhere/releases/1.0.json: it is no frozen" in site.said()


def test_without_the_release_page_there_are_none_of_releases(site: DocsSite) -> None:
    site.freeze("1.0")
    site.build({"pages": ["overview"]})
    assert [name for name in site.pages() if "release" in name] == []
