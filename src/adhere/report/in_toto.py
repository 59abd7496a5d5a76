"""An in-toto Statement v1 of a verdict, unsigned: for tools that sign and verify such.

The predicate is the vetted one for results of tests; a rule is a test of it. A verdict is
taken as strictly as a release takes it: what was not judged did not pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adhere.report.document import NOT_SOURCES, Input, Report, RuleResult
from adhere.report.json import canonical
from adhere.report.leniency import leniencies

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"

_JUDGED_BY = (*NOT_SOURCES, "advisories")
"""Kinds of inputs that say what to judge by."""

NOT_FILES = ("environment", "files", "project")
"""Kinds of inputs that are many files, or a part of one: their digest is of what was read."""

_FAILED = ("fail", "error", "not_run", "vacuous", "manual_due")
_NEVER_JUDGED = ("error", "not_run")
_PASSED = ("pass", "manual_ok")


def statement(report: Report, digest: str, name: str = "report.json") -> str:
    """The statement, the same bytes for the same report.

    Args:
        report: that the statement is of.
        digest: of the report's file, ``sha256:<hex>``.
        name: of that file.
    """
    value = {
        "_type": STATEMENT,
        "subject": list(_subjects(report, digest, name)),
        "predicateType": PREDICATE,
        "predicate": _predicate(report),
    }
    return canonical(value).decode()


def _subjects(report: Report, digest: str, name: str) -> Iterator[dict[str, Any]]:
    """The report, the commit where nothing differs from it, and every source that is a file."""
    subject = report.subject
    yield {"name": name, "digest": _digests(digest)}
    if subject.commit and subject.dirty is False:
        yield {"name": subject.name, "digest": {"gitCommit": subject.commit}}
    for entry in subject.inputs:
        if entry.kind not in _JUDGED_BY and entry.kind not in NOT_FILES:
            yield _resource(entry)


def _predicate(report: Report) -> dict[str, Any]:
    lists: dict[str, list[str]] = {"passedTests": [], "warnedTests": [], "failedTests": []}
    for result in report.results:
        standing = _standing(result)
        if standing:
            lists[standing].append(result.rule)
    return {
        **lists,
        "result": _result(report, warned=bool(lists["warnedTests"])),
        "configuration": [
            _resource(entry) for entry in report.subject.inputs if entry.kind in _JUDGED_BY
        ],
        "adhereVerdict": _verdict(report),
    }


def _standing(result: RuleResult) -> str:
    """The list of the predicate that a rule belongs to, ``""`` for none that was in force."""
    if result.outcome in _PASSED:
        return "passedTests"
    if result.outcome == "not_applicable":
        return ""
    strict = result.level == "error" or result.outcome in _NEVER_JUDGED
    return "failedTests" if result.outcome in _FAILED and strict else "warnedTests"


def _result(report: Report, *, warned: bool) -> str:
    (release,) = (gate for gate in report.gates if gate.id == "release")
    if release.verdict != "pass":
        return "FAILED"
    return "WARNED" if warned or leniencies(report) else "PASSED"


def _verdict(report: Report) -> dict[str, Any]:
    """What the predicate has no words for; whoever ignores it loses no bad news."""
    subject = report.subject
    return {
        "tool": {"name": report.tool.name, "version": report.tool.version},
        "today": subject.today,
        "scope": subject.scope,
        "inputs": [_resource(entry) for entry in subject.inputs],
        "gates": report.gates,
        "leniency": leniencies(report),
        "rules": [
            {
                "rule": result.rule,
                "check": result.check,
                "outcome": result.outcome,
                "level": result.level,
                "message": result.message,
                "observed": result.observed,
                "expected": result.expected,
                "waivers": result.waiver,
                "evidence": sorted({entry.digest for entry in result.evidence}),
            }
            for result in report.results
        ],
    }


def _resource(entry: Input) -> dict[str, Any]:
    """An input as a ResourceDescriptor."""
    if entry.kind in NOT_FILES:
        # No algorithm that others know: the hex of a SHA-256 over what adhere read of it.
        return {"name": entry.path, "digest": {"adhereRead1": _hex(entry.digest)}}
    return {"name": entry.path, "digest": _digests(entry.digest)}


def _digests(digest: str) -> dict[str, str]:
    return {"sha256": _hex(digest)}


def _hex(digest: str) -> str:
    return digest.removeprefix("sha256:")
