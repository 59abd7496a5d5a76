"""Look up one license name: no separators, no sentence, just a name."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from msgspec import Struct

from adhere.licenses._aliases import ALIASES, GNU_DATES, GNU_VERSIONS, RESERVED, SEVERAL, SILENT
from adhere.licenses._spdx import LICENSES, REPLACED
from adhere.licenses.expression import Id, parse, render
from adhere.licenses.families import families
from adhere.licenses.interpretation import ALIAS
from adhere.licenses.keys import key

Sense = Literal["license", "family", "several", "silent", "reserved"]

IDENTIFIER = 0.97
"""Confidence that an identifier or full name of the SPDX list means that license."""

GNU_BARE = 0.8
"""Confidence that a GNU license without "only" and "or later" means "only"."""


class Name(Struct, frozen=True):
    """What one license name says.

    Attributes:
        sense: ``license`` names one; ``family`` leaves it open; ``several`` says that there
            are several, but not which; ``silent`` says nothing about a license;
            ``reserved`` says that no listed license is meant.
        expression: canonical, for ``license``.
        family: `Family.name`, for ``family``.
        confidence: 0.0 to 1.0.
        note: why it is read this way, as a clause.
        candidates: for ``license``, what else the author may mean.
    """

    sense: Sense
    expression: str = ""
    family: str = ""
    confidence: float = 0.0
    note: str = ""
    candidates: tuple[str, ...] = ()


_GNU = re.compile(r"(gpl|lgpl|agpl|gfdl)( \+)? ([0-9](?:\.[0-9])?)(?:\.0)*( \+| only)?")
# A name with a version that can have later ones: not MIT-0, BSD-3-Clause or GPL-2.0-only.
_VERSIONED = re.compile(r"-v?\d+(?:\.\d+)+[a-z]?$")
_INTEGER = re.compile(r"(?<![\d.])(\d)(?![\d.])")
_ZERO = re.compile(r"(?<![\d.])(\d)\.0(?![\d.])")


@cache
def index() -> dict[str, Name]:
    """Every name that is known, by key. Later rows are the stronger ones."""
    found: dict[str, Name] = {}
    for identifier, name, _, _ in LICENSES.values():
        target = REPLACED.get(identifier, identifier)
        for text in (name, identifier):
            found[key(text)] = _spdx(target, identifier)
    for spelling, family in families().items():
        note = f"`{family.name}` does not say which of its licenses is meant"
        found[spelling] = Name("family", family=family.name, confidence=0.3, note=note)
    for target, source, spellings in ALIASES:
        for spelling in spellings.split(" | "):
            found[spelling] = Name("license", target, confidence=ALIAS, note=_SAID_BY[source])
    for spelling in SILENT.split(" | "):
        found[spelling] = Name("silent", note="it names no license")
    for spelling in SEVERAL.split(" | "):
        found[spelling] = Name("several", note="it speaks of several licenses, but not which")
    for spelling in RESERVED.split(" | "):
        found[spelling] = Name("reserved", note="it is not a license of the SPDX list")
    found[""] = Name("silent", note="it names no license")
    return found


_SAID_BY = {
    "trove": "a name of the classifiers of the package index",
    "pep639": "a name that PEP 639 uses",
    "spdx": "a name that the notes of the SPDX list explain",
    "gnu": "a name that the GNU project uses",
    "osi": "a name that the Open Source Initiative uses",
    "cc": "a name that Creative Commons uses",
    "cpan": "a term of the CPAN metadata",
    "steward": "a name that the publisher of the license uses",
    "observed": "a common spelling",
}


def _spdx(target: str, identifier: str) -> Name:
    note = "a name of the SPDX list"
    if target != identifier:
        note = f"`{identifier}` is deprecated and means `{target}`"
    return Name("license", target, confidence=IDENTIFIER, note=note)


def look_up(text: str) -> Name | None:
    """What a license name says; ``None`` when it is not known."""
    return by_key(key(text))


def by_key(words: str) -> Name | None:
    """What the name with this key says; ``None`` when it is not known."""
    found = _gnu(GNU_DATES.get(words, words)) or _exact(words)
    if found is None and words.endswith(" +"):
        base = _exact(words.removesuffix(" +"))
        if base is not None and base.sense == "license":
            return _or_later(base)
    return found


def _exact(words: str) -> Name | None:
    known = index()
    found = known.get(words)
    if found is None and (at := _INTEGER.search(words)):
        found = known.get(f"{words[: at.end()]}.0{words[at.end() :]}")
    if found is None and (at := _ZERO.search(words)):
        found = known.get(f"{words[: at.end() - 2]}{words[at.end() :]}")
    return found


def _gnu(words: str) -> Name | None:
    match = _GNU.fullmatch(words)
    if match is None:
        return None
    family, plus, version, suffix = match.groups()
    stem = GNU_VERSIONS[family].get(version.removesuffix(".0"))
    if stem is None:
        return None
    only, later = f"{stem}-only", f"{stem}-or-later"
    if plus or suffix == " +":
        return Name("license", later, confidence=ALIAS, note="a common spelling")
    if suffix == " only":
        return Name("license", only, confidence=ALIAS, note="a common spelling")
    return bare_gnu(only, later)


def bare_gnu(only: str, later: str) -> Name:
    """A GNU license in one version, without a word about later ones."""
    return Name(
        "license",
        only,
        confidence=GNU_BARE,
        note=f'it does not say "or later", so `{only}`; it may mean `{later}`',
        candidates=(only, later),
    )


def _or_later(base: Name) -> Name | None:
    tree = parse(base.expression)
    if not isinstance(tree, Id) or tree.plus or not _VERSIONED.search(tree.name):
        return None
    later = render(parse(f"{tree.name}+"))
    return Name("license", later, confidence=ALIAS, note="a common spelling")
