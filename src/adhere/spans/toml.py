"""Positions of keys and values in a TOML document.

`tomllib` decides what a document means and whether it is valid; it keeps no positions.
`locate` walks the same text once more, assumes that it is valid, and records where each
key and each value stands. A property test holds its paths equal to what `tomllib` reads.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from typing import NamedTuple

from adhere.spans.text import KeyPath, Span

_SKIP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
# Everything else ends where the grammar says a value has to end. A date and a time may be
# separated by one blank, so blanks are trimmed afterwards instead of ending the value.
_SCALAR = re.compile(r"[^,\]}\n#]+")


class Place(NamedTuple):
    """Where a key stands and where its value stands; a table's value is its header."""

    key: Span
    value: Span


class _Locator:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places: dict[KeyPath, Place] = {}
        self.lengths: dict[KeyPath, int] = {}  # arrays of tables, by the path of the array

    def document(self) -> dict[KeyPath, Place]:
        table: KeyPath = ()
        while True:
            self.skip()
            if self.at >= len(self.text):
                return self.places
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)

    def skip(self) -> None:
        match = _SKIP.match(self.text, self.at)
        assert match is not None  # noqa: S101 - the pattern matches the empty string
        self.at = match.end()

    def blank(self) -> None:
        match = _BLANK.match(self.text, self.at)
        assert match is not None  # noqa: S101 - the pattern matches the empty string
        self.at = match.end()

    def header(self) -> KeyPath:
        start = self.at
        array = self.text.startswith("[[", start)
        self.at += 2 if array else 1
        parts, _ = self.key()
        self.at += 2 if array else 1
        path: KeyPath = ()
        span = Span(start, self.at)
        for part in parts[:-1]:
            self.places.setdefault((*path, part), Place(span, span))
            path = self.into((*path, part))
        path = (*path, parts[-1])
        if array:
            index = self.lengths.get(path, 0)
            self.lengths[path] = index + 1
            self.places.setdefault(path, Place(span, span))
            path = (*path, index)
        self.places[path] = Place(span, span)
        return path

    def into(self, path: KeyPath) -> KeyPath:
        """An array of tables, named on the way to something else, means its last table."""
        length = self.lengths.get(path)
        return path if length is None else (*path, length - 1)

    def pair(self, table: KeyPath) -> None:
        parts, span = self.key()
        self.at += 1  # the equals sign
        self.blank()
        path = (*table, *parts)
        for length in range(len(table) + 1, len(path)):
            self.places.setdefault(path[:length], Place(span, span))
        value = self.value(path)
        self.places[path] = Place(span, value)

    def key(self) -> tuple[list[str], Span]:
        self.blank()
        start, parts = self.at, []
        while True:
            self.blank()
            string = _STRING.match(self.text, self.at)
            if string is not None:
                parts.append(_unquote(string.group()))
                self.at = end = string.end()
            else:
                bare = _BARE_KEY.match(self.text, self.at)
                if bare is None:
                    raise ValueError(f"not a key at offset {self.at}")
                parts.append(bare.group())
                self.at = end = bare.end()
            self.blank()
            if not self.text.startswith(".", self.at):
                return parts, Span(start, end)
            self.at += 1

    def value(self, path: KeyPath) -> Span:
        start = self.at
        first = self.text[start]
        if first == "[":
            self.array(path)
        elif first == "{":
            self.inline_table(path)
        else:
            match = _STRING.match(self.text, start) or _SCALAR.match(self.text, start)
            if match is None:
                raise ValueError(f"not a value at offset {start}")
            self.at = match.end()
            while self.text[self.at - 1] in " \t\r":
                self.at -= 1
        return Span(start, self.at)

    def array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while True:
            self.skip()
            if self.text[self.at] == "]":
                self.at += 1
                return
            element = (*path, index)
            span = self.value(element)
            self.places[element] = Place(span, span)
            index += 1
            self.skip()
            if self.text[self.at] == ",":
                self.at += 1

    def inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while True:
            self.skip()
            if self.text[self.at] == "}":
                self.at += 1
                return
            self.pair(path)
            self.skip()
            if self.text[self.at] == ",":
                self.at += 1


def _unquote(key: str) -> str:
    if key.startswith("'"):
        return key[1:-1]
    if "\\" not in key:
        return key[1:-1]
    (plain,) = tomllib.loads(f"{key} = 0")
    return plain


@lru_cache(maxsize=16)
def locate(text: str) -> dict[KeyPath, Place]:
    """Places of all keys and values of a valid TOML document.

    Array elements have their value's span as key span. A table that exists only because
    a dotted key or a longer header names it has the place of the first one that does.

    Args:
        text: a document that ``tomllib.loads`` accepts, line ends as they are.
    """
    return _Locator(text).document()
