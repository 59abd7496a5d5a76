"""Who needs whom: reachability and paths over dependency edges."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping

from adhere.model.names import PackageName
from adhere.model.package import Dependency

Edges = Mapping[PackageName, Iterable[Dependency]]
Asked = tuple[PackageName, tuple[str, ...]]
"""A package and the extras that are asked of it."""

_Node = tuple[PackageName, str]
"""A package together with one of its extras; ``""`` for the package itself."""


def _always(_marker: str) -> bool:
    return True


def _follow(
    edges: Edges, start: Iterable[Asked], holds: Callable[[str], bool]
) -> Iterator[tuple[PackageName | None, PackageName]]:
    """Every edge that is in force, from what was asked for on, breadth first.

    An edge under an extra is in force only when somebody on the way asks for that extra.
    What was asked for by name comes with ``None`` for its parent.
    """
    seen: set[_Node] = set()
    queue: deque[_Node] = deque()

    def enter(name: PackageName, extras: Iterable[str]) -> None:
        for extra in ("", *extras):
            if (name, extra) not in seen:
                seen.add((name, extra))
                queue.append((name, extra))

    for name, extras in start:
        yield None, name
        enter(name, extras)
    while queue:
        name, extra = queue.popleft()
        for edge in edges.get(name, ()):
            if edge.extra == extra and (not edge.marker or holds(edge.marker)):
                yield name, edge.name
                enter(edge.name, edge.extras)


def reach(
    edges: Edges,
    start: Iterable[Asked],
    holds: Callable[[str], bool] = _always,
) -> dict[PackageName, PackageName | None]:
    """Everything that ``start`` needs, each with the package it was first reached from.

    Following the values back gives a shortest path.

    Args:
        edges: for each package what it needs.
        start: where to begin.
        holds: whether a marker is true; called for non-empty markers only.
    """
    parents: dict[PackageName, PackageName | None] = {}
    for parent, name in _follow(edges, start, holds):
        parents.setdefault(name, parent)
    return parents


def way_to(
    name: PackageName, parents: Mapping[PackageName, PackageName | None]
) -> tuple[PackageName, ...]:
    """The path that `reach` found to ``name``, ``name`` last; empty when it found none."""
    if name not in parents:
        return ()
    path = [name]
    while (parent := parents[path[-1]]) is not None:
        path.append(parent)
    return tuple(reversed(path))


def all_ways(
    edges: Edges, start: Iterable[Asked], target: PackageName
) -> Iterator[tuple[PackageName, ...]]:
    """Every path without a repeated package from ``start`` to ``target``, shortest first.

    Their number grows exponentially with the graph: take as many as you need. Paths
    are searched backwards from the target, so only packages that lead there are visited.
    """
    needed_by: dict[PackageName, dict[PackageName, None]] = {}
    roots: set[PackageName] = set()
    for parent, name in _follow(edges, start, _always):
        if parent is None:
            roots.add(name)
        else:
            needed_by.setdefault(name, {})[parent] = None
    known = target in roots or target in needed_by
    queue: deque[tuple[PackageName, ...]] = deque([(target,)] if known else [])
    while queue:
        path = queue.popleft()
        if path[0] in roots:
            yield path
        for parent in sorted(needed_by.get(path[0], ())):
            if parent not in path:
                queue.append((parent, *path))
