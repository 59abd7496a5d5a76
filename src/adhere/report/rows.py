"""Rows about rules, findings and waivers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from adhere.report.document import (
    Gate,
    Place,
    Report,
    ReportFinding,
    ReportNote,
    ReportWaiver,
    RuleResult,
)
from adhere.report.escape import shorten
from adhere.report.summary import OUTCOME_WORDS, count, passes_with_doubt
from adhere.report.view import Fact, FindingRow, NoteRow, RuleRow, State, WaiverRow
from adhere.report.waivers import waiver_states

MAX_FINDINGS = 100
"""Findings that a page shows in full; the rest is in the CSV file beside it."""
MAX_OF_A_RULE = {"error": 60, "warn": 20, "report": 10}
"""Of one rule and level, so that one rule does not hide the others."""
MAX_NOT_JUDGED = 20
MAX_EVIDENCE = 20

ICONS = {
    "pass": "✔",
    "manual_ok": "✔",
    "fail": "✖",
    "error": "✖",
    "vacuous": "✖",
    "manual_due": "✖",
    "warn": "▲",
    "waived": "◆",
    "not_run": "?",
    "not_applicable": "-",
}
TONES = {
    "pass": "good",
    "manual_ok": "good",
    "fail": "bad",
    "error": "bad",
    "vacuous": "bad",
    "manual_due": "bad",
    "warn": "doubt",
    "waived": "doubt",
    "not_run": "doubt",
    "not_applicable": "calm",
}
LEVEL_WORDS = {"error": "error", "warn": "warning", "report": "note"}
_LEVEL_ICONS = {"error": "✖", "warn": "▲", "report": "•"}
_LEVEL_TONES = {"error": "bad", "warn": "doubt", "report": "calm"}
_WAIVER_TONES = {
    "active": "calm",
    "expiring": "doubt",
    "expired": "bad",
    "unused": "doubt",
    "lapsed": "bad",
    "too-long": "bad",
    "broad": "doubt",
    "self-approved": "doubt",
}
_TONE_ICONS = {"good": "✔", "calm": "◆", "doubt": "▲", "bad": "✖"}


def place(where: Place | None) -> str:
    """``path:line``, ``""`` for nowhere."""
    if where is None:
        return ""
    path = shorten(where.path, 300)
    return f"{path}:{where.line}" if where.line else path


class Anchors:
    """Anchors that stay the same from run to run, and are never given twice on a page."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._known: dict[str, str] = {}
        self._given: Counter[str] = Counter()

    def __call__(self, name: str) -> str:
        """The anchor of a name; the same name has the same one."""
        if name not in self._known:
            words = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower()[:80])
            found = f"{self._prefix}-{words}"
            self._given[found] += 1
            turn = self._given[found]
            self._known[name] = found if turn == 1 else f"{found}--{turn}"
        return self._known[name]


def outcome_state(outcome: str, word: str = "") -> State:
    """The state of a rule's outcome, or of something that is worded otherwise."""
    return State(ICONS[outcome], word or OUTCOME_WORDS[outcome], TONES[outcome])


_GATES = {
    "pass": ("pass", "pass"),
    "fail": ("fail", "fail"),
    "not_judged": ("not_run", "not judged"),
    "nothing": ("not_run", "nothing judged"),
    "bad_input": ("error", "input wrong"),
}


def gate_state(gate: Gate, report: Report) -> State:
    """A check that passes beside something that nobody judged is not shown as one that is fine."""
    outcome, word = _GATES[gate.verdict]
    return outcome_state("warn" if passes_with_doubt(gate, report) else outcome, word)


