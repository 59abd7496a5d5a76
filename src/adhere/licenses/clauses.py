"""BSD texts whose words an author changed, read clause by clause.

``Redistribution and use of the theme`` is no text of the SPDX list, and yet each of its
conditions is one of the BSD licenses'. Such a text is recognised only when *every*
condition is one of theirs and nothing follows the disclaimer.
"""

from __future__ import annotations

import re

from adhere.licenses.keys import word_set

MAX_LENGTH = 6_000
"""Characters of the longest text that is read; a BSD license has a third of it."""

_GRANT = re.compile(
    r"redistribution and use (?P<what>[a-z ,]{1,120}?)permitted,? provided that "
    r"(?:all of )?the following conditions? (?:is|are) met ?:?"
)
# What a grant may cover: both forms, or no word about forms; and always with modification.
_FORMS = re.compile(r"in source and binary forms?|in source or binary forms?")
_MODIFIED = re.compile(r"with or without modifications?")
_GRANT_WORDS = word_set(
    "in source and binary forms form of the this these theme software package module library"
    " program documentation docs code script font plugin as well with or without modification"
    " modifications are is"
)
_DISCLAIMER = re.compile(r"th(?:is|e|ese) (?:\w+ ){1,4}?(?:is|are) provided (?:by|\W*as is)")
_END = re.compile(r"possibility of such damages?\b\W*")
_ITEM = re.compile(r"(?:^|(?<=[.;\s]))(?:[*•·-]|\(?(?:\d|[a-e]|i{1,3}|iv)[.)])\s+")
_ENOUGH = re.compile(r"as is\b.*\bin no event shall\b", re.DOTALL)

# A line about the owner that slipped below the grant; it is no condition.
_RESERVED = "all rights reserved"

_SOURCE = re.compile(
    r"redistributions? of (?:the )?source code must retain the (?:above )?copyright notices?,? "
    r"this list of conditions,? and the following disclaimer"
)
_BINARY = re.compile(
    r"redistributions? in binary form must reproduce the (?:above )?copyright notices?,? "
    r"this list of conditions,? and the following disclaimer in the documentation and/or "
    r"(?:the )?other materials provided with the distribution"
)
_NAMES = re.compile(
    r"(?:neither the names? [^;:]{1,200}? may be|(?:the )?names? [^;:]{1,200}? may not be) used to "
    r"endorse or promote products derived from th(?:is|ese|e) \w+ without "
    r"(?:specific,? )?(?:prior )?(?:written )?permission(?: of [^;:]{1,100})?"
)
_ADVERTISING = re.compile(
    r"all advertising materials mentioning features or use of this \w+ must display the "
    r"following acknowledge?ment ?:[^;]{1,300}"
)
_CLAUSES = (_SOURCE, _BINARY, _NAMES, _ADVERTISING)
_LICENSES: dict[tuple[bool, ...], str] = {
    (True, True, False, False): "BSD-2-Clause",
    (True, True, True, False): "BSD-3-Clause",
    (True, True, True, True): "BSD-4-Clause",
}


def reworded_bsd(text: str) -> tuple[str, str] | None:
    """Which BSD license a reworded text is, and what stands before it.

    Returns:
        the identifier and the text before the grant, or ``None`` when any condition of the
        text is not one of the BSD licenses' or more text follows.
    """
    if len(text) > MAX_LENGTH:
        return None
    flat = " ".join(text.lower().replace('"', "").replace("``", "").replace("''", "").split())
    grant = _GRANT.search(flat)
    if grant is None or not _grants_all(grant["what"]):
        return None
    disclaimer = _DISCLAIMER.search(flat, grant.end())
    if disclaimer is None:
        return None
    end = _END.search(flat, disclaimer.end())
    if end is None or len(flat[end.end() :].split()) > 10:
        return None
    if not _ENOUGH.search(flat, disclaimer.start(), end.end()):
        return None
    found = _clauses(flat[grant.end() : disclaimer.start()])
    identifier = _LICENSES.get(found) if found is not None else None
    return (identifier, flat[: grant.start()]) if identifier else None


def _grants_all(what: str) -> bool:
    """Whether a grant takes nothing back: ``of the theme, with or without modification``."""
    rest = _MODIFIED.sub(" ", what)
    if rest == what or "without" in rest:
        return False
    rest = _FORMS.sub(" ", rest)
    words = set(re.findall(r"[a-z]+", rest))
    return words <= _GRANT_WORDS and words.isdisjoint({"source", "binary", "form", "forms"})


def _clauses(conditions: str) -> tuple[bool, ...] | None:
    """Which clauses there are; ``None`` when a condition is none of them."""
    items = [item.strip(" .;,") for item in _ITEM.split(conditions)]
    items = [item.removesuffix(" and").rstrip(" .;,") for item in items if item]
    items = [item for item in items if item != _RESERVED]
    found = [False] * len(_CLAUSES)
    for item in items:
        known = [at for at, clause in enumerate(_CLAUSES) if clause.fullmatch(item)]
        if not known:
            return None
        found[known[0]] = True
    return tuple(found)
