"""``packages.denied``: nothing that was ruled out is present."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from adhere.checks.wording import decision_note, path_note, place, plural, unreadable
from adhere.model.assemble import dependency_edges, version_key
from adhere.model.finding import Finding, Judgement, Note, Unjudged
from adhere.model.inventory import Component
from adhere.model.names import PackageName, canonical_name
from adhere.model.need import Facts, InventoryNeed, Need
from adhere.policy.rule import Code, Kind, ParamProblem, Rule
from adhere.policy.scope import judged
from adhere.policy.waiver import Subject, parse_package


class Denial(Struct, frozen=True):
    """One package that was ruled out.

    Attributes:
        package: ``name`` or ``name@specifier``.
        reason: why.
        use_instead: what to use in its place.
        wrappers: packages that may bring it in; it is fine where all who need it are
            wrappers and nobody asks for it directly.
    """

    package: str
    reason: str = ""
    use_instead: str = ""
    wrappers: tuple[str, ...] = ()


class Params(Struct, frozen=True):
    """Parameters of ``packages.denied``.

    Attributes:
        deny: what was ruled out.
    """

    deny: tuple[Denial | str, ...]


DENIED = Code("package-denied", "A package that was ruled out")


def validate(params: Params) -> Iterator[ParamProblem]:
    """Specifiers that are none; names that no package has; an empty list."""
    for index, denial in enumerate(params.deny):
        try:
            parse_package(_full(denial).package)
        except ValueError as error:
            yield (("deny", index), str(error), "")
    if not params.deny:
        yield (("deny",), "nothing is denied, so nothing would be checked", "")


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Look every package up in the list."""
    inventory = facts.inventory
    denials = [(parse_package(_full(d).package), _full(d)) for d in params.deny]
    needed_by = _needed_by(facts)
    findings: list[Finding] = []
    unjudged = list(unreadable(facts))
    count = 0
    for component in judged(rule, inventory, first_party=True):
        found = _against(component, denials, needed_by)
        if found is not None:
            findings.append(_finding(rule, facts, component, found, denials[found][1]))
        elif any(_unclear(subject, component) for subject, _ in denials):
            reason = "its version cannot be compared with the versions that were denied"
            unjudged.append(Unjudged(component.name, reason, component.version))
            continue
        count += 1
    return Judgement(
        findings=tuple(findings),
        judged=count,
        unjudged=tuple(unjudged),
        observed=f"{len(findings)} denied among {plural(count, 'package')}",
        expected=f"none of {plural(len(denials), 'denied package')}",
    )


def _against(
    component: Component,
    denials: list[tuple[Subject, Denial]],
    needed_by: dict[PackageName, set[PackageName]],
) -> int | None:
    """The first denial that a package is here against, ``None`` for none."""
    for index, (subject, denial) in enumerate(denials):
        covered = subject.covers(component.name, component.version)
        if covered and not _wrapped(component, denial, needed_by):
            return index
    return None


def _unclear(subject: Subject, component: Component) -> bool:
    """Whether some versions of a package are denied, and there is no telling if this one is."""
    if subject.name != component.name or not subject.specifier:
        return False
    comparable = version_key(component.version)[0] == 1
    return not comparable and not subject.covers(component.name, component.version)


def _full(denial: Denial | str) -> Denial:
    return Denial(denial) if isinstance(denial, str) else denial


def _needed_by(facts: Facts) -> dict[PackageName, set[PackageName]]:
    found: dict[PackageName, set[PackageName]] = {}
    for name, edges in dependency_edges(facts.inventory).items():
        for edge in edges:
            if edge.name != name:  # its own extras bring nobody in
                found.setdefault(edge.name, set()).add(name)
    return found


def _wrapped(
    component: Component, denial: Denial, needed_by: dict[PackageName, set[PackageName]]
) -> bool:
    wrappers = {canonical_name(wrapper) for wrapper in denial.wrappers}
    parents = needed_by.get(component.name, set())
    return bool(wrappers) and not component.direct and bool(parents) and parents <= wrappers


def _finding(rule: Rule, facts: Facts, component: Component, index: int, denial: Denial) -> Finding:
    notes = [
        Note(
            "denied",
            denial.package,
            location=rule.place("with", "deny", index),
            mark=denial.package,
            remark=denial.reason or "denied here",
        ),
        path_note(component, facts.inventory),
        decision_note(rule),
    ]
    if denial.wrappers:
        notes.insert(1, Note("wrappers", f"fine only through {', '.join(denial.wrappers)}"))
    instead = denial.use_instead
    return Finding(
        rule=rule.id,
        code=DENIED.id,
        message=f"{component.name} {component.version} was ruled out"
        + (f": {denial.reason}" if denial.reason else ""),
        subject=component.name,
        version=component.version,
        detail=denial.package,
        location=component.location,
        place=place(component, facts.inventory),
        notes=tuple(notes),
        fix=f"use {instead} instead" if instead else "remove what brings it in",
        groups=component.groups,
    )


def needs(_params: Params) -> tuple[Need, ...]:
    """The inventory."""
    return (InventoryNeed(),)


KIND = Kind(
    name="packages.denied",
    summary="nothing that was ruled out is present",
    params=Params,
    codes=(DENIED,),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={"deny": "larger"},
)
