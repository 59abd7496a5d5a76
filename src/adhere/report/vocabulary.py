"""What the words on the pages mean."""

from __future__ import annotations

from msgspec import Struct

from adhere.model.claim import State
from adhere.model.finding import Outcome
from adhere.report.summary import OUTCOME_WORDS
from adhere.report.view import Fact

OUTCOMES: dict[Outcome, str] = {
    "pass": "it was judged, and nothing is wrong",
    "fail": "something is not as decided",
    "warn": "something is not as decided, and the rule or the group only warns",
    "waived": "everything that is wrong has a waiver in force",
    "error": "the check itself could not be run; never a pass",
    "not_run": "evidence is missing; never a pass",
    "vacuous": "no package or file matched; never a pass",
    "manual_ok": "a person attested it, and that still holds",
    "manual_due": "a person has to attest it",
    "not_applicable": "the rule speaks of something that is not here, not yet, or not any more",
}

LICENSES: dict[State, str] = {
    "concluded": "the evidence says one expression",
    "clarified": "a person read the license files and said which",
    "ambiguous": "the evidence leaves several licenses open",
    "conflicting": "two strong sources disagree",
    "unknown": "no license could be read",
}


class Vocabulary(Struct, frozen=True):
    """Words and their meaning, for templates."""

    outcomes: tuple[Fact, ...]
    licenses: tuple[Fact, ...]


def vocabulary() -> Vocabulary:
    """All words."""
    return Vocabulary(
        tuple(Fact(OUTCOME_WORDS[outcome], meaning) for outcome, meaning in OUTCOMES.items()),
        tuple(Fact(state, meaning) for state, meaning in LICENSES.items()),
    )
