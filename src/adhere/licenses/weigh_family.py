"""The rules by which a name that stands for several licenses, such as ``BSD``, is decided."""

from __future__ import annotations

import re
from collections.abc import Sequence

from adhere.licenses.evidence import Voice
from adhere.licenses.families import Family
from adhere.licenses.prose import doubt_words, lead_words, list_words, source, text_words
from adhere.licenses.relations import beside, stem, within
from adhere.licenses.verdict import Case, Verdict, ambiguous, conflict


def by_texts(case: Case, lead: Voice, family: Family) -> Verdict:
    """A family; the texts decide what it leaves open."""
    found = _found(case.texts, family)
    if len(found) > 1:
        several = tuple({name for licenses in found for name in licenses})
        why = f"{lead_words(lead)}; the texts are {list_words(sorted(several))}"
        return ambiguous(several, 0.4, why, (lead,))
    for licenses, voice in found.items():
        if len(licenses) == 1:
            return _decided(lead, licenses[0], voice)
        if late := _late(case, lead, Family("", (), "|".join(map(re.escape, licenses)))):
            return late
        name, where = stem(licenses[0]), source(voice)
        why = f'{lead_words(lead)}; {where} is the text of {name}, without a word about "or later"'
        return ambiguous(licenses, 0.4, why, (lead, voice), yields=True)
    if other := case.other_texts(family.candidates):
        return conflict(lead, "", family.candidates, other)
    if late := _late(case, lead, family):
        return late
    why = f"{lead_words(lead)}, and no license text decides"
    return ambiguous(family.candidates, 0.3, why, (lead,), yields=True)


def _late(case: Case, lead: Voice, family: Family) -> Verdict | None:
    """What an SBOM or a curated fact makes of what evidence of the package leaves open."""
    for voice in case.late:
        if voice.sense == "license" and all(within(family, name) for name in voice.names):
            why = f"{lead_words(lead)}; {lead_words(voice)}"
            confidence = min(0.8, voice.claim.confidence)
            expression = voice.claim.expression
            return Verdict("concluded", expression, (), confidence, why, (voice,), (), voice.names)
    return None


def _found(texts: Sequence[Voice], family: Family) -> dict[tuple[str, ...], Voice]:
    """Licenses of a family whose texts, or notices without carve-outs, are there."""
    found: dict[tuple[str, ...], Voice] = {}
    for voice in texts:
        if voice.facts is None:
            continue
        if voice.facts.stated and within(family, voice.facts.stated):
            found.setdefault((voice.facts.stated,), voice)
        for match in voice.facts.matches:
            vague = match.mention or (voice.facts.kind == "statement" and voice.facts.parts)
            if not vague and within(family, match.licenses[0]):
                found.setdefault(match.licenses, voice)
    # "Either version 3 or any later version" in one file explains the text in another.
    for pair in [key for key in found if len(key) == 2]:
        if any(len(key) == 1 and key[0] in pair for key in found):
            del found[pair]
    return found


def _decided(lead: Voice, name: str, voice: Voice) -> Verdict:
    also = beside(voice, (name,))
    why = f"{lead_words(lead)}; {text_words(voice, name)}"
    why += doubt_words((), (), [(voice, also)] if also else ())
    confidence = max(0.85, min(0.95, voice.claim.confidence))
    return Verdict("concluded", name, (), confidence, why, (voice,), (), (name,))
