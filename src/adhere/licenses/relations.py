"""How one piece of evidence stands to the licenses that another one names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from adhere.licenses.evidence import Voice
from adhere.licenses.expression import leaves, parse, render
from adhere.licenses.families import Family
from adhere.model.claim import Standing

_VERSIONED = re.compile(r"(?P<family>.+?)-(?P<version>\d+(?:\.\d+)*)")

# A text (key) that is that license, in a form that has an identifier of its own, or that
# holds its text among others.
_HOLDS = {
    "BSD-2-Clause-Views": {"BSD-2-Clause"},
    "Python-2.0": {"PSF-2.0", "CNRI-Python"},
    "Python-2.0.1": {"PSF-2.0", "Python-2.0", "CNRI-Python"},
    "PSF-2.0": {"Python-2.0", "Python-2.0.1"},
}


def stem(name: str) -> str:
    """A license without what a text cannot tell: exception, "only", "or later"."""
    base = name.partition(" WITH ")[0]
    return base.removesuffix("+").removesuffix("-only").removesuffix("-or-later")


def same(one: str, other: str) -> bool:
    """Whether two licenses are the same but for "only", "or later" and exceptions."""
    return stem(one) == stem(other)


def text_is(found: str, declared: str) -> bool:
    """Whether a text supports a declared license, as far as a text can tell.

    The text of a later version supports "or later".
    """
    one, other = stem(found), stem(declared)
    if one == other or other in _HOLDS.get(one, ()):
        return True
    base = declared.partition(" WITH ")[0]
    if not base.endswith(("-or-later", "+")):
        return False
    later, first = _VERSIONED.fullmatch(one), _VERSIONED.fullmatch(other)
    return (
        later is not None
        and first is not None
        and later["family"] == first["family"]
        and _number(later["version"]) >= _number(first["version"])
    )


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def within(family: Family, name: str) -> bool:
    """Whether a license, with or without an exception, is one of a family."""
    return family.has(name.partition(" WITH ")[0].removesuffix("+"))


def supports(voice: Voice, names: Iterable[str]) -> bool:
    """Whether a text holds, refers to or states one of these licenses."""
    found = set(voice.names)
    if voice.facts is not None:
        found.update(name for match in voice.facts.matches for name in match.licenses)
        if voice.facts.stated:
            found.update(render(leaf) for leaf in leaves(parse(voice.facts.stated)))
    return any(text_is(one, name) for one in found for name in names)


def beside(voice: Voice, names: Iterable[str]) -> list[str]:
    """Licenses whose whole texts a file holds beside those of the package."""
    if voice.facts is None or voice.facts.kind != "licenses":
        return []
    texts = [match.licenses for match in voice.facts.matches if not match.mention]
    names = tuple(names)
    return [
        stem(licenses[0])
        for licenses in texts
        if not any(text_is(one, name) for one in licenses for name in names)
    ]


def _is_named_by(part: str | Family, name: str) -> bool:
    """Whether a classifier stands for a license.

    Classifiers know no LGPL 2.1: its authors choose those of version 2.
    """
    if isinstance(part, Family):
        return within(part, name)
    return same(part, name) or (stem(part) == "LGPL-2.0" and stem(name) == "LGPL-2.1")


def further(voice: Voice, names: Sequence[str]) -> list[str]:
    """What a voice names that is none of these licenses."""
    if voice.parts:
        return [
            part.name if isinstance(part, Family) else part
            for part in voice.parts
            if not any(_is_named_by(part, name) for name in names)
        ]
    said = voice.names or (voice.claim.candidates if voice.sense == "guess" else ())
    return [one for one in said if not any(same(one, name) for name in names)]


def relation(voice: Voice, names: Sequence[str]) -> Standing:
    """How a voice stands to the licenses that were concluded or may be meant."""
    if voice.sense == "silent" or (voice.sense == "unread" and not voice.parts):
        return "silent"
    if voice.role == "other":
        return "silent"
    if not names:
        return "outranked"
    if voice.sense == "unread":
        # Some of the classifiers were understood, but not all of them.
        return "contradicts" if further(voice, names) else "silent"
    if voice.sense == "reserved":
        return "outranked" if voice.role in ("notice", "part") else "contradicts"
    if voice.facts is not None:
        return "agrees" if supports(voice, names) else "contradicts"
    if voice.sense == "license":
        return "contradicts" if further(voice, names) else "agrees"
    if voice.sense == "guess" or voice.parts:
        return "contradicts" if further(voice, names) else "outranked"
    if voice.family is not None:
        inside = any(within(voice.family, name) for name in names)
    else:
        inside = all(any(same(one, name) for one in voice.claim.candidates) for name in names)
    return "outranked" if inside else "contradicts"
