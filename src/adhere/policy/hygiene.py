"""What is wrong with the waivers and clarifications themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from adhere.model.finding import Finding, Judgement, Level, Note
from adhere.model.need import Facts, LicensesNeed, VulnerabilitiesNeed
from adhere.model.verdict import EXCUSES_NOTHING, WAIVERS, Result, WaiverState, WaiverUse
from adhere.policy.approval import self_approved
from adhere.policy.broad import too_broad
from adhere.policy.clarify import concerned, holds
from adhere.policy.config import Policy
from adhere.policy.exceptions import Exceptions
from adhere.policy.waiver import Clarification, ClarificationTable, Waiver, WaiverTable

_LEVEL: dict[WaiverState, Level] = {
    "expired": "error",
    "too-long": "error",
    "expiring": "warn",
    "unused": "warn",
    "lapsed": "warn",
    "broad": "warn",
    "self-approved": "warn",
}

State = tuple[WaiverState, str]
"""A state other than ``active``, and why, as a clause."""


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
    looked_at = _LookedAt(policy, exceptions, today, judged if whole else set(), _withdrawn(facts))
    uses: list[WaiverUse] = []
    findings: list[Finding] = []
    for waiver in policy.waivers:
        states = looked_at.states(waiver)
        uses.append(_waiver_use(waiver, states, exceptions, today))
        findings.extend(_findings(uses[-1], states))
    for clarification in policy.clarifications:
        use, states = _clarification_use(clarification, policy, facts, today, whole=whole)
        uses.append(use)
        findings.extend(_findings(use, states))
    uses.sort(key=lambda use: (use.days_left is None, use.days_left or 0, use.id))
    in_force = sum(use.state not in EXCUSES_NOTHING for use in uses)
    judgement = Judgement(
        findings=tuple(findings),
        judged=len(uses),
        observed=f"{in_force} of {len(uses)} in force and used",
        expected="all in force, used, and bound to what they were granted for",
    )
    return tuple(uses), judgement


def _withdrawn(facts: Facts) -> frozenset[str]:
    if not facts.has(VulnerabilitiesNeed()):
        return frozenset()
    known = facts.require(VulnerabilitiesNeed())
    return frozenset(known.withdrawn)


class _LookedAt(Struct, frozen=True):
    """What the states of a waiver depend on.

    Attributes:
        policy: how waivers are governed.
        exceptions: what each covers.
        today: the day of the verdict.
        judged: rules of which an unused waiver really is unused.
        withdrawn: advisories that turned out to be none.
    """

    policy: Policy
    exceptions: Exceptions
    today: date
    judged: set[str]
    withdrawn: frozenset[str]

    def states(self, waiver: Waiver) -> list[State]:
        """All that is to be said of a waiver, the most urgent first; empty for nothing.

        Of one that excuses nothing, nothing more is said than why.
        """
        table, governance = waiver.table, self.policy.config.waivers
        covered = self.exceptions.covered.get(table.id, [])
        lapse = self.exceptions.lapses.get(table.id)
        if table.expires < self.today:
            why = f"it ended on {table.expires}; renew it or mend what it excuses"
            return [("expired", why)]
        if not covered and lapse is not None:
            return [(lapse.state, lapse.why)]
        broad = too_broad(waiver, covered, governance.broad)
        also: list[State] = [("broad", broad)] if broad else []
        if not covered and table.rule in self.judged:
            return [("unused", self._unused(table)), *also]
        return [*_expiring(table, self.policy, self.today), *also, *_own(table)]

    def _unused(self, table: WaiverTable) -> str:
        if table.advisory in self.withdrawn:
            return f"{table.advisory} was withdrawn, it turned out to be none; remove it"
        return "no finding is covered by it; remove it"


def _expiring(table: WaiverTable | ClarificationTable, policy: Policy, today: date) -> list[State]:
    if table.expires is None:
        return []
    days = (table.expires - today).days
    return (
        [("expiring", f"{days} days are left")] if days <= policy.config.waivers.warn.days else []
    )


def _own(table: WaiverTable | ClarificationTable) -> list[State]:
    """Said where nobody has to approve; where somebody has to, it is refused."""
    if not self_approved(table.owner, table.approved_by):
        return []
    return [("self-approved", f"{table.approved_by} owns it; nobody else has looked at it")]


def _waiver_use(
    waiver: Waiver, states: Sequence[State], exceptions: Exceptions, today: date
) -> WaiverUse:
    table = waiver.table
    return WaiverUse(
        id=table.id,
        kind="waiver",
        rule=table.rule,
        subject=table.subject,
        reason=table.reason,
        owner=table.owner,
        created=table.created,
        expires=table.expires,
        days_left=(table.expires - today).days,
        state=_first(states),
        also=tuple(state for state, _ in states[1:]),
        covers=len(exceptions.covered.get(table.id, [])),
        approved_by=table.approved_by,
        ticket=table.ticket,
        note=table.note,
        advisory=table.advisory,
        until_fixed=table.until_fixed,
        location=waiver.location,
    )


def _first(states: Sequence[State]) -> WaiverState:
    return states[0][0] if states else "active"


def _clarification_use(
    clarification: Clarification, policy: Policy, facts: Facts, today: date, *, whole: bool
) -> tuple[WaiverUse, list[State]]:
    table = clarification.table
    gathered = facts.has(LicensesNeed())
    about = concerned(clarification, facts.inventory.components) if gathered else []
    held = [component for component in about if holds(clarification, component, today)]
    states: list[State]
    if table.expires is not None and table.expires < today:
        states = [("expired", f"it ended on {table.expires}; read the license files again")]
    elif gathered and about and not held:
        why = "the license files are not those it was read from; read them again"
        states = [("lapsed", why)]
    elif gathered and not about and whole:
        states = [("unused", "no package is meant by it; remove it")]
    else:
        states = [*_expiring(table, policy, today), *_own(table)]
    use = WaiverUse(
        id=table.id,
        kind="clarification",
        subject=table.subject,
        reason=clarification.expression,
        owner=table.owner,
        created=table.created,
        expires=table.expires,
        days_left=(table.expires - today).days if table.expires else None,
        state=_first(states),
        also=tuple(state for state, _ in states[1:]),
        covers=len(held),
        approved_by=table.approved_by,
        ticket=table.ticket,
        note=table.note,
        location=clarification.location,
    )
    return use, states


def _findings(use: WaiverUse, states: Sequence[State]) -> list[Finding]:
    notes = [Note("owner", use.owner)]
    if use.expires is not None:
        notes.append(Note("ends", str(use.expires)))
    return [
        Finding(
            rule=WAIVERS,
            code=f"{use.kind}-{state}",
            message=f"{use.kind} {use.id} for {use.subject} {_WORDS[state]}: {why}",
            subject=use.id,
            level=_LEVEL[state],
            location=use.location,
            notes=tuple(notes),
            fix=_FIX[state],
        )
        for state, why in states
    ]


_WORDS: dict[WaiverState, str] = {
    "expired": "has expired",
    "expiring": "ends soon",
    "unused": "is unused",
    "lapsed": "has lapsed",
    "too-long": "lasts too long",
    "broad": "is broad",
    "self-approved": "is approved by its owner",
}

_FIX: dict[WaiverState, str] = {
    "expired": "mend what it excuses and remove it, or have it granted again with a new end",
    "expiring": "plan the mend, or have it granted again before it ends",
    "unused": "remove it",
    "lapsed": "look at what changed and have it granted again, or mend what it excused",
    "too-long": "have it granted with an end that `caps` in `[waivers]` allows",
    "broad": "name what it is for: `adhere waive` prints one waiver for each finding",
    "self-approved": "have somebody else approve it, and name them in `approved_by`",
}
