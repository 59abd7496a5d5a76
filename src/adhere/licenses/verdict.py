"""What pieces of evidence together come to, with the reason in words."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from adhere.licenses.evidence import Voice
from adhere.licenses.prose import (
    agree_words,
    conflict_words,
    doubt_words,
    lead_words,
    said_words,
)
from adhere.licenses.relations import beside, relation, supports
from adhere.model.claim import State

_DECLARED = ("license-expression", "license-field", "classifiers")


class Verdict(Struct, frozen=True):
    """What the voices come to.

    Attributes:
        state: of the conclusion.
        expression: canonical, ``""`` for none.
        candidates: what it may be instead.
        confidence: 0.0 to 1.0.
        why: a sentence without its full stop.
        deciders: the voices it was taken from.
        against: the voices that keep it from being concluded, or speak against it.
        names: canonical text of every license that the voices are compared with.
        yields: nothing exact was said, so a curated fact may still decide.
    """

    state: State
    expression: str = ""
    candidates: tuple[str, ...] = ()
    confidence: float = 0.0
    why: str = ""
    deciders: tuple[Voice, ...] = ()
    against: tuple[Voice, ...] = ()
    names: tuple[str, ...] = ()
    yields: bool = False


class Case:
    """All evidence about one package, sorted by what it can do.

    Attributes:
        voices: all, strongest first.
        declared: what the metadata says in a word; a whole text in it is a text.
        texts: those that speak of the package; of its parts only when there are no others.
        parts: texts about bundled parts.
        late: an SBOM, curated facts.
    """

    def __init__(self, voices: Sequence[Voice]) -> None:
        self.voices = voices
        self.declared = [v for v in voices if v.claim.kind in _DECLARED and v.facts is None]
        texts = [voice for voice in voices if voice.facts is not None]
        self.parts = [voice for voice in texts if voice.role == "part"]
        main = [voice for voice in texts if voice.role == "main"]
        notices = [voice for voice in texts if voice.role == "notice"]
        self.texts = [*main, *notices] if main else self.parts or notices
        self.late = [voice for voice in voices if voice.claim.kind in ("sbom", "curated")]

    def taken_back(self) -> list[Voice]:
        """Texts of the package that add terms, or grant nothing."""
        return [v for v in self.texts if v.sense == "reserved" and v.role == "main"]

    def other_texts(self, names: Sequence[str]) -> list[Voice]:
        """Texts of the package that are another license, when none is one of these."""
        if any(supports(voice, names) for voice in self.texts):
            return []
        return [
            voice
            for voice in self.texts
            if voice.role == "main"
            and voice.facts is not None
            and (voice.sense == "license" or voice.facts.candidates)
        ]

    def stray_texts(self, names: Sequence[str]) -> list[Voice]:
        """Texts of the package that nothing declares, while a declared license has none."""
        if not self.texts or all(any(supports(v, [name]) for v in self.texts) for name in names):
            return []
        main = [v for v in self.texts if v.role == "main" and v.sense == "license"]
        return [voice for voice in main if not supports(voice, names)]

    def concluded(
        self, expression: str, names: tuple[str, ...], deciders: tuple[Voice, ...], why: str = ""
    ) -> Verdict:
        """An expression that the deciders say, with what agrees and what does not."""
        lead = deciders[0]
        rest = [voice for voice in self.voices if voice not in deciders]
        agreeing = [v for v in rest if relation(v, names) == "agrees"]
        agreeing = [voice for voice in agreeing if voice.role in ("main", "notice")]
        against = [v for v in rest if v.facts is None and relation(v, names) == "contradicts"]
        unread = [voice for voice in rest if voice.sense == "unread" and voice.role == "main"]
        split = [v for v in self.texts if v.facts is not None and v.facts.parts]
        stray = self.stray_texts(names)
        exact = [v.claim.confidence for v in deciders if v.claim.expression == expression]
        doubt = 1.0 - max(exact, default=0.85)
        doubt *= 0.5 ** len({voice.claim.kind for voice in agreeing})
        more = [(voice, also) for voice in (*deciders, *agreeing) if (also := beside(voice, names))]
        doubt += 0.05 * (bool(unread) + bool(split) + bool(more) + 2 * bool(against or stray))
        if expression != lead.claim.expression:
            why = said_words(lead)
        why = f"{why or lead_words(lead)}{agree_words(agreeing, deciders[1:])}"
        if against:
            why = f"{why}; {conflict_words(against)}"
        why += doubt_words(unread, split, more, stray)
        confidence = max(0.5, min(0.99, 1.0 - doubt))
        return Verdict(
            "concluded", expression, (), confidence, why, deciders, tuple(against), names
        )


def conflict(
    lead: Voice, expression: str, names: Sequence[str], against: Sequence[Voice]
) -> Verdict:
    """Strong evidence against what leads; the declared expression must not be relied on."""
    found = set() if expression else set(names)
    for voice in against:
        found.update(voice.names or voice.claim.candidates)
    return Verdict(
        "conflicting",
        expression,
        tuple(found),
        0.3,
        f"{lead_words(lead)}, but {conflict_words(against)}",
        (lead,),
        tuple(against),
        tuple(names),
    )


def unsaid(lead: Voice, names: Sequence[str], others: Sequence[Voice]) -> Verdict:
    """The lead names licenses, others name more, and nobody says AND or OR."""
    found = set(names)
    for voice in others:
        found.update(voice.names or voice.claim.candidates)
    why = f"{lead_words(lead)}, and {conflict_words(others)}"
    return ambiguous(tuple(found), 0.3, why, (lead,), tuple(others), tuple(names))


def ambiguous(
    candidates: tuple[str, ...],
    confidence: float,
    why: str,
    deciders: tuple[Voice, ...],
    against: tuple[Voice, ...] = (),
    names: tuple[str, ...] = (),
    *,
    yields: bool = False,
) -> Verdict:
    """Several licenses that may be meant; with none of them it is unknown."""
    state: State = "ambiguous" if candidates else "unknown"
    return Verdict(
        state,
        "",
        candidates,
        confidence if candidates else 0.0,
        why,
        deciders,
        against,
        names or candidates,
        yields,
    )
