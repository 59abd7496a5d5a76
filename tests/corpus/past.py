"""A report, another a month before it, and releases that were frozen in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec.structs import replace

from adhere.report.checklist import checklist
from adhere.report.document import Report, ReportPackage, Vulnerability
from adhere.report.extract import extract
from adhere.report.past import Past
from adhere.report.release import SCHEMA, Release
from corpus.reports import (
    CONFLICTING,
    DIGEST,
    everything,
    finding,
    package,
    result,
    waiver,
    with_words,
)


def flawed(name: str, *flaws: Vulnerability, **fields: Any) -> ReportPackage:
    return package(name, vulnerabilities=flaws, **fields)


def flaw(name: str, **fields: Any) -> Vulnerability:
    return Vulnerability(name, **{"severity": "HIGH", "due": "2026-12-10", **fields})


def earlier() -> Report:
    """What `everything` could have been a month before."""
    whole = everything()
    subject = replace(
        whole.subject, today=date(2026, 10, 24), commit="f" * 40, dirty=False, scope=("runtime",)
    )
    strict = {"check": "licenses.allowed", "with": {"allow": ["MIT"], "unknown": "deny"}}
    return replace(
        whole,
        subject=subject,
        tool=replace(whole.tool, version="0.0.9"),
        gates=(replace(whole.gates[0], verdict="pass"), whole.gates[1]),
        packages=(
            flawed("certifi", flaw("CVE-2026-1", due="2026-11-20"), version="0.9"),
            flawed("mixed", flaw("CVE-2026-2")),
            flawed("gone", flaw("CVE-2026-3")),
            package("same"),
        ),
        results=(
            result("ADR-001/licenses", "pass", settings=strict),
            result("ADR-001/pins", "fail", title="Pins"),
            result("ADR-001/removed", "fail"),
            result("ADR-001/lock", "pass"),
        ),
        findings=(finding("certifi"), finding("left", rule="ADR-001/removed")),
        waivers=(waiver("W-0", "active", 28), waiver("W-9", "active", 28)),
        adrs=(replace(whole.adrs[0], status="proposed"), *whole.adrs[1:]),
    )


def later() -> Report:
    whole = everything()
    loose = {"check": "licenses.allowed", "with": {"allow": ["MIT", "ISC"], "unknown": "warn"}}
    return replace(
        whole,
        packages=(
            flawed("certifi", flaw("GHSA-1", aliases=("CVE-2026-1",), due="2026-11-20")),
            package("mixed", CONFLICTING, missing={"vulnerabilities": "offline"}),
            flawed("new", flaw("CVE-2026-4", fixed_in=("2.0",))),
            package("same"),
        ),
        results=(
            *whole.results[:1],
            replace(whole.results[1], settings=loose),
            *whole.results[2:],
            result("ADR-002/new", "vacuous"),
        ),
    )


def release(version: str, report: Report) -> Release:
    """A frozen release, whether or not it could be."""
    return Release(SCHEMA, version, DIGEST, checklist(report), extract(report))


def past(word: Callable[[str], str] | None = None) -> Past:
    """A run before and two releases, perhaps with other people's words in them."""
    before, now = earlier(), everything()
    if word is not None:
        before, now = with_words(before, word), with_words(now, word)
    releases = (release("1.0", before), release("1!1.1rc1+local", now))
    return Past(extract(before), "", releases)
