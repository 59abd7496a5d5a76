"""Offsets, lines and columns of a text."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

KeyPath = tuple[str | int, ...]
"""A value inside a document: keys and zero-based indices from the root."""


class Span(NamedTuple):
    """A half-open range of characters, ``text[start:end]``."""

    start: int
    end: int


class Lines:
    r"""Translates character offsets into 1-based lines and columns.

    A line ends at ``\n``; a ``\r`` before it belongs to the line and is not shown.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        find, append = text.find, self._starts.append
        at = find("\n")
        while at >= 0:
            append(at + 1)
            at = find("\n", at + 1)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both starting at 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def text_of(self, line: int) -> str:
        """The characters of a 1-based line without its end; ``""`` past the last line."""
        if not 1 <= line <= len(self._starts):
            return ""
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self._text)
        return self._text[start:end].rstrip("\r")
