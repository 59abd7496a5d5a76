"""Annotations for GitHub Actions: workflow commands on standard output, one a line.

A step shows the first ten of each sort beside the lines that they are about, so what is
worst comes first.
"""

from __future__ import annotations

from collections.abc import Iterable

from adhere.report.document import InputProblem, Place, Report, RuleResult
from adhere.report.escape import plain
from adhere.report.rows import worst_first
from adhere.report.summary import WITHOUT_FINDINGS, is_strict

_COMMANDS = {"error": "error", "warn": "warning", "report": "notice"}


def workflow_commands(report: Report) -> str:
    """Every problem, open finding, and rule that was not judged, as workflow commands."""
    lines = list(_of_problems(report.problems))
    for finding in worst_first(report.findings):
        if finding.disposition == "open":
            words = f"{finding.message} ({finding.rule})"
            words += f"\nfix: {finding.fix}" if finding.fix else ""
            command = _COMMANDS[finding.level]
            lines.append(_command(command, finding.code, words, finding.location))
    lines += [_of_rule(one) for one in report.results if one.outcome in WITHOUT_FINDINGS]
    return "".join(f"{line}\n" for line in lines)


def problem_commands(problems: Iterable[InputProblem]) -> str:
    """Defects of input files as workflow commands."""
    return "".join(f"{line}\n" for line in _of_problems(problems))


def _of_problems(problems: Iterable[InputProblem]) -> Iterable[str]:
    for problem in problems:
        words = f"{problem.message}. {problem.hint}"
        yield _command("error", problem.code, words, problem.location)


def _of_rule(result: RuleResult) -> str:
    command = "error" if is_strict(result) else "warning"
    words = f"{result.rule}: {result.message or result.outcome}"
    words += f"\nfix: {result.fix}" if result.fix else ""
    place = result.locations[0] if result.locations else None
    return _command(command, result.outcome.replace("_", " "), words, place)


def _command(name: str, title: str, words: str, place: Place | None) -> str:
    properties = [("title", title)]
    if place is not None:
        properties = [("file", place.path), *_numbers(place), *properties]
    given = ",".join(f"{key}={_property(value)}" for key, value in properties)
    lines = (plain(line) for line in words.rstrip(". ").split("\n"))
    return f"::{name} {given}::{_data(chr(10).join(lines))}"


def _numbers(place: Place) -> Iterable[tuple[str, str]]:
    if place.line:
        yield "line", str(place.line)
    if place.column:
        yield "col", str(place.column)


def _data(text: str) -> str:
    """What the runner would take for the end of a command is written as it wants it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(plain(text)).replace(":", "%3A").replace(",", "%2C")
