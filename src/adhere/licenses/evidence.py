"""Pieces of license evidence, each read by itself, before they are weighed.

A *voice* is one piece: a claim, and what it means for other claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from adhere.licenses import classifiers as trove
from adhere.licenses.expression import ExpressionError, known, leaves, parse, parse_full, render
from adhere.licenses.families import Family, family_named
from adhere.licenses.interpretation import Interpretation, Sense
from adhere.licenses.normalise import interpret, is_text
from adhere.licenses.phrases import printable
from adhere.licenses.roles import Role, role
from adhere.licenses.texts import TextFacts, identify
from adhere.model.claim import MAX_RAW, Claim, ClaimKind
from adhere.model.package import Declared, LicenseFile

SBOM_TRUST = 0.87
"""What is left of a confidence when somebody else than the author says it."""

MAX_NOTE = 400
"""Characters of a note; it may quote what an author wrote."""

MAX_TEXTS = 300
"""License files that are weighed one by one; a package with more is not of this world."""


class Voice(Struct, frozen=True):
    """One piece of evidence.

    Attributes:
        claim: as it is kept and shown.
        sense: what sort of thing it says.
        family: that it names, when it names one.
        parts: of classifiers, each license or family by itself.
        pair: ``(only, later)`` of a GNU license that leaves "or later" to others; empty else.
        role: of a text.
        facts: of a text.
    """

    claim: Claim
    sense: Sense
    family: Family | None = None
    parts: tuple[str | Family, ...] = ()
    pair: tuple[str, ...] = ()
    role: Role = "main"
    facts: TextFacts | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Canonical text of every license of its expression."""
        if not self.claim.expression:
            return ()
        return tuple(render(leaf) for leaf in leaves(parse(self.claim.expression)))


def declared_voices(declared: Declared) -> list[Voice]:
    """What the metadata says: expression, free text, classifiers."""
    voices = []
    if declared.expression.strip():
        voices.append(_expression(declared))
    if declared.text.strip():
        voices.append(_field(declared))
    if declared.classifiers:
        reading = trove.interpret_classifiers(declared.classifiers)
        raw = "; ".join(declared.classifiers)
        claim = _claim("classifiers", declared, raw, reading)
        voices.append(_voice(claim, reading, trove.parts(declared.classifiers)))
    return voices


def stated_voice(declared: Declared) -> Voice | None:
    """What another document, an SBOM, states about the package."""
    raw = [text for text in declared.stated if text.strip()]
    if not raw:
        return None
    readings = list({interpret(text): None for text in raw})
    readings = [reading for reading in readings if reading.sense != "silent"] or readings[:1]
    reading = readings[0]
    if len(readings) > 1:
        found = {name for one in readings for name in one.candidates}
        found.update(one.expression for one in readings if one.expression)
        note = "it states several licenses, but does not say AND or OR"
        reading = Interpretation("", tuple(sorted(found)), 0.4, note, "open")
    reading = msgspec.structs.replace(reading, confidence=round(reading.confidence * SBOM_TRUST, 3))
    return _voice(_claim("sbom", declared, "; ".join(raw), reading), reading)


def _expression(declared: Declared) -> Voice:
    raw = declared.expression
    try:
        parsed = parse_full(raw)
    except ExpressionError as error:
        reading = interpret(raw)
        note = f"it is not an SPDX expression ({error}); read as free text: {reading.note}"
        changed = Interpretation(
            reading.expression,
            reading.candidates,
            round(reading.confidence * 0.9, 3),
            note,
            "unread" if reading.sense == "silent" else reading.sense,
            reading.family,
        )
        return _voice(_claim("license-expression", declared, raw, changed), changed)
    note = "the author's own SPDX expression"
    if parsed.replaced:
        note = ", ".join(f"`{old}` is deprecated and means `{new}`" for old, new in parsed.replaced)
    if not known(parsed.expression):
        note = "a `LicenseRef-` stands for terms that the SPDX list does not have"
    reading = Interpretation(render(parsed.expression), (), 0.98, note, "license")
    return _voice(_claim("license-expression", declared, raw, reading), reading)


