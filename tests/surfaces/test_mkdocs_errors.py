"""The MkDocs plugin: what is wrong, and what a build says of it."""

from __future__ import annotations

import logging
import os
from typing import Any

import pytest
from mkdocs.exceptions import Abort, ConfigurationError
from msgspec.structs import replace

from adhere.report.document import Input
from corpus.reports import DIGEST
from readers.html import Page
from surfaces.docs_site import DETAIL, MAIN, NAV, DocsSite, report


def test_an_entry_that_is_not_there_is_an_error_with_the_nearest(site: DocsSite) -> None:
    with pytest.raises(Abort):
        site.build({"nav": "after:Decision"}, nav=NAV)
    assert "names no entry of the navigation; did you mean `Decisions`?" in site.said()


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


def test_a_search_that_finds_everything_is_told_of(site: DocsSite) -> None:
    with pytest.raises(Abort):
        site.build({"search": "off"})
    assert "`search: off` is heeded by that of Material only" in site.said()
