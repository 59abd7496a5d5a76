"""From what a run found to the canonical report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from adhere.errors import Problem
from adhere.model.claim import Claim, Conclusion
from adhere.model.dependencies import dependencies_of_each
from adhere.model.finding import Finding, Flaw, Note, Outcome
from adhere.model.inventory import Component, Inventory
from adhere.model.location import Location
from adhere.model.need import Need, RunsNeed
from adhere.model.package import Origin
from adhere.model.verdict import (
    EXIT_BAD_INPUT,
    EXIT_NOT_JUDGED,
    EXIT_NOTHING,
    EXIT_OK,
    Result,
    Verdict,
    WaiverUse,
)
from adhere.report.document import (
    SCHEMA,
    Completeness,
    Evidence,
    FaultEntry,
    Gate,
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
    ReportFlaw,
    ReportNote,
    ReportPackage,
    ReportWaiver,
    RuleResult,
    Run,
    Subject,
    Tool,
)
from adhere.report.from_outside import FromOutside
from adhere.report.proof import rule_evidence
from adhere.report.stated import stated

if TYPE_CHECKING:
    from adhere.policy.rule import Rule

Licenses = Mapping[tuple[str, str], Conclusion]


class Facts(Struct, frozen=True):
    """Everything a report is made from, apart from the run itself.

    Attributes:
        tool: what made it.
        subject: what was judged.
        inventory: the packages that were looked at.
        out_of_scope: how many were not, because of their groups.
        licenses: of all packages.
        verdict: of all rules.
        exit_code: that follows.
        problems: of the input files.
        adrs: decisions and their rules.
        needs: what each rule asked for, by full id.
        answers: what was answered, by need.
        read: inputs that were read for a need, where these are not sources.
        rules: that were judged.
    """

    tool: Tool
    subject: Subject
    inventory: Inventory
    out_of_scope: int
    licenses: Licenses
    verdict: Verdict
    exit_code: int
    problems: tuple[Problem, ...]
    adrs: tuple[ReportAdr, ...]
    needs: Mapping[str, tuple[Need, ...]]
    answers: Mapping[Need, Any] = {}
    read: Mapping[Need, frozenset[str]] = {}
    rules: tuple[Rule, ...] = ()


def build_report(facts: Facts, run: Run) -> Report:
    """The canonical report of a run."""
    outside = FromOutside(facts.answers, facts.verdict.findings)
    rules = {rule.id: rule for rule in facts.rules}
    return Report(
        schema=SCHEMA,
        tool=facts.tool,
        subject=facts.subject,
        run=run,
        completeness=_completeness(facts, outside),
        packages=tuple(_packages(facts, outside)),
        findings=tuple(_finding(finding) for finding in facts.verdict.findings),
        adrs=facts.adrs,
        results=tuple(
            _result(result, facts, rules.get(result.rule)) for result in facts.verdict.results
        ),
        waivers=tuple(_waiver(use) for use in facts.verdict.waivers),
        gates=_gates(facts),
        problems=tuple(input_problem(problem) for problem in facts.problems),
        performance=_performance(facts),
    )


def _performance(facts: Facts) -> tuple[Measured, ...]:
    """Nothing of it is imported where no rule is about a budget."""
    if not any(isinstance(need, RunsNeed) for need in facts.answers):
        return ()
    from adhere.report.performance import performance_of

    return performance_of(facts.rules, facts.answers)


def _packages(facts: Facts, outside: FromOutside) -> Iterable[ReportPackage]:
    inventory, licenses = facts.inventory, facts.licenses
    askers: dict[str, str] = {root.name: root.by for root in reversed(inventory.roots) if root.by}
    needs = dependencies_of_each(inventory)
    for component in inventory.components:
        package = component.packages[0]
        yield ReportPackage(
            name=component.name,
            version=component.version,
            direct=component.direct,
            groups=component.groups,
            origin=_origin(component.origin),
            license=_license(licenses[component.name, component.version], component),
            paths=_paths(component, askers),
            vulnerabilities=outside.vulnerabilities(component),
            seen_in=tuple(_place(seen.location) for seen in component.packages),
            first_party=component.first_party,
            elsewhere=component.elsewhere,
            summary=package.summary,
            links=package.links,
            remarks=package.remarks,
            missing=outside.missing(component),
            requires=needs.get((component.name, component.version), ()),
            hashes=_hashes(component),
        )


def _hashes(component: Component) -> tuple[str, ...]:
    """Those of the one file that sources name; of several, nobody knows which was taken."""
    artifacts = component.artifacts
    if not artifacts or len({artifact.name for artifact in artifacts}) > 1:
        return ()
    found = {text for artifact in artifacts for text in artifact.hashes}
    # Some formats list the hashes of all files and name none.
    one_each = len({text.partition(":")[0] for text in found}) == len(found)
    return tuple(sorted(found)) if one_each else ()


def _paths(component: Component, askers: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    if not component.path:
        return ()
    asker = askers.get(component.path[0], "")
    return ((asker, *component.path) if asker else component.path,)


def _license(conclusion: Conclusion, component: Component) -> License:
    return License(
        state=conclusion.state,
        expression=conclusion.expression,
        confidence=conclusion.confidence,
        evidence=tuple(_evidence(claim) for claim in conclusion.claims),
        why=conclusion.why,
        candidates=conclusion.candidates,
        missing=conclusion.missing,
        texts=_digests(component),
    )


def _digests(component: Component) -> tuple[str, ...]:
    files = component.license_files
    if len(files) < 2:
        return tuple([file.digest for file in files])
    return tuple(sorted({file.digest for file in files}))


def _evidence(claim: Claim) -> Evidence:
    return Evidence(
        kind=claim.kind,
        document=claim.document,
        standing=claim.standing,
        raw=claim.raw,
        digest=claim.digest,
        expression=claim.expression,
        candidates=claim.candidates,
        confidence=claim.confidence,
        note=claim.note,
    )


def _origin(origin: Origin) -> PackageOrigin:
    return PackageOrigin(
        origin.kind, origin.url, origin.reference, origin.commit, origin.subdirectory
    )


def _place(location: Location) -> Place:
    return Place(location.path, location.line, location.column)


def _finding(finding: Finding) -> ReportFinding:
    return ReportFinding(
        rule=finding.rule,
        code=finding.code,
        level=finding.level,
        disposition=finding.disposition,
        message=finding.message,
        subject=finding.subject,
        fingerprint=finding.fingerprint,
        version=finding.version,
        detail=finding.detail,
        location=_place(finding.location) if finding.location else None,
        place=finding.place,
        notes=tuple(_note(note) for note in finding.notes),
        fix=finding.fix,
        groups=finding.groups,
        digest=finding.digest,
        needs_approver=finding.needs_approver,
        flaw=_flaw(finding.flaw) if finding.flaw is not None else None,
        waiver=finding.waiver,
    )


def _flaw(flaw: Flaw) -> ReportFlaw:
    due = flaw.due.isoformat() if flaw.due is not None else ""
    return ReportFlaw(flaw.ids, flaw.severity, flaw.fixed_in, due)


def _note(note: Note) -> ReportNote:
    return ReportNote(
        note.label,
        note.text,
        _place(note.location) if note.location else None,
        note.mark,
        note.remark,
    )


def _result(result: Result, facts: Facts, rule: Rule | None) -> RuleResult:
    own = [finding for finding in facts.verdict.findings if finding.rule == result.rule]
    waivers = {finding.waiver: None for finding in own if finding.waiver}
    return RuleResult(
        rule=result.rule,
        title=result.title,
        check=result.check,
        outcome=result.outcome,
        level=result.level,
        observed=result.observed,
        expected=result.expected,
        message=result.message,
        locations=(_place(result.location),) if result.location else (),
        fix=result.fix,
        evidence=tuple(rule_evidence(facts, result)),
        judged=result.judged,
        open=result.open,
        waived=result.waived,
        suppressed=result.suppressed,
        on_missing=result.on_missing,
        waiver=tuple(sorted(waivers)),
        not_judged=tuple(NotJudged(u.subject, u.reason, u.version) for u in result.unjudged),
        choices=tuple(
            LicenseChoice(c.subject, c.version, c.offered, c.chosen, c.pinned)
            for c in result.choices
        ),
        adr=result.adr,
        section=result.section,
        why=result.why,
        builtin=result.builtin,
        valid_until=result.valid_until.isoformat() if result.valid_until else "",
        settings=stated(rule.node) if rule is not None and rule.node is not None else {},
    )


def _waiver(use: WaiverUse) -> ReportWaiver:
    return ReportWaiver(
        id=use.id,
        kind=use.kind,
        state=use.state,
        subject=use.subject,
        reason=use.reason,
        owner=use.owner,
        created=use.created,
        covers=use.covers,
        location=_place(use.location),
        rule=use.rule,
        expires=use.expires,
        days_left=use.days_left,
        approved_by=use.approved_by,
        ticket=use.ticket,
        note=use.note,
        advisory=use.advisory,
        until_fixed=use.until_fixed,
        also=use.also,
    )


def input_problem(problem: Problem) -> InputProblem:
    """A problem of an input file, as the report keeps it."""
    place = Place(problem.path, problem.line, problem.column) if problem.path else None
    return InputProblem(problem.code, problem.message, place, problem.hint)


def _completeness(facts: Facts, outside: FromOutside) -> Completeness:
    inventory, licenses = facts.inventory, facts.licenses
    judged = [c for c in inventory.components if not c.first_party and not c.elsewhere]
    states: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for component in judged:
        conclusion = licenses[component.name, component.version]
        states[conclusion.state] += 1
        for kind in {claim.kind for claim in conclusion.claims}:
            kinds[kind] += 1
    return Completeness(
        packages=len(inventory.components),
        first_party=sum(component.first_party for component in inventory.components),
        out_of_scope=facts.out_of_scope,
        elsewhere=sum(component.elsewhere for component in inventory.components),
        licenses=dict(sorted(states.items())),
        evidence=dict(sorted(kinds.items())),
        missing=outside.missing_at_all,
        faults=tuple(
            FaultEntry(f.code, f.subject, f.reason, _place(f.location), f.kept)
            for f in inventory.faults
        ),
    )


_VERDICTS: dict[int, Literal["pass", "not_judged", "nothing", "bad_input"]] = {
    EXIT_OK: "pass",
    EXIT_BAD_INPUT: "bad_input",
    EXIT_NOT_JUDGED: "not_judged",
    EXIT_NOTHING: "nothing",
}

_BLOCKS_RELEASE: dict[Outcome, str] = {
    "fail": "failed",
    "error": "broke",
    "not_run": "was not judged",
    "vacuous": "checked nothing",
    "manual_due": "waits for a person",
}


def _gates(facts: Facts) -> tuple[Gate, Gate]:
    """The check that was run, and whether a release could be made of it.

    A release is stricter: what could not be judged blocks it whatever ``on_missing`` says.
    """
    code = facts.exit_code
    because = tuple(problem.message for problem in facts.problems) + tuple(
        f"{result.rule} {_BLOCKS_RELEASE[result.outcome]}"
        for result in facts.verdict.results
        if result.outcome in _BLOCKS_RELEASE and result.level == "error"
    )
    check = Gate("check", _VERDICTS.get(code, "fail"), code, because)
    blocked = tuple(problem.message for problem in facts.problems) + tuple(
        f"{result.rule} {_BLOCKS_RELEASE[result.outcome]}"
        for result in facts.verdict.results
        if result.outcome in _BLOCKS_RELEASE
        and (result.level == "error" or result.outcome in ("not_run", "error"))
    )
    if code == EXIT_OK and not blocked:
        return check, Gate("release", "pass", EXIT_OK, ())
    release = code or EXIT_NOT_JUDGED
    return check, Gate("release", _VERDICTS.get(release, "fail"), release, blocked or because)
