"""The rules by which license texts are weighed when the metadata names no license."""

from __future__ import annotations

from collections.abc import Sequence

from adhere.licenses.evidence import Voice
from adhere.licenses.prose import list_words, source, text_words
from adhere.licenses.relations import relation, same, stem
from adhere.licenses.verdict import Case, Verdict, ambiguous

OWN = 30
"""Words of the author's own beside a text that may say anything about it."""

LONG = 20
"""Words of a file that has to be understood before another file can speak for both."""


def without_metadata(case: Case) -> Verdict | None:
    """What the texts come to; ``None`` when there is none that says anything."""
    if taken := case.taken_back():
        names = taken[0].claim.candidates
        return ambiguous(names, 0.2, f"{_prefix(case)}, and {text_words(taken[0])}", (taken[0],))
    voices = [v for v in case.texts if v.sense in ("license", "open")]
    if voices:
        bundled = [v for v in case.parts if v.sense in ("license", "open") and v not in voices]
        return _only_texts(case, _without_included([*voices, *bundled]))
    referring = [voice for voice in case.texts if voice.sense == "guess"]
    if referring:
        names = tuple({name for voice in referring for name in voice.claim.candidates})
        why = f"{_prefix(case)}; {text_words(referring[0])}"
        return ambiguous(names, 0.3, why, tuple(referring[:1]))
    return None


def _prefix(case: Case) -> str:
    vague = any(voice.sense in ("guess", "unread") for voice in case.declared)
    return f"the metadata names no license{' clearly' if vague else ''}"


def _only_texts(case: Case, voices: list[Voice]) -> Verdict:
    """One license, and nothing that speaks of another; or what is stated of all of them."""
    stating = [v for v in voices if v.facts is not None and v.facts.stated]
    whole = [voice for voice in stating if _states_all(voice, voices)]
    best = whole[0] if whole else voices[0]
    unread = [v for v in case.texts if v.sense == "unread" and _is_long(v)]
    split = any(v.facts is not None and v.facts.parts for v in case.texts)
    wordy = [v for v in case.texts if v.facts is not None and v.facts.own > OWN]
    wordy = [voice for voice in wordy if voice in voices and voice.role == "main"]
    alone = not (unread or split or wordy) and all(best.names == voice.names for voice in voices)
    doubted = [v for v in case.declared if relation(v, best.names) == "contradicts"]
    if best.claim.expression and (whole or alone) and not doubted:
        why = f"{_prefix(case)}; {text_words(best)}"
        return case.concluded(best.claim.expression, best.names, (best,), why)
    names = tuple({name for v in voices for name in (v.names or v.claim.candidates)})
    why = f"{_prefix(case)}; {_open_words(best, voices, wordy, unread, doubted)}"
    return ambiguous(names, 0.4, why, (best,), tuple(doubted))


def _open_words(
    best: Voice,
    voices: list[Voice],
    wordy: Sequence[Voice],
    unread: Sequence[Voice],
    doubted: Sequence[Voice],
) -> str:
    names = sorted({name for v in voices for name in (v.names or v.claim.candidates)})
    documents = list(dict.fromkeys(source(voice) for voice in voices))
    if len(documents) > 1 and len(names) > 1 and not _gnu(names):
        return f"{list_words(documents)} hold {list_words(names)} and do not say how they apply"
    words = text_words(best)
    if doubted:
        return f"{words}, but {source(doubted[0])} names something else"
    if best.claim.expression and unread:
        return f"{words}, but {source(unread[0])} is not recognised"
    if best.claim.expression and any(v.facts is not None and v.facts.parts for v in voices):
        return f"{words}, but puts parts under other terms"
    if best.claim.expression and wordy:
        return f"{words}, but {source(wordy[0])} says more than that in words of its own"
    return words


def _gnu(names: Sequence[str]) -> bool:
    return len({stem(name) for name in names}) == 1


def _states_all(voice: Voice, voices: Sequence[Voice]) -> bool:
    """Whether an SPDX tag in one file speaks of every license that the files hold."""
    for other in voices:
        held = other.names or other.claim.candidates[:1]
        if not all(any(same(one, name) for name in voice.names) for one in held):
            return False
    return True


def _is_long(voice: Voice) -> bool:
    return voice.role == "main" and voice.facts is not None and voice.facts.words > LONG


def _without_included(voices: list[Voice]) -> list[Voice]:
    """Texts without those that another one includes by reference.

    The GNU Lesser GPL version 3 is written as additions to the GPL version 3, so both files
    are there and the package is under the lesser one.
    """
    held = [{stem(name) for name in v.names or v.claim.candidates} for v in voices]
    if not any("LGPL-3.0" in names for names in held):
        return voices
    return [voice for voice, names in zip(voices, held, strict=True) if names != {"GPL-3.0"}]
