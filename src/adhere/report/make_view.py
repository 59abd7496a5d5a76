"""From the canonical report to what templates see."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import UTC, datetime, time

from adhere.model.runs import Ledger
from adhere.report.checklist import checklist
from adhere.report.decisions import adr_rows
from adhere.report.disclosure import withheld_words
from adhere.report.document import NOT_SOURCES, Completeness, Report, RuleResult
from adhere.report.escape import shorten
from adhere.report.flaws import MAX_FLAWS, flaw_rows
from adhere.report.history import group_rows, history_rows, worse_rows
from adhere.report.leniency import leniencies
from adhere.report.metrics import metric_rows
from adhere.report.packages import (
    by_interest,
    choice_rows,
    kind_words,
    license_groups,
    package_row,
)
from adhere.report.past import Past, changes_since, missing_of, release_rows
from adhere.report.rows import (
    Anchors,
    finding_rows,
    gate_state,
    outcome_state,
    place,
    rule_row,
    waiver_row,
)
from adhere.report.summary import (
    OUTCOME_WORDS,
    count,
    headline,
    rank,
    speaks,
    verdict_word,
)
from adhere.report.view import VERSION, Fact, GateRow, ReportView

MAX_ROWS = 400
"""Packages that a page lists; the rest is in the CSV file beside it."""
MAX_OPEN = 60
"""Packages without a concluded license whose evidence a page lists."""
MAX_CHOICES = 200
"""Licenses taken of several that a page lists."""

NO_PAST = Past()


def make_view(
    report: Report,
    *,
    digest: str = "",
    stale: Iterable[str] = (),
    ledger: Ledger | None = None,
    past: Past = NO_PAST,
) -> ReportView:
    """Word a report.

    Args:
        report: the canonical report.
        digest: of its bytes, for a reader who wants to be sure which one a page shows.
        stale: inputs that changed since, as clauses.
        ledger: runs that the project has committed.
        past: what came before it.
    """
    stale = tuple(stale)
    groups = group_rows(ledger.runs) if ledger is not None else ()
    anchors = Anchors("rule")
    results = sorted(report.results, key=rank)
    rules = tuple(rule_row(result, anchors) for result in results if _shown(result))
    counting = [finding for finding in report.findings if finding.disposition == "open"]
    others = [finding for finding in report.findings if finding.disposition != "open"]
    findings, findings_more = finding_rows(counting, anchors)
    set_aside, set_aside_more = finding_rows(others, anchors)
    packages = by_interest(report.packages)
    choices = choice_rows(report.results)
    done = report.completeness
    open_ = [
        package
        for package in packages
        if package.license.state not in ("concluded", "clarified")
        and not (package.first_party or package.elsewhere)
    ]
    flaws = flaw_rows(report.packages, report.subject.today)
    return ReportView(
        version=VERSION,
        name=report.subject.name,
        headline=headline(report),
        verdict=verdict_word(report),
        state=gate_state(report.gates[0], report),
        today=report.subject.today.isoformat(),
        commit=report.subject.commit[:12],
        dirty=bool(report.subject.dirty),
        reproduce=_reproduce(report),
        tool=f"{report.tool.name} {report.tool.version}",
        stale=stale,
        leniencies=leniencies(report),
        problems=tuple(
            Fact(place(problem.location), f"{problem.message}{_hint(problem.hint)}")
            for problem in report.problems
        ),
        gates=tuple(GateRow(g.id, gate_state(g, report), g.because) for g in report.gates),
        rules=rules,
        findings=findings,
        findings_more=findings_more,
        set_aside=set_aside,
        set_aside_more=set_aside_more,
        adrs=adr_rows(report, anchors),
        waivers=tuple(waiver_row(waiver) for waiver in report.waivers),
        metrics=metric_rows(report, anchors),
        packages=tuple(package_row(package) for package in packages[:MAX_ROWS]),
        packages_total=len(packages),
        packages_more=max(0, len(packages) - MAX_ROWS),
        flaws=flaws[:MAX_FLAWS],
        flaws_more=max(0, len(flaws) - MAX_FLAWS),
        flaws_withheld=withheld_words(done.withheld),
        open_licenses=tuple(package_row(package) for package in open_[:MAX_OPEN]),
        open_licenses_more=max(0, len(open_) - MAX_OPEN),
        license_groups=license_groups(p for p in packages if not p.elsewhere),
        choices=tuple(choices[:MAX_CHOICES]),
        choices_more=max(0, len(choices) - MAX_CHOICES),
        faults=_faults(done),
        totals=_totals(report),
        evidence_had=tuple(
            Fact(kind_words(kind), count(number, "package"))
            for kind, number in done.evidence.items()
        ),
        evidence_missing=tuple(Fact(kind, reason) for kind, reason in done.missing.items()),
        inputs=tuple(
            (i.path, i.kind, i.digest, "; ".join(i.remarks)) for i in report.subject.inputs
        ),
        run=_run(report),
        worse=worse_rows(groups),
        run_groups=groups,
        runs=history_rows(ledger.runs) if ledger is not None else (),
        runs_total=len(ledger.runs.rows) if ledger is not None else 0,
        runs_damaged=ledger.damaged if ledger is not None else 0,
        outcomes=tuple(outcome_state(outcome) for outcome in OUTCOME_WORDS),
        digest=digest,
        changes=tuple(changes_since(past, report)),
        changes_missing=tuple(missing_of(past)),
        checklist=checklist(report, stale),
        releases=release_rows(past),
    )


def _shown(result: RuleResult) -> bool:
    """A rule of ours is shown among the user's when it has something to say."""
    return not result.builtin or speaks(result)


