"""What is known of one package."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from adhere.app.request import Checked
from adhere.errors import Problem, UsageError
from adhere.model.assemble import asked_for, dependency_edges
from adhere.model.graph import all_ways
from adhere.model.names import PackageName, canonical_name
from adhere.policy.decode import nearest
from adhere.report.why import RuleWord, WhyPackage

MAX_PATHS = 32
"""Ways that are listed; their number grows exponentially with the graph."""


def explain_package(checked: Checked, name: str) -> WhyPackage:
    """Every way by which a package is here, its evidence, its rules.

    Args:
        checked: a run over the project.
        name: of the package, in any spelling.

    Raises:
        UsageError: no source has such a package.
    """
    wanted = canonical_name(name)
    report = checked.report
    packages = tuple(package for package in report.packages if package.name == wanted)
    if not packages:
        names = [package.name for package in report.packages]
        hint = nearest(wanted, names) or f"{len(names)} packages were found, none of that name"
        raise UsageError(Problem("usage", f"there is no package `{wanted}`", hint=hint))
    found = list(islice(_paths(checked, wanted), MAX_PATHS + 1))
    judging = [
        RuleWord(result.rule, result.outcome, result.title)
        for result in report.results
        if result.check.startswith(("licenses.", "packages.", "sources.", "lock."))
    ]
    return WhyPackage(
        package=packages,
        paths=tuple(found[:MAX_PATHS]),
        more_paths=len(found) > MAX_PATHS,
        needed_by=_needed_by(checked, wanted, found),
        rules=tuple(judging),
        findings=tuple(f for f in report.findings if f.subject == wanted),
    )


def _needed_by(
    checked: Checked, wanted: PackageName, found: list[tuple[str, ...]]
) -> tuple[str, ...]:
    """Whoever comes right before the package in any way, listed or not."""
    names = {path[-2] for path in found if len(path) > 1}
    if len(found) <= MAX_PATHS:
        return tuple(sorted(names))
    edges = dependency_edges(checked.inventory)
    asked = asked_for(checked.inventory)
    for name in {n for n, needs in edges.items() if any(d.name == wanted for d in needs)} - names:
        # Only its own need of the package is left: a way that still leads there is its.
        alone = {
            other: needs if other == name else tuple(d for d in needs if d.name != wanted)
            for other, needs in edges.items()
        }
        if any(len(way) > 1 for way in islice(all_ways(alone, asked, wanted), 2)):
            names.add(name)
    return tuple(sorted(names))


def _paths(checked: Checked, wanted: PackageName) -> Iterator[tuple[str, ...]]:
    inventory = checked.inventory
    askers = {root.name: root.by for root in reversed(inventory.roots)}
    for path in all_ways(dependency_edges(inventory), asked_for(inventory), wanted):
        asker = askers.get(path[0], "")
        yield (asker, *path) if asker else path
