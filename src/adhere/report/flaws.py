"""Rows about known vulnerabilities and their deadlines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from adhere.model.advisory import BANDS
from adhere.report.document import ReportPackage, Vulnerability
from adhere.report.escape import shorten
from adhere.report.view import FlawRow, State

MAX_FLAWS = 500
"""Vulnerabilities that a page lists."""


def flaw_rows(packages: Iterable[ReportPackage], today: date) -> tuple[FlawRow, ...]:
    """Every vulnerability of every package: the nearest deadline first, then the worst."""
    found = [(package, flaw) for package in packages for flaw in package.vulnerabilities]
    found.sort(key=lambda pair: (pair[1].due or "9", _rank(pair[1]), pair[0].name, pair[1].id))
    return tuple(_row(package, flaw, today) for package, flaw in found)


def _rank(flaw: Vulnerability) -> int:
    return next((n for n, band in enumerate(BANDS) if band == flaw.severity), len(BANDS))


def _row(package: ReportPackage, flaw: Vulnerability, today: date) -> FlawRow:
    due, left = flaw.due or "no deadline", State("-", "no deadline", "calm")
    if flaw.due:
        left = _left((date.fromisoformat(flaw.due) - today).days)
    severity = flaw.severity if flaw.score is None else f"{flaw.severity} ({flaw.score})"
    return FlawRow(
        package=shorten(package.name, 100),
        version=shorten(package.version, 60),
        id=shorten(flaw.id, 130),
        aliases=shorten(", ".join(flaw.aliases), 300),
        severity=severity,
        fixed_in=shorten(", ".join(flaw.fixed_in) or "no release yet", 200),
        published=flaw.published,
        first_seen=flaw.first_seen,
        due=due,
        left=left,
        summary=shorten(flaw.summary, 300),
    )


def _left(days: int) -> State:
    noun = "day" if abs(days) == 1 else "days"
    if days < 0:
        return State("✖", f"{-days} {noun} overdue", "bad")
    return State("✔", f"{days} {noun} left", "good" if days > 7 else "doubt")