def _hint(hint: str) -> str:
    return f"; {hint}" if hint else ""


def _faults(done: Completeness) -> tuple[Fact, ...]:
    return tuple(
        Fact(shorten(fault.subject, 100), f"{shorten(fault.reason, 400)} ({place(fault.location)})")
        for fault in done.faults
    )


_WORST_STATES = ("conflicting", "unknown", "ambiguous", "clarified", "concluded")


def _totals(report: Report) -> tuple[Fact, ...]:
    done = report.completeness
    direct = sum(package.direct and not package.first_party for package in report.packages)
    facts = [Fact("Packages", str(done.packages)), Fact("Direct", str(direct))]
    unread = sum(not fault.kept for fault in done.faults)
    if unread:
        facts.append(Fact("Could not be read", str(unread)))
    facts += [
        Fact(f"License {state}", str(done.licenses[state]))
        for state in _WORST_STATES
        if done.licenses.get(state)
    ]
    if done.first_party:
        facts.append(Fact("Ours, not judged by license", str(done.first_party)))
    if done.elsewhere:
        facts.append(Fact("For other environments", str(done.elsewhere)))
    if done.out_of_scope:
        facts.append(Fact("Out of scope", str(done.out_of_scope)))
    return tuple(facts)


def _reproduce(report: Report) -> tuple[str, ...]:
    """Commands that judge the same inputs on the same day."""
    subject = report.subject
    lines = [f"git checkout {subject.commit}"] if subject.commit else []
    midnight = datetime.combine(subject.today, time(), UTC)
    sources = [entry.path for entry in subject.inputs if entry.kind not in NOT_SOURCES]
    groups = [word for group in subject.scope for word in ("--group", group)]
    command = shlex.join(["adhere", "check", *groups, *dict.fromkeys(sources)])
    lines.append(f"SOURCE_DATE_EPOCH={int(midnight.timestamp())} {command}")
    return tuple(lines)


def _run(report: Report) -> tuple[Fact, ...]:
    run = report.run
    facts = [
        Fact("Started", run.started),
        Fact("Python", f"{run.python} on {run.platform}"),
        Fact("Offline", "yes" if run.offline else "no"),
        Fact("Peak memory", f"{run.peak_memory / 1e6:.0f} MB"),
    ]
    facts += [
        Fact(f"Memory, {name}", f"{size / 1e6:.0f} MB") for name, size in run.sampled_memory.items()
    ]
    facts += [Fact("Index", f"{one.index}, by {one.chosen_by}") for one in run.indexes]
    facts += [Fact("Trouble", trouble) for trouble in run.trouble]
    facts += [
        Fact(f"Time, {name}", f"{spent * 1000:.0f} ms") for name, spent in run.seconds.items()
    ]
    facts += [Fact(name.replace(".", ", "), str(number)) for name, number in run.counts.items()]
    return tuple(facts)
