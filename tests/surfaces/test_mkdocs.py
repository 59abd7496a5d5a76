"""The MkDocs plugin, in real builds that are strict."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from mkdocs.exceptions import Abort, ConfigurationError
from mkdocs.structure.files import Files
from msgspec.structs import replace

from adhere.app.docs import sync
from adhere.app.project import find_project
from adhere.policy.settings import ConfigTable
from adhere.report.document import Input
from adhere.report.layout import PAGES
from corpus.reports import DIGEST, with_words
from readers.html import Page
from surfaces.docs_site import DocsSite, report

MAIN = [f"compliance/{name.removesuffix('.md')}.html" for name in PAGES.values()]
DETAIL = "compliance/adrs/ADR-001.html"
NAV = ["index.md", {"Decisions": ["adr/ADR-001.md"]}]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DocsSite:
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    found = DocsSite(tmp_path)
    found.store()
    return found


def links(site: DocsSite, name: str) -> list[str]:
    """Where the links of a page lead within the site."""
    found = []
    for href in Page(site.page(name)).values("href"):
        parts = urlsplit(href)
        if not parts.scheme and not parts.netloc and parts.path:
            found.append(normpath(f"{dirname(name)}/{unquote(parts.path)}").lstrip("/"))
    return found


def menu(site: DocsSite, name: str = "index.html") -> list[str]:
    """Pages of ours that the navigation of a page leads to, in its order."""
    return [link for link in dict.fromkeys(links(site, name)) if link.startswith("compliance/")]


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


def test_an_entry_that_is_not_there_is_an_error_with_the_nearest(site: DocsSite) -> None:
    with pytest.raises(Abort):
        site.build({"nav": "after:Decision"}, nav=NAV)
    assert "names no entry of the navigation; did you mean `Decisions`?" in site.said()


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


@pytest.mark.parametrize(
    ("how", "pages", "level"),
    [("warn", 1, logging.WARNING), ("placeholder", 1, logging.INFO), ("skip", 0, logging.INFO)],
)
def test_without_a_report(site: DocsSite, how: str, pages: int, level: int) -> None:
    os.unlink(site.root / ".adhere" / "report.json")
    if level == logging.WARNING:
        with pytest.raises(Abort, match="strict mode"):
            site.build({"on_missing": how})
    else:
        site.build({"on_missing": how})
    assert "no report at .adhere/report.json: run adhere check" in site.said(level)
    found = [page for page in site.pages() if page.startswith("compliance/")]
    assert len(found) == pages
    if pages:
        assert "No data: there is no report." in Page(site.page(MAIN[0])).text
    assert ("adhere.css" in site.page("index.html")) == bool(pages)


def test_without_a_report_a_build_may_fail(site: DocsSite) -> None:
    os.unlink(site.root / ".adhere" / "report.json")
    with pytest.raises(Abort, match="BuildError"):
        site.build({"on_missing": "error"})
    assert "there is no report" in site.said(logging.ERROR)


def test_inputs_that_changed_are_said_on_every_page(site: DocsSite) -> None:
    (site.root / "adhere.toml").write_text("schema = 1\n", "utf-8")
    found = report()
    inputs = (Input("adhere.toml", "config", DIGEST),)
    site.store(replace(found, subject=replace(found.subject, inputs=inputs)))
    with pytest.raises(Abort, match="strict mode"):
        site.build()
    assert "the report is stale: adhere.toml changed" in site.said()
    for name in (*MAIN, DETAIL, "adr/ADR-001.html"):
        assert "STALE: this page does not speak" in Page(site.page(name)).text


def test_an_old_report_is_stale(site: DocsSite) -> None:
    site.build({"max_age": "36500d"})
    with pytest.raises(Abort):
        site.build({"max_age": "1s"})
    assert "the report is older than 1s" in site.said()
    assert "older than 1s" in Page(site.page(MAIN[0])).text


def test_a_report_of_no_known_commit_is_an_error_where_it_may_not_be(site: DocsSite) -> None:
    with pytest.raises(Abort):
        site.build({"require_commit_match": True})
    assert ".adhere/report.json: nobody can tell whether it is of this commit" in site.said()


def test_a_schema_from_the_future_is_an_error(site: DocsSite) -> None:
    path = site.root / ".adhere" / "report.json"
    path.write_text(path.read_text("utf-8").replace("adhere.report/1", "adhere.report/9"), "utf-8")
    with pytest.raises(Abort):
        site.build()
    assert "`adhere.report/9`, and this version reads `adhere.report/1`" in site.said()
    assert "help: render it with the version of adhere that made it" in site.said()


def test_a_broken_template_is_an_error_that_names_its_line(site: DocsSite) -> None:
    folder = site.root / "mine" / "markdown"
    folder.mkdir(parents=True)
    text = '{% extends "adhere/markdown/waivers.md.j2" %}\n{% block title %}\n{{ view.nope }}\n'
    (folder / "waivers.md.j2").write_text(text + "{% endblock %}\n", "utf-8")
    with pytest.raises(Abort):
        site.build({"templates": "mine"})
    said = site.said()
    assert "mine/markdown/waivers.md.j2:3: there is no `nope` in a ReportView" in said
    assert "3 | {{ view.nope }}" in said


@pytest.mark.parametrize("theirs", ["compliance/index.md", "compliance/waivers/index.md"])
def test_a_page_of_the_users_is_never_replaced(site: DocsSite, theirs: str) -> None:
    page = site.docs / theirs
    page.parent.mkdir(parents=True)
    page.write_text("# Mine\n", "utf-8")
    with pytest.raises(Abort):
        site.build(use_directory_urls=True)
    said = site.said()
    assert f"`{theirs}` is there already (it is one of yours)" in said
    assert "give the pages another `path`" in said


def test_a_plugin_that_replaces_the_navigation_is_told_of(site: DocsSite) -> None:
    hook = "def on_nav(nav, **_):\n    nav.items = nav.items[:1]\n    return nav\n"
    (site.root / "hook.py").write_text(hook, "utf-8")
    with pytest.raises(Abort):
        site.build(nav=NAV, hooks=["hook.py"])
    assert "another plugin made the navigation, and no page of adhere's is in it" in site.said()
    site.build({"nav": "off"}, nav=NAV, hooks=["hook.py"])


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


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"naw": "auto"}, "Unrecognised configuration name: naw"),
        ({"nav": "of"}, "there is no `of`; did you mean `off`?"),
        ({"nav": "after:"}, "there is no `after:`; did you mean `after:TITLE`?"),
        ({"pages": ["dependency"]}, "there is no `dependency`; did you mean `dependencies`?"),
        ({"pages": "all"}, "it is a list of pages: `overview`"),
        ({"path": "../x"}, "`../x` is no folder of the site"),
        ({"path": "_adhere/x"}, "no folder of the site"),
        ({"on_missing": "fail"}, "there is no `fail`; there is `warn`"),
        ({"max_age": 7}, "7 is not a duration"),
        ({"max_age": "soon"}, "'soon' is not a duration"),
        ({"charts": "png"}, "there is no `png`; there is `svg`, `none`"),
        ({"search": "none"}, "there is no `none`; there is `content`"),
        ({"annotate_adrs": "yes please"}, "Expected type: <class 'bool'>"),
    ],
)
def test_an_option_that_is_wrong_is_told(site: DocsSite, options: Any, words: str) -> None:
    with site.listening(), pytest.raises((ConfigurationError, Abort)) as raised:
        site.config(options)
    assert words in f"{site.said()}\n{raised.value}"


@pytest.mark.parametrize("option", ["templates", "adr_dir"])
def test_a_folder_that_is_not_there_is_told(site: DocsSite, option: str) -> None:
    with pytest.raises(Abort):
        site.build({option: "nowhere"})
    assert f"`{option}` names the folder `nowhere`: there is none" in site.said()


def test_a_history_that_is_not_there_is_told(site: DocsSite) -> None:
    with pytest.raises(Abort):
        site.build({"history": "runs.jsonl"})
    assert "runs.jsonl: the history cannot be read" in site.said()
