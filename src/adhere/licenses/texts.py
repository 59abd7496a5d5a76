"""What a license text is: pure, from the characters of one file.

Built on the library ``licenseclassifier``, which recognises texts word by word and so says
exactly which words of a file are a known license. What is left over matters as much: a
known text with further terms around it is not that license.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from msgspec import Struct

from adhere.licenses._spdx import LICENSES
from adhere.licenses.clauses import reworded_bsd
from adhere.licenses.expression import parse, render
from adhere.licenses.scan import Region, library_version, scan
from adhere.licenses.statements import said, tagged, with_exception
from adhere.licenses.terms import added_terms, carve_outs, heading, own_words

__all__ = ["VERSION", "Match", "TextFacts", "identify", "library_version"]

VERSION = "2026.2"
"""Changes with every rule or threshold of this module, `scan`, `terms`, `clauses` and `statements`.

What `identify` returns depends on this and on `library_version()`, and on nothing else.
"""

MAX_TEXT = 400_000
"""Characters that are read of one file; the longest license is a tenth of it."""

STRONG_SHARE = 0.5
"""Share of a file's words that one license has to cover to say what the file is."""

MENTION_WORDS = 20
"""A match of fewer words is an address or a name, not a license text."""

REWORDED_SHARE = 0.5
"""What counts as recognised of a text whose conditions are known but whose words are not."""

MAX_PREAMBLE = 40
"""Words of an author's own before a text that is recognised by its conditions."""

LONG = 1_000
"""Words of a text that may be a whole copyleft license in an edition that is not known."""

_FORBIDDING = ("GPL-", "LGPL-", "AGPL-", "GFDL-", "MPL-", "CC-")

Kind = Literal["license", "licenses", "statement", "unknown", "empty", "binary", "too-long"]


class Match(Struct, frozen=True):
    """One license found in a file.

    Attributes:
        licenses: what it is, canonical; a GNU text alone is two: "only" and "or later".
        share: of the file's words, 0.0 to 1.0.
        mention: only an address or a short reference, not its text.
    """

    licenses: tuple[str, ...]
    share: float
    mention: bool = False


class TextFacts(Struct, frozen=True, omit_defaults=True):
    """What a file says about a license.

    Attributes:
        kind: ``license`` is one license and little else; ``licenses`` are several;
            ``statement`` says it in a tag or a notice without a full text; ``unknown`` is
            text that no license was found in; the others could not be read as text.
        matches: each license once, in the order of the file.
        strong: canonical expression, when the file is one license; ``""`` else.
        candidates: when that license is a GNU text that does not say "or later": both.
        stated: expression of its ``SPDX-License-Identifier``, or of a sentence at its head;
            ``""`` for none.
        terms: words outside the known texts that add to them or take something back.
        reserves: whether such words stand before the first or behind the last text, and so may
            be about the whole.
        parts: words that say that parts of the whole are under other terms.
        words: how many.
        own: how many of them the author wrote himself: no title, owner or address.
        note: what a reader should know, as a clause.
    """

    kind: Kind
    matches: tuple[Match, ...] = ()
    strong: str = ""
    candidates: tuple[str, ...] = ()
    stated: str = ""
    terms: tuple[str, ...] = ()
    reserves: bool = False
    parts: tuple[str, ...] = ()
    words: int = 0
    own: int = 0
    note: str = ""


_WORD = re.compile(r"[^\W_]+")
_RTF = re.compile(r"\\'[0-9a-f]{2}|\\[a-z]{1,32}-?\d{0,10} ?|[{}]", re.IGNORECASE)


def identify(text: str) -> TextFacts:
    """Say which license a text is.

    Args:
        text: a whole file, decoded; any characters.
    """
    if _is_binary(text):
        return TextFacts("binary", note="it is not text")
    cut = len(text) > MAX_TEXT
    text = text[:MAX_TEXT]
    if text.lstrip().startswith("{\\rtf"):
        text = _RTF.sub(" ", text)
    words = len(_WORD.findall(text))
    if not words:
        return TextFacts("empty", note="it holds no words")
    facts = _judge(text, words)
    if cut:
        note = f"only its first {MAX_TEXT:,} characters were read"
        return TextFacts("too-long", facts.matches, words=words, note=note)
    return facts


