"""JUnit XML: a test case a rule, for CI systems that show such files.

The form is the one that pytest and Ant write and Jenkins and GitLab read. A rule that was not
judged is an error where that fails the check, and skipped where the policy lets it pass; it is
never a test that passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from adhere.report.document import Report, ReportFinding, RuleResult
from adhere.report.escape import plain
from adhere.report.rows import place, worst_first
from adhere.report.summary import is_strict

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FAILURES = ("fail", "vacuous", "manual_due")
_OTHERS = "rules"


def junit(report: Report) -> str:
    """The whole file."""
    open_: dict[str, list[ReportFinding]] = {}
    for finding in worst_first(f for f in report.findings if f.disposition == "open"):
        open_.setdefault(finding.rule, []).append(finding)
    suites: dict[str, list[tuple[str, str]]] = {}
    for result in report.results:
        case = _case(result, open_.get(result.rule, ()))
        suites.setdefault(result.adr or _OTHERS, []).append(case)
    wrong = [
        _element("error", problem.code, problem.message, [problem.hint])
        for problem in report.problems
    ]
    if report.gates[0].verdict == "nothing":
        wrong.append(_element("error", "nothing", "there is nothing to judge", []))
    if wrong:
        cases = [("error", _testcase("input", f"input {n}", one)) for n, one in enumerate(wrong, 1)]
        suites = {"input": cases, **suites}
    lines = [_suite(name, cases) for name, cases in suites.items()]
    every = [case for cases in suites.values() for case in cases]
    head = f'<testsuites name="adhere"{_counts(every)}>'
    return (
        "\n".join(['<?xml version="1.0" encoding="utf-8"?>', head, *lines, "</testsuites>"]) + "\n"
    )


def _counts(cases: Iterable[tuple[str, str]]) -> str:
    kinds = [kind for kind, _ in cases]
    found = (
        f' {name}="{kinds.count(kind)}"'
        for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    )
    return f' tests="{len(kinds)}"{"".join(found)}'


def _suite(name: str, cases: list[tuple[str, str]]) -> str:
    body = "\n".join(case for _, case in cases)
    return f"<testsuite name={_attribute(name)}{_counts(cases)}>\n{body}\n</testsuite>"


def _case(result: RuleResult, findings: Iterable[ReportFinding]) -> tuple[str, str]:
    """What became of a rule, and its test case."""
    lines = [*_facts(result), *map(_words, findings)]
    lines += [f"not judged: {one.subject}: {one.reason}" for one in result.not_judged]
    kind = _kind(result)
    message = result.message or result.observed or result.outcome.replace("_", " ")
    inner = ""
    if kind:
        inner = _element(kind, result.outcome, message, lines)
    elif lines:
        inner = f"<system-out>{_text(lines)}</system-out>"
    classname, _, name = result.rule.rpartition("/")
    return kind, _testcase(classname or "adhere", name, inner)


def _kind(result: RuleResult) -> str:
    if result.outcome in _FAILURES:
        return "failure" if result.level == "error" else "skipped"
    if result.outcome == "error":
        return "error"
    if result.outcome == "not_run":
        return "error" if is_strict(result) else "skipped"
    return "skipped" if result.outcome == "not_applicable" else ""


def _facts(result: RuleResult) -> Iterable[str]:
    for name, value in (
        ("outcome", result.outcome.replace("_", " ")),
        ("title", result.title),
        ("observed", result.observed),
        ("expected", result.expected),
        ("waivers", ", ".join(result.waiver)),
        ("fix", result.fix),
        ("rule", place(result.locations[0]) if result.locations else ""),
    ):
        if value:
            yield f"{name}: {value}"


def _words(finding: ReportFinding) -> str:
    where = place(finding.location)
    return f"{finding.level}[{finding.code}]: {finding.message}{f' ({where})' if where else ''}"


def _testcase(classname: str, name: str, inner: str) -> str:
    start = f"<testcase classname={_attribute(classname)} name={_attribute(name)}"
    return f"{start}>{inner}</testcase>" if inner else f"{start}/>"


def _element(kind: str, type_: str, message: str, lines: Iterable[str]) -> str:
    words = f"message={_attribute(message)}"
    if kind == "skipped":
        return f"<skipped {words}>{_text(lines)}</skipped>"
    return f"<{kind} type={_attribute(type_)} {words}>{_text(lines)}</{kind}>"


def _attribute(words: str) -> str:
    return quoteattr(_NOT_XML.sub("�", plain(words)))


def _text(lines: Iterable[str]) -> str:
    return escape(_NOT_XML.sub("�", "\n".join(plain(line) for line in lines if line)))
