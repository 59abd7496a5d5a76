"""What each package needs, of the packages that are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from adhere.model.assemble import dependency_edges
from adhere.model.inventory import Component, Inventory
from adhere.model.names import PackageName
from adhere.model.package import Dependency

Key = tuple[PackageName, str]
"""Name and version of a component."""

_Listed = Mapping[PackageName, list[Component]]
_Extra = tuple[PackageName, str]


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
        (component.name, component.version): tuple(sorted(set(_needs(component, listed, asked))))
        for component in inventory.components
        if any(package.requires for package in component.packages)
    }


def _extras(inventory: Inventory) -> set[_Extra]:
    """Every extra of a package that somebody asks for."""
    edges = dependency_edges(inventory)
    pending = [(r.name, extra) for r in inventory.roots if not r.constraint for extra in r.extras]
    for needs in edges.values():
        pending += _asks(edge for edge in needs if edge.extras and not edge.extra)
    found: set[_Extra] = set()
    while pending:
        name, extra = asked = pending.pop()
        if asked not in found:
            found.add(asked)
            pending += _asks(edge for edge in edges.get(name, ()) if edge.extra == extra)
    return found


def _asks(edges: Iterable[Dependency]) -> Iterator[_Extra]:
    return ((edge.name, extra) for edge in edges for extra in edge.extras)


def _needs(component: Component, listed: _Listed, asked: set[_Extra]) -> Iterator[str]:
    for index, package in zip(component.seen_in, component.packages, strict=True):
        for edge in package.requires:
            versions = listed.get(edge.name)
            if versions is None or (edge.extra and (component.name, edge.extra) not in asked):
                continue
            if len(versions) == 1:
                yield edge.name
                continue
            # The source that knows the edge means the version that it lists itself.
            own = [version for version in versions if index in version.seen_in]
            for version in own or versions:
                yield f"{edge.name}=={version.version}"
