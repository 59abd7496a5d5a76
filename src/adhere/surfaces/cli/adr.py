"""``adhere adr``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from adhere.app.register import Decisions, begin, lint_code, read_register
from adhere.app.settings import Settings
from adhere.app.wiring import SystemClock, report_time
from adhere.checks.wording import plural
from adhere.report.document import Report, ReportAdr, ReportWaiver
from adhere.report.json import canonical
from adhere.surfaces.cli.terminal import Terminal

if TYPE_CHECKING:
    from adhere.app.stored import Stored


def _decisions(settings: Settings, terminal: Terminal) -> Decisions:
    today = report_time(SystemClock(), os.environ).date()
    found = read_register(settings.config, today)
    if not found.adrs and not found.loaded.policy.problems:
        terminal.say(f"there is no decision in {found.folder}; adhere adr new TITLE begins one")
    return found


def run_list(settings: Settings, terminal: Terminal) -> int:
    """Every decision; exit 2 where one of them cannot be read."""
    found = _decisions(settings, terminal)
    terminal.problems(found.loaded.policy.problems)
    if settings.format == "json":
        terminal.write_bytes(canonical({"adrs": found.adrs}))
    elif settings.format == "markdown":
        from adhere.report.escape import markdown

        _table(
            terminal,
            ("Decision", "Status", "Date", "Rules", "Title"),
            (list(map(markdown, _cells(adr))) for adr in found.adrs),
        )
    else:
        _columns(terminal, [_cells(adr) for adr in found.adrs])
    return 2 if found.loaded.policy.problems else 0


def _cells(adr: ReportAdr) -> list[str]:
    rules = "prose only" if adr.prose_only else plural(len(adr.rules), "rule")
    return [adr.id, adr.status, adr.date, rules, adr.title]


def _columns(terminal: Terminal, rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        terminal.line("  ".join(cells).rstrip())


def _table(terminal: Terminal, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    terminal.line(f"| {' | '.join(head)} |")
    terminal.line(f"|{' --- |' * len(head)}")
    for row in rows:
        terminal.line(f"| {' | '.join(row)} |")


def run_show(settings: Settings, terminal: Terminal) -> int:
    """One decision, with what became of its rules where a report says so."""
    from adhere.app.stored import open_stored
    from adhere.errors import ReportError

    found = _decisions(settings, terminal)
    terminal.problems(found.loaded.policy.problems)
    adr = found.named(settings.id)
    try:
        report = open_stored(settings.config, settings.report, settings.given("out")).report
        outcomes = {result.rule: result for result in report.results}
    except ReportError:
        if settings.report:
            raise
        outcomes = {}
    rules = [rule for rule in found.loaded.policy.rules if rule.id in adr.rules]
    if settings.format == "json":
        kept = [outcomes[rule.id] for rule in rules if rule.id in outcomes]
        terminal.write_bytes(canonical({"adr": adr, "results": kept}))
        return 2 if found.loaded.policy.problems else 0
    terminal.line(f"{adr.id}  {adr.title}")
    for name, value in (
        ("status", f"{adr.status}, {_enforced(adr)}"),
        ("date", adr.date),
        ("deciders", ", ".join(adr.deciders)),
        ("review by", adr.review_by),
        ("supersedes", ", ".join(adr.supersedes)),
        ("superseded by", ", ".join(adr.superseded_by)),
        ("document", adr.path),
    ):
        if value:
            terminal.line(f"  {name:<14} {value}")
    for rule in rules:
        result = outcomes.get(rule.id)
        became = result.outcome.replace("_", " ") if result is not None else "not judged yet"
        terminal.line("")
        terminal.line(f"  {rule.id}  {became}")
        place = rule.place()
        for name, value in (
            ("title", rule.table.title),
            ("check", f"{rule.kind.name}, level {rule.table.level}"),
            ("enforces", ", ".join(rule.table.refs)),
            ("replaced by", rule.replaced_by),
            ("observed", result.observed if result is not None else ""),
            ("written", str(place) if place is not None else ""),
        ):
            if value:
                terminal.line(f"    {name:<12} {value}")
    if adr.prose_only:
        terminal.line("")
        terminal.line("  prose only: no rule enforces it")
    return 2 if found.loaded.policy.problems else 0


def _enforced(adr: ReportAdr) -> str:
    words = {
        "error": "its rules are enforced",
        "warn": "its rules warn",
        "report": "its rules only report",
        "skipped": "its rules are skipped",
    }
    return words[adr.enforcement]


def run_check(settings: Settings, terminal: Terminal) -> int:
    """Judge the rules of decisions, and print what a check prints."""
    import msgspec

    from adhere.app.check import check
    from adhere.surfaces.cli.check import request_of
    from adhere.surfaces.cli.show import refuse_unshowable, show

    refuse_unshowable(settings)
    request = msgspec.structs.replace(
        request_of(settings, ()),
        decisions=tuple(settings.ids),
        deadline=settings.given("deadline") or 0.0,
    )
    checked = check(request)
    terminal.problems(checked.problems)
    show(
        checked.report,
        settings,
        terminal,
        project=checked.project,
        config=checked.loaded.policy.config,
    )
    return checked.exit_code


def run_lint(settings: Settings, terminal: Terminal) -> int:
    """Say what is wrong with decisions; 2 for anything, 1 for reviews that are overdue alone."""
    from adhere.report.build import input_problem

    found = _decisions(settings, terminal)
    wrong = found.wrong()
    if settings.format == "json":
        terminal.write_bytes(canonical({"problems": [input_problem(one) for one in wrong]}))
    elif settings.format == "github":
        from adhere.report.github import problem_commands

        terminal.write(problem_commands(input_problem(one) for one in wrong))
    else:
        terminal.problems(wrong)
    if settings.format != "json":
        about = plural(len(found.adrs), "decision")
        terminal.say(f"{about}: {plural(len(wrong), 'problem') if wrong else 'nothing is wrong'}")
    return lint_code(wrong)


def run_matrix(settings: Settings, terminal: Terminal) -> int:
    """Decisions by what became of their rules in the last run."""
    from adhere.report.matrix import COLUMNS, matrix

    rows = matrix(_last(settings, terminal))
    if settings.format == "json":
        terminal.write_bytes(canonical({"adrs": rows}))
        return 0
    head = ("Decision", "Status", *(column.capitalize() for column in COLUMNS), "State", "Title")
    cells = [
        [row.id, row.status, *(str(row.counts.get(c, "")) for c in COLUMNS), row.state, row.title]
        for row in rows
    ]
    _show(settings, terminal, head, cells)
    return 0


def run_waivers(settings: Settings, terminal: Terminal) -> int:
    """Waivers and clarifications; those that end first, or have ended, above.

    As of today, and not of the day of the report: exit 1 where one has ended.
    """
    from adhere.report.waivers import waiver_list, waiver_states

    stored = _stored(settings, terminal)
    today = report_time(SystemClock(), os.environ).date()
    waivers = waiver_list(stored.report, today, stored.config.waivers.warn.days)
    ended = sum(waiver.state == "expired" for waiver in waivers)
    code = 1 if ended else 0
    if settings.format == "json":
        terminal.write_bytes(canonical({"waivers": waivers}))
        return code
    head = (
        *("Ends", "State", "Waiver", "Rule", "Decision", "Subject", "Reason"),
        *("Owner", "Approved by", "Covers"),
    )
    cells = [
        [
            w.expires.isoformat() if w.expires is not None else "never",
            f"{waiver_states(w)}{_left(w)}",
            *(w.id, w.rule, w.adr, w.subject, w.reason),
            *(w.owner, w.approved_by, str(w.covers)),
        ]
        for w in waivers
    ]
    if cells:
        _show(settings, terminal, head, cells)
    said = plural(len(waivers), "waiver") if waivers else "there is no waiver"
    terminal.say(f"{said}; {ended} ended" if ended else said)
    return code


def _left(waiver: ReportWaiver) -> str:
    if waiver.days_left is None:
        return ""
    if waiver.days_left < 0:
        return f", {plural(-waiver.days_left, 'day')} ago"
    fixed = ", or until a fix" if waiver.until_fixed else ""
    return f", {plural(waiver.days_left, 'day')} left{fixed}"


def _last(settings: Settings, terminal: Terminal) -> Report:
    """The report of the last run; that it is stale is told."""
    return _stored(settings, terminal).report


def _stored(settings: Settings, terminal: Terminal) -> Stored:
    from adhere.app.stored import open_stored
    from adhere.app.verify import stale_inputs

    stored = open_stored(settings.config, settings.report, settings.given("out"))
    stale = stale_inputs(stored)
    if stale:
        terminal.say(f"STALE: {'; '.join(stale)}; run adhere check again")
    return stored


def _show(
    settings: Settings, terminal: Terminal, head: Sequence[str], cells: Sequence[Sequence[str]]
) -> None:
    if settings.format == "markdown":
        from adhere.report.escape import markdown

        _table(terminal, head, ([markdown(cell) for cell in line] for line in cells))
    else:
        _columns(terminal, [head, *cells])


def run_new(settings: Settings, terminal: Terminal) -> int:
    """Begin a decision."""
    begun = begin(
        read_register(settings.config, report_time(SystemClock(), os.environ).date()),
        settings.title,
        status=settings.status,
        supersedes=tuple(settings.supersedes),
        with_rules=settings.with_rules,
    )
    for path in begun.written:
        terminal.line(path)
    return 0
