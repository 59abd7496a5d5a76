"""Known vulnerabilities as CycloneDX has them, with what waivers say of them.

A waiver excuses a flaw here until a day, and a document lives longer. Only a person's word that
a flaw does not touch the project says so in the document; every other waiver says that the flaw
is there, and what is done about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from adhere.report.bill import reference, words
from adhere.report.document import Report, ReportFinding, ReportWaiver, Vulnerability

_SEVERITIES = {
    "MALICIOUS": "critical",
    "CRITICAL": "critical",
    "HIGH": "high",
    "MEDIUM": "medium",
    "LOW": "low",
    "NONE": "none",
}

_SOURCES = {
    "CVE": "NVD",
    "GHSA": "GitHub Advisories",
    "PYSEC": "PyPA Advisory Database",
    "MAL": "OpenSSF Malicious Packages",
}
"""Who keeps records, by how their ids begin."""


class _Word(Struct, frozen=True):
    """What a reason of a waiver is in the words of the format."""

    state: str
    justification: str = ""
    response: tuple[str, ...] = ()


_REASONS = {
    "not-reachable": _Word("not_affected", "code_not_reachable"),
    "false-positive": _Word("false_positive"),
    "accepted-risk": _Word("exploitable", response=("will_not_fix",)),
    "compensating-control": _Word("exploitable", response=("workaround_available",)),
    "fix-scheduled": _Word("exploitable", response=("update",)),
    "no-fix-available": _Word("exploitable", response=("can_not_fix",)),
}
_ELSE = _Word("exploitable")


def vulnerabilities(report: Report) -> list[dict[str, Any]]:
    """One entry a flaw, for all packages that have it and of which the same is said."""
    waivers = {waiver.id: waiver for waiver in report.waivers}
    findings: dict[tuple[str, str], list[ReportFinding]] = {}
    for finding in report.findings:
        if finding.flaw is not None:
            findings.setdefault((finding.subject, finding.version), []).append(finding)
    entries: dict[tuple[Vulnerability, str], dict[str, Any]] = {}
    for package in report.packages:
        own = findings.get((package.name, package.version), [])
        for flaw in package.vulnerabilities:
            waiver = _waiver(flaw, own, waivers)
            key = (flaw, waiver.id if waiver else "")
            if key not in entries:
                entries[key] = _entry(flaw, waiver)
            entries[key]["affects"].append({"ref": reference(package)})
    return sorted(entries.values(), key=lambda entry: str(entry["id"]))


def _waiver(
    flaw: Vulnerability, findings: Iterable[ReportFinding], waivers: Mapping[str, ReportWaiver]
) -> ReportWaiver | None:
    """The waiver under which nothing about a flaw is open; of several, the one that says least."""
    ids = {flaw.id, *flaw.aliases}
    own = [f for f in findings if f.flaw is not None and not ids.isdisjoint(f.flaw.ids)]
    if not own or any(f.disposition != "waived" or f.waiver not in waivers for f in own):
        return None
    used = sorted({f.waiver for f in own})
    return min((waivers[name] for name in used), key=lambda w: _word(w).state != _ELSE.state)


def _word(waiver: ReportWaiver) -> _Word:
    return _REASONS.get(waiver.reason, _ELSE)


def _entry(flaw: Vulnerability, waiver: ReportWaiver | None) -> dict[str, Any]:
    rating: dict[str, Any] = {"severity": _SEVERITIES.get(flaw.severity, "unknown")}
    if flaw.score is not None:
        rating["score"] = flaw.score
    found: dict[str, Any] = {
        "id": flaw.id,
        "source": _source(flaw.id),
        "ratings": [rating],
        "affects": [],
    }
    if flaw.aliases:
        found["references"] = [{"id": name, "source": _source(name)} for name in flaw.aliases]
    if flaw.summary:
        found["description"] = words(flaw.summary)
    if flaw.fixed_in:
        found["recommendation"] = words(f"It is fixed in {', '.join(flaw.fixed_in)}.")
    if day := _day(flaw.published):
        found["published"] = day
    if properties := list(_properties(flaw)):
        found["properties"] = properties
    if waiver is not None:
        found["analysis"] = _analysis(waiver)
    return found


def _source(name: str) -> dict[str, str]:
    return {"name": _SOURCES.get(name.partition("-")[0], "OSV")}


def _day(text: str) -> str:
    try:
        return f"{date.fromisoformat(text).isoformat()}T00:00:00Z"
    except ValueError:
        return ""


def _properties(flaw: Vulnerability) -> Iterator[dict[str, str]]:
    if flaw.severity == "MALICIOUS":
        yield {"name": "adhere:malicious", "value": "true"}
    for name, value in (("first-seen", flaw.first_seen), ("due", flaw.due)):
        if value:
            yield {"name": f"adhere:{name}", "value": words(value)}


def _analysis(waiver: ReportWaiver) -> dict[str, Any]:
    word = _word(waiver)
    until = f" until {waiver.expires}" if waiver.expires else ""
    note = f": {waiver.note}" if waiver.note else ""
    found: dict[str, Any] = {
        "state": word.state,
        "detail": words(f"waiver {waiver.id}{until}, {waiver.reason}{note}"),
        "firstIssued": f"{waiver.created.isoformat()}T00:00:00Z",
    }
    if word.justification:
        found["justification"] = word.justification
    if word.response:
        found["response"] = list(word.response)
    return found
