"""What templates see: rows of text, numbers and lists, worded once for every format.

The view is a documented shape: templates of users hold on to its names. Words that come
from outside are plain text here; whoever renders them escapes them.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from adhere.report.document import (
    License,
    Place,
    Report,
    ReportFinding,
    ReportNote,
    ReportPackage,
    ReportWaiver,
    RuleResult,
)
from adhere.report.leniency import leniencies
from adhere.report.summary import OUTCOME_WORDS, count, headline, rank, verdict_word

VERSION = 1
"""Of this shape; a template may check it."""

MAX_ROWS = 400
"""Packages that a page lists; the rest is in the CSV file beside it."""

_ICONS = {
    "pass": "✔",
    "manual_ok": "✔",
    "fail": "✖",
    "error": "✖",
    "vacuous": "✖",
    "manual_due": "✖",
    "warn": "▲",
    "waived": "◆",
    "not_run": "?",
    "not_applicable": "-",
}
_TONES = {
    "pass": "good",
    "manual_ok": "good",
    "fail": "bad",
    "error": "bad",
    "vacuous": "bad",
    "manual_due": "bad",
    "warn": "doubt",
    "waived": "doubt",
    "not_run": "doubt",
    "not_applicable": "calm",
}
_LEVEL_WORDS = {"error": "error", "warn": "warning", "report": "note"}
_LEVEL_ICONS = {"error": "✖", "warn": "▲", "report": "•"}
_LEVEL_TONES = {"error": "bad", "warn": "doubt", "report": "calm"}
_STATE_TONES = {
    "concluded": "good",
    "clarified": "good",
    "ambiguous": "doubt",
    "conflicting": "bad",
    "unknown": "doubt",
}
_WAIVER_TONES = {
    "active": "calm",
    "expiring": "doubt",
    "expired": "bad",
    "unused": "doubt",
    "lapsed": "bad",
}


class State(Struct, frozen=True):
    """A state as icon, word and tone; the tone is ``good``, ``doubt``, ``bad`` or ``calm``."""

    icon: str
    word: str
    tone: str


class RuleRow(Struct, frozen=True):
    """One rule."""

    id: str
    anchor: str
    title: str
    check: str
    state: State
    level: str
    observed: str
    expected: str
    message: str
    why: str
    decision: str
    place: str
    on_missing: str
    builtin: bool
    not_judged: tuple[tuple[str, str], ...]
    not_judged_more: int


class NoteRow(Struct, frozen=True):
    """One labelled line of a finding."""

    label: str
    text: str
    mark: str
    remark: str
    place: str


class FindingRow(Struct, frozen=True):
    """One finding."""

    code: str
    state: State
    message: str
    rule: str
    rule_anchor: str
    place: str
    what: str
    notes: tuple[NoteRow, ...]
    fix: str
    waiver: str
    counts: bool


class EvidenceRow(Struct, frozen=True):
    """One piece of license evidence."""

    source: str
    says: str
    standing: str
    confidence: str
    raw: str
    note: str


class PackageRow(Struct, frozen=True):
    """One package."""

    name: str
    version: str
    direct: str
    groups: str
    license: str
    state: State
    why: str
    origin: str
    path: str
    summary: str
    link: str
    place: str
    remarks: tuple[str, ...]
    evidence: tuple[EvidenceRow, ...]


class LicenseGroup(Struct, frozen=True):
    """All packages under one expression."""

    expression: str
    anchor: str
    category: str
    count: str
    packages: tuple[PackageRow, ...]


class WaiverRow(Struct, frozen=True):
    """One waiver or clarification."""

    id: str
    kind: str
    state: State
    subject: str
    rule: str
    reason: str
    note: str
    owner: str
    approved_by: str
    ticket: str
    created: str
    expires: str
    left: str
    covers: int
    place: str


class GateRow(Struct, frozen=True):
    """One gate."""

    id: str
    state: State
    because: tuple[str, ...]


class Fact(Struct, frozen=True):
    """A name and its value."""

    name: str
    value: str


class ReportView(Struct, frozen=True):
    """Everything a page may show."""

    version: int
    name: str
    headline: str
    verdict: str
    state: State
    today: str
    commit: str
    tool: str
    stale: tuple[str, ...]
    leniencies: tuple[str, ...]
    problems: tuple[Fact, ...]
    gates: tuple[GateRow, ...]
    rules: tuple[RuleRow, ...]
    findings: tuple[FindingRow, ...]
    set_aside: tuple[FindingRow, ...]
    waivers: tuple[WaiverRow, ...]
    packages: tuple[PackageRow, ...]
    packages_total: int
    packages_more: int
    open_licenses: tuple[PackageRow, ...]
    license_groups: tuple[LicenseGroup, ...]
    faults: tuple[Fact, ...]
    totals: tuple[Fact, ...]
    evidence_had: tuple[Fact, ...]
    evidence_missing: tuple[Fact, ...]
    inputs: tuple[tuple[str, str, str, str], ...]
    run: tuple[Fact, ...]
    outcomes: tuple[State, ...]
    digest: str


def make_view(report: Report, *, digest: str = "", stale: Iterable[str] = ()) -> ReportView:
    """Word a report.

    Args:
        report: the canonical report.
        digest: of its bytes, for a reader who wants to be sure which one a page shows.
        stale: inputs that changed since, as clauses.
    """
    rows = [_package(package) for package in _by_interest(report)]
    gate = report.gates[0]
    user = [result for result in report.results if not result.builtin or _speaks(result)]
    findings = [_finding(finding) for finding in _worst_first(report.findings)]
    return ReportView(
        version=VERSION,
        name=report.subject.name,
        headline=headline(report),
        verdict=verdict_word(report),
        state=_gate_state(gate.verdict),
        today=report.subject.today.isoformat(),
        commit=_commit(report),
        tool=f"{report.tool.name} {report.tool.version}",
        stale=tuple(stale),
        leniencies=leniencies(report),
        problems=tuple(
            Fact(place(problem.location), problem.message) for problem in report.problems
        ),
        gates=tuple(GateRow(g.id, _gate_state(g.verdict), g.because) for g in report.gates),
        rules=tuple(_rule(result) for result in sorted(user, key=rank)),
        findings=tuple(row for row in findings if row.counts),
        set_aside=tuple(row for row in findings if not row.counts),
        waivers=tuple(_waiver(waiver) for waiver in report.waivers),
        packages=tuple(rows[:MAX_ROWS]),
        packages_total=len(rows),
        packages_more=max(0, len(rows) - MAX_ROWS),
        open_licenses=tuple(row for row in rows if row.state.tone in ("doubt", "bad")),
        license_groups=_groups(rows),
        faults=tuple(
            Fact(fault.subject, f"{fault.reason} ({place(fault.location)})")
            for fault in report.completeness.faults
        ),
        totals=_totals(report),
        evidence_had=tuple(
            Fact(_kind_words(kind), count(number, "package"))
            for kind, number in report.completeness.evidence.items()
        ),
        evidence_missing=tuple(
            Fact(kind, reason) for kind, reason in report.completeness.missing.items()
        ),
        inputs=tuple(
            (i.path, i.kind, i.digest, "; ".join(i.remarks)) for i in report.subject.inputs
        ),
        run=_run(report),
        outcomes=tuple(State(_ICONS[o], OUTCOME_WORDS[o], _TONES[o]) for o in OUTCOME_WORDS),
        digest=digest,
    )


def place(where: Place | None) -> str:
    """``path:line``, ``""`` for nowhere."""
    if where is None:
        return ""
    return f"{where.path}:{where.line}" if where.line else where.path


def anchor(prefix: str, name: str) -> str:
    """An anchor that stays the same from run to run."""
    words = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
    return f"{prefix}-{words}"


def _gate_state(verdict: str) -> State:
    outcome = {"pass": "pass", "fail": "fail", "bad_input": "error"}.get(verdict, "not_run")
    words = {
        "pass": "pass",
        "fail": "fail",
        "not_judged": "not judged",
        "nothing": "nothing judged",
        "bad_input": "input wrong",
    }
    return State(_ICONS[outcome], words[verdict], _TONES[outcome])


def _speaks(result: RuleResult) -> bool:
    """A rule of ours is shown among the user's when it has something to say."""
    return result.outcome not in ("pass", "not_applicable", "vacuous")


