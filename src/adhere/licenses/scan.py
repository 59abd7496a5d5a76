"""Where in a file known license texts stand.

The library ``licenseclassifier`` recognises texts word by word. Here it is kept from what it
does badly: text that would take it forever, prose that it counts as part of a license, and
the sample notice in the appendix of a GNU license.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct

from adhere.licenses import _spdx
from adhere.licenses._spdx import LICENSES

MAX_FRONT = 12
MAX_FRONT_CHARACTERS = 1_000
"""Lines, and characters, in front of a license that are looked at."""

_WORD = re.compile(r"[^\W_]+")
_END_OF_TERMS = re.compile(r"end\s+of\s+terms\s+and\s+conditions", re.IGNORECASE)
_NOTICE = re.compile(r"\W*(?:copyright\b|©|\(c\))", re.IGNORECASE)
# How the most common licenses begin.
_BEGINS = re.compile(
    r"permission\s+is\s+hereby\s+granted|permission\s+to\s+use,?\s+copy|redistribution\s+and\s+use"
    r"|apache\s+license\W+version|licensed\s+under\s+the\s+apache|this\s+software\s+is\s+provided"
    r"|this\s+source\s+code\s+form|this\s+is\s+free\s+and\s+unencumbered|gnu\s+\w+\s+general\s+public"
    r"|gnu\s+general\s+public|mozilla\s+public\s+license|everyone\s+is\s+permitted"
    r"|this\s+(?:program|library|file|package|software)\s+is\s+free\s+software",
    re.IGNORECASE,
)

# Names of the library that are not on the SPDX list: what they are instead. "" has no
# meaning of its own and is dropped; the others take something back from a license.
_UNLISTED = {
    "GPL-2.0-or-3.0": "GPL-2.0-only OR GPL-3.0-only",
    "Aladdin-9": "Aladdin",
    "GooglePatentClause": "",
    "GooglePatentsFile": "",
}


def library_version() -> str:
    """Version of the library and of the SPDX list: both decide what a text is."""
    import licenseclassifier

    return f"{licenseclassifier.__version__}+{_spdx.VERSION}"


class Region(Struct, frozen=True):
    """A stretch of a file that is a known license.

    Attributes:
        name: of the license, as the library calls it, or its name on the SPDX list.
        start: offset of its first character.
        end: offset behind its last character.
        words: how many.
    """

    name: str
    start: int
    end: int
    words: int


class Scan(Struct, frozen=True):
    """What was found in a file.

    Attributes:
        regions: licenses of the SPDX list, in the order of the file.
        unlisted: terms that are known but not on that list, as phrases.
        rest: what none of them covers.
    """

    regions: tuple[Region, ...]
    unlisted: tuple[str, ...]
    rest: str


def scan(text: str) -> Scan:
    """Find known licenses."""
    found = [_tight(text, *region) for region in _library(_harmless(text))]
    listed, unlisted = _listed(_without_examples(text, found))
    return Scan(tuple(listed), unlisted, _rest(text, found))


def _library(text: str) -> list[tuple[str, int, int]]:
    from licenseclassifier import identify_license

    return [(found.id, found.start, found.end) for found in identify_license(text, 0.0)]


def _tight(text: str, name: str, start: int, end: int) -> Region:
    """A region without what stands in front of the license.

    The library lets a region begin at a copyright notice up to fifty words before the
    license, whatever stands between them; and there an author may take something back.
    """
    if _NOTICE.match(text, start, end):
        begin = _BEGINS.search(text, start, min(end, start + MAX_FRONT_CHARACTERS))
        if begin is not None:
            start = begin.start()
        else:
            start = _shortest(text, name, start, end)
    return Region(name, start, end, len(_WORD.findall(text, start, end)))


def _shortest(text: str, name: str, start: int, end: int) -> int:
    """The last line at which one can begin and still find the whole license."""
    for line in islice(_lines(text, start, end), 1, MAX_FRONT):
        if [found[0] for found in _library(_harmless(text[line:end]))] != [name]:
            break
        start = line
    return start


def _lines(text: str, start: int, end: int) -> Iterator[int]:
    """Where this line and the ones after it begin."""
    at = start
    while at < end:
        yield at
        at = text.find("\n", at) + 1 or end


def _harmless(text: str) -> str:
    """The same text, of the same length, without what takes the library forever.

    It looks for the end of a Markdown anchor or link from every start of one.
    """
    for start, blunt in (("{#", "{ "), ("](", "] ")):
        if text.count(start) > 500:
            text = text.replace(start, blunt)
    return text


def _rest(text: str, regions: Sequence[Region]) -> str:
    """What no license covers."""
    pieces, at = [], 0
    for region in regions:
        pieces.append(text[at : region.start])
        at = max(at, region.end)
    pieces.append(text[at:])
    return "\n".join(pieces)


def _without_examples(text: str, regions: list[Region]) -> list[Region]:
    """Regions without the sample notice in the appendix of a GNU license.

    It says "or any later version" of nobody's program.
    """
    ends = [match.end() for match in _END_OF_TERMS.finditer(text)]
    if not ends or not any(region.name.startswith(("GPL", "LGPL", "AGPL")) for region in regions):
        return regions
    return [
        region
        for region in regions
        if not (region.name.endswith("-or-later") and region.start >= ends[0])
    ]


def _listed(regions: list[Region]) -> tuple[list[Region], tuple[str, ...]]:
    """Regions under names of the SPDX list, and the names that are not on it."""
    kept, unlisted = [], []
    for region in regions:
        name = _UNLISTED.get(region.name, region.name)
        if region.name in _UNLISTED and not name:
            continue
        if region.name not in _UNLISTED and name.lower() not in LICENSES:
            unlisted.append(f"the terms known as {name}")
            continue
        kept.append(Region(name, region.start, region.end, region.words))
    return kept, tuple(dict.fromkeys(unlisted))
