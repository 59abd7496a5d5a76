"""Which waiver covers which finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from adhere.model.finding import Finding, Flaw, Note
from adhere.model.verdict import WaiverState

if TYPE_CHECKING:
    from adhere.policy.quantity import Duration
    from adhere.policy.waiver import Waiver


class Lapse(Struct, frozen=True):
    """Why a waiver does not cover a finding that it is aimed at.

    Attributes:
        why: as a clause.
        state: of the waiver, where it covers nothing else.
    """

    why: str
    state: WaiverState = "lapsed"


class Exceptions:
    """All waivers of a run, and what each was found to cover."""

    def __init__(
        self,
        waivers: Sequence[Waiver],
        today: date,
        caps: Mapping[str, Duration] | None = None,
        digests: Mapping[str, str] | None = None,
    ) -> None:
        """Begin a run.

        Args:
            waivers: all of them.
            today: the day of the verdict.
            caps: longest time from ``created`` to ``expires`` by severity.
            digests: of rules whose waivers are bound to their parameters, by id.
        """
        self._waivers = waivers
        self._today = today
        self._caps = caps or {}
        self._digests = digests or {}
        self.covered: dict[str, list[Finding]] = {}
        self.lapses: dict[str, Lapse] = {}

    def applied(self, finding: Finding) -> Finding:
        """The finding as waived, or with a note for every waiver that covers it no more.

        A waiver that was granted for something narrower does not cover, and why it does
        not is remembered in `lapses` as well.
        """
        notes: list[Note] = []
        for waiver in self._waivers:
            if not _aimed_at(waiver, finding):
                continue
            name, lapse = waiver.table.id, self._lapsed(waiver, finding)
            if lapse is not None:
                self.lapses.setdefault(name, lapse)
                text = f"{name} does not cover it: {lapse.why}"
                notes.append(Note("waiver", text, waiver.location))
            elif waiver.table.expires >= self._today:
                self.covered.setdefault(name, []).append(finding)
                return msgspec.structs.replace(finding, disposition="waived", waiver=name)
        if not notes:
            return finding
        return msgspec.structs.replace(finding, notes=(*finding.notes, *notes))

    def _lapsed(self, waiver: Waiver, finding: Finding) -> Lapse | None:
        from adhere.policy.approval import self_approved  # as few runs as have a waiver need it

        table, subject = waiver.table, waiver.subject
        covered = subject.covers(finding.subject, finding.version)
        if not (covered and subject.is_exactly(finding.version)):
            why = f"{finding.subject} is now {finding.version}, which `{subject.text}` excludes"
            return Lapse(why)
        if table.digest and table.digest != finding.digest:
            return Lapse(f"the license texts of {finding.subject} changed since it was granted")
        if table.rule_digest and table.rule_digest != self._digests.get(table.rule):
            return Lapse(f"the parameters of {table.rule} changed since it was granted")
        if finding.needs_approver and not table.approved_by:
            return Lapse("this needs an approver, and `approved_by` is empty")
        if finding.needs_approver and self_approved(table.owner, table.approved_by):
            return Lapse(f"this needs an approver, and {table.approved_by} is its owner")
        return self._outgrown(waiver, finding.flaw) if finding.flaw is not None else None

    def _outgrown(self, waiver: Waiver, flaw: Flaw) -> Lapse | None:
        """Why a waiver for a vulnerability holds no more."""
        from adhere.model.advisory import worse

        table = waiver.table
        if table.until_fixed and flaw.fixed_in:
            return Lapse(f"a fix is out, {flaw.fixed_in[0]}, and it was granted until then")
        if table.severity and worse(flaw.severity, table.severity):
            was = f"and was {table.severity} when this was granted"
            return Lapse(f"it is {flaw.severity} now, {was}")
        cap = self._caps.get(flaw.severity)
        days = (table.expires - table.created).days
        if cap is not None and days > cap.days:
            why = f"it lasts {days} days, and what is {flaw.severity} may be waived for {cap}"
            return Lapse(why, "too-long")
        return None


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
