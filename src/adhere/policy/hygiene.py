"""What is wrong with the waivers and clarifications themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from adhere.model.finding import Finding, Judgement, Level, Note
from adhere.model.need import Facts, LicensesNeed, VulnerabilitiesNeed
from adhere.model.verdict import WAIVERS, Result, WaiverState, WaiverUse
from adhere.policy.clarify import concerned, holds
from adhere.policy.config import Policy
from adhere.policy.exceptions import Exceptions
from adhere.policy.waiver import Clarification, Waiver

_LEVEL: dict[WaiverState, Level] = {
    "expired": "error",
    "expiring": "warn",
    "unused": "warn",
    "lapsed": "warn",
}


def hygiene(
    policy: Policy,
    facts: Facts,
    exceptions: Exceptions,
    results: Sequence[Result],
    today: date,
    *,
    whole: bool,
) -> tuple[tuple[WaiverUse, ...], Judgement]:
    """Judge the waivers themselves.

    Returns:
        What each does, most urgent first, and the findings about them.
    """
    judged = {r.rule for r in results if r.outcome not in ("not_run", "error", "not_applicable")}
    withdrawn = _withdrawn(facts)
    uses: list[WaiverUse] = []
    findings: list[Finding] = []
    for waiver in policy.waivers:
        use, why = _waiver_use(waiver, policy, exceptions, today, judged if whole else set())
        if use.state == "unused" and waiver.table.advisory in withdrawn:
            why = f"{waiver.table.advisory} was withdrawn, it turned out to be none; remove it"
        uses.append(use)
        findings.extend(_finding(use, why))
    for clarification in policy.clarifications:
        use, why = _clarification_use(clarification, policy, facts, today, whole=whole)
        uses.append(use)
        findings.extend(_finding(use, why))
    uses.sort(key=lambda use: (use.days_left is None, use.days_left or 0, use.id))
    active = sum(use.state in ("active", "expiring") for use in uses)
    judgement = Judgement(
        findings=tuple(findings),
        judged=len(uses),
        observed=f"{active} of {len(uses)} in force and used",
        expected="all in force, used, and bound to what they were granted for",
    )
    return tuple(uses), judgement


def _withdrawn(facts: Facts) -> frozenset[str]:
    if not facts.has(VulnerabilitiesNeed()):
        return frozenset()
    known = facts.require(VulnerabilitiesNeed())
    return frozenset(known.withdrawn)


def _waiver_use(
    waiver: Waiver, policy: Policy, exceptions: Exceptions, today: date, judged: set[str]
) -> tuple[WaiverUse, str]:
    table = waiver.table
    covers = exceptions.covers.get(table.id, 0)
    days = (table.expires - today).days
    state: WaiverState = "active"
    why = ""
    if days < 0:
        state, why = "expired", f"it ended on {table.expires}; renew it or mend what it excuses"
    elif not covers and table.id in exceptions.lapses:
        state, why = "lapsed", exceptions.lapses[table.id]
    elif not covers and table.rule in judged:
        state, why = "unused", "no finding is covered by it; remove it"
    elif days <= policy.config.waivers.warn.days:
        state, why = "expiring", f"{days} days are left"
    use = WaiverUse(
        id=table.id,
        kind="waiver",
        rule=table.rule,
        subject=table.subject,
        reason=table.reason,
        owner=table.owner,
        created=table.created,
        expires=table.expires,
        days_left=days,
        state=state,
        covers=covers,
        approved_by=table.approved_by,
        ticket=table.ticket,
        note=table.note,
        location=waiver.location,
    )
    return use, why


def _clarification_use(
    clarification: Clarification, policy: Policy, facts: Facts, today: date, *, whole: bool
) -> tuple[WaiverUse, str]:
    table = clarification.table
    gathered = facts.has(LicensesNeed())
    about = concerned(clarification, facts.inventory.components) if gathered else []
    held = [component for component in about if holds(clarification, component, today)]
    days = (table.expires - today).days if table.expires else None
    state: WaiverState = "active"
    why = ""
    if days is not None and days < 0:
        state, why = "expired", f"it ended on {table.expires}; read the license files again"
    elif gathered and about and not held:
        state, why = "lapsed", "the license files are not those it was read from; read them again"
    elif gathered and not about and whole:
        state, why = "unused", "no package is meant by it; remove it"
    elif days is not None and days <= policy.config.waivers.warn.days:
        state, why = "expiring", f"{days} days are left"
    use = WaiverUse(
        id=table.id,
        kind="clarification",
        subject=table.subject,
        reason=clarification.expression,
        owner=table.owner,
        created=table.created,
        expires=table.expires,
        days_left=days,
        state=state,
        covers=len(held),
        approved_by=table.approved_by,
        ticket=table.ticket,
        note=table.note,
        location=clarification.location,
    )
    return use, why


def _finding(use: WaiverUse, why: str) -> list[Finding]:
    if use.state == "active":
        return []
    kind = use.kind
    notes = [Note("owner", use.owner)]
    if use.expires is not None:
        notes.append(Note("ends", str(use.expires)))
    return [
        Finding(
            rule=WAIVERS,
            code=f"{kind}-{use.state}",
            message=f"{kind} {use.id} for {use.subject} {_WORDS[use.state]}: {why}",
            subject=use.id,
            level=_LEVEL[use.state],
            location=use.location,
            notes=tuple(notes),
            fix=_FIX[use.state],
        )
    ]


_WORDS: dict[WaiverState, str] = {
    "expired": "has expired",
    "expiring": "ends soon",
    "unused": "is unused",
    "lapsed": "has lapsed",
}

_FIX: dict[WaiverState, str] = {
    "expired": "mend what it excuses and remove it, or have it granted again with a new end",
    "expiring": "plan the mend, or have it granted again before it ends",
    "unused": "remove it",
    "lapsed": "look at what changed and have it granted again, or mend what it excused",
}
