"""The report for a terminal: diagnostics, the table of rules, the summary line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from adhere.errors import Problem
from adhere.report.document import License, Place, Report, ReportFinding, ReportNote
from adhere.report.escape import plain
from adhere.report.summary import (
    OUTCOME_WORDS,
    license_words,
    passes_with_doubt,
    rank,
    summary,
    verdict_word,
)

_LEVELS = {"error": "error", "warn": "warning", "report": "note"}
_COLOURS = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "waived": "2",
    "help": "1;36",
    "bold": "1",
    "dim": "2",
    "good": "1;32",
}
_RIGHT = 44
"""Column at which places stand, when the text before them leaves room."""

_GOOD = ("pass", "not_applicable", "manual_ok")
_PARTLY_READ = ("cyclonedx", "spdx")


class Painter:
    """Adds colours, or does not."""

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour

    def __call__(self, kind: str, text: str) -> str:
        """Text in the colour of a kind."""
        return f"\x1b[{_COLOURS[kind]}m{text}\x1b[0m" if self._colour else text


def render_text(report: Report, *, colour: bool = False, verbose: int = 0) -> str:
    """The whole report.

    Args:
        report: what to show.
        colour: whether escape sequences may be used.
        verbose: 1 adds waived findings, packages and remarks about sources, 2 adds license
            evidence.
    """
    paint = Painter(colour=colour)
    lines: list[str] = []
    rules = [result for result in report.results if not result.builtin]
    for finding in _ordered(report.findings, verbose):
        lines += [*finding_lines(finding, paint), ""]
    if verbose or not rules:
        lines += [*_package_lines(report, paint, verbose), ""]
    lines += [*_rule_lines(report, paint)]
    lines += [*_source_lines(report, paint, verbose)]
    if not rules and not report.problems:
        lines.append("no rule is configured: run adhere init to write some")
    gate = report.gates[0]
    kind = "good" if gate.verdict == "pass" else "error"
    if passes_with_doubt(gate, report):
        kind = "warning"
    lines.append(_summary_line(report, paint, kind))
    return "\n".join(lines) + "\n"


def _summary_line(report: Report, paint: Painter, kind: str) -> str:
    word = verdict_word(report)
    return paint(kind, word) + plain(summary(report).removeprefix(word))


def _ordered(findings: Iterable[ReportFinding], verbose: int) -> list[ReportFinding]:
    """Worst first; what does not count only on request."""
    shown = [f for f in findings if f.disposition == "open" or verbose]
    order = {"error": 0, "warn": 1, "report": 2}
    return sorted(shown, key=lambda f: (f.disposition != "open", order[f.level]))


def finding_lines(finding: ReportFinding, paint: Painter) -> Iterator[str]:
    """One diagnostic."""
    counted = finding.disposition == "open"
    name = _LEVELS[finding.level] if counted else finding.disposition
    head = paint(name if counted else "waived", f"{name}[{plain(finding.code)}]")
    yield f"{head}: {paint('bold', plain(finding.message))}"
    if finding.location is not None:
        yield _columns(f"  --> {place(finding.location)}", plain(finding.place), paint)
    width = max((len(note.label) for note in finding.notes), default=0)
    width = max(width, len("fix"), len("waiver") if finding.waiver else 0)
    for note in finding.notes:
        yield from _note_lines(note, width, paint)
    if finding.waiver:
        yield f"   = {'waiver':<{width}}  {plain(finding.waiver)}"
    if finding.fix:
        yield f"   = {paint('help', 'fix'.ljust(width))}  {plain(finding.fix)}"


def _note_lines(note: ReportNote, width: int, paint: Painter) -> Iterator[str]:
    text, where = plain(note.text), place(note.location) if note.location else ""
    marked = plain(note.mark)
    if note.label:
        beside = "" if marked else " ".join(part for part in (plain(note.remark), where) if part)
        yield _columns(f"   = {plain(note.label):<{width}}  {text}", beside, paint)
    if marked and marked in text:
        indent = " " * (width + 7 + text.index(marked))
        under = f"{indent}{'-' * len(marked)} {plain(note.remark)}".rstrip()
        yield _columns(under, where, paint)


def _columns(left: str, right: str, paint: Painter) -> str:
    if not right:
        return left
    return f"{left:<{_RIGHT - 1}}  {paint('dim', right)}"


def place(where: Place) -> str:
    """``path:line:column``, shortened by what is not known."""
    parts = [plain(where.path)]
    if where.line:
        parts.append(str(where.line))
        parts.append(str(where.column or 1))
    return ":".join(parts)


def problem_lines(problem: Problem, paint: Painter) -> Iterator[str]:
    """A defect of an input file, with the line it stands in and a caret under it."""
    yield f"{paint('error', f'error[{problem.code}]')}: {paint('bold', plain(problem.message))}"
    if problem.path:
        yield f"  --> {plain(problem.place)}"
    if problem.excerpt:
        gutter = " " * len(str(problem.line))
        # Tabs are shown as one blank, so that the caret stands under what it means.
        line = problem.excerpt.replace("\t", " ")
        yield f"{gutter} |"
        yield f"{problem.line} | {plain(line)}"
        if problem.column:
            shift = len(plain(line[: problem.column - 1]))
            yield f"{gutter} | {' ' * shift}{paint('error', '^' * problem.width)}"
    if problem.hint:
        yield f"   = {paint('help', 'help')}: {plain(problem.hint)}"


def _source_lines(report: Report, paint: Painter, verbose: int) -> Iterator[str]:
    """What a source does not tell; of a bill of materials always, since parts are left out of it."""
    for source in report.subject.inputs:
        for remark in source.remarks if verbose or source.kind in _PARTLY_READ else ():
            yield f"{paint('note', 'note')}  {plain(source.path)}: {plain(remark)}"


def _rule_lines(report: Report, paint: Painter) -> Iterator[str]:
    shown = [r for r in report.results if not r.builtin or r.outcome not in (*_GOOD, "vacuous")]
    shown.sort(key=rank)
    words = {result.rule: OUTCOME_WORDS[result.outcome] for result in shown}
    width = max((len(word) for word in words.values()), default=0)
    names = max((len(result.rule) for result in shown), default=0)
    for result in shown:
        kind = "good" if result.outcome in _GOOD else "error"
        if result.outcome in ("warn", "waived"):
            kind = "warning"
        detail = result.message or result.observed
        word = paint(kind, words[result.rule].ljust(width))
        yield f"{word}  {plain(result.rule):<{names}}  {plain(detail)}".rstrip()
        below = f"{'':<{width}}  {'':<{names}}  - "
        for entry in result.not_judged[:5]:
            yield f"{below}{plain(entry.subject)}: {plain(entry.reason)}"
        if len(result.not_judged) > 5:
            yield f"{below}and {len(result.not_judged) - 5} more"
        if result.fix and result.outcome in ("not_run", "error"):
            yield f"{below}{plain(result.fix)}"


def _package_lines(report: Report, paint: Painter, verbose: int) -> Iterator[str]:
    rows = [
        (plain(package.name), plain(package.version), plain(_license_words(package.license)))
        for package in report.packages
    ]
    if not rows:
        yield "no package was found"
        return
    widths = _widths(rows)
    for row, package in zip(rows, report.packages, strict=True):
        yield f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}"
        if verbose > 1:
            for claim in package.license.evidence:
                said = claim.expression or " / ".join(claim.candidates) or "nothing"
                line = f"    {claim.standing:<11} {claim.kind}, {claim.document}: {said}"
                yield paint("dim", plain(line))


def _license_words(license_: License) -> str:
    words = license_words(license_)
    if license_.state in ("concluded", "clarified"):
        return words
    return license_.state if words == "none" else f"{license_.state}: {words}"


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [min(40, max(len(row[index]) for row in rows)) for index in range(2)]
