"""What became of every rule, finding and waiver, and the exit code that follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from adhere.model.finding import Choice, Finding, Level, Outcome, Unjudged
from adhere.model.location import Location

EXIT_OK = 0
EXIT_VIOLATION = 1
EXIT_BAD_INPUT = 2
EXIT_NOT_JUDGED = 3
EXIT_NOTHING = 4
EXIT_DEFECT = 70
EXIT_INTERRUPTED = 130

WAIVERS = "adhere/waivers"
"""Id of the rule about the waivers themselves, which every run has where there are any."""

WaiverState = Literal[
    "active", "expiring", "expired", "unused", "lapsed", "too-long", "broad", "self-approved"
]
"""``lapsed``: it was granted for something narrower than what there is now."""

HOLDS_NO_MORE: frozenset[WaiverState] = frozenset(("expired", "lapsed", "too-long"))
"""States of a waiver that excused something, or was meant to, and does not."""

EXCUSES_NOTHING: frozenset[WaiverState] = HOLDS_NO_MORE | {"unused"}
"""States of a waiver that covers no finding."""


class Result(Struct, frozen=True, omit_defaults=True):
    """What became of one rule.

    Attributes:
        rule: full id.
        title: for people.
        check: name of the kind.
        outcome: of the closed set.
        level: after the ADR's status and the rule's own dates.
        message: the outcome in one sentence.
        observed: what is.
        expected: what should be.
        judged: subjects that were judged.
        open: findings that count.
        waived: findings that a waiver covers.
        suppressed: findings that the baseline or ``-A`` takes out of the count.
        unjudged: subjects that could not be judged.
        on_missing: what that means.
        choices: licenses taken of several on offer.
        adr: id of the owning ADR.
        section: heading that the rule enforces.
        why: the rule's own words.
        fix: the rule's own words.
        location: of the rule.
        builtin: ours, not one of the user's.
        valid_until: the last day on which a check says so, ``None`` for no end.
    """

    rule: str
    title: str
    check: str
    outcome: Outcome
    level: Level
    message: str = ""
    observed: str = ""
    expected: str = ""
    judged: int = 0
    open: int = 0
    waived: int = 0
    suppressed: int = 0
    unjudged: tuple[Unjudged, ...] = ()
    on_missing: str = "fail"
    choices: tuple[Choice, ...] = ()
    adr: str = ""
    section: str = ""
    why: str = ""
    fix: str = ""
    location: Location | None = None
    builtin: bool = False
    valid_until: date | None = None


class WaiverUse(Struct, frozen=True, omit_defaults=True):
    """What one waiver or clarification does in this run.

    Attributes:
        id: as in the file.
        kind: ``waiver`` or ``clarification``.
        rule: full id of the rule, ``""`` for a clarification.
        subject: as written.
        reason: enumerated, or the clarified expression.
        owner: who answers for it.
        created: the day it was granted.
        expires: the last day it holds; ``None`` for a clarification without an end.
        days_left: until that day; negative when it has passed.
        state: see `WaiverState`; the most urgent, where there are several.
        also: further states.
        covers: number of findings, or packages, it covers.
        approved_by: ``""`` for nobody.
        ticket: ``""`` for none.
        note: free words.
        advisory: the vulnerability that it is about, ``""`` for any or none.
        until_fixed: it lapses when a fix is released.
        location: of its table.
    """

    id: str
    kind: Literal["waiver", "clarification"]
    subject: str
    reason: str
    owner: str
    created: date
    location: Location
    state: WaiverState
    rule: str = ""
    expires: date | None = None
    days_left: int | None = None
    covers: int = 0
    approved_by: str = ""
    ticket: str = ""
    note: str = ""
    advisory: str = ""
    until_fixed: bool = False
    also: tuple[WaiverState, ...] = ()


class Verdict(Struct, frozen=True):
    """Everything that was judged.

    Attributes:
        results: one per rule, the user's first.
        findings: of all rules, with their disposition.
        waivers: one per waiver and clarification.
    """

    results: tuple[Result, ...] = ()
    findings: tuple[Finding, ...] = ()
    waivers: tuple[WaiverUse, ...] = ()


def exit_code(
    results: Sequence[Result], *, problems: bool, packages: int | None, allow_empty: bool
) -> int:
    """The exit code of a run, by the table in the reference.

    Args:
        results: one per rule.
        problems: an input file is wrong.
        packages: how many were found; ``None`` when no rule asked for packages.
        allow_empty: nothing to judge is fine.
    """
    if problems:
        return EXIT_BAD_INPUT
    # An exception that has ended is wrong whether or not its rule is still there.
    if any(r.builtin and r.rule == WAIVERS and _violated(r) for r in results):
        return EXIT_VIOLATION
    # Rules whose decision or time has ended, or that speak of what is not here, judge nothing.
    if not allow_empty and all(r.builtin or r.outcome == "not_applicable" for r in results):
        return EXIT_NOTHING
    if any(_violated(result) for result in results):
        return EXIT_VIOLATION
    if any(_not_judged(result) for result in results):
        return EXIT_NOT_JUDGED
    if packages == 0 and not allow_empty:
        return EXIT_NOTHING
    vacuous = any(r.outcome == "vacuous" and r.level == "error" for r in results)
    return EXIT_VIOLATION if vacuous else EXIT_OK


def _violated(result: Result) -> bool:
    return result.outcome in ("fail", "manual_due") and result.level == "error"


def _not_judged(result: Result) -> bool:
    if result.outcome == "error":
        return True
    blocking = result.level == "error" and result.on_missing == "fail"
    return result.outcome == "not_run" and blocking
