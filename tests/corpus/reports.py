"""A small report that has one of everything, and the same with other people's words in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from adhere.report.document import (
    SCHEMA,
    ChosenIndex,
    Completeness,
    Evidence,
    FaultEntry,
    Gate,
    Input,
    InputProblem,
    License,
    LicenseChoice,
    Measured,
    NotJudged,
    PackageOrigin,
    Place,
    Report,
    ReportAdr,
    ReportFinding,
    ReportNote,
    ReportPackage,
    ReportWaiver,
    RuleEvidence,
    RuleResult,
    Run,
    Subject,
    Tool,
)

DIGEST = f"sha256:{'0' * 64}"
INDEX = PackageOrigin("index")
MIT = License("concluded", "MIT", 0.98, (Evidence("license-expression", "METADATA", "decides"),))


def package(name: str, license_: License = MIT, **fields: Any) -> ReportPackage:
    """A package of the group runtime."""
    given: dict[str, Any] = {
        "name": name,
        "version": "1.0",
        "direct": True,
        "groups": ("runtime",),
        "origin": INDEX,
        "license": license_,
        "paths": (("shop", name),),
        "vulnerabilities": (),
        "seen_in": (Place("uv.lock", 3, 1),),
        "missing": {"index": "no rule asks for it"},
    }
    return ReportPackage(**given | fields)


def finding(subject: str, **fields: Any) -> ReportFinding:
    """An error of the rule about licenses."""
    given: dict[str, Any] = {
        "rule": "ADR-001/licenses",
        "code": "license-denied",
        "level": "error",
        "disposition": "open",
        "message": f"{subject} 1.0 is not allowed in group `runtime`: MPL-2.0",
        "subject": subject,
        "version": "1.0",
        "fingerprint": f"{subject}-denied",
        "location": Place("uv.lock", 3, 1),
        "place": "locked here",
        "notes": (
            ReportNote(
                "expression",
                "MPL-2.0",
                Place("docs/adr/ADR-001.rules.toml", 9, 1),
                "MPL-2.0",
                "not in `allow`",
            ),
            ReportNote("path", f"shop -> {subject} 1.0"),
        ),
        "fix": f"ask for a review, then: adhere waive ADR-001/licenses {subject}",
        "groups": ("runtime",),
    }
    return ReportFinding(**given | fields)


def result(rule: str, outcome: str, **fields: Any) -> RuleResult:
    """The result of a rule of level error."""
    given: dict[str, Any] = {
        "rule": rule,
        "title": "Only approved licenses",
        "check": "licenses.allowed",
        "outcome": outcome,
        "level": "error",
        "observed": "3 of 5 packages accepted",
        "expected": "all under MIT",
        "message": "",
        "locations": (Place("docs/adr/ADR-001.rules.toml", 4, 1),),
        "fix": "",
        "evidence": (),
        "judged": 5,
        "open": 1,
        "waived": 0,
        "suppressed": 0,
        "on_missing": "fail",
    }
    return RuleResult(**given | fields)


def waiver(name: str, state: str, days: int | None, **fields: Any) -> ReportWaiver:
    """A waiver of the rule about licenses."""
    given: dict[str, Any] = {
        "id": name,
        "kind": "waiver",
        "state": state,
        "subject": "certifi",
        "reason": "legal-approved",
        "owner": "@alice",
        "created": date(2026, 11, 1),
        "covers": int(state in ("active", "expiring")),
        "location": Place("adhere.waivers.toml", 1, 1),
        "rule": "ADR-001/licenses",
        "expires": date(2026, 12, 1),
        "days_left": days,
    }
    return ReportWaiver(**given | fields)


CONFLICTING = License(
    "conflicting",
    "MIT",
    0.3,
    (
        Evidence("license-text", "LICENSE", "silent"),
        Evidence("license-field", "METADATA", "decides", "MIT", DIGEST, "MIT", (), 0.97),
        Evidence("license-text", "COPYING", "contradicts", "", DIGEST, "ISC", (), 0.9),
    ),
    why="License says MIT, but COPYING is the text of ISC",
    candidates=("ISC",),
)
UNKNOWN = License("unknown", "", 0.0, (), why="neither the metadata nor a text names a license")


def everything() -> Report:
    """One of everything that a page can show."""
    return Report(
        schema=SCHEMA,
        tool=Tool("adhere", "0.1.0", "3.28"),
        subject=Subject(
            name="shop",
            today=date(2026, 11, 24),
            inputs=(
                Input("uv.lock", "uv", DIGEST, remarks=("a remark",)),
                Input("adhere.toml", "config", DIGEST),
            ),
            version="1.0",
            commit="0123456789abcdef0123456789abcdef01234567",
            dirty=True,
        ),
        run=Run(
            "run-1",
            "2026-11-24T00:00:00+00:00",
            {"inventory": 0.01},
            40_000_000,
            {"inventory.read": 5},
            "3.13.0",
            "linux",
            offline=True,
            trouble=("the file cache is full",),
            indexes=(ChosenIndex("https://index.example.org/simple/", "PIP_INDEX_URL"),),
        ),
        completeness=Completeness(
            packages=5,
            first_party=1,
            out_of_scope=2,
            elsewhere=1,
            licenses={"concluded": 1, "conflicting": 1, "unknown": 1},
            evidence={"license-field": 1, "license-text": 1},
            missing={"vulnerabilities": "no rule asks for them"},
            faults=(FaultEntry("package-unreadable", "lost", "no Name", Place("x"), kept=False),),
        ),
        packages=(
            package("certifi", summary="Certificates", links=(("Home", "https://example.org"),)),
            package("mixed", CONFLICTING),
            package("quiet", UNKNOWN, direct=False, remarks=("it has no RECORD",)),
            package("shop", first_party=True),
            package("winonly", UNKNOWN, elsewhere=True, paths=()),
        ),
        findings=(
            finding("late", level="warn", rule="ADR-001/pins", code="requirement-not-pinned"),
            finding("mixed"),
            finding("certifi", disposition="waived", waiver="W-1"),
            finding("old", disposition="baseline"),
        ),
        adrs=(
            ReportAdr(
                "ADR-001", "Licenses", "accepted", "docs/adr/ADR-001.md", "error", ("licenses",)
            ),
            ReportAdr(
                "ADR-002",
                "Nobody holds it",
                "accepted",
                "docs/adr/ADR-002.md",
                "error",
                (),
                prose_only=True,
            ),
            ReportAdr("ADR-003", "Old", "superseded", "docs/adr/ADR-003.md", "skipped", ()),
        ),
        results=(
            result("ADR-001/pins", "warn", title="Pins", level="warn", on_missing="warn"),
            result(
                "ADR-001/licenses",
                "fail",
                adr="ADR-001",
                section="Licenses",
                evidence=(RuleEvidence("uv.lock", DIGEST, "uv", "adhere 0.1.0"),),
                choices=(
                    LicenseChoice("twice", "1.0", "GPL-3.0-only OR MIT", "MIT"),
                    LicenseChoice("certifi", "1.0", "MPL-2.0 OR MIT", "MIT", pinned=True),
                ),
            ),
            result(
                "ADR-001/lock",
                "not_run",
                message="cannot judge: the run has no lock file",
                fix="name the lock file in the rule",
                not_judged=(NotJudged("quiet", "there is no license evidence", "1.0"),),
            ),
            result("adhere/waivers", "fail", builtin=True, title="Waivers are in force"),
            result("adhere/sources-complete", "pass", builtin=True),
        ),
        waivers=(
            waiver("W-0", "expired", -3, ticket="SEC-1", note="it was only for a month"),
            waiver("W-1", "expiring", 7, approved_by="@lead", also=("broad",)),
            waiver("C-1", "active", None, kind="clarification", expires=None, rule=""),
        ),
        gates=(
            Gate("check", "fail", 1, ("ADR-001/licenses failed",)),
            Gate("release", "fail", 1, ("ADR-001/licenses failed", "ADR-001/lock was not judged")),
        ),
        problems=(InputProblem("unknown-key", "there is no key `x`", Place("adhere.toml", 2, 1)),),
        performance=(
            measured("ADR-001/licenses", value=0.12, max=10.0),
            measured("ADR-001/licenses", value=0.12, max=0.1, changed=4, trend=0.001),
            measured(
                "ADR-001/lock",
                vs_baseline=1.2,
                ratio=1.05,
                answer="within noise",
                noise=0.04,
                needed=9,
            ),
            measured("ADR-001/lock", value=None),
        ),
    )


def measured(rule: str, **fields: Any) -> Measured:
    """Runs that a rule judged."""
    given: dict[str, Any] = {
        "rule": rule,
        "metric": "seconds.total",
        "stat": "p95",
        "group": "`check`, warm, 51 packages or more, on ci",
        "values": (0.1, 0.11, 0.105, 0.12),
        "runs": 4,
        "value": 0.12,
        "p50": 0.1075,
        "p95": 0.1185,
        "last": 0.12,
        "first": "2026-11-01T08:00:00.000+00:00",
        "latest": "2026-11-04T08:00:00.000+00:00",
        "commit": "0123456789abcdef",
    }
    return Measured(**given | fields)


_OURS = frozenset(
    {
        *("schema", "state", "standing", "level", "disposition", "outcome", "kind", "verdict"),
        *("today", "created", "expires", "id@gates", "commit", "also"),
    }
)


def with_words(report: Report, word: Callable[[str], str]) -> Report:
    """The same report, where every text that could be a stranger's is another."""
    replaced = _replaced(msgspec.to_builtins(report), word, "")
    return msgspec.convert(replaced, Report)


def _replaced(value: Any, word: Callable[[str], str], key: str) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(child, word, _key(name, key)) for name, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(child, word, key) for child in value]
    if isinstance(value, str) and key not in _OURS:
        return word(value)
    return value


def _key(name: str, above: str) -> str:
    return f"{name}@gates" if above == "gates" and name == "id" else name