def _field(declared: Declared) -> Voice:
    raw = declared.text
    reading = interpret(raw)
    if reading.sense == "unread" and is_text(raw):
        facts = identify(raw)
        reading = text_reading(facts)
        reading = Interpretation(
            reading.expression,
            reading.candidates,
            reading.confidence,
            reading.note,
            reading.sense,
            reading.family,
        )
        return _voice(_claim("license-field", declared, raw, reading), reading, facts=facts)
    return _voice(_claim("license-field", declared, raw, reading), reading)


def _claim(kind: ClaimKind, declared: Declared, raw: str, reading: Interpretation) -> Claim:
    return Claim(
        kind=kind,
        document=declared.document,
        raw=raw[:MAX_RAW],
        digest=declared.digest,
        expression=reading.expression,
        candidates=() if reading.expression else reading.candidates,
        confidence=reading.confidence,
        note=printable(reading.note, MAX_NOTE),
    )


def _voice(
    claim: Claim,
    reading: Interpretation,
    parts: tuple[str | Family, ...] = (),
    facts: TextFacts | None = None,
) -> Voice:
    family = family_named(reading.family) if reading.family else None
    pair = reading.candidates if reading.expression else ()
    if not reading.expression and facts is not None and facts.candidates:
        family = gnu_family(facts.candidates)
    return Voice(claim, reading.sense, family, parts, pair, facts=facts)


def gnu_family(pair: Sequence[str]) -> Family:
    """The two licenses that share one GNU text."""
    name = pair[0].partition(" WITH ")[0].removesuffix("-only")
    return Family(name, tuple(pair), rf"{name.replace('.', '[.]')}-(?:only|or-later)")


def text_voices(texts: Iterable[tuple[LicenseFile, TextFacts]]) -> list[Voice]:
    """What the license files say, those about the whole package first."""
    voices = []
    for file, facts in texts:
        about = role(file.path)
        reading = text_reading(facts)
        claim = Claim(
            kind="license-text",
            document=file.path,
            digest=file.digest,
            expression=reading.expression,
            candidates=() if reading.expression else reading.candidates,
            confidence=reading.confidence,
            note=printable(f"{_ABOUT[about]}{reading.note}", MAX_NOTE),
        )
        family = gnu_family(facts.candidates) if facts.candidates else None
        voices.append(Voice(claim, reading.sense, family, role=about, facts=facts))
    order = {"main": 0, "notice": 1, "part": 2, "other": 3}
    voices.sort(key=lambda voice: (order[voice.role], voice.claim.document))
    return voices[:MAX_TEXTS]


_ABOUT: dict[Role, str] = {
    "main": "",
    "notice": "a notice: ",
    "part": "about a bundled part: ",
    "other": "not a license file: ",
}


def text_reading(facts: TextFacts) -> Interpretation:
    """What one text says by itself."""
    found = tuple(dict.fromkeys(name for match in facts.matches for name in match.licenses))
    if facts.kind in ("empty", "binary", "too-long"):
        return Interpretation(sense="unread", note=facts.note)
    if facts.terms and (facts.kind != "licenses" or facts.reserves):
        note = f'it adds terms of its own ("{facts.terms[0]}")'
        if not found:
            note = f'it is no known license text and says "{facts.terms[0]}"'
        return Interpretation("", found, 0.2, note, "reserved")
    share = f"{sum(match.share for match in facts.matches):.0%} of its words"
    if facts.strong:
        note = facts.note or f"the text of {facts.strong} ({share})"
        return Interpretation(facts.strong, (), _confidence(facts), note, "license")
    if facts.stated:
        note = facts.note or "it says so in its SPDX-License-Identifier"
        return Interpretation(facts.stated, (), 0.93, note, "license")
    if facts.candidates:
        name = facts.candidates[0].replace("-only", "", 1)
        note = f'the text of {name} ({share}), which does not say "or later" of this package'
        return Interpretation("", facts.candidates, 0.4, note, "open")
    if facts.kind == "licenses":
        note = f"it holds several licenses: {', '.join(found)}"
        return Interpretation("", tuple(sorted(found)), 0.4, note, "open")
    if found:
        note = facts.note or f"it refers to {', '.join(found)}"
        return Interpretation("", tuple(sorted(found)), 0.3, note, "guess")
    return Interpretation(sense="unread", note="no known license text was recognised in it")


def _confidence(facts: TextFacts) -> float:
    covered = sum(match.share for match in facts.matches)
    return round(0.8 + 0.15 * min(1.0, covered), 3)
