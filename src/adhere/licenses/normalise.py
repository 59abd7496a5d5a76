"""Free text about a license, read: one ``License`` field, one line of ``license explain``.

Readings are tried from the strictest to the loosest, and the first that understands the
*whole* text wins; nothing is ever found by looking for a name inside a longer text. Only
`_typos` looks for something similar, and it proposes and never concludes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from adhere.licenses._spdx import LICENSES
from adhere.licenses.addresses import ADDRESS, by_address
from adhere.licenses.compound import compound
from adhere.licenses.expression import (
    MAX_LENGTH,
    ExpressionError,
    Id,
    known,
    parse_full,
    render,
)
from adhere.licenses.families import family_named
from adhere.licenses.interpretation import Interpretation
from adhere.licenses.keys import word_set
from adhere.licenses.names import GNU_BARE, IDENTIFIER, Name, bare_gnu, look_up
from adhere.licenses.phrases import (
    bare,
    claims_a_license,
    is_text,
    points_elsewhere,
    qualifiers,
    style,
)
from adhere.licenses.typos import mentions, proposals

__all__ = ["MAX_NAME", "Interpretation", "interpret", "is_text"]

MAX_NAME = 1_000
"""Longest text, in characters, that is read as a name; longer ones are a license text, or
an SPDX expression of very many licenses."""

PLAIN_WORD = 0.6
"""Confidence of an identifier that is also an everyday word or a company."""

# Identifiers that a `License` field is more likely to hold in another meaning.
_PLAIN_WORDS = word_set(
    "barr blessing caldera catharon clips cube doc fair gd icu informatica intel ipa jam loop"
    " mips ncl noweb nokia oar oml pixar plexus ppl sl swl symlinks ucar xerox zed"
)
_EXPRESSION = re.compile(r"[A-Za-z0-9.:_()+\s-]+")
_DEPTH = 3


def interpret(raw: str) -> Interpretation:
    """Read what an author wrote about a license.

    Args:
        raw: anything; line breaks and control characters count as blanks.
    """
    if MAX_NAME < len(raw) <= MAX_LENGTH and (found := _as_expression(raw.strip(), 0)):
        return found
    if len(raw) > MAX_NAME:
        note = "it is a text rather than a name" if is_text(raw) else "it is too long for a name"
        return Interpretation(sense="unread", note=note)
    return _interpret(raw)


@lru_cache(maxsize=8192)
def _interpret(raw: str) -> Interpretation:
    text = bare(raw)
    if not text:
        return Interpretation(note="it is empty")
    return _read(text, 0) or _rest(text)


def _read(text: str, depth: int) -> Interpretation | None:
    """The first reading that understands the whole text."""
    if depth > _DEPTH or not text:
        return None
    steps: tuple[Callable[[str, int], Interpretation | None], ...] = (
        _as_expression,
        _as_classifier,
        _as_pointer,
        _as_name,
        _as_addresses,
        _as_sentence,
        _with_parenthesis,
        _as_compound,
    )
    for step in steps:
        found = step(text, depth)
        if found is not None:
            return found
    return None


def _as_expression(text: str, _: int) -> Interpretation | None:
    if len(text) > MAX_LENGTH or not _EXPRESSION.fullmatch(text):
        return None
    try:
        parsed = parse_full(text)
    except ExpressionError:
        return None
    expression = render(parsed.expression)
    if isinstance(parsed.expression, Id) and text.lower() in _PLAIN_WORDS:
        return _plain_word(text, expression)
    if not known(parsed.expression):
        note = "a `LicenseRef-` stands for terms that the SPDX list does not have"
        return Interpretation(expression, (), 1.0, note, "license")
    if not parsed.replaced:
        return Interpretation(expression, (), 1.0, "an SPDX expression", "license")
    note = ", ".join(f"`{old}` is deprecated and means `{new}`" for old, new in parsed.replaced)
    identifier = LICENSES.get(text.lower(), ("",))[0]
    if expression == f"{identifier}-only":
        return _from_name(bare_gnu(expression, f"{identifier}-or-later"))
    gnu = any(LICENSES.get(old.lower(), ("",))[0] + "-only" == new for old, new in parsed.replaced)
    confidence = GNU_BARE if gnu else IDENTIFIER
    return Interpretation(expression, (), confidence, note, "license")


def _plain_word(text: str, expression: str) -> Interpretation:
    if text == expression:
        note = f"`{text}` is an SPDX identifier, but also an everyday word"
        return Interpretation(expression, (), PLAIN_WORD, note, "license")
    note = f"`{text}` is an everyday word; the SPDX identifier is written `{expression}`"
    return Interpretation("", (expression,), 0.3, note, "guess")


def _as_classifier(text: str, _: int) -> Interpretation | None:
    if " :: " not in text:
        return None
    from adhere.licenses.classifiers import interpret_classifiers

    line = text if text.startswith("License :: ") else f"License :: {text}"
    found = interpret_classifiers((line,))
    return None if found.sense == "unread" else found


def _as_pointer(text: str, _: int) -> Interpretation | None:
    if not points_elsewhere(text):
        return None
    return Interpretation(note="it only points to a document")


def _as_name(text: str, _: int) -> Interpretation | None:
    name = look_up(text)
    return None if name is None else _from_name(name)


def _from_name(name: Name) -> Interpretation:
    if name.sense == "license":
        return Interpretation(
            name.expression, name.candidates, name.confidence, name.note, "license"
        )
    if name.sense == "family":
        candidates = family_named(name.family).candidates
        return Interpretation("", candidates, name.confidence, name.note, "open", name.family)
    if name.sense == "several":
        return Interpretation(note=name.note, sense="unread")
    return Interpretation(note=name.note, sense=name.sense)


def _as_addresses(text: str, depth: int) -> Interpretation | None:
    addresses = ADDRESS.findall(text)
    if not addresses:
        return None
    rest = bare(ADDRESS.sub(" ", text))
    named = [name for address in addresses if (name := by_address(address)) is not None]
    words = _read(rest, depth + 1) if rest else Interpretation()
    if not named:
        if words is not None and words.sense == "silent":
            return Interpretation(note="it only points to a document")
        return words if words is not None and words.sense != "unread" else None
    pointed = _from_name(named[0])
    if any(name.expression != named[0].expression for name in named):
        return _either(*map(_from_name, named))
    if words is None or words.sense in ("reserved", "unread"):
        return None
    if words.sense == "silent":
        return pointed
    return _agreed(words, pointed)


def _as_sentence(text: str, depth: int) -> Interpretation | None:
    from adhere.licenses.phrases import core

    inner = core(text)
    return None if inner == text else _read(inner, depth + 1)


_PARENTHESIS = re.compile(r"([^()]{1,200})\(([^()]{1,200})\)[\s.]*")


def _with_parenthesis(text: str, depth: int) -> Interpretation | None:
    match = _PARENTHESIS.fullmatch(text)
    if match is None:
        return None
    outer = _read(bare(match[1]), depth + 1)
    inner = _read(bare(match[2]), depth + 1)
    senses = {reading.sense if reading else "unread" for reading in (outer, inner)}
    if outer is None or inner is None or senses & {"reserved", "unread"}:
        return None
    if inner.sense == "silent":
        return outer
    return inner if outer.sense == "silent" else _agreed(outer, inner)


def _agreed(one: Interpretation, other: Interpretation) -> Interpretation:
    """Two readings of the same license: equal, or one narrows down the other."""
    for open_, exact in ((one, other), (other, one)):
        if open_.sense == "open" and exact.expression and _within(exact.expression, open_):
            return exact
        if exact.expression and exact.expression in open_.candidates:
            return exact
    if one.expression and one.expression == other.expression:
        return one if one.confidence >= other.confidence else other
    if one.family and one.family == other.family:
        return one
    return _either(one, other)


def _within(expression: str, open_: Interpretation) -> bool:
    return bool(open_.family) and family_named(open_.family).has(expression)


def _either(*readings: Interpretation) -> Interpretation:
    found: set[str] = set()
    for reading in readings:
        found.update(reading.candidates or ((reading.expression,) if reading.expression else ()))
    note = "it names different licenses"
    return Interpretation("", tuple(sorted(found)), 0.3, note, "open")


def _as_compound(text: str, depth: int) -> Interpretation | None:
    return compound(text, lambda part: _read(bare(part), depth + 1))


def _rest(text: str) -> Interpretation:
    """A text that no reading understands as a whole."""
    if is_text(text):
        return Interpretation(sense="unread", note="it is a text rather than a name")
    words = qualifiers(text)
    if words:
        telling = max(words, key=lambda word: (word not in ("with", "no"), len(word)))
        return Interpretation(sense="reserved", note=f"`{telling}` changes what it names")
    if style(text):
        return Interpretation(sense="unread", note="it compares its terms with a license's")
    found = proposals(text)
    if found:
        note = f"it is spelled like `{'` or `'.join(found)}`"
        return Interpretation("", found, 0.3, note, "guess")
    if named := mentions(text):
        note = "it names them among words that are not understood"
        return Interpretation("", named, 0.2, note, "guess")
    if claims_a_license(text):
        note = "no license of the SPDX list is called so"
        return Interpretation(sense="reserved", note=note)
    return Interpretation(sense="unread", note="no license name is recognised in it")
