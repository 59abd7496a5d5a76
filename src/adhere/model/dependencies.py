"""What each package needs, of the packages that are there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from adhere.model.assemble import dependency_edges
from adhere.model.inventory import Component, Inventory
from adhere.model.names import PackageName

Key = tuple[PackageName, str]
"""Name and version of a component."""

_Listed = Mapping[PackageName, list[Component]]


def dependencies_of_each(inventory: Inventory) -> dict[Key, tuple[str, ...]]:
    """The edges between listed components, by the name and version of the one that needs.

    An edge under an extra counts where somebody asks for that extra. A needed package is
    told by its name, and as ``name==version`` where several versions of it are listed.
    """
    listed: dict[PackageName, list[Component]] = {}
    for component in inventory.components:
        listed.setdefault(component.name, []).append(component)
    asked = _extras(inventory)
    return {
        (component.name, component.version): tuple(
            sorted(set(_needs(component, listed, asked.get(component.name, frozenset()))))
        )
        for component in inventory.components
        if any(package.requires for package in component.packages)
    }


def _extras(inventory: Inventory) -> dict[PackageName, set[str]]:
    """Every extra that somebody asks for, by its package."""
    edges = dependency_edges(inventory)
    pending = [(r.name, extra) for r in inventory.roots if not r.constraint for extra in r.extras]
    for needs in edges.values():
        pending += [
            (edge.name, extra)
            for edge in needs
            if edge.extras and not edge.extra
            for extra in edge.extras
        ]
    found: dict[PackageName, set[str]] = {}
    while pending:
        name, extra = pending.pop()
        known = found.setdefault(name, set())
        if extra not in known:
            known.add(extra)
            pending += [
                (edge.name, more)
                for edge in edges.get(name, ())
                if edge.extra == extra
                for more in edge.extras
            ]
    return found


def _needs(component: Component, listed: _Listed, extras: Collection[str]) -> Iterator[str]:
    for index, package in zip(component.seen_in, component.packages, strict=True):
        for edge in package.requires:  # most of these are under an extra
            if edge.extra and edge.extra not in extras:
                continue
            versions = listed.get(edge.name, ())
            if len(versions) == 1:
                yield edge.name
                continue
            # The source that knows the edge means the version that it lists itself.
            own = [version for version in versions if index in version.seen_in]
            for version in own or versions:
                yield f"{edge.name}=={version.version}"
