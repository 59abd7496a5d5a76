"""SARIF 2.1.0: findings for code scanning.

A result's fingerprint is that of the finding, which stays when lines and versions change, so a
service follows it over time. Waived findings are there as suppressed ones. What could not be
judged is a notification: whoever reads the file must not take its silence for a pass.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from adhere.report.document import Place, Report, ReportFinding, ReportNote
from adhere.report.escape import json_safe
from adhere.report.rows import worst_first
from adhere.report.summary import WITHOUT_FINDINGS, is_strict

MOST_RESULTS = 25_000
"""That GitHub's code scanning takes of a run; what is left out is told by a notification."""

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"error": "error", "warn": "warning", "report": "note"}


def sarif(report: Report, summaries: Mapping[str, str]) -> str:
    """The whole file, the same bytes for the same findings.

    Args:
        report: what to write.
        summaries: a line about each code.
    """
    findings = worst_first(report.findings)
    shown = findings[:MOST_RESULTS]
    codes = sorted({finding.code for finding in shown})
    with_baseline = any(finding.disposition == "baseline" for finding in findings)
    waivers = {waiver.id: waiver for waiver in report.waivers}
    results = []
    for finding in shown:
        one = _result(finding, codes.index(finding.code))
        if with_baseline:
            one["baselineState"] = "unchanged" if finding.disposition == "baseline" else "new"
        if finding.disposition == "waived" and finding.waiver in waivers:
            waiver = waivers[finding.waiver]
            words = ": ".join(filter(None, (waiver.id, waiver.reason, waiver.note)))
            one["suppressions"] = [_suppression(words)]
        elif finding.disposition == "allowed":
            one["suppressions"] = [_suppression(f"the code {finding.code} is allowed")]
        results.append(one)
    code = report.gates[0].exit_code
    run = {
        "automationDetails": {"id": "adhere/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": code in (0, 1),
                "exitCode": code,
                "toolConfigurationNotifications": list(_problems(report)),
                "toolExecutionNotifications": list(_notifications(report, len(findings))),
            }
        ],
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "root of the project"}}},
        "results": results,
        "tool": {
            "driver": {
                "name": report.tool.name,
                "rules": [_rule(name, summaries.get(name, name)) for name in codes],
                "semanticVersion": report.tool.version,
                "version": report.tool.version,
            }
        },
    }
    whole = {"$schema": _SCHEMA, "runs": [run], "version": "2.1.0"}
    data = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False)
    return json_safe(data.encode("utf-8", "surrogatepass")).decode() + "\n"


def _rule(code: str, summary: str) -> dict[str, Any]:
    return {
        "help": {"text": f"{summary}. `adhere explain {code}` says what to do."},
        "id": code,
        "shortDescription": {"text": summary},
    }


def _result(finding: ReportFinding, index: int) -> dict[str, Any]:
    words = f"{finding.message} ({finding.rule})"
    found: dict[str, Any] = {
        "level": _LEVELS[finding.level],
        "message": {"text": f"{words}\nfix: {finding.fix}" if finding.fix else words},
        "partialFingerprints": {"adhere/v1": finding.fingerprint},
        "properties": {"rule": finding.rule, "subject": finding.subject},
        "ruleId": finding.code,
        "ruleIndex": index,
    }
    if finding.version:
        found["properties"]["version"] = finding.version
    if finding.location is not None:
        found["locations"] = [_location(finding.location)]
    # The schema wants each once; two parts of an expression may say the same.
    related = dict.fromkeys((n.location, _related(n)) for n in finding.notes if n.location)
    if related:
        found["relatedLocations"] = [_location(where, words) for where, words in related]
    return found


def _related(note: ReportNote) -> str:
    """A note in a line: what it is about, and what it says of that."""
    return f"{note.label}: {note.text}" if note.label else f"{note.mark}: {note.remark}"


def _location(place: Place, words: str = "") -> dict[str, Any]:
    uri = quote(place.path.replace("\\", "/"), safe="/~", errors="surrogateescape")
    physical: dict[str, Any] = {
        "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
    }
    if place.line:
        physical["region"] = {"startLine": place.line}
        if place.column:
            physical["region"]["startColumn"] = place.column
    found: dict[str, Any] = {"physicalLocation": physical}
    if words:
        found["message"] = {"text": words}
    return found


def _suppression(words: str) -> dict[str, str]:
    return {"justification": words, "kind": "external", "status": "accepted"}


def _problems(report: Report) -> Iterator[dict[str, Any]]:
    for problem in report.problems:
        words = f"{problem.message}. {problem.hint}" if problem.hint else problem.message
        yield _notification(problem.code, "error", words, _of(problem.location))


def _notifications(report: Report, findings: int) -> Iterator[dict[str, Any]]:
    for result in report.results:
        if result.outcome in WITHOUT_FINDINGS:
            level = "error" if is_strict(result) or result.outcome != "not_run" else "warning"
            words = f"{result.rule}: {result.message or result.outcome.replace('_', ' ')}"
            yield _notification(result.outcome.replace("_", "-"), level, words, result.locations)
    if findings > MOST_RESULTS:
        words = f"{findings - MOST_RESULTS} findings are left out; the report has all {findings}"
        yield _notification("results-cut", "warning", words, ())


def _of(place: Place | None) -> tuple[Place, ...]:
    return (place,) if place is not None else ()


def _notification(code: str, level: str, words: str, places: Iterable[Place]) -> dict[str, Any]:
    return {
        "descriptor": {"id": code},
        "level": level,
        "locations": [_location(place) for place in places],
        "message": {"text": words},
    }