def _worst_first(findings: Iterable[ReportFinding]) -> list[ReportFinding]:
    order = {"error": 0, "warn": 1, "report": 2}
    return sorted(findings, key=lambda f: (order[f.level], f.rule, f.subject, f.version))


def _rule(result: RuleResult) -> RuleRow:
    outcome = result.outcome
    decision = f"{result.adr} {result.section}".strip()
    shown = tuple((entry.subject, entry.reason) for entry in result.not_judged[:20])
    return RuleRow(
        id=result.rule,
        anchor=anchor("rule", result.rule),
        title=result.title,
        check=result.check,
        state=State(_ICONS[outcome], OUTCOME_WORDS[outcome], _TONES[outcome]),
        level=_LEVEL_WORDS[result.level],
        observed=result.observed,
        expected=result.expected,
        message=result.message,
        why=result.why,
        decision=decision,
        place=place(result.locations[0]) if result.locations else "",
        on_missing=result.on_missing,
        builtin=result.builtin,
        not_judged=shown,
        not_judged_more=len(result.not_judged) - len(shown),
    )


def _finding(finding: ReportFinding) -> FindingRow:
    counts = finding.disposition == "open"
    level = finding.level
    state = State(_LEVEL_ICONS[level], _LEVEL_WORDS[level], _LEVEL_TONES[level])
    if not counts:
        state = State("◆", finding.disposition, "calm")
    return FindingRow(
        code=finding.code,
        state=state,
        message=finding.message,
        rule=finding.rule,
        rule_anchor=anchor("rule", finding.rule),
        place=place(finding.location),
        what=finding.place,
        notes=tuple(_note(note) for note in finding.notes),
        fix=finding.fix,
        waiver=finding.waiver,
        counts=counts,
    )


