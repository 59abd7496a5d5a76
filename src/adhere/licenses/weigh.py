"""The rules by which evidence is weighed when the metadata says something.

`adhere.licenses.weigh_family` decides a name that stands for several licenses;
`adhere.licenses.weigh_texts` has the rules for when the metadata says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adhere.licenses.evidence import Voice
from adhere.licenses.expression import known, leaves, parse, render
from adhere.licenses.families import Family
from adhere.licenses.prose import lead_words, list_words, source, text_words
from adhere.licenses.relations import further, relation, same, stem, supports, within
from adhere.licenses.verdict import Case, Verdict, ambiguous, conflict, unsaid
from adhere.licenses.weigh_family import by_texts
from adhere.licenses.weigh_texts import without_metadata


def weigh(voices: Sequence[Voice]) -> Verdict:
    """Come to a verdict.

    Args:
        voices: strongest first.
    """
    case = Case(voices)
    speaking = [v for v in case.declared if v.sense in ("license", "open", "reserved")]
    if speaking:
        return _led_by(case, speaking[0])
    verdict = without_metadata(case)
    if verdict is not None:
        return verdict
    return _led_by_others(case)


def _led_by(case: Case, lead: Voice) -> Verdict:
    if lead.sense == "license":
        return _exact(case, lead)
    if lead.sense == "reserved":
        return _reserved(case, lead)
    return _family(case, lead, lead.family) if lead.family else _choice(case, lead)


def _led_by_others(case: Case) -> Verdict:
    """Neither metadata nor text: an SBOM, then curated facts, then what is nearly a name."""
    for voice in case.late:
        if voice.sense in ("license", "open", "reserved"):
            return _led_by(case, voice)
    for voice in case.declared:
        if names := voice.claim.candidates or _named(voice):
            return ambiguous(names, 0.2, lead_words(voice), (voice,))
    unread = [voice for voice in case.voices if voice.sense == "unread"]
    why = "neither the metadata nor a license text names a license"
    if unread:
        why = f"no license could be read from {list_words([source(v) for v in unread[:3]])}"
    return Verdict("unknown", why=why, yields=True)


def _named(voice: Voice) -> tuple[str, ...]:
    """What some of the classifiers name, when others name no license."""
    found: set[str] = set()
    for part in voice.parts:
        found.update(part.candidates if isinstance(part, Family) else (part,))
    return tuple(found)


# An exact license leads.


def _exact(case: Case, lead: Voice, *because: Voice) -> Verdict:
    expression, explaining = _later(case, lead)
    names = tuple(render(leaf) for leaf in leaves(parse(expression)))
    deciders = (lead, *because, *explaining)
    others = [voice for voice in case.declared if voice not in deciders]
    if not known(parse(expression)):
        why = f"{lead_words(lead)}, whose terms are not in the SPDX list"
        return Verdict("unknown", expression, (), 0.0, why, deciders, (), names)
    against = [voice for voice in others if _disagrees(case, voice, lead, names)]
    against = against or case.taken_back()
    if against:
        return conflict(lead, expression, names, against)
    if adding := [voice for voice in others if _adds(voice, lead, names)]:
        return _stated_of_all(case, lead, adding) or unsaid(lead, names, adding)
    if two := _lgpl_two(case, lead, names):
        return two
    if texts := case.other_texts(names):
        return conflict(lead, expression, names, texts)
    return case.concluded(expression, names, deciders)


def _later(case: Case, lead: Voice) -> tuple[str, tuple[Voice, ...]]:
    """A GNU license, made exact by what says "or later"; and the voice that says it.

    A deprecated identifier in ``License-Expression`` is not refined: the SPDX list defines
    what it means.
    """
    expression = lead.claim.expression
    if len(lead.pair) != 2 or lead.claim.kind == "license-expression":
        return expression, ()
    later = lead.pair[1]
    for voice in (*case.declared, *case.texts):
        if voice is not lead and voice.claim.expression == later:
            return later, (voice,)
        held = voice.facts.matches if voice.facts is not None else ()
        if any(match.licenses == (later,) and not match.mention for match in held):
            return later, (voice,)
    return expression, ()


def _disagrees(case: Case, voice: Voice, lead: Voice, names: Sequence[str]) -> bool:
    """Whether a declared voice is strong evidence against the one that leads."""
    if relation(voice, names) != "contradicts" or voice.sense in ("guess", "unread"):
        return False
    if voice.sense in ("license", "reserved"):
        return True
    normative = lead.claim.kind == "license-expression"
    if len(voice.parts) > 1:
        # When some of them agree, nobody says AND or OR: see `_adds`.
        return normative or len(further(voice, names)) == len(voice.parts)
    # A family that does not have the license is a slip when the text has it.
    return not any(supports(text, names) for text in case.texts)


def _adds(voice: Voice, lead: Voice, names: Sequence[str]) -> bool:
    """Whether a declared voice names further licenses, without saying AND or OR."""
    if lead.claim.kind == "license-expression":
        return False
    several = len(voice.parts) > 1 or voice.sense in ("guess", "unread")
    return several and relation(voice, names) == "contradicts"


def _stated_of_all(case: Case, lead: Voice, adding: Sequence[Voice]) -> Verdict | None:
    """Several declarations add up to what a text states about all of them."""
    for voice, stated in _stating(case):
        named = all(any(same(name, one) for one in stated) for name in lead.names)
        if named and not any(further(other, stated) for other in adding):
            words = "; ".join((lead_words(lead), *map(lead_words, adding), text_words(voice)))
            expression = voice.claim.expression
            return Verdict("concluded", expression, (), 0.9, words, (voice,), (), stated)
    return None


def _stating(case: Case) -> Iterator[tuple[Voice, tuple[str, ...]]]:
    """License files that state an expression, with the licenses in it."""
    for voice in case.texts:
        if voice.facts is not None and voice.facts.stated and voice.role == "main":
            tree = parse(voice.facts.stated)
            if voice.claim.expression == voice.facts.stated:
                yield voice, tuple(render(leaf) for leaf in leaves(tree))


def _lgpl_two(case: Case, lead: Voice, names: Sequence[str]) -> Verdict | None:
    """Classifiers know no LGPL 2.1, so its authors choose those of version 2."""
    if lead.claim.kind != "classifiers" or [stem(name) for name in names] != ["LGPL-2.0"]:
        return None
    wanted = names[0].replace("2.0", "2.1")
    for voice in case.texts:
        if voice.facts is not None and wanted in voice.facts.candidates:
            why = f"{lead_words(lead)}; {text_words(voice)}, and no classifier names LGPL 2.1"
            return ambiguous((names[0], wanted), 0.4, why, (lead,), (), tuple(names))
    return None


# A name that leaves the license open leads.


def _family(case: Case, lead: Voice, family: Family) -> Verdict:
    others = [voice for voice in case.declared if voice is not lead]
    exact = [voice for voice in others if voice.sense == "license"]
    inside = [v for v in exact if all(within(family, name) for name in v.names)]
    if inside:
        return _exact(case, inside[0], lead)
    barred = [voice for voice in others if voice.sense == "reserved"]
    if exact or barred:
        return conflict(lead, "", family.candidates, exact or barred)
    open_ = [v for v in others if v.sense == "open" and v.family != family]
    wider = [v for v in open_ if not all(within(family, one) for one in v.claim.candidates)]
    if wider or any(not voice.claim.candidates for voice in open_):
        return unsaid(lead, family.candidates, wider or open_)
    if taken := case.taken_back():
        why = f"{lead_words(lead)}, and {text_words(taken[0])}"
        return ambiguous(family.candidates, 0.2, why, (lead,), tuple(taken))
    return by_texts(case, lead, family)


def _choice(case: Case, lead: Voice) -> Verdict:
    """Several licenses without an operator; only a text that states it can add one."""
    names = lead.claim.candidates
    if taken := case.taken_back():
        return conflict(lead, "", names, taken)
    for voice, stated in _stating(case):
        if _covers(lead, stated):
            why = f"{lead_words(lead)}; {text_words(voice)}"
            expression = voice.claim.expression
            return Verdict("concluded", expression, (), 0.9, why, (voice,), (), stated)
    others = [v for v in case.declared if v is not lead and v.sense in ("license", "reserved")]
    against = [voice for voice in others if relation(voice, names) == "contradicts"]
    against = [*against, *case.other_texts(names)]
    if against:
        return conflict(lead, "", names, against)
    return ambiguous(names, 0.4, lead_words(lead), (lead,))


def _covers(lead: Voice, stated: Sequence[str]) -> bool:
    if lead.parts:
        return not further(lead, stated)
    return all(any(same(name, one) for one in stated) for name in lead.claim.candidates)


def _reserved(case: Case, lead: Voice) -> Verdict:
    """The author keeps rights back, or changes what he names: nothing is concluded."""
    others = [voice for voice in case.declared if voice is not lead]
    exact = [voice for voice in others if voice.sense == "license"]
    exact = exact or [v for v in case.texts if v.sense == "license" and v.role == "main"]
    if exact:
        return conflict(lead, "", tuple(name for voice in exact for name in voice.names), exact)
    for voice in others:
        if voice.sense == "open" and voice.claim.candidates:
            why = f"{lead_words(lead)}, and {lead_words(voice)}"
            return ambiguous(voice.claim.candidates, 0.2, why, (lead,))
    return Verdict("unknown", why=lead_words(lead), deciders=(lead,))
