"""What a report says of evidence from outside the project: had, or missing and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from adhere.model.finding import Finding, Missing
from adhere.model.inventory import Component
from adhere.model.need import LedgerNeed, Need, ProjectsNeed, VulnerabilitiesNeed
from adhere.report.document import Vulnerability

if TYPE_CHECKING:
    from adhere.model.advisory import Ledger, Vulnerabilities
    from adhere.model.project import Projects

INDEX = "index"
FLAWS = "vulnerabilities"
NOT_ASKED = {INDEX: "no rule asks for it", FLAWS: "no rule asks for them"}
"""Evidence that nothing gathers unless a rule needs it."""

Key = tuple[str, str]


class FromOutside:
    """Advisories, ledger and index, as far as rules asked for them.

    Attributes:
        missing_at_all: kinds of evidence that no package has, and why.
    """

    def __init__(self, answers: Mapping[Need, Any], findings: Iterable[Finding]) -> None:
        """Prepare.

        Args:
            answers: what was answered, by need.
            findings: some of them know when a flaw is due.
        """
        self._known: Vulnerabilities | Missing | None = answers.get(VulnerabilitiesNeed())
        ledger = answers.get(LedgerNeed())
        self._ledger: Ledger | None = None if isinstance(ledger, Missing) else ledger
        self._projects: list[Projects | Missing] = [
            answer for need, answer in answers.items() if isinstance(need, ProjectsNeed)
        ]
        self.missing_at_all = self._missing_at_all()
        self._due: dict[tuple[str, str, str], str] = {}
        for finding in findings:
            if finding.flaw is not None and finding.flaw.due is not None:
                key = (finding.subject, finding.version, finding.detail)
                due = finding.flaw.due.isoformat()
                self._due[key] = min(due, self._due.get(key, due))

    def _missing_at_all(self) -> dict[str, str]:
        found = {}
        if not self._projects:
            found[INDEX] = NOT_ASKED[INDEX]
        elif all(isinstance(answer, Missing) for answer in self._projects):
            found[INDEX] = _reasons(self._projects)
        if self._known is None:
            found[FLAWS] = NOT_ASKED[FLAWS]
        elif isinstance(self._known, Missing):
            found[FLAWS] = self._known.reason
        return found

    def missing(self, component: Component) -> dict[str, str]:
        """Kinds of evidence that a package lacks, and why."""
        if component.first_party or (INDEX in self.missing_at_all and FLAWS in self.missing_at_all):
            return self.missing_at_all
        found = dict(self.missing_at_all)
        if INDEX not in found:
            answers = [
                answer.get(component.name)
                for answer in self._projects
                if not isinstance(answer, Missing)
            ]
            if not any(answer is not None for answer in answers):
                found[INDEX] = "no rule asks for this package"
            elif all(isinstance(answer, Missing) for answer in answers if answer is not None):
                found[INDEX] = _reasons(answers)
        if FLAWS not in found and self._known is not None and not isinstance(self._known, Missing):
            answer = self._known.found.get((component.name, component.version))
            if isinstance(answer, Missing):
                found[FLAWS] = answer.reason
        return found

    def vulnerabilities(self, component: Component) -> tuple[Vulnerability, ...]:
        """What is known of a package, as the report has it."""
        if self._known is None or isinstance(self._known, Missing):
            return ()
        found = self._known.found.get((component.name, component.version))
        if found is None or isinstance(found, Missing):
            return ()
        return tuple(
            Vulnerability(
                id=flaw.id,
                aliases=flaw.aliases,
                severity=flaw.severity.band,
                score=flaw.severity.score,
                fixed_in=flaw.fixed_in,
                published=flaw.published.date().isoformat() if flaw.published else "",
                first_seen=self._first_seen(component, (flaw.id, *flaw.aliases)),
                due=self._due.get((component.name, component.version, flaw.id), ""),
                summary=flaw.summary,
            )
            for flaw in found
        )

    def _first_seen(self, component: Component, ids: tuple[str, ...]) -> str:
        day = self._ledger.first_seen(component.name, ids) if self._ledger is not None else None
        return day.isoformat() if day is not None else ""


def _reasons(answers: Iterable[Any]) -> str:
    reasons = dict.fromkeys(a.reason for a in answers if isinstance(a, Missing))
    return "; ".join(reasons)