def _note(note: ReportNote) -> NoteRow:
    return NoteRow(note.label, note.text, note.mark, note.remark, place(note.location))


def _by_interest(report: Report) -> list[ReportPackage]:
    """Packages that need a reader first, then direct ones, then by name; ours last."""
    order = {"conflicting": 0, "unknown": 1, "ambiguous": 2, "clarified": 3, "concluded": 3}
    return sorted(
        report.packages,
        key=lambda p: (p.first_party, p.elsewhere, order[p.license.state], not p.direct, p.name),
    )


def license_words(license_: License) -> str:
    """The expression, or what may be meant."""
    if license_.expression:
        return license_.expression
    return " / ".join(license_.candidates) or "unknown"


def _package(package: ReportPackage) -> PackageRow:
    license_ = package.license
    origin = package.origin
    return PackageRow(
        name=package.name,
        version=package.version,
        direct=_how(package),
        groups=", ".join(package.groups),
        license=license_words(license_),
        state=_license_state(package),
        why=license_.why,
        origin=f"{origin.kind} {origin.url}".strip(),
        path=" → ".join(package.paths[0]) if package.paths else "",
        summary=package.summary,
        link=_link(package),
        place=place(package.seen_in[0]),
        remarks=package.remarks,
        evidence=tuple(
            EvidenceRow(
                source=f"{_kind_words(claim.kind)}, {claim.document}".rstrip(", "),
                says=claim.expression or " / ".join(claim.candidates) or "nothing",
                standing=claim.standing,
                confidence=f"{claim.confidence:.2f}" if claim.confidence else "",
                raw=claim.raw,
                note=claim.note,
            )
            for claim in license_.evidence
        ),
    )


def _license_state(package: ReportPackage) -> State:
    state = package.license.state
    if package.elsewhere:
        return State("-", "not judged here", "calm")
    icon = "✔" if state in ("concluded", "clarified") else "?"
    return State(icon, state, "good" if package.first_party else _STATE_TONES[state])


def _how(package: ReportPackage) -> str:
    if package.first_party:
        return "ours"
    if package.elsewhere:
        return "other environments"
    return "direct" if package.direct else "transitive"


