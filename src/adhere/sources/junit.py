"""JUnit XML, as pytest, unittest, Gradle, Maven, GoogleTest and others write it.

There is no standard, so what the dialects have in common is read: suites, in each other or
not, with tests in them. Anything about a test that is not known is never taken for success.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime

from adhere.errors import ConfigError, Problem
from adhere.model.location import Location
from adhere.model.results import Case, Ended, ResultFile
from adhere.sources.xml_file import Element, parse_xml

CODE = "results-invalid"
MARK = "adhere.adr"
"""Property of a test: the decision and the rule that it is about, ``ADR-015/rule``."""
PLACE = "adhere.place"
"""Property of a test: where it is, ``tests/test_a.py:12``."""
COMMIT = "adhere.commit"
"""Property of a suite: the commit that its tests ran at."""
DIRTY = "adhere.dirty"
"""Property of a suite: ``true`` where files differed from that commit."""

_SUITES = ("testsuites", "testsuite")
_MEND = "write it anew with the tool that runs the tests"
_MOST = 160
"""Characters of what a tool says that are kept."""

_COLLECTION = ("collection failure", "collection skipped")
"""What pytest says of a file of tests that it could not read, or that leaves itself out."""

_BY_STATUS: dict[str, Ended] = {
    **dict.fromkeys(("", "run", "passed", "pass", "success", "ok", "completed"), "passed"),
    **dict.fromkeys(("failed", "failure", "fail"), "failed"),
    **dict.fromkeys(("error", "errored", "broken"), "error"),
    **dict.fromkeys(("skipped", "notrun", "disabled", "ignored", "pending", "todo"), "skipped"),
}


def read_junit(text: str, path: str) -> ResultFile:
    """Read a file of results.

    Args:
        text: of the file.
        path: relative to the project.

    Raises:
        ConfigError: it is not XML, has a document type, holds no suite, or a test in it has
            no name.
    """
    root, _ = parse_xml(text, lambda *what: ConfigError(_problem(path, *what)))
    if root.tag not in _SUITES:
        message = f"it is no JUnit XML: its first element is `{_shown(root.tag)}`"
        raise ConfigError(_problem(path, message, root.line, root.column))
    suites = list(_suites(root))
    found = [(suite, case) for suite in suites for case in suite.children if case.tag == "testcase"]
    problems = [
        _problem(path, "a test without a name", case.line, case.column)
        for _, case in found
        if not case.attributes.get("name", "")
    ]
    if problems:
        raise ConfigError(problems)
    said = [value for suite in suites for name, value in _properties(suite) if name == COMMIT]
    changed = [value for suite in suites for name, value in _properties(suite) if name == DIRTY]
    days = [day for suite in suites if (day := _day(suite.attributes.get("timestamp", "")))]
    return ResultFile(
        path,
        min(days, default=None),
        tuple(sorted(set(said))),
        any(value != "false" for value in changed) if changed else None,
        tuple(_case(case, suite, path) for suite, case in found),
    )


def _suites(root: Element) -> Iterator[Element]:
    """Every suite, those in others after them, in the order of the file."""
    pending = [root]
    while pending:
        suite = pending.pop()
        yield suite
        pending.extend(child for child in reversed(suite.children) if child.tag in _SUITES)


def _case(case: Element, suite: Element, path: str) -> Case:
    attributes = case.attributes
    ended, said = _ending(case)
    file, line = _place(case, suite)
    parts = (attributes.get("classname", ""), attributes["name"])
    return Case(
        name=".".join(part for part in parts if part),
        ended=ended,
        said=_shown(said),
        file=file,
        line=line,
        recorded=Location(path, case.line, case.column),
        marks=tuple(value for name, value in _properties(case) if name == MARK),
        seconds=_seconds(attributes.get("time", "")),
        collection=said in _COLLECTION,
    )


def _seconds(written: str) -> float | None:
    """How long a test took; Maven separates thousands."""
    try:
        seconds = float(written.replace(",", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < math.inf else None


def _ending(case: Element) -> tuple[Ended, str]:
    """How a test ended, and what its tool says about it; the worst that is said counts."""
    for tag, ended in (("error", "error"), ("failure", "failed"), ("skipped", "skipped")):
        element = case.child(tag)
        if element is not None:
            said = element.attributes.get("message", "") or element.text
            if element.attributes.get("type", "") == "pytest.xfail":
                return "xfailed", said
            return ended, said  # type: ignore[return-value]  # of the three in the line above
    if case.child("disabled") is not None:
        return "skipped", "disabled"
    status = case.attributes.get("status", "").lower()
    result = case.attributes.get("result", "").lower()
    if result in ("suppressed", "skipped"):
        return "skipped", result
    ended = _BY_STATUS.get(status, "unknown")
    return ended, "" if ended == "passed" else status


def _place(case: Element, suite: Element) -> tuple[str, int]:
    """The file and line of a test, ``("", 0)`` where its tool does not say."""
    for name, value in _properties(case):
        if name == PLACE:
            file, _, number = value.rpartition(":")
            if file and number.isdecimal() and len(number) < 9:
                return file, int(number)
    file = (case.attributes.get("file", "") or suite.attributes.get("file", "")).replace("\\", "/")
    if not file or file.startswith("/") or ".." in file.split("/") or ":" in file:
        return "", 0  # a path of the machine that it ran on
    number = case.attributes.get("line", "")
    if not (number.isdecimal() and len(number) < 9):
        return file, 0
    # pytest counts lines from nothing, as nobody else does.
    return file, int(number) + (suite.attributes.get("name", "") == "pytest")


def _properties(element: Element) -> Iterator[tuple[str, str]]:
    for found in element.inside("properties"):
        if found.tag == "property":
            value = found.attributes.get("value")
            yield found.attributes.get("name", ""), found.text if value is None else value


def _day(timestamp: str) -> date | None:
    try:
        moment = datetime.fromisoformat(timestamp)
    except ValueError:
        return None
    try:
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except OverflowError:
        return None


def _shown(text: str) -> str:
    """The first line of what somebody else wrote, short and printable."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    line = "".join(character if character.isprintable() else " " for character in line)
    return line if len(line) <= _MOST else f"{line[: _MOST - 3]}..."


def _problem(path: str, message: str, line: int, column: int) -> Problem:
    return Problem(CODE, message, path=path, line=line, column=column, hint=_MEND)
