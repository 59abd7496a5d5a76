"""The rules by which one piece of evidence is weighed against the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from adhere.licenses.evidence import Voice, same, stem
from adhere.licenses.expression import known, leaves, parse, render
from adhere.licenses.families import Family
from adhere.licenses.prose import (
    agree_words,
    conflict_words,
    lead_words,
    list_words,
    source,
    text_words,
)
from adhere.model.claim import Standing, State

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


def relation(voice: Voice, names: Sequence[str]) -> Standing:
    """How a voice stands to the licenses that were concluded or may be meant."""
    if voice.sense in ("silent", "unread") or not names:
        return "silent" if voice.sense in ("silent", "unread") else "outranked"
    if voice.sense == "reserved":
        return "outranked" if voice.role in ("notice", "part", "other") else "contradicts"
    if voice.facts is not None:
        return "agrees" if supports(voice, names) else "contradicts"
    if voice.sense == "license":
        return "contradicts" if _extra(voice, names) else "agrees"
    if voice.parts:
        return "contradicts" if _extra_parts(voice, names) else "outranked"
    if voice.family is not None:
        return "outranked" if any(_in(voice.family, name) for name in names) else "contradicts"
    said = voice.claim.candidates
    covered = all(any(same(one, name) for one in said) for name in names)
    if voice.sense == "guess":
        covered = all(any(same(one, name) for name in names) for one in said)
    return "outranked" if covered else "contradicts"


def supports(voice: Voice, names: Iterable[str]) -> bool:
    """Whether a text holds, or refers to, one of these licenses."""
    found = set(voice.names)
    if voice.facts is not None:
        found.update(name for match in voice.facts.matches for name in match.licenses)
        if voice.facts.stated:
            found.update(render(leaf) for leaf in leaves(parse(voice.facts.stated)))
    return any(same(one, name) for one in found for name in names)


def _in(family: Family, name: str) -> bool:
    return family.has(name.partition(" WITH ")[0].removesuffix("+"))


def _extra(voice: Voice, names: Sequence[str]) -> list[str]:
    return [one for one in voice.names if not any(same(one, name) for name in names)]


def _extra_parts(voice: Voice, names: Sequence[str]) -> list[str]:
    found = []
    for part in voice.parts:
        if isinstance(part, Family):
            if not any(_in(part, name) for name in names):
                found.append(part.name)
        elif not any(same(part, name) for name in names):
            found.append(part)
    return found


def weigh(voices: Sequence[Voice]) -> Verdict:
    """Come to a verdict.

    Args:
        voices: strongest first.
    """
    return _Scale(voices).verdict()


class _Scale:
    def __init__(self, voices: Sequence[Voice]) -> None:
        self.voices = voices
        # A `License` field that holds a whole text is a text.
        self.declared = [v for v in voices if v.claim.kind in _DECLARED and v.facts is None]
        texts = [voice for voice in voices if voice.facts is not None]
        main = [voice for voice in texts if voice.role == "main"]
        self.notices = [voice for voice in texts if voice.role == "notice"]
        self.texts = main or [voice for voice in texts if voice.role == "part"] or self.notices
        self.late = [voice for voice in voices if voice.claim.kind in ("sbom", "curated")]

    def verdict(self) -> Verdict:
        speaking = [v for v in self.declared if v.sense in ("license", "open", "reserved")]
        if not speaking:
            return self.from_texts()
        lead = speaking[0]
        if lead.sense == "license":
            return self.exact(lead)
        if lead.sense == "reserved":
            return self.reserved(lead)
        return self.family(lead, lead.family) if lead.family else self.choice(lead)

    # An exact license leads.

    def exact(self, lead: Voice, *because: Voice) -> Verdict:
        expression, exact = self.later(lead)
        names = tuple(render(leaf) for leaf in leaves(parse(expression)))
        deciders = (lead, *because, *exact)
        if not known(parse(expression)):
            why = f"{lead_words(lead)}, whose terms are not in the SPDX list"
            return Verdict("unknown", expression, (), 0.0, why, deciders, (), names)
        against = [v for v in self.declared if v not in deciders and self.disagrees(v, lead, names)]
        if against:
            return self.conflict(lead, expression, names, against)
        if open_ := [v for v in self.declared if v not in deciders and self.adds(v, lead, names)]:
            return self.unsaid(lead, names, open_)
        if texts := self.texts_against(names):
            return self.conflict(lead, expression, names, texts)
        return self.concluded(expression, names, deciders)

    def later(self, lead: Voice) -> tuple[str, tuple[Voice, ...]]:
        """A GNU license, made exact by what says "or later"; and the voice that says it."""
        if len(lead.pair) != 2 or lead.claim.kind == "license-expression":
            return lead.claim.expression, ()
        later = lead.pair[1]
        for voice in (*self.declared, *self.texts):
            if voice is not lead and voice.claim.expression == later:
                return later, (voice,)
        return lead.claim.expression, ()

    def disagrees(self, voice: Voice, lead: Voice, names: Sequence[str]) -> bool:
        """Whether a declared voice is strong evidence against the one that leads."""
        if relation(voice, names) != "contradicts" or voice.sense == "guess":
            return False
        if voice.sense in ("license", "reserved"):
            return True
        if voice.parts and lead.claim.kind != "license-expression":
            extra = _extra_parts(voice, names)
            if len(extra) < len(voice.parts):
                return False  # the rest of them agree: see `adds`
        # A family that does not have the license is a slip when the text has it.
        vague = voice.family is not None or not voice.parts
        return not (vague and any(supports(text, names) for text in self.texts))

    def adds(self, voice: Voice, lead: Voice, names: Sequence[str]) -> bool:
        """Whether a declared voice names further licenses, without saying AND or OR."""
        if lead.claim.kind == "license-expression":
            return False
        return relation(voice, names) == "contradicts" and (
            (bool(voice.parts) and len(voice.parts) > 1) or voice.sense == "guess"
        )

    def texts_against(self, names: Sequence[str]) -> list[Voice]:
        """License files that are another license, or take something back."""
        taken = [v for v in self.texts if v.sense == "reserved" and v.role == "main"]
        if taken:
            return taken
        if any(supports(voice, names) for voice in self.texts):
            return []
        return [
            voice
            for voice in self.texts
            if voice.facts is not None
            and voice.role == "main"
            and (voice.sense == "license" or voice.facts.candidates)
        ]

    # A name that leaves the license open leads.

    def family(self, lead: Voice, family: Family) -> Verdict:
        others = [voice for voice in self.declared if voice is not lead]
        exact = [voice for voice in others if voice.sense == "license"]
        inside = [v for v in exact if all(_in(family, name) for name in v.names)]
        if inside:
            return self.exact(inside[0], lead)
        barred = [v for v in others if v.sense == "reserved"]
        if exact or barred:
            return self.conflict(lead, "", family.candidates, exact or barred)
        rest = [v for v in others if v.sense == "open" and v.family != family]
        rest = [v for v in rest if not self.narrower(v, family)]
        if rest:
            return self.unsaid(lead, family.candidates, rest)
        return self.by_texts(lead, family)

    def narrower(self, voice: Voice, family: Family) -> bool:
        """Whether all that an open voice may mean lies within a family."""
        said = voice.claim.candidates
        return bool(said) and all(_in(family, one) for one in said)

    def by_texts(self, lead: Voice, family: Family) -> Verdict:
        """A family; the texts decide what it leaves open."""
        taken = [v for v in self.texts if v.sense == "reserved" and v.role == "main"]
        if taken:
            why = f"{lead_words(lead)}, and {text_words(taken[0])}"
            return Verdict(
                "ambiguous" if family.candidates else "unknown",
                "",
                family.candidates,
                0.2,
                why,
                (lead,),
                tuple(taken),
                family.candidates,
            )
        found = self.found(family)
        if len(found) == 1:
            ((licenses, voice),) = found.items()
            if len(licenses) == 1:
                return self.decided(lead, licenses[0], voice)
            why = (
                f"{lead_words(lead)}; {voice.claim.document} is the text of {stem(licenses[0])},"
                f' which does not say whether "or later" holds'
            )
            return Verdict("ambiguous", "", licenses, 0.4, why, (lead, voice), (), licenses)
        if found:
            several = tuple(sorted({name for licenses in found for name in licenses}))
            why = f"{lead_words(lead)}; the texts are {list_words(several)}"
            return Verdict("ambiguous", "", several, 0.4, why, (lead,), (), several)
        if other := self.texts_against(family.candidates):
            return self.conflict(lead, "", family.candidates, other)
        return self.by_late(lead, family)

    def found(self, family: Family) -> dict[tuple[str, ...], Voice]:
        """Licenses of a family whose texts, or notices without carve-outs, are there."""
        found: dict[tuple[str, ...], Voice] = {}
        for voice in self.texts:
            if voice.facts is None:
                continue
            if voice.facts.stated and _in(family, voice.facts.stated):
                found.setdefault((voice.facts.stated,), voice)
            for match in voice.facts.matches:
                vague = match.mention or (voice.facts.kind == "statement" and voice.facts.parts)
                if not vague and _in(family, match.licenses[0]):
                    found.setdefault(match.licenses, voice)
        # "Either version 3 or any later version" in one file explains the text in another.
        for licenses in [key for key in found if len(key) == 2]:
            if any(len(key) == 1 and key[0] in licenses for key in found):
                del found[licenses]
        return found

    def decided(self, lead: Voice, name: str, voice: Voice) -> Verdict:
        why = f"{lead_words(lead)}; {text_words(voice, name)}"
        confidence = max(0.85, min(0.95, voice.claim.confidence or 0.85))
        return Verdict("concluded", name, (), confidence, why, (voice,), (), (name,))

    def by_late(self, lead: Voice, family: Family) -> Verdict:
        for voice in self.late:
            if voice.sense == "license" and all(_in(family, name) for name in voice.names):
                name = voice.claim.expression
                why = f"{lead_words(lead)}; {lead_words(voice)}"
                confidence = min(0.8, voice.claim.confidence)
                return Verdict("concluded", name, (), confidence, why, (voice,), (), voice.names)
        why = f"{lead_words(lead)}, and no license text decides"
        state: State = "ambiguous" if family.candidates else "unknown"
        confidence = 0.3 if family.candidates else 0.0
        return Verdict(
            state,
            "",
            family.candidates,
            confidence,
            why,
            (lead,),
            (),
            family.candidates,
            yields=True,
        )

    def choice(self, lead: Voice) -> Verdict:
        """Several licenses without an operator; only a text that states it can add one."""
        names = lead.claim.candidates
        for voice in self.texts:
            if voice.facts is None or not voice.facts.stated or voice.role != "main":
                continue
            stated = [render(leaf) for leaf in leaves(parse(voice.facts.stated))]
            if self.covers(lead, stated):
                why = f"{lead_words(lead)}; {text_words(voice)}"
                return Verdict(
                    "concluded", voice.facts.stated, (), 0.9, why, (voice,), (), tuple(stated)
                )
        why = lead_words(lead)
        others = [v for v in self.declared if v is not lead and v.sense in ("license", "reserved")]
        against = [voice for voice in others if relation(voice, names) == "contradicts"]
        if against:
            why = f"{why}, and {conflict_words(against)}"
        return Verdict("ambiguous", "", names, 0.4, why, (lead,), tuple(against), names)

    def covers(self, lead: Voice, stated: Sequence[str]) -> bool:
        if lead.parts:
            return not _extra_parts(lead, stated)
        return all(any(same(name, one) for one in stated) for name in lead.claim.candidates)

    # Nothing that the metadata says leads.

    def reserved(self, lead: Voice) -> Verdict:
        others = [voice for voice in self.declared if voice is not lead]
        exact = [voice for voice in others if voice.sense == "license"]
        exact = exact or [v for v in self.texts if v.sense == "license" and v.role == "main"]
        if exact:
            names = tuple(name for voice in exact for name in voice.names)
            return self.conflict(lead, "", names, exact)
        for voice in others:
            if voice.sense == "open" and voice.claim.candidates:
                why = f"{lead_words(lead)}, and {lead_words(voice)}"
                names = voice.claim.candidates
                return Verdict("ambiguous", "", names, 0.2, why, (lead,), (), names)
        return Verdict("unknown", why=lead_words(lead), deciders=(lead,))

    def from_texts(self) -> Verdict:
        taken = [v for v in self.texts if v.sense == "reserved" and v.role == "main"]
        if taken:
            names = taken[0].claim.candidates
            state: State = "ambiguous" if names else "unknown"
            why = f"the metadata names no license, and {text_words(taken[0])}"
            return Verdict(state, "", names, 0.2, why, (taken[0],), (), names)
        voices = [v for v in self.texts if v.sense in ("license", "open") and v.role != "other"]
        voices = _without_included(voices)
        if voices:
            return self.only_texts(voices)
        referring = [v for v in self.texts if v.sense == "guess" and v.role != "other"]
        if referring:
            names = tuple(sorted({n for v in referring for n in v.claim.candidates}))
            why = f"the metadata names no license; {text_words(referring[0])}"
            return Verdict("ambiguous", "", names, 0.3, why, tuple(referring[:1]), (), names)
        return self.from_late()

    def only_texts(self, voices: list[Voice]) -> Verdict:
        said = [voice for voice in voices if voice.facts is not None and voice.facts.stated]
        found = dict.fromkeys(
            name for voice in voices for name in (voice.names or voice.claim.candidates)
        )
        names = tuple(sorted(found))
        prefix = "the metadata names no license"
        best = next((voice for voice in said if self.states_all(voice, voices)), voices[0])
        parts = best.facts.parts if best.facts is not None else ()
        alone = len(voices) == 1 or all(_same_text(best, voice) for voice in voices)
        if best.claim.expression and (best in said or (alone and not parts)):
            guesses = [v for v in self.declared if v.sense == "guess"]
            against = [v for v in guesses if relation(v, best.names) == "contradicts"]
            if not against:
                why = f"{prefix}; {text_words(best)}"
                return self.concluded(best.claim.expression, best.names, (best,), why)
        if len(names) == 1:
            why = f"{prefix}; {text_words(best)}, but speaks of other terms for parts of it"
        elif len(voices) == 1:
            why = f"{prefix}; {text_words(best)}"
        else:
            documents = list_words([voice.claim.document for voice in voices])
            why = f"{prefix}; {documents} hold {list_words(names)} and do not say how they apply"
        return Verdict("ambiguous", "", names, 0.4, why, (best,), (), names)

    def states_all(self, voice: Voice, voices: Sequence[Voice]) -> bool:
        """Whether an SPDX tag in one file speaks of every license that the files hold."""
        names = voice.names
        return all(
            all(any(same(one, name) for name in names) for one in other.names)
            if other.names
            else any(same(one, name) for one in other.claim.candidates for name in names)
            for other in voices
        )

    def from_late(self) -> Verdict:
        for voice in self.late:
            if voice.sense == "license" and known(parse(voice.claim.expression)):
                why = f"{self.nothing()}; {lead_words(voice)}"
                return self.concluded(voice.claim.expression, voice.names, (voice,), why)
            if voice.sense == "license":
                why = f"{lead_words(voice)}, whose terms are not in the SPDX list"
                names = voice.names
                return Verdict("unknown", voice.claim.expression, (), 0.0, why, (voice,), (), names)
            if voice.sense == "open" and voice.claim.candidates:
                names = voice.claim.candidates
                curated = self.late[-1]
                if curated is not voice and voice.family and curated.sense == "license":
                    return self.by_late(voice, voice.family)
                return Verdict(
                    "ambiguous",
                    "",
                    names,
                    0.3,
                    lead_words(voice),
                    (voice,),
                    (),
                    names,
                    yields=voice.family is not None,
                )
        guesses = [voice for voice in self.declared if voice.claim.candidates]
        names = tuple(sorted({name for voice in guesses for name in voice.claim.candidates}))
        state: State = "ambiguous" if names else "unknown"
        why = lead_words(guesses[0]) if guesses else self.nothing()
        return Verdict(
            state,
            "",
            names,
            0.2 if names else 0.0,
            why,
            tuple(guesses[:1]),
            (),
            names,
            yields=not names,
        )

    def nothing(self) -> str:
        unread = [voice for voice in self.voices if voice.sense == "unread"]
        if unread:
            return f"no license could be read from {list_words([source(v) for v in unread[:3]])}"
        return "neither the metadata nor a license text names a license"

    # Verdicts.

    def concluded(
        self, expression: str, names: tuple[str, ...], deciders: tuple[Voice, ...], why: str = ""
    ) -> Verdict:
        lead = deciders[0]
        agreeing = [v for v in self.voices if v not in deciders and relation(v, names) == "agrees"]
        agreeing = [voice for voice in agreeing if voice.role in ("main", "notice")]
        against = [
            voice
            for voice in self.declared
            if voice not in deciders and relation(voice, names) == "contradicts"
        ]
        doubt = 1.0 - max(voice.claim.confidence for voice in deciders if voice.names)
        if expression != lead.claim.expression:
            doubt = 1.0 - max(0.85, deciders[-1].claim.confidence)
        doubt *= 0.5 ** len({voice.claim.kind for voice in agreeing})
        unread = [voice for voice in self.texts if voice.sense == "unread"]
        parts = [v for v in self.texts if v.facts is not None and v.facts.parts]
        doubt += 0.05 * (bool(unread and not agreeing) + bool(parts) + 2 * bool(against))
        why = f"{why or lead_words(lead)}{agree_words(agreeing, deciders[1:])}"
        if against:
            why = f"{why}; {conflict_words(against)}"
        confidence = max(0.5, min(0.99, 1.0 - doubt))
        return Verdict(
            "concluded", expression, (), confidence, why, deciders, tuple(against), names
        )

    def conflict(
        self, lead: Voice, expression: str, names: Sequence[str], against: Sequence[Voice]
    ) -> Verdict:
        found = set() if expression else set(names)
        for voice in against:
            found.update(voice.names or voice.claim.candidates)
        why = f"{lead_words(lead)}, but {conflict_words(against)}"
        return Verdict(
            "conflicting",
            expression,
            tuple(sorted(found)),
            0.3,
            why,
            (lead,),
            tuple(against),
            tuple(names),
        )

    def unsaid(self, lead: Voice, names: Sequence[str], others: Sequence[Voice]) -> Verdict:
        """The lead names licenses, others name more, and nobody says AND or OR."""
        found = set(names)
        for voice in others:
            found.update(voice.names or voice.claim.candidates)
        why = f"{lead_words(lead)}, and {conflict_words(others)}"
        return Verdict(
            "ambiguous", "", tuple(sorted(found)), 0.3, why, (lead,), tuple(others), tuple(names)
        )


def _same_text(one: Voice, other: Voice) -> bool:
    return bool(one.names) and one.names == other.names


def _without_included(voices: list[Voice]) -> list[Voice]:
    """Texts without those that another one includes by reference.

    The GNU Lesser GPL version 3 is written as additions to the GPL version 3, so both files
    are there and the package is under the lesser one.
    """
    found = {stem(name) for voice in voices for name in (voice.names or voice.claim.candidates)}
    if "LGPL-3.0" not in found:
        return voices
    kept = []
    for voice in voices:
        names = voice.names or voice.claim.candidates
        if {stem(name) for name in names} != {"GPL-3.0"}:
            kept.append(voice)
    return kept