_LINK_LABELS = ("homepage", "home", "source", "repository", "source code", "documentation")


def _link(package: ReportPackage) -> str:
    """A web address from the package's own metadata; any other scheme is left out."""
    links = {label.lower(): address for label, address in reversed(package.links)}
    for label in (*_LINK_LABELS, *links):
        address = links.get(label, "")
        if address.startswith(("https://", "http://")) and " " not in address:
            return address
    return ""


_KINDS = {
    "clarification": "clarification",
    "license-expression": "License-Expression",
    "license-field": "License field",
    "classifiers": "classifiers",
    "license-text": "license text",
    "sbom": "SBOM",
    "index": "index metadata",
    "curated": "curated fact",
}


def _kind_words(kind: str) -> str:
    return _KINDS.get(kind, kind)


def _groups(rows: list[PackageRow]) -> tuple[LicenseGroup, ...]:
    from adhere.licenses.expression import ExpressionError, category, leaves, parse

    by_license: dict[str, list[PackageRow]] = {}
    for row in rows:
        if row.state.tone == "good":
            by_license.setdefault(row.license, []).append(row)
    found: list[LicenseGroup] = []
    for expression, members in by_license.items():
        try:
            names = {category(leaf) or "without category" for leaf in leaves(parse(expression))}
        except ExpressionError:
            names = set()
        found.append(
            LicenseGroup(
                expression=expression,
                anchor=anchor("license", expression),
                category=", ".join(sorted(names)),
                count=count(len(members), "package"),
                packages=tuple(sorted(members, key=lambda row: row.name)),
            )
        )
    return tuple(sorted(found, key=lambda group: (-len(group.packages), group.expression)))


def _waiver(waiver: ReportWaiver) -> WaiverRow:
    days = waiver.days_left
    left = (
        "no end" if days is None else f"{count(abs(days), 'day')} {'ago' if days < 0 else 'left'}"
    )
    icon = {"good": "✔", "calm": "◆", "doubt": "▲", "bad": "✖"}[_WAIVER_TONES[waiver.state]]
    return WaiverRow(
        id=waiver.id,
        kind=waiver.kind,
        state=State(icon, waiver.state, _WAIVER_TONES[waiver.state]),
        subject=waiver.subject,
        rule=waiver.rule,
        reason=waiver.reason,
        note=waiver.note,
        owner=waiver.owner,
        approved_by=waiver.approved_by,
        ticket=waiver.ticket,
        created=waiver.created.isoformat(),
        expires=waiver.expires.isoformat() if waiver.expires else "",
        left=left,
        covers=waiver.covers,
        place=place(waiver.location),
    )


def _totals(report: Report) -> tuple[Fact, ...]:
    done = report.completeness
    direct = sum(package.direct and not package.first_party for package in report.packages)
    facts = [
        Fact("Packages", str(done.packages)),
        Fact("Direct", str(direct)),
        Fact("Ours, not judged", str(done.first_party)),
    ]
    if done.elsewhere:
        facts.append(Fact("For other environments", str(done.elsewhere)))
    if done.out_of_scope:
        facts.append(Fact("Out of scope", str(done.out_of_scope)))
    facts += [Fact(f"License {state}", str(number)) for state, number in done.licenses.items()]
    facts.append(Fact("Could not be read", str(sum(not fault.kept for fault in done.faults))))
    return tuple(facts)


def _commit(report: Report) -> str:
    subject = report.subject
    if not subject.commit:
        return "no version control"
    return subject.commit[:12] + (" with local changes" if subject.dirty else "")


def _run(report: Report) -> tuple[Fact, ...]:
    run = report.run
    facts = [
        Fact("Started", run.started),
        Fact("Python", f"{run.python} on {run.platform}"),
        Fact("Offline", "yes" if run.offline else "no"),
        Fact("Peak memory", f"{run.peak_memory / 1e6:.0f} MB"),
    ]
    facts += [
        Fact(f"Time, {name}", f"{spent * 1000:.0f} ms") for name, spent in run.seconds.items()
    ]
    facts += [Fact(name.replace(".", ", "), str(number)) for name, number in run.counts.items()]
    return tuple(facts)
