"""``licenses.unchanged`` against the release before: what an index says of it.

Metadata is compared with metadata: of the release before there are no license texts, and what
the texts of this one add would look like a change.
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase

from adhere.checks.wording import plural, unreadable
from adhere.licenses.choose import conclude
from adhere.licenses.expression import And, Expression, Or, parse
from adhere.model.claim import Claim, ClaimKind, Conclusion
from adhere.model.finding import Finding, Judgement, Unjudged
from adhere.model.inventory import Component
from adhere.model.names import canonical_name
from adhere.model.need import BaselineLicense, Facts, Licenses, LicensesNeed, PreviousNeed
from adhere.model.project import Previous
from adhere.policy.rule import Rule
from adhere.policy.scope import judged

METADATA: frozenset[ClaimKind] = frozenset(
    {"license-expression", "license-field", "classifiers", "index"}
)
"""Evidence that an author wrote into the metadata of a version."""

Change = Callable[[Component, BaselineLicense, BaselineLicense], Finding]


def judge_releases(rule: Rule, need: PreviousNeed, facts: Facts, changed: Change) -> Judgement:
    """Compare every package that came from an index with the release before it.

    Args:
        rule: with its groups.
        need: which packages indexes were asked about.
        facts: with the answer.
        changed: words a change, from the license then and the license now.
    """
    answers = facts.require(need)
    findings: list[Finding] = []
    unjudged = list(unreadable(facts))
    compared = 0
    patterns = [canonical_name(pattern) for pattern in need.names]
    for component in judged(rule, facts.inventory, elsewhere=False):
        if need.direct and not component.direct:
            continue
        if patterns and not any(fnmatchcase(component.name, p) for p in patterns):
            continue
        if any(p.origin.kind not in ("index", "unknown") for p in component.packages):
            continue  # no index has a release before it
        answer = answers.get((component.name, component.version))
        if not isinstance(answer, Previous):
            reason = answer.reason if answer is not None else "nobody asked the index for it"
            unjudged.append(Unjudged(component.name, reason, component.version))
            continue
        change = _change(component, answer, facts)
        if isinstance(change, str):
            unjudged.append(Unjudged(component.name, change, component.version))
            continue
        compared += 1
        if change is not None:
            findings.append(changed(component, *change))
    return Judgement(
        findings=tuple(findings),
        judged=compared,
        unjudged=tuple(unjudged),
        observed=f"{len(findings)} of {plural(compared, 'package')} changed",
        expected="the licenses of the releases before",
    )


def _change(
    component: Component, before: Previous, facts: Facts
) -> tuple[BaselineLicense, BaselineLicense] | str | None:
    """License then and now where they differ, or why nobody knows."""
    if before.declared is None:
        return None
    licenses: Licenses = facts.require(LicensesNeed())
    then = _said(conclude(component.name, before.version, before.declared, ()))
    now = _said(licenses[component.name, component.version])
    old, new = (
        next((claim.expression for claim in said if claim.expression), "") for said in (then, now)
    )
    if old and new:
        if _form(parse(old)) == _form(parse(new)):
            return None
        return _of(before.version, old), _of(component.version, new)
    if then and {claim.raw for claim in then} == {claim.raw for claim in now}:
        return None
    which = component.version if old else f"{before.version}, the release before,"
    return f"the metadata of {which} leaves its license open"


def _said(conclusion: Conclusion) -> list[Claim]:
    """What metadata says, the strongest first."""
    return [claim for claim in conclusion.claims if claim.kind in METADATA]


def _form(expression: Expression) -> object:
    """An expression without the order of its parts."""
    if isinstance(expression, (And, Or)):
        return type(expression), frozenset(map(_form, expression.parts))
    return expression


def _of(version: str, expression: str) -> BaselineLicense:
    return BaselineLicense(version, expression, "concluded", ())
