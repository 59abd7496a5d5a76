"""Rows about decision records: what became of the rules of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from adhere.adr.reference import ID
from adhere.report.document import Report, ReportAdr, ReportFinding, RuleResult
from adhere.report.rows import Anchors, finding_rows, outcome_state, rule_row, waiver_row
from adhere.report.summary import OUTCOME_WORDS, rank
from adhere.report.view import AdrRow, Fact, State

_HELD = {
    "error": "enforced",
    "warn": "only warns",
    "report": "only reported",
    "skipped": "not enforced",
}


def adr_rows(report: Report, anchors: Anchors) -> tuple[AdrRow, ...]:
    """Every decision record, the worst first.

    Args:
        report: the canonical report.
        anchors: of rules, on the overview.
    """
    results: dict[str, list[RuleResult]] = {}
    for result in sorted(report.results, key=rank):
        if result.adr:
            results.setdefault(result.adr, []).append(result)
    findings: dict[str, list[ReportFinding]] = {}
    for finding in report.findings:
        findings.setdefault(finding.rule, []).append(finding)
    own = Anchors("decision")
    taken: set[str] = set()
    rows = [
        (_rank(results.get(adr.id, ())), _row(report, adr, results, findings, anchors, own, taken))
        for adr in report.adrs
    ]
    return tuple(row for _, row in sorted(rows, key=lambda one: (one[0], one[1].id)))


_NO_RULES = 100


def _rank(results: Iterable[RuleResult]) -> int:
    return min((rank(result) for result in results), default=_NO_RULES)


def _row(
    report: Report,
    adr: ReportAdr,
    results: dict[str, list[RuleResult]],
    findings: dict[str, list[ReportFinding]],
    anchors: Anchors,
    own: Anchors,
    taken: set[str],
) -> AdrRow:
    ours = results.get(adr.id, [])
    rules = {result.rule for result in ours}
    open_, more = finding_rows(
        (f for rule in rules for f in findings.get(rule, ()) if f.disposition == "open"), anchors
    )
    counted = Counter(result.outcome for result in ours)
    return AdrRow(
        id=adr.id,
        anchor=own(adr.id),
        title=adr.title,
        status=adr.status,
        date=adr.date,
        path=adr.path,
        page=_page(adr.id, taken),
        enforcement=_HELD.get(adr.enforcement, adr.enforcement) if ours else "held by no rule",
        state=_state(adr, ours),
        outcomes=tuple(Fact(OUTCOME_WORDS[o], str(n)) for o, n in counted.items()),
        rules=tuple(rule_row(result, anchors) for result in ours),
        findings=open_,
        findings_more=more,
        waivers=tuple(waiver_row(w) for w in report.waivers if w.rule in rules),
        prose_only=adr.prose_only,
    )


def _page(name: str, taken: set[str]) -> str:
    """The file of its page, ``""`` where its id cannot be the name of one."""
    if ID.fullmatch(name) is None or name.lower() in {"index", *taken}:
        return ""
    taken.add(name.lower())
    return f"adrs/{name}.md"


def _state(adr: ReportAdr, results: list[RuleResult]) -> State:
    if results:
        return outcome_state(results[0].outcome)
    if adr.prose_only:
        return State("?", "prose only", "doubt")
    return State("-", "no rules", "calm")
