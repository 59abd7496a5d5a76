"""OpenVEX 0.2.0: what waivers say about vulnerabilities, for tools that look for them.

A waiver is what a person answers for, so it states what the person said and no more: only
`not-reachable` and `false-positive` say that a flaw does not matter. Whatever else excuses a
finding leaves the package affected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from adhere.model.digest import bytes_digest
from adhere.model.verdict import EXCUSES_NOTHING
from adhere.report.document import Report, ReportFinding, ReportFlaw, ReportWaiver
from adhere.report.escape import plain
from adhere.report.json import canonical

CONTEXT = "https://openvex.dev/ns/v0.2.0"
_IDS = "https://openvex.dev/docs/adhere/vex-"
"""Of the namespace that the specification shares; the digest after it makes an id of it."""

_NOT_AFFECTED = ("not-reachable", "false-positive")
_ACTIONS = {
    "accepted-risk": "The risk is accepted",
    "compensating-control": "A compensating control is in place",
    "fix-scheduled": "An update is planned",
    "internal-use": "It is accepted for internal use",
    "legal-approved": "It was approved",
    "no-fix-available": "No release fixes it yet",
    "test-only": "It is accepted where it is only used by tests",
}
"""What is done about a flaw by the reason of the waiver."""


class _Claim(Struct, frozen=True):
    """What one waiver says about one finding."""

    waiver: ReportWaiver
    flaw: ReportFlaw
    name: str
    package: str

    @property
    def affected(self) -> bool:
        """The flaw matters, whatever is done about it."""
        return not _harmless(self.waiver, self.flaw)


def openvex(report: Report, waivers: Iterable[ReportWaiver], product: str = "") -> str:
    """The document, the same bytes for the same report; ``""`` where there is nothing to state.

    Args:
        report: of which the findings are.
        waivers: of that report, as of today.
        product: package URL of what ships; ``""`` where nobody knows, and each package is one.
    """
    claims = list(_claims(report, waivers))
    if not claims:
        return ""
    document = {
        "@context": CONTEXT,
        "author": _author(claims),
        "timestamp": report.run.started,
        "tooling": f"{report.tool.name} {report.tool.version}",
        "version": 1,
        "statements": list(_statements(claims, product)),
    }
    digest = bytes_digest(canonical(document)).removeprefix("sha256:")
    return canonical({"@id": f"{_IDS}{digest}", **document}).decode()


def left_out(report: Report, waivers: Sequence[ReportWaiver]) -> list[str]:
    """Waivers that cover a vulnerability and state nothing about it, as clauses."""
    stated = {claim.waiver.id for claim in _claims(report, waivers)}
    by_id = {waiver.id: waiver for waiver in waivers}
    found: list[str] = []
    for name in sorted({f.waiver for f in report.findings if f.flaw is not None and f.waiver}):
        waiver = by_id.get(name)
        if waiver is None or waiver.state in EXCUSES_NOTHING:
            found.append(f"{name} has ended since the report, and is left out")
        elif not waiver.advisory:
            found.append(f"{name} names no advisory, and is left out")
        elif name not in stated:
            found.append(f"{name} is left out: the same flaw is open, or is waived otherwise")
    return found if stated else [*found, "there is nothing to state"]


def _claims(report: Report, waivers: Iterable[ReportWaiver]) -> Iterator[_Claim]:
    """What waivers in force say.

    That a flaw does not matter is only said where nobody says otherwise: not another waiver,
    and no rule that has it open.
    """
    in_force = {waiver.id: waiver for waiver in waivers if waiver.state not in EXCUSES_NOTHING}
    claims: list[_Claim] = []
    otherwise: set[tuple[tuple[str, ...], str]] = set()
    for finding in report.findings:
        flaw, waiver, package = finding.flaw, in_force.get(finding.waiver), _purl(finding)
        if flaw is None:
            continue
        if waiver is None or not _harmless(waiver, flaw):
            otherwise.add((flaw.ids, package))
        if waiver is not None and waiver.advisory:
            claims.append(_Claim(waiver, flaw, _name(finding), package))
    for claim in claims:
        if claim.affected or (claim.flaw.ids, claim.package) not in otherwise:
            yield claim


def _harmless(waiver: ReportWaiver, flaw: ReportFlaw) -> bool:
    """Whether somebody says that the flaw does not matter. Nothing excuses an attack."""
    return waiver.reason in _NOT_AFFECTED and flaw.severity != "MALICIOUS"


def _statements(claims: Sequence[_Claim], product: str) -> Iterator[dict[str, Any]]:
    grouped: dict[tuple[str, str, bool], list[_Claim]] = {}
    for claim in claims:
        grouped.setdefault((claim.name, claim.waiver.id, claim.affected), []).append(claim)
    for _, group in sorted(grouped.items()):
        yield _statement(group, product)


def _statement(group: Sequence[_Claim], product: str) -> dict[str, Any]:
    """One waiver about one vulnerability, of every version that it covers."""
    claim = group[0]
    waiver, ids = claim.waiver, sorted({plain(i) for one in group for i in one.flaw.ids})
    name = plain(claim.name)
    vulnerability: dict[str, Any] = {"name": name}
    aliases = [alias for alias in ids if alias != name]
    if aliases:
        vulnerability["aliases"] = aliases
    return {
        "vulnerability": vulnerability,
        "products": _products(sorted({one.package for one in group}), product),
        "timestamp": f"{waiver.created.isoformat()}T00:00:00+00:00",
        "status_notes": plain(_notes(waiver)),
        **_status(claim),
    }


def _products(packages: Iterable[str], product: str) -> list[dict[str, Any]]:
    """What the statement is about: the product, and those of its packages that are flawed."""
    parts: list[dict[str, Any]] = [
        {"@id": purl, "identifiers": {"purl": purl}} for purl in packages
    ]
    if not product:
        return parts
    whole: dict[str, Any] = {"@id": product, "identifiers": {"purl": product}}
    return [whole if parts == [whole] else {**whole, "subcomponents": parts}]


def _status(claim: _Claim) -> dict[str, str]:
    waiver = claim.waiver
    if claim.affected:
        return {"status": "affected", "action_statement": plain(_action(claim))}
    if waiver.reason == "not-reachable":
        # Exactly one of a justification and an impact statement: the note is in the notes.
        return {
            "status": "not_affected",
            "justification": "vulnerable_code_not_in_execute_path",
        }
    words = "It does not apply: a false positive"
    return {"status": "not_affected", "impact_statement": plain(_joined(words, waiver.note))}


def _action(claim: _Claim) -> str:
    waiver, fixed_in = claim.waiver, claim.flaw.fixed_in
    words = _ACTIONS.get(waiver.reason, "It is excused, though nothing excuses an attack")
    return _joined(
        f"{words}, {_end(waiver)}",
        waiver.note,
        f"Fixed in {', '.join(fixed_in)}" if fixed_in else "",
        f"See {waiver.ticket}" if waiver.ticket else "",
    )


def _notes(waiver: ReportWaiver) -> str:
    """Where the statement comes from, and who answers for it."""
    approved = f", approved by {waiver.approved_by}" if waiver.approved_by else ""
    return _joined(
        f"Waiver {waiver.id} of {waiver.rule} ({waiver.reason}), {_end(waiver)}",
        f"Owned by {waiver.owner}{approved}",
        waiver.note,
        f"See {waiver.ticket}" if waiver.ticket else "",
    )


def _end(waiver: ReportWaiver) -> str:
    """When the waiver holds no more."""
    day = f"until {waiver.expires}" if waiver.expires is not None else "without an end"
    return f"{day} or a fix" if waiver.until_fixed else day


def _joined(*parts: str) -> str:
    """Sentences; a person's own words end as they were written."""
    given = [part.strip() for part in parts if part.strip()]
    return " ".join(part if part[-1] in ".!?" else f"{part}." for part in given)


def _author(claims: Iterable[_Claim]) -> str:
    """Who makes the statements: whoever approved a waiver, or its owner where nobody did."""
    people = {claim.waiver.approved_by or claim.waiver.owner for claim in claims}
    return plain(", ".join(sorted(people)))


def _name(finding: ReportFinding) -> str:
    """What people call the vulnerability."""
    ids = finding.flaw.ids if finding.flaw is not None else ()
    return finding.detail if finding.detail in ids else ids[0]


def _purl(finding: ReportFinding) -> str:
    return package_url(finding.subject, finding.version)


def package_url(name: str, version: str) -> str:
    """The package URL of a version, or of all of them where it is ``""``."""
    return f"pkg:pypi/{_quoted(name)}" + (f"@{_quoted(version)}" if version else "")


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="backslashreplace")
