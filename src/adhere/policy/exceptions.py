"""Which waiver covers which finding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from adhere.model.finding import Finding

if TYPE_CHECKING:
    from adhere.policy.waiver import Waiver


class Exceptions:
    """All waivers of a run, and what each was found to cover."""

    def __init__(self, waivers: Sequence[Waiver], today: date) -> None:
        self._waivers = waivers
        self._today = today
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
        return ""


def _aimed_at(waiver: Waiver, finding: Finding) -> bool:
    table = waiver.table
    return (
        table.rule == finding.rule
        and finding.subject in (waiver.subject.name, waiver.subject.text)
        and table.code in ("", finding.code)
        and table.advisory in ("", finding.detail)
    )
