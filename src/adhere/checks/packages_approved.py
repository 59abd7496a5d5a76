"""``packages.approved``: what comes in was approved, or comes with what was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from adhere.checks.lock_matches import INSTALLERS
from adhere.checks.wording import decision_note, path_note, place, plural, unreadable
from adhere.model.assemble import asked_for, dependency_edges
from adhere.model.finding import Finding, Judgement, Note
from adhere.model.graph import reach
from adhere.model.inventory import Component, Inventory
from adhere.model.names import PackageName, canonical_name
from adhere.model.need import Facts, InventoryNeed, Need
from adhere.policy.rule import Code, Kind, ParamProblem, Rule
from adhere.policy.scope import judged
from adhere.policy.waiver import Subject, parse_package


class Approval(Struct, frozen=True):
    """One approved package.

    Attributes:
        package: ``name`` or ``name@specifier``.
        reason: why it was approved.
        category: what it is for.
    """

    package: str
    reason: str = ""
    category: str = ""


class Params(Struct, frozen=True):
    """Parameters of ``packages.approved``.

    Attributes:
        allow: approved packages.
        transitive: ``through-approved`` accepts what an approved package needs; ``listed``
            wants every package in the list.
        unused: what an approval that matches no package means.
        ignore: what an environment is made with; fine there as long as nothing needs it.
    """

    allow: tuple[Approval | str, ...]
    transitive: Literal["through-approved", "listed"] = "through-approved"
    unused: Literal["warn", "report", "allow"] = "report"
    ignore: tuple[str, ...] = INSTALLERS


NOT_APPROVED = Code("package-not-approved", "A direct dependency that nobody approved")
NOT_REACHED = Code("package-not-reached", "A transitive dependency of nothing that is approved")
UNUSED = Code("approval-unused", "An approval that matches no package")


def validate(params: Params) -> Iterator[ParamProblem]:
    """Specifiers that are none; names that no package has."""
    for index, approval in enumerate(params.allow):
        try:
            parse_package(_text(approval))
        except ValueError as error:
            yield (("allow", index), str(error), "")


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Judge direct dependencies by the list, the others by who brings them."""
    inventory = facts.inventory
    subjects = [parse_package(_text(approval)) for approval in params.allow]
    used: set[int] = set()
    approved: set[tuple[PackageName, str]] = set()
    components = list(_judged(rule, params, inventory))
    for component in components:
        hits = {i for i, subject in enumerate(subjects) if _covers(subject, component)}
        used |= hits
        if hits:
            approved.add((component.name, component.version))
    reached = _reached(inventory, {name for name, _ in approved})
    listed = {subject.name for subject in subjects}
    findings: list[Finding] = []
    for component in components:
        if (component.name, component.version) in approved:
            continue
        # Who stands in the list stands there with the versions that were approved.
        by_list = component.direct or component.name in listed
        if by_list or params.transitive == "listed":
            findings.append(_not_approved(rule, facts, component, subjects))
        elif component.name not in reached:
            findings.append(_not_reached(rule, facts, component))
    if params.unused != "allow":
        findings.extend(_unused(rule, params, subjects, used))
    bad = sum(finding.code != UNUSED.id for finding in findings)
    return Judgement(
        findings=tuple(findings),
        judged=len(components),
        unjudged=tuple(unreadable(facts)),
        observed=f"{len(components) - bad} of {plural(len(components), 'package')} covered",
        expected=f"all covered by {plural(len(subjects), 'approval')}",
    )


def _judged(rule: Rule, params: Params, inventory: Inventory) -> Iterator[Component]:
    """Every package but what an environment is made with, where nobody asks for that."""
    ignored = {canonical_name(name) for name in params.ignore}
    # Whoever is here may need them, with the extras that were asked for and no others.
    start: list[tuple[PackageName, tuple[str, ...]]] = [
        *((c.name, ()) for c in inventory.components if c.name not in ignored),
        *((root.name, root.extras) for root in inventory.roots if not root.constraint),
    ]
    wanted = reach(dependency_edges(inventory), start)
    for component in judged(rule, inventory):
        if component.name not in ignored or component.name in wanted:
            yield component


def _reached(
    inventory: Inventory, approved: Iterable[PackageName]
) -> dict[PackageName, PackageName | None]:
    """Everything that approved packages bring, with the extras that are asked of them."""
    extras: dict[PackageName, tuple[str, ...]] = {}
    for name, asked in asked_for(inventory):
        extras[name] = (*extras.get(name, ()), *asked)
    start = [(name, extras.get(name, ())) for name in sorted(approved)]
    return reach(dependency_edges(inventory), start)


def _text(approval: Approval | str) -> str:
    return approval if isinstance(approval, str) else approval.package


def _covers(subject: Subject, component: Component) -> bool:
    return subject.covers(component.name, component.version)


def _not_approved(
    rule: Rule, facts: Facts, component: Component, subjects: list[Subject]
) -> Finding:
    """A version outside of its approval is told from a package that has none."""
    asked = "is asked for" if component.direct else "comes in"
    package = f"{component.name} {component.version}"
    for index, subject in enumerate(subjects):
        if subject.name == component.name:
            message = f"{package} {asked}, and `{subject.text}` is what was approved"
            fix = "have this version approved, or install one that is"
            return _finding(rule, facts, component, NOT_APPROVED, message, fix, index)
    message = f"{package} {asked} and is not an approved package"
    fix = "have it approved and add it to `allow`, or replace it"
    return _finding(rule, facts, component, NOT_APPROVED, message, fix)


def _not_reached(rule: Rule, facts: Facts, component: Component) -> Finding:
    return _finding(
        rule,
        facts,
        component,
        NOT_REACHED,
        f"{component.name} {component.version} is needed by no approved package",
        "approve what brings it, or remove what brings it",
    )


def _finding(
    rule: Rule,
    facts: Facts,
    component: Component,
    code: Code,
    message: str,
    fix: str,
    approval: int | None = None,
) -> Finding:
    listed = Note("approved", "it is not in the list", location=rule.place("with", "allow"))
    if approval is not None:
        text = _text(rule.params.allow[approval])
        listed = Note("approved", text, location=rule.place("with", "allow", approval))
    return Finding(
        rule=rule.id,
        code=code.id,
        message=message,
        subject=component.name,
        version=component.version,
        location=component.location,
        place=place(component, facts.inventory),
        notes=(
            listed,
            path_note(component, facts.inventory),
            decision_note(rule),
        ),
        fix=fix,
        groups=component.groups,
    )


def _unused(
    rule: Rule, params: Params, subjects: list[Subject], used: set[int]
) -> Iterator[Finding]:
    for index, subject in enumerate(subjects):
        if index not in used:
            yield Finding(
                rule=rule.id,
                code=UNUSED.id,
                message=f"`{subject.text}` is approved, but covers no package that is here",
                subject=subject.text,
                level="warn" if params.unused == "warn" else "report",
                location=rule.place("with", "allow", index),
                place="approved here",
                notes=(decision_note(rule),),
                fix="remove the approval",
            )


def needs(_params: Params) -> tuple[Need, ...]:
    """The inventory."""
    return (InventoryNeed(),)


KIND = Kind(
    name="packages.approved",
    summary="what comes in was approved, or comes with what was",
    params=Params,
    codes=(NOT_APPROVED, NOT_REACHED, UNUSED),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={
        "allow": "smaller",
        "transitive": ("listed", "through-approved"),
        "unused": ("warn", "report", "allow"),
        "ignore": "smaller",
    },
)