def rule_row(result: RuleResult, anchors: Anchors) -> RuleRow:
    """One rule."""
    shown = tuple(
        (shorten(entry.subject, 100), shorten(entry.reason, 400))
        for entry in result.not_judged[:MAX_NOT_JUDGED]
    )
    return RuleRow(
        id=result.rule,
        anchor=anchors(result.rule),
        title=result.title,
        check=result.check,
        state=outcome_state(result.outcome),
        level=LEVEL_WORDS[result.level],
        observed=result.observed,
        expected=shorten(result.expected, 600),
        message=shorten(result.message, 600),
        why=result.why,
        decision=f"{result.adr} {result.section}".strip(),
        place=place(result.locations[0]) if result.locations else "",
        fix=result.fix if result.outcome in ("not_run", "error", "vacuous") else "",
        on_missing=result.on_missing,
        builtin=result.builtin,
        not_judged=shown,
        not_judged_more=len(result.not_judged) - len(shown),
        evidence=tuple(
            (shorten(one.path, 300), one.digest, shorten(one.producer, 100))
            for one in result.evidence[:MAX_EVIDENCE]
        ),
    )


def worst_first(findings: Iterable[ReportFinding]) -> list[ReportFinding]:
    """By level, then in the order that stays from run to run."""
    order = {"error": 0, "warn": 1, "report": 2}
    return sorted(findings, key=lambda f: (order[f.level], f.rule, f.subject, f.version))


def finding_rows(
    findings: Iterable[ReportFinding], anchors: Anchors
) -> tuple[tuple[FindingRow, ...], tuple[Fact, ...]]:
    """What a page shows in full, and by rule how many more there are."""
    shown: list[FindingRow] = []
    of_rule: Counter[tuple[str, str]] = Counter()
    more: Counter[tuple[str, str]] = Counter()
    for finding in worst_first(findings):
        key = (finding.rule, finding.level)
        of_rule[key] += 1
        if len(shown) < MAX_FINDINGS and of_rule[key] <= MAX_OF_A_RULE[finding.level]:
            shown.append(_finding(finding, anchors))
        else:
            more[key] += 1
    left = (
        Fact(rule, f"{count(number, LEVEL_WORDS[level])} more")
        for (rule, level), number in more.items()
    )
    return tuple(shown), tuple(left)


def _finding(finding: ReportFinding, anchors: Anchors) -> FindingRow:
    counts = finding.disposition == "open"
    level = finding.level
    state = State(_LEVEL_ICONS[level], LEVEL_WORDS[level], _LEVEL_TONES[level])
    if not counts:
        state = State("◆", finding.disposition, "calm")
    return FindingRow(
        code=finding.code,
        state=state,
        message=shorten(finding.message, 400),
        rule=finding.rule,
        rule_anchor=anchors(finding.rule),
        place=place(finding.location),
        what=finding.place,
        notes=tuple(_note(note) for note in finding.notes),
        fix=shorten(finding.fix, 600),
        waiver=finding.waiver,
        counts=counts,
    )


def _note(note: ReportNote) -> NoteRow:
    return NoteRow(
        label=note.label,
        text=shorten(note.text, 500),
        mark=shorten(note.mark, 100),
        remark=shorten(note.remark, 300),
        place=place(note.location),
    )


def waiver_row(waiver: ReportWaiver) -> WaiverRow:
    """One waiver or clarification."""
    days = waiver.days_left
    left = (
        "no end" if days is None else f"{count(abs(days), 'day')} {'ago' if days < 0 else 'left'}"
    )
    if waiver.until_fixed and days is not None and days >= 0:
        left = f"{left}, or until a fix"
    tone = _WAIVER_TONES[waiver.state]
    return WaiverRow(
        id=waiver.id,
        kind=waiver.kind,
        state=State(_TONE_ICONS[tone], waiver_states(waiver), tone),
        subject=waiver.subject,
        rule=waiver.rule,
        reason=waiver.reason,
        note=waiver.note,
        owner=waiver.owner,
        approved_by=waiver.approved_by,
        ticket=waiver.ticket,
        created=waiver.created.isoformat(),
        expires=waiver.expires.isoformat() if waiver.expires else "",
        left=left,
        covers=waiver.covers,
        place=place(waiver.location),
        advisory=waiver.advisory,
    )
