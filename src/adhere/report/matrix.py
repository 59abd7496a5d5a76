"""Decisions by what became of their rules: the matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from adhere.report.document import Report, ReportAdr, RuleResult
from adhere.report.summary import rank

COLUMNS = ("pass", "warn", "waived", "fail", "not judged", "skipped")
"""What the outcomes of rules are counted under."""

_COLUMN = {
    "pass": "pass",
    "manual_ok": "pass",
    "warn": "warn",
    "waived": "waived",
    "fail": "fail",
    "error": "fail",
    "vacuous": "fail",
    "manual_due": "fail",
    "not_run": "not judged",
    "not_applicable": "skipped",
}


class MatrixRow(Struct, frozen=True, omit_defaults=True):
    """One decision.

    Attributes:
        id: of the decision.
        title: of the decision.
        status: of the decision.
        state: the worst that became of a rule, ``prose only`` where it holds and has none,
            ``""`` where it holds no more or not yet and has none.
        counts: rules by column.
        review_by: the day until which somebody has to look at it.
    """

    id: str
    title: str
    status: str
    state: str
    counts: dict[str, int]
    review_by: str = ""


def matrix(report: Report) -> list[MatrixRow]:
    """Every decision of a report, by id."""
    results = {result.rule: result for result in report.results}
    return [row(adr, [results[r] for r in adr.rules if r in results]) for adr in report.adrs]


def row(adr: ReportAdr, results: Sequence[RuleResult]) -> MatrixRow:
    """One decision and its rules."""
    counts = Counter(_COLUMN[result.outcome] for result in results)
    worst = _COLUMN[min(results, key=rank).outcome] if results else ""
    state = "prose only" if adr.prose_only else worst
    shown = {column: counts[column] for column in COLUMNS if counts[column]}
    return MatrixRow(adr.id, adr.title, adr.status, state, shown, adr.review_by)
