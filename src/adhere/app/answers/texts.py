"""Where patterns match in text files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import msgspec

from adhere.app.answers import Given
from adhere.app.answers.selection import content, select
from adhere.model.key import cache_key
from adhere.model.need import Answer, TextsNeed
from adhere.model.text import Found, TextFile, Texts
from adhere.sources.patterns import PatternError

KIND = "text"
"""Of what is kept of a text, by its content and the patterns."""

_VERSION = "1"
_SLOW = "say what may repeat only once: `(a+)+` and `(a|a)*` try every way of reading a text"


class Text(NamedTuple):
    """A text that may have to be looked into.

    Attributes:
        digest: of it.
        read: gets it; it raises `UnicodeDecodeError` for what is none.
    """

    digest: str
    read: Callable[[], str]


def answer(need: TextsNeed, given: Given) -> Answer:
    """What every pattern matches in every file."""
    found: dict[str, TextFile] = {}
    texts: dict[str, Text] = {}
    for path, file in select(need.selection, given).items():
        found[path] = TextFile(fault=file.fault, hint="let adhere read it, or leave it out")
        if file.digest:
            texts[path] = Text(file.digest, partial(_decoded, path, given))
    found.update(find(texts, need.patterns, given, lines=True))
    return found


def _decoded(path: str, given: Given) -> str:
    return content(path, given).decode("utf-8-sig")


def find(texts: Mapping[str, Text], patterns: Sequence[str], given: Given, *, lines: bool) -> Texts:
    """What patterns match in texts; what is known of a text is not looked for again.

    Args:
        texts: by any name.
        patterns: regular expressions.
        given: the cache of what was found before, and who looks for the rest.
        lines: ``^`` and ``$`` mean lines, not the whole text.
    """
    python = ".".join(map(str, sys.version_info[:3]))
    keys = {
        name: cache_key(KIND, _VERSION, python, str(lines), text.digest, *patterns)
        for name, text in texts.items()
    }
    kept = given.cache.get_many(list(dict.fromkeys(keys.values())))
    known: dict[str, TextFile] = {}
    fresh: dict[str, bytes] = {}
    for name, text in texts.items():
        places = _kept(kept.get(keys[name]), len(patterns))
        if places is None:
            try:
                places = given.patterns.find(text.read(), patterns, lines=lines)
            except PatternError as error:
                known[name] = TextFile(fault=str(error), hint=_SLOW)
                continue
            except UnicodeDecodeError as error:
                known[name] = _no_text(error)
                continue
            fresh[keys[name]] = msgspec.msgpack.encode(places)
        known[name] = TextFile(dict(zip(patterns, places, strict=True)))
    if fresh:
        given.cache.put_many(fresh)
    return known


def _no_text(error: UnicodeDecodeError) -> TextFile:
    line = error.object.count(b"\n", 0, error.start) + 1
    return TextFile(fault=f"line {line} is not UTF-8", hint="save it as UTF-8, or leave it out")


def _kept(data: bytes | None, count: int) -> list[Found] | None:
    try:
        found = msgspec.msgpack.decode(data, type=list[Found]) if data is not None else []
    except msgspec.DecodeError:
        return None  # damaged; it is looked for again
    return found if len(found) == count else None
