"""Whatever strangers write, pages have the elements that they have without it."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import markdown as rendered

from adhere.model.runs import Ledger
from adhere.report.changes import changes_view
from adhere.report.changes_text import changes_text
from adhere.report.checklist import checklist
from adhere.report.diff import diff
from adhere.report.document import Report
from adhere.report.extract import extract
from adhere.report.layout import Layout
from adhere.report.pages import html_pages, markdown_pages, single_markdown
from adhere.report.past import Past
from adhere.report.render import Renderer
from adhere.report.text import render_text
from corpus.past import past
from corpus.reports import everything, with_words
from corpus.runs import ledger
from readers.html import Page

EXTENSIONS = ["tables", "toc", "attr_list", "md_in_html", "footnotes", "def_list", "admonition"]
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
ATTACKS = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "</td></tr></table></div><img src=x onerror=alert(1)>",
        '" onmouseover="alert(1)',
        "' onclick='x",
        "{{ cycler.__init__.__globals__ }}",
        "{% include 'x' %}{#",
        "](javascript:alert(1))",
        "![x](http://example.org/x.png)",
        "{: onclick=x .y #z }",
        "`",
        "``` x",
        "|",
        "\n\n# heading\n\n",
        "\n---\n",
        "--8<-- 'x'",
        "<!--",
        "]]>",
        "&lt;b&gt;",
        "\x1b[2J\x1b]0;x\x07",
        "\u202eevil\u2066",
        "\ud800",
        "n" * 1_000,
        "[^1]",
        "$x$ \\(x\\)",
        "http://example.org/x www.example.org a@example.org",
    ]
)
HOSTILE = st.lists(ATTACKS | st.text(max_size=12), min_size=1, max_size=3).map("".join)
RENDERER = Renderer()
CALM = {(tag, "") for tag in ("p", "code", "ul", "li", "strong")}
CALM |= {(tag, name) for tag in ("h1", "h2", "h3") for name in ("", "id")}


def document(text: str) -> Page:
    body = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    return Page(rendered(body, extensions=EXTENSIONS))


@cache
def harmless() -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Elements and attributes of pages with and without names in backticks."""
    html: set[tuple[str, str]] = set()
    text: set[tuple[str, str]] = set()
    for report in (everything(), with_words(everything(), lambda _: "`a` word")):
        for name, data in html_pages(report, RENDERER, ledger=ledger(), past=past()).items():
            html |= Page(data.decode()).shape if name.endswith(".html") else set()
        for name, data in markdown_pages(
            report, RENDERER, layout=Layout("c"), ledger=ledger(), past=past()
        ).items():
            text |= document(data.decode()).shape if name.endswith(".md") else set()
    return html, text


def runs(word: str) -> Ledger:
    return ledger(lambda text: f"{text[:3]}{word}")


def was(word: str) -> Past:
    return past(lambda text: f"{text[:3]}{word}")


def hostile(word: str) -> Report:
    return with_words(everything(), lambda text: f"{text[:3]}{word}")


@settings(max_examples=40)
@given(HOSTILE)
def test_nothing_gets_into_html(word: str) -> None:
    before = was(word)
    for name, data in html_pages(hostile(word), RENDERER, ledger=runs(word), past=before).items():
        if not name.endswith(".html"):
            continue
        page = Page(data.decode())
        assert page.shape <= harmless()[0]
        assert not page.unclosed
        assert not page.stray
        assert not page.comments
        assert not CONTROLS.search(data.decode())
        for href in page.values("href"):
            assert re.match(r"(https?://|#|[\w.-]+\.(html|css|csv|json))", href), href


@settings(max_examples=40)
@given(HOSTILE)
def test_nothing_gets_through_markdown(word: str) -> None:
    for name, data in markdown_pages(
        hostile(word), RENDERER, layout=Layout("c"), ledger=runs(word), past=was(word)
    ).items():
        if not name.endswith(".md"):
            continue
        text = data.decode()
        assert not re.search(r"\{[{%#]|--8<--", text)
        assert not CONTROLS.search(text)
        page = document(text)
        assert page.shape <= harmless()[1]
        assert not page.unclosed
        assert not page.stray
        assert not page.comments
        for href in page.values("href"):
            assert re.match(
                r"(#|(\.\./)*(_adhere/|adrs/|release/)?[\w.-]+\.(md|csv|json))", href
            ), href


@settings(max_examples=40)
@given(HOSTILE, st.integers(0, 2))
def test_nothing_gets_to_a_terminal(word: str, verbose: int) -> None:
    shown = render_text(hostile(word), verbose=verbose)
    assert not CONTROLS.search(shown)
    assert not re.search("[\ud800-\udfff]", shown)
    single = single_markdown(hostile(word), RENDERER)
    assert not CONTROLS.search(single)
    assert not re.search(r"\{[{%#]", single)
    now = extract(hostile(word))
    for view in (
        changes_view(diff(now, extract(everything())), word),
        changes_view(diff(extract(everything()), now), word),
    ):
        told = changes_text(view)
        assert not CONTROLS.search(told)
        comment = RENDERER.render("markdown/changes.md.j2", changes=view)
        assert not CONTROLS.search(comment)
        assert document(comment).shape <= {("p", ""), *CALM}
    list_ = checklist(hostile(word))
    shown = RENDERER.render("markdown/checklist.md.j2", checklist=list_, version="")
    assert not CONTROLS.search(shown)
    assert document(shown).shape <= CALM


@pytest.mark.parametrize("colour", [False, True])
def test_only_our_own_colours_reach_a_terminal(colour: bool) -> None:
    shown = render_text(hostile("\x1b[31m"), colour=colour, verbose=2)
    codes = set(re.findall("\x1b\\[[0-9;]*m", shown))
    assert bool(codes) is colour
    assert "\x1b[31m" not in codes
