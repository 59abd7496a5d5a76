"""Headings of a Markdown document and the anchors that they have on its page."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_OWN_ANCHOR = re.compile(r"\{:?[ \t]*#([\w-]+)[^{}]*\}[ \t]*")
_MARKUP = re.compile(r"!\[[^\]\[]*\]\([^()]*\)|\[([^\]\[]*)\]\([^()]*\)|[`*]|(?<!\w)_|_(?!\w)")
_NOT_SLUG = re.compile(r"[^\w\s-]")
_GAPS = re.compile(r"[-\s]+")
_COUNTED = re.compile(r"(.*)_([0-9]+)", re.DOTALL)


class Heading(NamedTuple):
    """A heading: its words, its anchor with the ``#``, and its line from 1."""

    name: str
    anchor: str
    line: int


def headings(text: str, first_line: int = 1) -> Iterator[Heading]:
    """Every ATX heading that is no part of a code block.

    Args:
        text: of the whole document.
        first_line: where to begin, after any front matter.
    """
    taken: set[str] = set()
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        if number < first_line:
            continue
        mark = _FENCE.match(line)
        if fence:
            closes = mark is not None and mark[1].startswith(fence) and not mark[2].strip()
            fence = "" if closes else fence
            continue
        if mark is not None and "`" not in mark[2]:
            fence = mark[1]
            continue
        match = _HEADING.match(line)
        if match is None:
            continue
        name, own = _without_own_anchor(match[2].strip())
        name = _without_closing(name)
        anchor = own or _free(slug(name), taken)
        taken.add(anchor)
        yield Heading(name, f"#{anchor}", number)


def _without_own_anchor(words: str) -> tuple[str, str]:
    """A heading may name its anchor: ``## Licenses {#terms}``."""
    start = words.rfind("{")
    match = _OWN_ANCHOR.fullmatch(words, start) if start >= 0 else None
    return (words[:start].rstrip(), match[1]) if match else (words, "")


def _without_closing(words: str) -> str:
    """``## Licenses ##`` is the heading `Licenses`; ``## C#`` is `C#`."""
    bare = words.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else words


def slug(heading: str) -> str:
    """The anchor that Python-Markdown, and so MkDocs, gives a heading."""
    plain = _MARKUP.sub(lambda match: match[1] or "", heading)
    if not plain.isascii():
        from unicodedata import normalize

        plain = normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return _GAPS.sub("-", _NOT_SLUG.sub("", plain).strip().lower())


def _free(anchor: str, taken: Container[str]) -> str:
    """The anchor itself, or with the first number that nobody has."""
    while anchor in taken or not anchor:
        match = _COUNTED.fullmatch(anchor)
        anchor = f"{match[1]}_{int(match[2]) + 1}" if match else f"{anchor}_1"
    return anchor
