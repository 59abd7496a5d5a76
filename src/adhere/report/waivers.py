"""The waivers of a report as of another day: time passes without a run."""

from __future__ import annotations

from datetime import date

import msgspec

from adhere.model.verdict import EXCUSES_NOTHING, WaiverState
from adhere.report.document import Report, ReportWaiver


class ListedWaiver(ReportWaiver, frozen=True, omit_defaults=False):
    """A waiver and the decision whose rule it is an exception from; every key is there."""

    adr: str = ""


def waiver_list(report: Report, today: date, warn: int) -> list[ListedWaiver]:
    """Every waiver and clarification, the next to end first.

    What each covers is what it covered in the run; how long it lasts, and what follows
    from that, is of today.

    Args:
        report: of the last run.
        today: the day.
        warn: days before its end from which on a waiver is said to end soon.
    """
    decisions = {result.rule: result.adr for result in report.results}
    found = (_as_of(waiver, today, warn) for waiver in report.waivers)
    listed = [
        ListedWaiver(**msgspec.structs.asdict(waiver), adr=decisions.get(waiver.rule, ""))
        for waiver in found
    ]
    return sorted(listed, key=lambda w: (w.days_left is None, w.days_left or 0, w.id))


def waiver_states(waiver: ReportWaiver) -> str:
    """Everything that a waiver is, in words."""
    return ", ".join(state.replace("-", " ") for state in (waiver.state, *waiver.also))


def _as_of(waiver: ReportWaiver, today: date, warn: int) -> ReportWaiver:
    if waiver.expires is None:
        return waiver
    days = (waiver.expires - today).days
    states = ("expired",) if days < 0 else tuple(_states(waiver, days, warn))
    return msgspec.structs.replace(waiver, days_left=days, state=states[0], also=states[1:])


def _states(waiver: ReportWaiver, days: int, warn: int) -> list[WaiverState]:
    """Its states, but that it ends soon is said by the days that are left."""
    rest: list[WaiverState] = [
        state for state in (waiver.state, *waiver.also) if state not in ("active", "expiring")
    ]
    ends_soon = days <= warn and not set(rest) & EXCUSES_NOTHING
    states: list[WaiverState] = ["expiring", *rest] if ends_soon else rest
    return states or ["active"]
