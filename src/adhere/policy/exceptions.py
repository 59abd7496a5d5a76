"""Which waiver covers which finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from adhere.model.finding import Finding, Flaw

if TYPE_CHECKING:
    from adhere.policy.quantity import Duration
    from adhere.policy.waiver import Waiver


class Exceptions:
    """All waivers of a run, and what each was found to cover."""

    def __init__(
        self,
        waivers: Sequence[Waiver],
        today: date,
        caps: Mapping[str, Duration] | None = None,
    ) -> None:
        """Begin a run.

        Args:
            waivers: all of them.
            today: the day of the verdict.
            caps: longest time from ``created`` to ``expires`` by severity.
        """
        self._waivers = waivers
        self._today = today
        self._caps = caps or {}
        self.covers: dict[str, int] = {}
        self.lapses: dict[str, str] = {}

    def covering(self, finding: Finding) -> Waiver | None:
        """The waiver that covers a finding, ``None`` when none does.

        A waiver that was granted for something narrower does not cover, and why it does
        not is remembered in `lapses`.
        """
        for waiver in self._waivers:
            if not _aimed_at(waiver, finding):
                continue
            reason = self._lapsed(waiver, finding)
            if reason:
                self.lapses.setdefault(waiver.table.id, reason)
                continue
            if waiver.table.expires >= self._today:
                self.covers[waiver.table.id] = self.covers.get(waiver.table.id, 0) + 1
                return waiver
        return None

    def _lapsed(self, waiver: Waiver, finding: Finding) -> str:
        table, subject = waiver.table, waiver.subject
        covered = subject.covers(finding.subject, finding.version)
        if not (covered and subject.is_exactly(finding.version)):
            return f"{finding.subject} is now {finding.version}, which `{subject.text}` excludes"
        if table.digest and table.digest != finding.digest:
            return f"the license texts of {finding.subject} changed since it was granted"
        if finding.needs_approver and not table.approved_by:
            return "this needs an approver, and `approved_by` is empty"
        return self._outgrown(waiver, finding.flaw) if finding.flaw is not None else ""

    def _outgrown(self, waiver: Waiver, flaw: Flaw) -> str:
        """Why a waiver for a vulnerability holds no more."""
        from adhere.model.advisory import worse

        table = waiver.table
        if table.until_fixed and flaw.fixed_in:
            return f"a fix is out, {flaw.fixed_in[0]}, and it was granted until then"
        if table.severity and worse(flaw.severity, table.severity):
            return f"it is {flaw.severity} now, and was {table.severity} when this was granted"
        cap = self._caps.get(flaw.severity)
        if cap is not None and (table.expires - table.created).days > cap.days:
            return f"what is {flaw.severity} may be waived for {cap} at most"
        return ""


def _aimed_at(waiver: Waiver, finding: Finding) -> bool:
    table = waiver.table
    return (
        table.rule == finding.rule
        and finding.subject in (waiver.subject.name, waiver.subject.text)
        and table.code in ("", finding.code)
        and (not table.advisory or table.advisory in _names(finding))
    )


def _names(finding: Finding) -> tuple[str, ...]:
    """What a waiver may call the thing that a finding is about: a flaw by any of its ids."""
    return finding.flaw.ids if finding.flaw is not None else (finding.detail,)
