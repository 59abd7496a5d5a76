"""What a change of decisions means: rules by what it does to them, and what both sides judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from adhere.policy.rule import Change, Rule
from adhere.policy.strictness import RuleChange, changes, overall
from adhere.report.document import Report, ReportAdr, ReportFinding, ReportWaiver, RuleResult

What = Literal["added", "removed", "changed"]

FINDINGS = 20
"""Findings that are named for one rule, of either side."""


class Side(Struct, frozen=True):
    """One of two states of the decisions.

    Attributes:
        name: as it was asked for, ``main`` or ``working tree``.
        commit: its id, ``""`` for files as they lie there.
        rules: that are ready to be judged, by id.
        settings: keys of the configuration apart from rules, with their values as JSON.
        report: of the same evidence, judged by this side.
        problems: what is wrong with its files, as text.
    """

    name: str
    commit: str
    rules: Mapping[str, Rule]
    settings: Mapping[str, str]
    report: Report
    problems: tuple[str, ...] = ()


class Judged(Struct, frozen=True):
    """What one side makes of today's project.

    Attributes:
        outcome: of the rule.
        observed: in words.
        open: findings that count.
        waived: findings that a waiver covers.
    """

    outcome: str
    observed: str
    open: int
    waived: int


class ReviewedRule(Struct, frozen=True):
    """A rule that is not as it was, or judges otherwise though it is.

    Attributes:
        rule: full id.
        title: what people call it.
        check: its kind.
        what: ``added``, ``removed``, ``changed``, or ``judged`` for one that is as it was.
        change: what that does to it; ``None`` where it does nothing.
        changes: one by one.
        before: what the old side makes of it, ``None`` where it has no such rule.
        after: the same of the new side.
        found: messages of findings that only the new side has.
        gone: messages of findings that only the old side has.
        waivers: ids of waivers of this rule, of either side.
    """

    rule: str
    title: str
    check: str
    what: Literal["added", "removed", "changed", "judged"]
    change: Change | None
    changes: tuple[RuleChange, ...] = ()
    before: Judged | None = None
    after: Judged | None = None
    found: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    waivers: tuple[str, ...] = ()


class ReviewedDecision(Struct, frozen=True):
    """A decision that is not as it was.

    Attributes:
        id: of it.
        title: of the document.
        path: of the document.
        what: happened to it.
        before: its status, ``""`` where it is new.
        after: its status now, ``""`` where it is gone.
    """

    id: str
    title: str
    path: str
    what: What
    before: str
    after: str


class ReviewedWaiver(Struct, frozen=True):
    """A waiver that is new, gone, or in another state, or whose rule has changed.

    Attributes:
        id: of it.
        rule: that it is about.
        subject: that it is about.
        before: its state, ``""`` where it is new.
        after: its state now, ``""`` where it is gone.
        owner: who answers for it.
    """

    id: str
    rule: str
    subject: str
    before: str
    after: str
    owner: str


class ReviewedSetting(Struct, frozen=True):
    """A key of the configuration that has another value.

    Attributes:
        key: dotted.
        before: as JSON, ``""`` where it was not given.
        after: the same.
    """

    key: str
    before: str
    after: str


class Review(Struct, frozen=True, tag_field="schema", tag="adhere.review/1"):
    """A change of decisions, for who has to approve it.

    Attributes:
        base: name of the old side, and its commit.
        head: name of the new side, and its commit.
        decisions: that are not as they were.
        rules: that are not as they were, or judge otherwise; what got looser stands first.
        waivers: that this touches.
        settings: of the configuration that changed.
        before: verdict and exit code of the old side.
        after: verdict and exit code of the new side.
        problems: what is wrong with files of either side.
    """

    base: tuple[str, str]
    head: tuple[str, str]
    decisions: tuple[ReviewedDecision, ...]
    rules: tuple[ReviewedRule, ...]
    waivers: tuple[ReviewedWaiver, ...]
    settings: tuple[ReviewedSetting, ...]
    before: tuple[str, int]
    after: tuple[str, int]
    problems: tuple[str, ...] = ()

    @property
    def is_looser(self) -> bool:
        """Whether a rule asks for less, or nobody can tell."""
        return any(rule.change in ("looser", "changed") for rule in self.rules)


def review(base: Side, head: Side) -> Review:
    """Compare two sides that judged the same evidence."""
    rules = sorted(_rules(base, head), key=lambda rule: (_ORDER[rule.change], rule.rule))
    touched = {rule.rule for rule in rules if rule.what != "judged"}
    return Review(
        base=(base.name, base.commit),
        head=(head.name, head.commit),
        decisions=tuple(_decisions(base.report.adrs, head.report.adrs)),
        rules=tuple(rules),
        waivers=tuple(_waivers(base.report.waivers, head.report.waivers, touched)),
        settings=tuple(_settings(base.settings, head.settings)),
        before=_verdict(base.report),
        after=_verdict(head.report),
        problems=(
            *(f"{base.name}: {problem}" for problem in base.problems),
            *(f"{head.name}: {problem}" for problem in head.problems),
        ),
    )


_ORDER: Mapping[Change | None, int] = {"looser": 0, "changed": 1, "tighter": 2, None: 3}


def _verdict(report: Report) -> tuple[str, int]:
    gate = report.gates[0]
    return gate.verdict, gate.exit_code


def _rules(base: Side, head: Side) -> Iterator[ReviewedRule]:
    before = {result.rule: result for result in base.report.results}
    after = {result.rule: result for result in head.report.results}
    for name in sorted(base.rules.keys() | head.rules.keys()):
        old, new = base.rules.get(name), head.rules.get(name)
        found = changes(old, new) if old is not None and new is not None else ()
        was, is_ = _judged(before.get(name)), _judged(after.get(name))
        open_ = [_findings(side.report.findings, name) for side in (base, head)]
        appeared = [said for key, said in open_[1].items() if key not in open_[0]]
        vanished = [said for key, said in open_[0].items() if key not in open_[1]]
        what: Literal["added", "removed", "changed", "judged"]
        change: Change | None
        if old is None:
            what, change = "added", "tighter"
        elif new is None:
            what, change = "removed", "looser"
        elif found:
            what, change = "changed", overall(found)
        elif appeared or vanished or _outcome(was) != _outcome(is_):
            what, change = "judged", None
        else:
            continue
        rule = new or old
        assert rule is not None  # noqa: S101 - its name is of one of them
        waivers = {w.id for side in (base, head) for w in side.report.waivers if w.rule == name}
        yield ReviewedRule(
            rule=name,
            title=rule.title,
            check=rule.kind.name,
            what=what,
            change=change,
            changes=found,
            before=was,
            after=is_,
            found=tuple(appeared[:FINDINGS]),
            gone=tuple(vanished[:FINDINGS]),
            waivers=tuple(sorted(waivers)),
        )


def _outcome(judged: Judged | None) -> str:
    return judged.outcome if judged is not None else ""


def _judged(result: RuleResult | None) -> Judged | None:
    if result is None:
        return None
    return Judged(result.outcome, result.observed or result.message, result.open, result.waived)


def _findings(findings: Sequence[ReportFinding], rule: str) -> dict[str, str]:
    """What a rule finds that no waiver covers, by what stays when versions change."""
    return {
        finding.fingerprint: finding.message
        for finding in findings
        if finding.rule == rule and finding.disposition == "open"
    }


def _decisions(
    before: Sequence[ReportAdr], after: Sequence[ReportAdr]
) -> Iterator[ReviewedDecision]:
    old, new = ({adr.id: adr for adr in side} for side in (before, after))
    for name in sorted(old.keys() | new.keys()):
        was, is_ = old.get(name), new.get(name)
        adr = is_ or was
        assert adr is not None  # noqa: S101 - its id is of one of them
        what: What = "added" if was is None else "removed" if is_ is None else "changed"
        if was is not None and is_ is not None and _about(was) == _about(is_):
            continue
        yield ReviewedDecision(
            id=name,
            title=adr.title,
            path=adr.path,
            what=what,
            before=was.status if was is not None else "",
            after=is_.status if is_ is not None else "",
        )


def _about(adr: ReportAdr) -> tuple[object, ...]:
    return (adr.title, adr.status, adr.supersedes, adr.superseded_by, adr.review_by, adr.path)


def _waivers(
    before: Sequence[ReportWaiver], after: Sequence[ReportWaiver], touched: set[str]
) -> Iterator[ReviewedWaiver]:
    old, new = ({waiver.id: waiver for waiver in side} for side in (before, after))
    for name in sorted(old.keys() | new.keys()):
        was, is_ = old.get(name), new.get(name)
        waiver = is_ or was
        assert waiver is not None  # noqa: S101 - its id is of one of them
        states = (was.state if was is not None else "", is_.state if is_ is not None else "")
        if states[0] != states[1] or waiver.rule in touched:
            yield ReviewedWaiver(name, waiver.rule, waiver.subject, *states, waiver.owner)


def _settings(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[ReviewedSetting]:
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield ReviewedSetting(key, before.get(key, ""), after.get(key, ""))
