"""``licenses.unchanged``: no package changed its license since an earlier report or release."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from adhere.checks.licenses_allowed import Treatment, texts_digest
from adhere.checks.wording import decision_note, path_note, place, plural, unreadable
from adhere.model.finding import Finding, Judgement, Level, Missing, Note, Unjudged
from adhere.model.inventory import Component
from adhere.model.need import (
    Baseline,
    BaselineLicense,
    BaselineNeed,
    CannotJudge,
    Facts,
    InventoryNeed,
    Licenses,
    LicensesNeed,
    Need,
    PreviousNeed,
)
from adhere.policy.rule import Code, Kind, ParamProblem, Rule
from adhere.policy.scope import judged

LAST_RUN = ".adhere/report.json"
PREVIOUS = "previous-release"
_LEVEL: dict[Treatment, Level] = {"deny": "error", "warn": "warn"}


class Params(Struct, frozen=True):
    """Parameters of ``licenses.unchanged``.

    Attributes:
        against: the earlier report; by default that of the last run. ``previous-release``
            stands for what an index says of the release before each one at hand.
        texts: license texts changed while the expression stayed; only against a report.
        only: names or patterns of packages that are judged against their release before;
            empty for all.
        direct: judge so only what the project asks for by name.
    """

    against: str = LAST_RUN
    texts: Treatment = "warn"
    only: tuple[str, ...] = ()
    direct: bool = False


CHANGED = Code("license-changed", "A package is under another license than before")
TEXT_CHANGED = Code("license-text-changed", "License texts changed while the expression stayed")

_FIX = "read the new license; if it is fine, make this run's report the new baseline"
_FIX_RELEASE = "read the new license; if it is fine, waive it for this version"
_FIX_LAST = "read the new license; if it is fine, waive it until the next run has seen it"


_FIXES = {LAST_RUN: _FIX_LAST, PREVIOUS: _FIX_RELEASE}
_FIRST = "the next run has one; where none is left behind, keep a report and name it with `against`"


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Compare every package that both have, whatever its version then and now."""
    if params.against == PREVIOUS:
        from adhere.checks.license_releases import judge_releases

        def changed(about: Component, old: BaselineLicense, new: BaselineLicense) -> Finding:
            message = _change(about, old, new)
            return _finding(rule, facts, about, CHANGED, message, "error", _words(new))

        return judge_releases(rule, need_of(params), facts, changed)
    found = facts.get(BaselineNeed(params.against))
    if isinstance(found, Missing) and params.against == LAST_RUN:
        raise CannotJudge(Missing("there is no earlier run to compare with", _FIRST))
    baseline: Baseline = facts.require(BaselineNeed(params.against))
    licenses: Licenses = facts.require(LicensesNeed())
    findings: list[Finding] = []
    unjudged = list(unreadable(facts))
    compared = 0
    for component in judged(rule, facts.inventory, elsewhere=False):
        before = baseline.licenses.get(component.name)
        if not before:
            continue
        conclusion = licenses[component.name, component.version]
        known = any(old.expression for old in before) and not conclusion.missing
        if conclusion.state == "unknown" and not conclusion.claims and not known:
            # Nothing is no license to compare; that one was lost has to be seen, though.
            reason = "; ".join(conclusion.missing) or "there is no license evidence"
            unjudged.append(Unjudged(component.name, reason, component.version))
            continue
        compared += 1
        now = BaselineLicense(
            component.version,
            conclusion.expression,
            conclusion.state,
            tuple(sorted(file.digest for file in component.license_files)),
        )
        changes = list(_changes(rule, params, facts, component, before, now))
        if not changes and params.against == LAST_RUN:
            changes = list(_still_open(rule, params, facts, component, baseline, now))
        findings.extend(changes)
    return Judgement(
        findings=tuple(findings),
        judged=compared,
        unjudged=tuple(unjudged),
        observed=f"{len(findings)} of {plural(compared, 'package')} changed",
        expected=f"the licenses of {baseline.path}",
    )


