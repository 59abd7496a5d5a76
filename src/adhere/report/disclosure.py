"""How much of known vulnerabilities a page tells, for who does not want to show them to everybody.

What is not shown is counted: a page never looks as if there was nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Literal

from msgspec.structs import replace

from adhere.policy.settings import Report as Settings
from adhere.report.document import (
    Report,
    ReportFinding,
    ReportPackage,
    ReportWaiver,
    RuleResult,
    Vulnerability,
)
from adhere.report.json import decode_report
from adhere.report.redaction import redacted
from adhere.report.summary import count

Disclosure = Literal["all", "fixed-only", "counts"]
"""Everything; only what a release fixes already; only how many there are."""

WITHHELD = "withheld"
"""What stands in place of a name that is not shown."""


def publishable(data: bytes, label: str, settings: Settings) -> Report:
    """What may be published of a stored report.

    Args:
        data: the report, encoded.
        label: what to call its file.
        settings: `[report]` of the configuration.

    Raises:
        ReportError: it is no report.
    """
    report = decode_report(redacted(data, settings.redact), label)
    return disclosed(report, settings.publish_vulnerabilities)


def disclosed(report: Report, how: Disclosure) -> Report:
    """A report without the vulnerabilities that are not to be shown.

    Verdicts and counts stay as they are; packages, ids, summaries, versions that fix and
    deadlines of what is withheld are gone, also from findings and waivers.

    Args:
        report: the canonical report.
        how: how much to tell.
    """
    if how == "all":
        return report
    hidden = Counter(
        flaw.severity or "UNKNOWN"
        for package in report.packages
        for flaw in package.vulnerabilities
        if _is_hidden(flaw.fixed_in, how)
    )
    rules = {f.rule for f in report.findings if _is_about_hidden(f, how)}
    shown = {
        name
        for package in report.packages
        for flaw in package.vulnerabilities
        if not _is_hidden(flaw.fixed_in, how)
        for name in (flaw.id, *flaw.aliases)
    }
    waivers = {
        waiver.id
        for waiver in report.waivers
        if waiver.rule in rules or (waiver.advisory and waiver.advisory not in shown)
    }
    return replace(
        report,
        packages=tuple(_package(package, how) for package in report.packages),
        findings=tuple(
            _finding(finding, number)
            if _is_about_hidden(finding, how) or _is_about_waiver(finding, waivers)
            else finding
            for number, finding in enumerate(report.findings)
        ),
        results=tuple(
            _result(result) if result.rule in rules else result for result in report.results
        ),
        waivers=tuple(
            _waiver(waiver) if waiver.id in waivers else waiver for waiver in report.waivers
        ),
        completeness=replace(report.completeness, withheld=dict(sorted(hidden.items()))),
    )


def withheld_words(withheld: Mapping[str, int]) -> str:
    """What is not shown, as a sentence without its full stop; ``""`` for nothing."""
    if not withheld:
        return ""
    bands = ", ".join(f"{number} {band}" for band, number in withheld.items())
    total = sum(withheld.values())
    noun = "known vulnerability is" if total == 1 else "known vulnerabilities are"
    return f"{total} {noun} not shown here: {bands}"


def _is_hidden(fixed_in: tuple[str, ...], how: Disclosure) -> bool:
    return how == "counts" or (how == "fixed-only" and not fixed_in)


def _is_about_hidden(finding: ReportFinding, how: Disclosure) -> bool:
    return finding.flaw is not None and _is_hidden(finding.flaw.fixed_in, how)


def _is_about_waiver(finding: ReportFinding, waivers: Collection[str]) -> bool:
    """Whether it says something of a waiver that would tell what the waiver is about."""
    return finding.code.startswith("waiver-") and finding.subject in waivers


def _package(package: ReportPackage, how: Disclosure) -> ReportPackage:
    shown: tuple[Vulnerability, ...] = tuple(
        flaw for flaw in package.vulnerabilities if not _is_hidden(flaw.fixed_in, how)
    )
    return package if shown == package.vulnerabilities else replace(package, vulnerabilities=shown)


def _finding(finding: ReportFinding, number: int) -> ReportFinding:
    """What is left of a finding: that it is there, how bad it is, and what became of it."""
    what = "a waiver of a vulnerability"
    if finding.flaw is not None:
        what = f"a {finding.flaw.severity or 'known'} vulnerability"
    return ReportFinding(
        rule=finding.rule,
        code=finding.code,
        level=finding.level,
        disposition=finding.disposition,
        message=f"{what} that is not shown here",
        subject=WITHHELD,
        fingerprint=f"{WITHHELD}-{number}",
        fix="the stored report of the project tells what to do",
    )


def _result(result: RuleResult) -> RuleResult:
    """A place tells which package it is; what could not be judged stays, it is no finding."""
    hidden = count(result.open + result.waived, "finding")
    return replace(result, message=f"{hidden}, not all of them shown", locations=(), fix="")


def _waiver(waiver: ReportWaiver) -> ReportWaiver:
    return replace(waiver, subject=WITHHELD, advisory="", note="", ticket="")
