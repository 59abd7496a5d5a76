"""Readings of several sources, joined into one inventory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from adhere.model.graph import Asked, reach, way_to
from adhere.model.inventory import INSTALLED_KINDS, Component, Inventory, Reading, Source
from adhere.model.names import PackageName, canonical_name
from adhere.model.package import Dependency, Package

if TYPE_CHECKING:
    from packaging.version import Version

DEFAULT_GROUP = "runtime"
"""Group of a package that no source assigns to one: the strictest reading."""

_Seen = list[tuple[int, Package]]
"""Descriptions of one component, each with the index of its source."""


Holds = Callable[[str, Source], bool]
"""Whether a marker is true in the environment that a source describes."""


def assemble(
    readings: Sequence[Reading], first_party: Iterable[str] = (), holds: Holds | None = None
) -> Inventory:
    """Join readings: one component per name and version, with its place in the graph.

    Args:
        readings: what each source says, in the order the user gave the sources.
        first_party: patterns (``acme-*``) of names that are ours.
        holds: evaluates markers, to tell what a lock file lists for other environments
            than one that is given beside it; ``None`` to take everything as meant here.
    """
    listed: dict[PackageName, dict[str, _Seen]] = {}
    for index, reading in enumerate(readings):
        for package in reading.packages:
            versions = listed.setdefault(package.name, {})
            key = _same_version(package.version, versions)
            versions.setdefault(key, []).append((index, package))
    for versions in listed.values():
        if "" in versions and len(versions) > 1:
            _fill_in(versions)
    edges = _edges(readings)
    placing = _Placing(readings, edges, first_party, holds)
    components = tuple(
        placing.component(name, version, seen)
        for name, versions in sorted(listed.items())
        for version, seen in _sorted_versions(versions)
    )
    return Inventory(
        sources=tuple(reading.source for reading in readings),
        components=components,
        roots=tuple(
            msgspec.structs.replace(root, source=index) if index else root
            for index, reading in enumerate(readings)
            for root in reading.roots
        ),
        faults=tuple(fault for reading in readings for fault in reading.faults),
    )


def dependency_edges(inventory: Inventory) -> dict[PackageName, tuple[Dependency, ...]]:
    """Who needs whom, over all versions and sources."""
    edges: dict[PackageName, tuple[Dependency, ...]] = {}
    for component in inventory.components:
        for package in component.packages:
            if package.requires:
                edges[component.name] = edges.get(component.name, ()) + package.requires
    return edges


def asked_for(inventory: Inventory) -> tuple[tuple[PackageName, tuple[str, ...]], ...]:
    """Where paths begin: what was asked for by name, or what nothing else needs."""
    asked = tuple((root.name, root.extras) for root in inventory.roots if not root.constraint)
    named = {name for name, _ in asked}
    rest = (c.name for c in inventory.components if c.direct and c.name not in named)
    return (*asked, *((name, ()) for name in rest))


def _sorted_versions(versions: dict[str, _Seen]) -> list[tuple[str, _Seen]]:
    items = list(versions.items())
    if len(items) > 1:  # nearly no package has two, and comparing costs an import
        items.sort(key=lambda item: version_key(item[0]))
    return items


def _edges(readings: Sequence[Reading]) -> dict[PackageName, list[Dependency]]:
    edges: dict[PackageName, list[Dependency]] = {}
    for reading in readings:
        for package in reading.packages:
            if package.requires:
                edges.setdefault(package.name, []).extend(package.requires)
    return edges


def _same_version(version: str, known: Iterable[str]) -> str:
    """The spelling under which this version is already listed, or its own."""
    known = tuple(known)
    if not known or version in known:
        return version
    key = version_key(version)
    return next((spelling for spelling in known if version_key(spelling) == key), version)


def _fill_in(versions: dict[str, _Seen]) -> None:
    """Give what has no version of its own the one that the other sources agree upon.

    A lock does not tell the version of a project whose build works it out; the
    environment beside it does.
    """
    silent = {index for index, _ in versions[""]}
    told = [
        version
        for version, seen in versions.items()
        if version and silent.isdisjoint(index for index, _ in seen)
    ]
    if len(told) == 1:
        versions[told[0]] = versions.pop("") + versions[told[0]]


def version_key(version: str) -> tuple[int, Version | str]:
    """A key that sorts versions as PEP 440 does; others come first, as text."""
    from packaging.version import InvalidVersion, Version

    try:
        return (1, Version(version))
    except InvalidVersion:
        return (0, version)


class _Placing:
    """Works out for each package whether, why and for which group it is here."""

    def __init__(
        self,
        readings: Sequence[Reading],
        edges: dict[PackageName, list[Dependency]],
        first_party: Iterable[str],
        holds: Holds | None,
    ) -> None:
        self._ours = {name for reading in readings for name in reading.first_party}
        self._patterns = tuple(canonical_pattern(pattern) for pattern in first_party)
        asked: dict[str, list[tuple[PackageName, tuple[str, ...]]]] = {}
        for reading in readings:
            for root in reading.roots:
                if root.name and not root.constraint:
                    asked.setdefault(root.group, []).append((root.name, root.extras))
        self._roots = {name for requests in asked.values() for name, _ in requests}
        needed = {edge.name for needs in edges.values() for edge in needs}
        self._rest = self._roots_without_a_project(readings, needed)
        self._reached = {group: reach(edges, requests) for group, requests in asked.items()}
        every = [request for group in sorted(asked, key=_runtime_first) for request in asked[group]]
        known = reach(edges, every)
        extra = [(name, ()) for name in sorted(self._rest) if name not in known]
        self._parents = reach(edges, (*every, *extra))
        self._beyond = {name for name, _ in extra}
        self._here = _Here(readings, edges, extra, holds) if holds else None

    def _roots_without_a_project(
        self, readings: Sequence[Reading], needed: set[PackageName]
    ) -> set[PackageName]:
        """What the installer was asked for; where it left no trace, what nothing needs."""
        requested: set[PackageName] = set()
        for reading in readings:
            marked = [package.name for package in reading.packages if package.requested]
            if marked:
                requested.update(marked)
            elif not reading.roots:
                requested.update(p.name for p in reading.packages if p.name not in needed)
        return requested - self._ours

    def component(self, name: PackageName, version: str, seen: _Seen) -> Component:
        if len(seen) > 1:
            seen = sorted(seen, key=_source_index)
        packages = tuple([package for _, package in seen])
        groups = {group for package in packages for group in package.groups}
        groups.update([group for group, reached in self._reached.items() if name in reached])
        return Component(
            name=name,
            version=version,
            packages=packages,
            seen_in=tuple([index for index, _ in seen]),
            direct=name in self._roots or name in self._beyond,
            groups=tuple(sorted(groups)) if groups else (DEFAULT_GROUP,),
            first_party=name in self._ours or self._matches(name),
            path=way_to(name, self._parents),
            # What nothing is known to ask for could be meant for here as well as for anywhere.
            elsewhere=self._here is not None
            and name in self._parents
            and self._here.excludes(name, seen),
        )

    def _matches(self, name: str) -> bool:
        if not self._patterns:
            return False
        from fnmatch import fnmatchcase

        return any(fnmatchcase(name, pattern) for pattern in self._patterns)


class _Here:
    """What is meant for the environments of a run, of what its lock files list."""

    def __init__(
        self,
        readings: Sequence[Reading],
        edges: dict[PackageName, list[Dependency]],
        unasked: Iterable[Asked],
        holds: Holds,
    ) -> None:
        self._installed = {
            index for index, r in enumerate(readings) if r.source.kind in INSTALLED_KINDS
        }
        roots = [root for reading in readings for root in reading.roots if not root.constraint]
        places = [readings[index].source for index in sorted(self._installed)]
        self._holds = [_at(holds, source) for source in places if source.python]
        self._reached = [
            reach(
                edges,
                [
                    *((root.name, root.extras) for root in roots if here(root.marker)),
                    *unasked,
                ],
                here,
            )
            for here in self._holds
        ]

    def excludes(self, name: PackageName, seen: _Seen) -> bool:
        """Whether a component is locked for other environments than all of these."""
        if not self._holds or any(index in self._installed for index, _ in seen):
            return False
        return not any(
            name in reached and any(here(package.marker) for _, package in seen)
            for here, reached in zip(self._holds, self._reached, strict=True)
        )


def canonical_pattern(pattern: str) -> str:
    """A first-party pattern in the spelling of canonical names, wildcards kept."""
    return canonical_name(pattern)


def _source_index(described: tuple[int, Package]) -> int:
    return described[0]


def _runtime_first(group: str) -> tuple[int, str]:
    if group == DEFAULT_GROUP:
        return (0, group)
    return (1 if group.startswith("extra:") else 2, group)


def _at(holds: Holds, source: Source) -> Callable[[str], bool]:
    def here(marker: str) -> bool:
        return not marker or holds(marker, source)

    return here
