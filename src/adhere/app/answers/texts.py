"""Where patterns match in text files."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import msgspec

from adhere.app.answers import Given
from adhere.app.answers.selection import select
from adhere.model.digest import text_digest
from adhere.model.key import cache_key
from adhere.model.need import Answer, TextsNeed
from adhere.model.text import Found, TextFile, Texts
from adhere.ports import Cache
from adhere.sources.patterns import PatternError, Patterns

KIND = "text"
"""Of what is kept of a text, by its content and the patterns."""

_VERSION = "1"
_SLOW = "say what may repeat only once: `(a+)+` and `(a|a)*` try every way of reading a text"


def answer(need: TextsNeed, given: Given) -> Answer:
    """What every pattern matches in every file."""
    found: dict[str, TextFile] = {}
    texts: dict[str, str] = {}
    for path, data in select(need.selection, given).items():
        found[path] = TextFile()  # in this order, whatever becomes of it
        if isinstance(data, str):
            found[path] = TextFile(fault=data, hint="let adhere read it, or leave it out")
            continue
        try:
            texts[path] = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            words = f"line {line} is not UTF-8"
            found[path] = TextFile(fault=words, hint="save it as UTF-8, or leave it out")
    found.update(find(texts, need.patterns, given.cache, lines=True))
    return found


def find(texts: Mapping[str, str], patterns: Sequence[str], cache: Cache, *, lines: bool) -> Texts:
    """What patterns match in texts; what is known of a text is not looked for again.

    Args:
        texts: by any name.
        patterns: regular expressions.
        cache: of what was found before.
        lines: ``^`` and ``$`` mean lines, not the whole text.
    """
    python = ".".join(map(str, sys.version_info[:3]))
    keys = {
        name: cache_key(KIND, _VERSION, python, str(lines), text_digest(text), *patterns)
        for name, text in texts.items()
    }
    kept = cache.get_many(list(dict.fromkeys(keys.values())))
    known: dict[str, TextFile] = {}
    fresh: dict[str, bytes] = {}
    with Patterns() as asked:
        for name, text in texts.items():
            places = _kept(kept.get(keys[name]), len(patterns))
            if places is None:
                try:
                    places = asked.find(text, patterns, lines=lines)
                except PatternError as error:
                    known[name] = TextFile(fault=str(error), hint=_SLOW)
                    continue
                fresh[keys[name]] = msgspec.msgpack.encode(places)
            known[name] = TextFile(dict(zip(patterns, places, strict=True)))
    if fresh:
        cache.put_many(fresh)
    return known


def _kept(data: bytes | None, count: int) -> list[Found] | None:
    try:
        found = msgspec.msgpack.decode(data, type=list[Found]) if data is not None else []
    except msgspec.DecodeError:
        return None  # damaged; it is looked for again
    return found if len(found) == count else None
