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
                if edge.extras or (edge.name, "") not in seen:
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


MAX_STEPS = 100_000
"""Partial paths that are looked at; circles can be laid so that most of them lead nowhere."""


def all_ways(
    edges: Edges, start: Iterable[Asked], target: PackageName
) -> Iterator[tuple[PackageName, ...]]:
    """Every path without a repeated package from ``start`` to ``target``, shortest first.

    Their number grows exponentially with the graph: take as many as you need. Each costs
    about its length, because paths are searched backwards from the target, the one that
    can still become the shortest first.
    """
    from heapq import heappop, heappush

    needs: dict[PackageName, dict[PackageName, None]] = {}
    needed_by: dict[PackageName, dict[PackageName, None]] = {}
    roots: dict[PackageName, None] = {}
    for parent, name in _follow(edges, start, _always):
        if parent is None:
            roots[name] = None
        else:
            needs.setdefault(parent, {})[name] = None
            needed_by.setdefault(name, {})[parent] = None
    distance = _distances(needs, roots)
    heap: list[tuple[int, int, tuple[PackageName, ...]]] = []
    if target in distance:
        heap.append((distance[target], 0, (target,)))
    for _ in range(MAX_STEPS):
        if not heap:
            return
        _, _, path = heappop(heap)
        if path[0] in roots:
            yield path
        for parent in needed_by.get(path[0], ()):
            if parent not in path:
                heappush(heap, (len(path) + distance[parent], -len(path), (parent, *path)))


def _distances(
    needs: Mapping[PackageName, Iterable[PackageName]], roots: Iterable[PackageName]
) -> dict[PackageName, int]:
    """Number of edges on a shortest path from any root."""
    found = dict.fromkeys(roots, 0)
    queue = deque(found)
    while queue:
        parent = queue.popleft()
        for name in needs.get(parent, ()):
            if name not in found:
                found[name] = found[parent] + 1
                queue.append(name)
    return found
