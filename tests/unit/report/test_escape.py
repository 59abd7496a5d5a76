from __future__ import annotations

import html
import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import markdown as rendered

from adhere.report.escape import hosted_markdown, json_safe, markdown, plain, shorten
from readers.html import Page

EXTENSIONS = ["tables", "attr_list", "md_in_html", "def_list", "footnotes", "abbr", "admonition"]
LOADED = st.text(
    st.sampled_from(list("\\`*_{}[]()<>#+-.!|&~^=:$@%\"'/ \n\tab1")) | st.characters(),
    max_size=40,
)
HOSTILE = (
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "[x](javascript:alert(1)) ![x](http://example.org/x.png)",
    "a | b",
    "`code` ``code``",
    "# heading",
    "1. list",
    "- list",
    "    code",
    "***bold*** __bold__ _em_",
    "&lt;b&gt; &amp; &#60;",
    "http://example.org www.example.org me@example.org",
    "{: onclick=alert(1) } {#id .class}",
    "\\[x\\] \\\\",
    "!!! note",
    ": definition",
    "[^1]: note",
    "*[abbr]: long",
    "~~~\ncode\n~~~",
    "---\n===",
    "<!-- comment",
    "--8<-- 'secret'",
    ":smile: ==mark== ++insert++ ^^insert^^ ~~del~~ H~2~O",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_hostile_text_as_it_is(text: str) -> None:
    assert _shown(text) == _words(plain(text))


@given(LOADED)
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    assert _shown(text) == _words(plain(text))


@given(LOADED)
def test_markdown_leaves_nothing_to_a_macro_plugin(text: str) -> None:
    assert not set("{}<>|`") & set(markdown(text))


@given(st.text(max_size=40))
def test_plain_is_one_line_without_controls(text: str) -> None:
    shown = plain(text)
    assert len(shown.splitlines()) <= 1
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f]", shown)


def test_plain_says_what_it_hides() -> None:
    assert plain("a\x1b[31m\u202eb\n\U000e0041") == r"a\x1b[31m\u202eb\x0a\U000e0041"


@given(st.text(max_size=40))
def test_json_means_the_same_and_holds_no_controls(text: str) -> None:
    data = json.dumps({"x": text}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    try:
        data.decode()
    except UnicodeDecodeError:
        return  # the encoder before never lets half a pair through
    safe = json_safe(data)
    assert json.loads(safe) == {"x": text}
    assert plain(safe.decode()) == safe.decode()


def test_shorten_says_that_something_is_missing() -> None:
    assert shorten("abc", 3) == "abc"
    assert shorten("abcd", 3) == "ab…"


def _shown(text: str) -> str:
    """What a reader sees of it in a sentence, which is what they see in a table."""
    sentence = _page(f"before {markdown(text)}")
    cell = _page(f"| head |\n| --- |\n| {markdown(text)} |\n")
    shown = _words(sentence.text.removeprefix("before"))
    assert shown == _words(cell.text.removeprefix("head"))
    return shown


def _page(text: str) -> Page:
    page = Page(rendered(text, extensions=EXTENSIONS))
    assert {element.tag for element in page.elements} <= {
        *("p", "table", "thead", "tbody", "tr", "th", "td")
    }
    return page


def _words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    "reference",
    ["@octocat", "acme/shop#12", "#12", "GH-7", "!3", "~label", "%milestone", "$4", "&9", '~"two"'],
)
def test_a_host_of_code_is_told_of_nobody_and_of_no_issue(reference: str) -> None:
    shown = html.unescape(hosted_markdown(f"by {reference} once"))
    assert reference not in shown
    assert reference in shown.replace("\u200b", "")


@pytest.mark.parametrize("words", ["~=1.2, !=3", "100 % & more", "C# and a@", "LIGHT-7", "a-b #"])
def test_what_is_no_reference_stays_as_it_is(words: str) -> None:
    assert html.unescape(hosted_markdown(words)) == words
    assert hosted_markdown(words) == markdown(words)
