"""Names that are nearly or partly in a text: proposals, never conclusions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice, product

from adhere.licenses.expression import leaves, parse, render
from adhere.licenses.families import family_named
from adhere.licenses.keys import key
from adhere.licenses.names import by_key, index

SHORTEST = 5
"""Letters that a word needs to be corrected: `MTI` and `GPLX` are too close to too much."""

LONGEST = 7
"""Words of the longest name that is looked for."""

MAX_MENTION_WORDS = 100
MAX_WORDS = 8
MAX_TRIES = 32


def proposals(text: str) -> tuple[str, ...]:
    """Licenses whose names differ by one slip per word: swapped, lost, added, mistyped."""
    words = key(text).split()
    if not words or len(words) > MAX_WORDS:
        return ()
    known = _vocabulary()
    choices: list[tuple[str, ...]] = []
    for word in words:
        if word in known or not word.isalpha():
            choices.append((word,))
        else:
            choices.append(tuple(_corrections(word)) or (word,))
    found: set[str] = set()
    for corrected in islice(product(*choices), MAX_TRIES):
        if list(corrected) != words:
            found.update(_named(" ".join(corrected)))
    return tuple(sorted(found))


def mentions(text: str) -> tuple[str, ...]:
    """Licenses whose whole names stand among other words.

    Such a text may as well say that they do not apply; it is evidence against concluding
    anything else, and no evidence for them.
    """
    words = key(text).split()[:MAX_MENTION_WORDS]
    known = index()
    found: set[str] = set()
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + LONGEST), at, -1):
            name = " ".join(words[at:end])
            if len(name) > 2 and name in known and (licenses := set(_named(name))):
                found |= licenses
                at = end
                break
        else:
            at += 1
    return tuple(sorted(found))


def _named(words: str) -> Iterator[str]:
    # "license" is no word of a key, so a misspelt one is dropped once it is corrected.
    name = by_key(key(words))
    if name is None:
        return
    if name.sense == "license":
        yield from (render(leaf) for leaf in leaves(parse(name.expression)))
    elif name.sense == "family":
        yield from family_named(name.family).candidates


def _corrections(word: str) -> list[str]:
    if len(word) < SHORTEST or len(word) > 20:
        return []
    near = _near()
    found: dict[str, None] = {}
    for form in (word, *_without_one(word)):
        for candidate in near.get(form, ()):
            found.setdefault(candidate)
    return sorted(found)[:4]


@cache
def _vocabulary() -> frozenset[str]:
    words = {word for name in index() for word in name.split()}
    return frozenset(words | {"license", "licence", "version"})


@cache
def _near() -> dict[str, tuple[str, ...]]:
    """Words by every form that lacks one of their letters, and by themselves.

    Two words with a form in common are at most one slip apart: an added, lost or
    mistyped letter, or two neighbours swapped.
    """
    found: dict[str, tuple[str, ...]] = {}
    for word in sorted(_vocabulary()):
        if word.isalpha() and len(word) >= SHORTEST:
            for form in {word, *_without_one(word)}:
                found[form] = (*found.get(form, ()), word)
    return found


def _without_one(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))