def _is_binary(text: str) -> bool:
    head = text[:20_000]
    odd = sum(
        1
        for character in head
        if character == "�" or (character < " " and character not in "\t\n\r\f\v")
    )
    return "\0" in head or odd * 20 > len(head)


def _judge(text: str, words: int) -> TextFacts:
    found = scan(text)
    matches = _matches(found.regions, words, found.rest)
    full = [match.licenses for match in matches if not match.mention]
    stated = tagged(text, full)
    head, tail = _around(text, found.regions)
    own = own_words(found.rest, {name for match in matches for name in match.licenses})
    alone = not matches and not found.unlisted
    terms = (*found.unlisted, *added_terms(found.rest, alone=alone))
    if alone and not terms and (reworded := _reworded(text, words, stated)):
        return reworded
    if alone and words > LONG and (named := _headed(text)):
        note = f"it is headed {named[0]}, but is not word for word its text"
        match = Match(named, 0.0, mention=True)
        return TextFacts("statement", (match,), stated=stated, words=words, note=note)
    count = len(_WORD.findall(own))
    kind, licenses = _sort(matches, terms, stated, count, words)
    note = ""
    if not licenses and not stated and not terms:
        stated = said(head, full)
        note = f"it says that it is under {stated}" if stated else ""
    return TextFacts(
        kind,
        matches,
        strong=licenses[0] if len(licenses) == 1 else "",
        candidates=licenses if len(licenses) > 1 else (),
        stated=stated,
        terms=terms,
        reserves=bool(terms) and bool(added_terms(f"{head}\n{tail}")),
        parts=carve_outs(own),
        words=words,
        own=count,
        note=note,
    )


def _around(text: str, regions: Sequence[Region]) -> tuple[str, str]:
    """What stands before the first and behind the last license."""
    if not regions:
        return text, ""
    return text[: regions[0].start], text[max(region.end for region in regions) :]


def _reworded(text: str, words: int, stated: str) -> TextFacts | None:
    found = reworded_bsd(text)
    if found is None:
        return None
    name, before = found
    own = own_words(before, {name})
    if len(own.split()) > MAX_PREAMBLE or carve_outs(own):
        return None
    return TextFacts(
        "license",
        (Match((name,), REWORDED_SHARE),),
        strong=name,
        stated=stated,
        words=words,
        note=f"the conditions of {name} in slightly other words",
    )


def _headed(text: str) -> tuple[str, ...]:
    """The license that a long text is headed with, of those that forbid things themselves.

    What looks like terms of the author's own is then the license's: the GPL speaks of
    noncommercial distribution.
    """
    name = heading(text)
    if not name.startswith(_FORBIDDING):
        return ()
    later = f"{name.removesuffix('-only')}-or-later"
    return (name, later) if name.endswith("-only") else (name,)


def _sort(
    matches: tuple[Match, ...], terms: tuple[str, ...], stated: str, own: int, words: int
) -> tuple[Kind, tuple[str, ...]]:
    """What sort of file it is; and its license, when it is one and nothing else."""
    full = [match for match in matches if not match.mention]
    if not full:
        return "statement" if stated or matches else "unknown", ()
    if len(matches) > 1:
        return "licenses", ()
    covered = full[0].share
    if covered < STRONG_SHARE and own > words * (1 - STRONG_SHARE):
        return "statement", ()
    return "license", () if terms else full[0].licenses


def _matches(regions: Sequence[Region], words: int, rest: str) -> tuple[Match, ...]:
    found: dict[tuple[str, ...], list[Region]] = {}
    for region in regions:
        found.setdefault(_licenses(region.name), []).append(region)
    # The notice "version 3 or any later version" says what the text of version 3 leaves open.
    for pair in [key for key in found if len(key) == 2]:
        for exact in [key for key in found if len(key) == 1 and key[0] in pair]:
            found[exact] += found.pop(pair, [])
    matches = []
    for licenses, places in found.items():
        count = sum(place.words for place in places)
        mention = max(place.words for place in places) < MENTION_WORDS
        names = licenses if mention else with_exception(licenses, rest)
        matches.append(Match(names, min(1.0, round(count / words, 3)), mention))
    return tuple(matches)


@cache
def _licenses(name: str) -> tuple[str, ...]:
    """What the library's name stands for: ``GPL-3.0`` is "only" or "or later"."""
    later = LICENSES.get(f"{name}-or-later".lower())
    if later is not None:
        return f"{name}-only", later[0]
    return (render(parse(name)),)
