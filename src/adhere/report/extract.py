"""What two reports are compared by: small, without evidence, fit to be committed.

A frozen release holds this and not the report, so that the next one can be compared with it
for years.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from adhere.model.finding import Disposition, Level, Outcome
from adhere.report.document import Report, ReportPackage, RuleResult
from adhere.report.escape import shorten
from adhere.report.from_outside import FLAWS
from adhere.report.summary import license_words

_WORDS = 400
"""Characters of a message that is kept."""


class Standing(Struct, frozen=True, omit_defaults=True):
    """Which run it was, of what, and what its gates said."""

    name: str
    today: Annotated[date, Meta(description="the day of the verdict")]
    check: Annotated[str, Meta(description="verdict of the gate `check`")]
    release: Annotated[str, Meta(description="verdict of the gate `release`")]
    version: str = ""
    commit: str = ""
    dirty: bool | None = None
    scope: Annotated[tuple[str, ...], Meta(description="groups looked at; empty for all")] = ()
    tool: Annotated[str, Meta(description="name and version of what judged")] = ""


class PackageFacts(Struct, frozen=True, omit_defaults=True):
    """One package in one version."""

    name: str
    version: str
    license: Annotated[str, Meta(description="the expression, or all that may be meant")]
    state: Annotated[str, Meta(description="of the license: concluded, unknown, ...")]
    unlooked: Annotated[
        bool, Meta(description="nobody looked up whether it has known vulnerabilities")
    ] = False


class FlawFacts(Struct, frozen=True, omit_defaults=True):
    """One known vulnerability of a package, in whichever of its versions."""

    package: str
    id: str
    aliases: tuple[str, ...] = ()
    severity: str = ""
    due: Annotated[str, Meta(description="the day by which it has to be gone")] = ""
    fixed_in: tuple[str, ...] = ()


class RuleFacts(Struct, frozen=True, omit_defaults=True):
    """One rule, what it says, and what became of it."""

    rule: str
    title: str
    check: str
    outcome: Outcome
    level: Level
    message: str = ""
    settings: Annotated[
        dict[str, Any], Meta(description="what its file says, by dotted key, words aside")
    ] = {}


class FindingFacts(Struct, frozen=True, omit_defaults=True):
    """One finding."""

    rule: str
    fingerprint: str
    code: str
    level: Level
    disposition: Disposition
    message: str
    flaw: Annotated[
        Literal["", "fixed", "open"],
        Meta(description="of one about a vulnerability, whether a release fixes it"),
    ] = ""


class WaiverFacts(Struct, frozen=True, omit_defaults=True):
    """One waiver or clarification."""

    id: str
    kind: str
    state: str
    subject: str
    reason: str
    owner: str
    rule: str = ""
    expires: date | None = None
    approved_by: str = ""
    covers: int = 0


class DecisionFacts(Struct, frozen=True):
    """One decision record."""

    id: str
    title: str
    status: str


class InputFacts(Struct, frozen=True):
    """One file or environment that the verdict depends on."""

    path: str
    kind: str
    digest: str


class Extract(Struct, frozen=True):
    """All of it."""

    standing: Standing
    packages: tuple[PackageFacts, ...] = ()
    vulnerabilities: tuple[FlawFacts, ...] = ()
    rules: tuple[RuleFacts, ...] = ()
    findings: tuple[FindingFacts, ...] = ()
    waivers: tuple[WaiverFacts, ...] = ()
    decisions: tuple[DecisionFacts, ...] = ()
    inputs: tuple[InputFacts, ...] = ()


def extract(report: Report) -> Extract:
    """What a report is compared by, in the order of the report."""
    return Extract(
        standing=_standing(report),
        packages=tuple(
            PackageFacts(
                p.name, p.version, license_words(p.license), p.license.state, FLAWS in p.missing
            )
            for p in report.packages
        ),
        vulnerabilities=tuple(_flaws(report.packages)),
        rules=tuple(_rule(result) for result in report.results),
        findings=tuple(
            FindingFacts(
                rule=f.rule,
                fingerprint=f.fingerprint,
                code=f.code,
                level=f.level,
                disposition=f.disposition,
                message=shorten(f.message, _WORDS),
                flaw="" if f.flaw is None else "fixed" if f.flaw.fixed_in else "open",
            )
            for f in report.findings
        ),
        waivers=tuple(
            WaiverFacts(
                id=w.id,
                kind=w.kind,
                state=w.state,
                subject=w.subject,
                reason=w.reason,
                owner=w.owner,
                rule=w.rule,
                expires=w.expires,
                approved_by=w.approved_by,
                covers=w.covers,
            )
            for w in report.waivers
        ),
        decisions=tuple(DecisionFacts(a.id, a.title, a.status) for a in report.adrs),
        inputs=tuple(InputFacts(i.path, i.kind, i.digest) for i in report.subject.inputs),
    )


def _standing(report: Report) -> Standing:
    subject = report.subject
    verdicts = {gate.id: gate.verdict for gate in report.gates}
    return Standing(
        name=subject.name,
        today=subject.today,
        check=verdicts.get("check", ""),
        release=verdicts.get("release", ""),
        version=subject.version,
        commit=subject.commit,
        dirty=subject.dirty,
        scope=subject.scope,
        tool=f"{report.tool.name} {report.tool.version}",
    )


def _flaws(packages: Iterable[ReportPackage]) -> Iterator[FlawFacts]:
    for package in packages:
        for flaw in package.vulnerabilities:
            yield FlawFacts(
                package.name, flaw.id, flaw.aliases, flaw.severity, flaw.due, flaw.fixed_in
            )


def _rule(result: RuleResult) -> RuleFacts:
    return RuleFacts(
        rule=result.rule,
        title=result.title,
        check=result.check,
        outcome=result.outcome,
        level=result.level,
        message=shorten(result.message, _WORDS),
        settings=dict(sorted(_flat(result.settings))),
    )


def _flat(settings: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Keys of tables within tables, dotted as one could write them; a list is one value."""
    for key, value in settings.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value
