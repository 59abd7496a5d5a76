r"""Positions of keys and values in a JSON document.

A JSON parser decides what a document means and whether it is valid; `locate` walks the
same text once more, assumes that it is valid, and records where each key and each value
begins. It keeps its own stack, so depth costs memory and never a recursion error.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import NamedTuple

from adhere.spans.text import KeyPath

_TOKEN = re.compile(
    r'[ \t\n\r,]*+(?:"(?P<text>[^"\\]*+(?:\\.[^"\\]*+)*+)"(?P<colon>[ \t\n\r]*+:)?'
    r"|(?P<mark>[{}\[\]])|[^\s,{}\[\]:\"]++)",
    re.DOTALL,
)


MAX_DEPTH = 64
"""Longest path that is recorded unless somebody asks for longer ones. Paths are stored
whole, so without a limit a document of nothing but brackets would cost its square."""


class Start(NamedTuple):
    """Where a key and its value begin, as offsets into the text.

    For an element of an array, and for the whole document, both are the value's.
    """

    key: int
    value: int


class _Frame:
    """An open object or array.

    Attributes:
        path: of the container.
        index: of the next element, -1 for an object.
        key: the last key that was read, and where it begins.
    """

    __slots__ = ("index", "key", "key_at", "path")

    def __init__(self, path: KeyPath, *, is_array: bool) -> None:
        self.path = path
        self.index = 0 if is_array else -1
        self.key = ""
        self.key_at = 0


@lru_cache(maxsize=4)
def locate(text: str, depth: int = MAX_DEPTH) -> dict[KeyPath, Start]:
    """Where every value of a valid JSON document begins.

    Of a repeated key the last one counts, as it does for the parsers.

    Args:
        text: a document that a JSON parser accepts.
        depth: longest path that is recorded; what lies deeper is skipped, which costs
            less time and far less memory.
    """
    starts: dict[KeyPath, Start] = {}
    stack: list[_Frame] = []
    frame: _Frame | None = None
    skipped = 0  # containers that are open below the recorded depth
    for match in _TOKEN.finditer(text):
        mark = match["mark"]
        if skipped:
            if mark:
                skipped += 1 if mark in "{[" else -1
            continue
        if mark and mark in "}]":
            if stack:
                stack.pop()
            frame = stack[-1] if stack else None
            continue
        at = match.start(match.lastgroup or 0) if mark else _begin(match)
        if match["colon"] is not None and frame is not None:
            frame.key, frame.key_at = _unescape(match["text"]), at
            continue
        path, key_at = _next(frame, at)
        starts[path] = Start(key_at, at)
        if mark:
            if len(path) >= depth:
                skipped = 1
                continue
            frame = _Frame(path, is_array=mark == "[")
            stack.append(frame)
    return starts


def _begin(match: re.Match[str]) -> int:
    """Offset of a string's quote, or of a number or name."""
    text = match.start("text")
    if text >= 0:
        return text - 1
    whole = match.group()
    return match.end() - len(whole.lstrip(" \t\n\r,"))


def _next(frame: _Frame | None, at: int) -> tuple[KeyPath, int]:
    """The path of the value that begins at an offset, and where its key begins."""
    if frame is None:
        return (), at
    if frame.index < 0:
        return (*frame.path, frame.key), frame.key_at
    frame.index += 1
    return (*frame.path, frame.index - 1), at


def _unescape(key: str) -> str:
    if "\\" not in key:
        return key
    plain: str = json.loads(f'"{key}"', strict=False)
    return plain
