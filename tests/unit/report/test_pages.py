"""The pages of a small report, as people read them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from posixpath import dirname, normpath
from urllib.parse import unquote

import pytest
from markdown import markdown as rendered
from msgspec.structs import replace

from adhere.report.csv_files import findings_csv, packages_csv
from adhere.report.document import Report
from adhere.report.extract import extract
from adhere.report.json import encode_report
from adhere.report.pages import (
    empty_pages,
    html_pages,
    markdown_pages,
    report_digest,
    single_markdown,
)
from adhere.report.past import Past
from adhere.report.render import Renderer
from corpus.past import past, release
from corpus.reports import CONFLICTING, everything, finding, package, with_words
from corpus.runs import ledger
from readers.html import Page

GOLDEN = Path(__file__).parents[2] / "golden" / "pages"
EXTENSIONS = ["tables", "toc", "attr_list", "md_in_html"]
LIMIT = 300_000

STALE = ("uv.lock changed",)
HTML = html_pages(everything(), Renderer(), stale=STALE, ledger=ledger(), past=past())
MARKDOWN = markdown_pages(everything(), Renderer(), stale=STALE, ledger=ledger(), past=past())
NAMES = sorted(name for name in HTML if name.endswith(".html"))
DOCUMENTS = sorted(name for name in MARKDOWN if name.endswith(".md"))


def site(name: str, pages: dict[str, bytes] = MARKDOWN) -> Page:
    """A page of Markdown as a site generator makes it; the front matter goes."""
    body = pages[name].decode().split("---\n", 2)[2]
    return Page(rendered(body, extensions=EXTENSIONS))


@pytest.mark.parametrize("name", [*NAMES, *DOCUMENTS, "packages.csv", "findings.csv"])
def test_page(name: str, golden: Callable[[Path, str], None]) -> None:
    data = (HTML | MARKDOWN)[name].decode()
    # What differs from version to version of the tool, and not from page to page.
    golden(
        GOLDEN / name,
        data.replace(report_digest(HTML["report.json"]), "sha256:…").replace("\r", ""),
    )


def test_one_document(golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / "report.md", single_markdown(everything(), Renderer()))


def test_no_report_is_no_data_and_not_green() -> None:
    page = site("c/index.md", empty_pages(Renderer(), path="c"))
    assert "No data" in page.text
    assert not [c for c in page.values("class") if "good" in c]


@pytest.mark.parametrize("name", NAMES)
def test_html_is_well_formed_and_needs_no_script_or_style_of_its_own(name: str) -> None:
    page = Page(HTML[name].decode())
    assert not page.unclosed
    assert not page.stray
    tags = {element.tag for element in page.elements}
    assert not tags & {"script", "style", "iframe", "object", "embed", "img", "form", "base"}
    names = {attribute for _, attribute in page.shape}
    assert not [attribute for attribute in names if attribute == "style" or attribute[:2] == "on"]
    assert page.values("src") == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_markdown_becomes_well_formed_html(name: str) -> None:
    page = site(name)
    assert not page.unclosed
    assert not page.stray
    assert "|" not in page.text, "a table that was not recognized"
    assert "**" not in page.text
    text = MARKDOWN[name].decode()
    assert text.startswith("---\ntitle: ")
    assert "\nrender_macros: false\n---\n" in text
    for block in re.findall(r"<div.*?</div>", text, re.DOTALL):
        assert "\n\n" not in block, "a blank line ends an HTML block"


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_the_folder_leads_somewhere(name: str) -> None:
    for href in Page(HTML[name].decode()).values("href"):
        if href.startswith("https://example.org"):
            continue
        file, _, anchor = href.partition("#")
        assert not file or file in HTML, href
        if anchor:
            ids = Page(HTML[file or name].decode()).values("id")
            assert unquote(anchor) in ids, href


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_of_the_documentation_leads_somewhere(name: str) -> None:
    for href in site(name).values("href"):
        file, _, anchor = href.partition("#")
        target = normpath(f"{dirname(name)}/{file}") if file else name
        assert target in MARKDOWN, href
        if anchor:
            assert unquote(anchor) in site(target).values("id"), href


@pytest.mark.parametrize("name", [*NAMES, *DOCUMENTS])
def test_tables_have_captions_and_scopes_and_ids_are_single(name: str) -> None:
    page = Page(HTML[name].decode()) if name in HTML else site(name)
    tags = [element.tag for element in page.elements]
    assert tags.count("caption") == tags.count("table")
    assert all(e.attributes.get("scope") for e in page.elements if e.tag == "th")
    regions = [e for e in page.elements if e.attributes.get("role") == "region"]
    assert len(regions) == tags.count("table")
    assert all(e.attributes["tabindex"] == "0" and e.attributes["aria-label"] for e in regions)
    ids = page.values("id")
    assert len(ids) == len(set(ids))


FROZEN = [*(n for n in NAMES if n.startswith("release-"))]
FROZEN += [n for n in DOCUMENTS if "/release/" in n and not n.endswith("/index.md")]
"""Pages about what was, which does not change."""


@pytest.mark.parametrize("name", sorted({*NAMES, *DOCUMENTS} - {*FROZEN}))
def test_every_page_says_that_it_is_stale_first(name: str) -> None:
    page = Page(HTML[name].decode()) if name in HTML else site(name)
    assert "STALE: this page does not speak of the project as it is now" in page.text
    assert "uv.lock changed" in page.text
    fresh = html_pages(everything(), Renderer()) | markdown_pages(everything(), Renderer())
    assert b"STALE" not in fresh[name]


@pytest.mark.parametrize("name", FROZEN)
def test_a_frozen_release_is_not_stale(name: str) -> None:
    page = Page(HTML[name].decode()) if name in HTML else site(name)
    assert len(FROZEN) == 4
    assert "STALE" not in page.text
    assert "Frozen on 2026-" in page.text
    fresh = {"stale": (), "past": past()}
    again = html_pages(everything(), Renderer(), **fresh)  # type: ignore[arg-type]  # both are
    again |= markdown_pages(everything(), Renderer(), **fresh)  # type: ignore[arg-type]
    assert again[name] == (HTML | MARKDOWN)[name]


@pytest.mark.parametrize("name", ["index.html", "compliance/index.md"])
def test_what_changed_stands_first(name: str) -> None:
    text = (Page(HTML[name].decode()) if name in HTML else site(name)).text
    words = (
        "FAIL:",
        "What changed",
        "Since the run before of 2026-10-24",
        "Since release 1!1.1rc1+local",
    )
    places = [text.index(word) for word in (*words, "Gates")]
    assert places == sorted(places)
    alone = html_pages(everything(), Renderer()) | markdown_pages(everything(), Renderer())
    assert "Nothing is compared: no earlier run is kept here; no release is frozen." in (
        Page(alone[name].decode()).text if name in HTML else site(name, alone).text
    )


@pytest.mark.parametrize("name", ["index.html", "compliance/index.md"])
def test_what_is_lenient_or_wrong_stands_before_what_is_green(name: str) -> None:
    text = (Page(HTML[name].decode()) if name in HTML else site(name)).text
    words = ("FAIL:", "What this verdict leaves out", "Gates", "Every rule", "Findings")
    for word in words:
        assert word in text, word
        text = text.partition(word)[2]


def huge() -> Report:
    """Five thousand packages, nothing of which is as decided."""
    packages = tuple(package(f"package-{n}", CONFLICTING) for n in range(4_000))
    packages += tuple(package(f"fine-{n}") for n in range(1_000))
    findings = tuple(finding(f"package-{n}") for n in range(4_000))
    findings += tuple(finding(f"fine-{n}", rule="r", level="warn") for n in range(1_000))
    return replace(everything(), packages=packages, findings=findings)


def test_pages_stay_small_and_nothing_is_lost() -> None:
    report = huge()
    runs = ledger(copies=30)
    before = Past(extract(everything()), "", (release("1.0", everything()), release("2.0", report)))
    pages = html_pages(report, Renderer(), ledger=runs, past=before)
    documents = markdown_pages(report, Renderer(), ledger=runs, past=before)
    made = [name for name in (*pages, *documents) if name.endswith((".html", ".md"))]
    assert len(made) > len(DOCUMENTS)
    for name in made:
        assert len((pages | documents)[name]) < LIMIT, name
    assert len(list(csv.reader(io.StringIO(pages["packages.csv"].decode())))) == 5_001
    assert len(list(csv.reader(io.StringIO(pages["findings.csv"].decode())))) == 5_001
    assert pages["report.json"] == encode_report(report)


def test_pages_stay_small_when_every_word_is_long() -> None:
    def long(text: str) -> str:
        return f"{text} {'n' * 10_000}" if text else ""

    pages = html_pages(
        with_words(everything(), long), Renderer(), ledger=ledger(long), past=past(long)
    )
    for name in ("release.html", *(n for n in pages if n.startswith("release-"))):
        assert len(pages[name]) < LIMIT, name
    assert max(len(pages[name]) for name in ("dependencies.html", "licenses.html")) < LIMIT
    assert len(pages["history.html"]) < LIMIT


@pytest.mark.parametrize("name", ["performance.html", "compliance/performance.md"])
def test_what_is_worse_stands_before_what_is_not(name: str) -> None:
    text = (Page(HTML[name].decode()) if name in HTML else site(name)).text
    words = ("worse", "seconds.total, check, warm", "Budgets", "Runs that can be compared")
    places = [text.index(word) for word in words]
    assert places == sorted(places)
    assert "1.30 times the baseline" in text
    for words in ("check, cold, 741 packages, ci", "check, warm, 742 packages", "file.hit_rate"):
        assert words in text


def test_without_committed_runs_the_pages_say_so() -> None:
    pages = html_pages(everything(), Renderer())
    for name in ("performance.html", "history.html"):
        assert "No runs are committed" in Page(pages[name].decode()).text


def test_each_run_says_what_it_changed() -> None:
    text = Page(HTML["history.html"].decode()).text
    assert "The latest of 25 committed runs" in text
    assert "+1 packages, +2 findings, +1 waived, pass before, adhere 0.2.0" in text
    assert "with local changes" in text


def test_csv_has_no_formula_and_no_control() -> None:
    report = with_words(everything(), lambda _text: "=cmd|' /C calc'!A0\x1b[31m\n\u202e")
    for data in (packages_csv(report), findings_csv(report)):
        rows = list(csv.reader(io.StringIO(data.decode())))
        cells = [cell for row in rows[1:] for cell in row]
        assert any(cell.startswith("'=cmd") for cell in cells)
        assert not [
            c for c in cells if c.startswith(("=", "+", "-", "@")) or "\x1b" in c or "\n" in c
        ]