def _changes(
    rule: Rule,
    params: Params,
    facts: Facts,
    component: Component,
    before: tuple[BaselineLicense, ...],
    now: BaselineLicense,
) -> Iterator[Finding]:
    same_license = [old for old in before if old.expression == now.expression]
    if not same_license:
        old = before[-1]
        message = _change(component, old, now)
        yield _finding(rule, facts, component, CHANGED, message, "error", _words(now))
    elif params.texts != "allow" and now.texts and all(o.texts != now.texts for o in same_license):
        old = same_license[-1]
        if not old.texts:
            return
        since = f"between {old.version} and {now.version}"
        if old.version == now.version:
            since = f"within version {now.version}"
        message = (
            f"the license texts of {component.name} changed {since}; "
            f"it is still under {_words(now)}"
        )
        level = _LEVEL[params.texts]
        yield _finding(rule, facts, component, TEXT_CHANGED, message, level, " ".join(now.texts))


def _still_open(
    rule: Rule,
    params: Params,
    facts: Facts,
    component: Component,
    baseline: Baseline,
    now: BaselineLicense,
) -> Iterator[Finding]:
    """A change that the last run reported as an error and that nobody accepted since.

    That run left a report with the new license in it; to run twice is no consent.
    """
    words = f"{component.name} changed its license to {_words(now)} before the last run"
    found = [_finding(rule, facts, component, CHANGED, words, "error", _words(now))]
    if params.texts == "deny":
        words = f"the license texts of {component.name} changed before the last run"
        detail = " ".join(now.texts)
        found.append(_finding(rule, facts, component, TEXT_CHANGED, words, "error", detail))
    yield from (finding for finding in found if finding.fingerprint in baseline.fingerprints)


def _change(component: Component, old: BaselineLicense, now: BaselineLicense) -> str:
    return (
        f"{component.name} changed its license from {_words(old)} ({old.version}) "
        f"to {_words(now)} ({now.version})"
    )


def _words(license_: BaselineLicense) -> str:
    """The expression, or what kept one from being concluded."""
    if license_.expression:
        return license_.expression
    article = "an" if license_.state[0] in "aeiou" else "a"
    return f"{article} {license_.state} license"


def _finding(
    rule: Rule,
    facts: Facts,
    component: Component,
    code: Code,
    message: str,
    level: Level,
    detail: str,
) -> Finding:
    inventory = facts.inventory
    return Finding(
        rule=rule.id,
        code=code.id,
        message=message,
        subject=component.name,
        version=component.version,
        detail=detail,
        level=level,
        location=component.location,
        place=place(component, inventory),
        notes=(
            Note("against", str(rule.params.against), location=rule.place("with", "against")),
            path_note(component, inventory),
            decision_note(rule),
        ),
        fix=_FIXES.get(rule.params.against, _FIX),
        groups=component.groups,
        digest=texts_digest(component),
    )


def validate(params: Params) -> Iterator[ParamProblem]:
    """A choice of packages where there is none to make."""
    if params.against != PREVIOUS:
        for name in ("only", "direct"):
            if getattr(params, name):
                hint = f'say `against = "{PREVIOUS}"`, or leave it out'
                yield ((name,), f"`{name}` chooses packages to ask an index about", hint)


def need_of(params: Params) -> PreviousNeed:
    """What is asked of indexes."""
    return PreviousNeed(params.only, params.direct)


def needs(params: Params) -> tuple[Need, ...]:
    """Inventory, licenses, and what they are compared with."""
    before = need_of(params) if params.against == PREVIOUS else BaselineNeed(params.against)
    return (InventoryNeed(), LicensesNeed(), before)


KIND = Kind(
    name="licenses.unchanged",
    summary="no package changed its license since an earlier report, or the release before",
    params=Params,
    validate=validate,
    codes=(CHANGED, TEXT_CHANGED),
    needs=needs,
    judge=judge,
    stricter={"texts": ("deny", "warn", "allow"), "only": "wider", "direct": "smaller"},
)
