"""All decisions of a project together: who replaces whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from adhere.adr.document import Adr, number_of
from adhere.adr.reference import Reference
from adhere.adr.status import Status
from adhere.errors import Problem

_REPLACES: frozenset[Status] = frozenset({"accepted", "deprecated", "superseded"})
"""What a decision replaced stays replaced, unless nobody ever took it."""


class Register:
    """Decisions by id, and what they say of one another.

    Attributes:
        adrs: by id.
    """

    def __init__(self, adrs: Iterable[Adr]) -> None:
        self.adrs: Mapping[str, Adr] = {adr.id: adr for adr in adrs}
        self._paths = {adr.path: adr for adr in self.adrs.values()}
        self._numbers: dict[int, list[Adr]] = {}
        for adr in self.adrs.values():
            digits = number_of(adr.id) or number_of(adr.path)
            if digits:
                self._numbers.setdefault(int(digits), []).append(adr)

    def find(self, reference: Reference) -> Adr | None:
        """The decision that is meant: by id, by path, or by a number that only one has."""
        found = self.adrs.get(reference.target) or self._paths.get(reference.target)
        if found is not None:
            return found
        digits = number_of(reference.target)
        same = self._numbers.get(int(digits), []) if digits else []
        return same[0] if len(same) == 1 and "/" not in reference.target else None

    def name(self, reference: Reference) -> str:
        """What a decision is called by its id, however it was named."""
        found = self.find(reference)
        named = found.id if found is not None else reference.target
        return f"{named}#{reference.part}" if reference.part else named

    def replaced(self, adr: Adr) -> dict[str, str]:
        """Parts of a decision that another one in force replaces, with the id of that one."""
        found: dict[str, str] = {}
        for reference in adr.superseded_by:
            by = self.find(reference)
            if reference.part and by is not None and by.status in _REPLACES:
                found[reference.part] = by.id
        for other in self.adrs.values():
            for reference in other.supersedes:
                ours = reference.part and self.find(reference) is adr
                if ours and other.status in _REPLACES and other is not adr:
                    found.setdefault(reference.part, other.id)
        return found

    def problems(self) -> Iterator[Problem]:
        """What no reader can make sense of: references to nothing, and circles."""
        yield from self._dangling()
        yield from self._circles()

    def _dangling(self) -> Iterator[Problem]:
        for adr in self.adrs.values():
            for reference in (*adr.supersedes, *adr.superseded_by):
                if self.find(reference) is None:
                    yield Problem(
                        "adr-dangling",
                        f"{adr.id} names the decision `{reference}`, which is not there",
                        path=adr.path,
                        line=reference.line,
                        hint="name it by its id, or link its document",
                    )

    def _circles(self) -> Iterator[Problem]:
        """Decisions that replace one another; each circle is told once."""
        newer: dict[str, set[str]] = {name: set() for name in self.adrs}
        for adr in self.adrs.values():
            for reference in adr.superseded_by:
                if not reference.part and (by := self.find(reference)) is not None:
                    newer[adr.id].add(by.id)
            for reference in adr.supersedes:
                if not reference.part and (old := self.find(reference)) is not None:
                    newer[old.id].add(adr.id)
        told: set[str] = set()
        for start in self.adrs:
            circle = _circle(start, newer) if start not in told else []
            if circle:
                told.update(circle)
                adr = self.adrs[start]
                way = "".join(f"{name}, which is replaced by " for name in circle[1:])
                yield Problem(
                    "adr-supersession",
                    f"{start} is replaced by {way}itself",
                    path=adr.path,
                    line=next((r.line for r in (*adr.superseded_by, *adr.supersedes)), 1),
                    hint="one of them holds: take it out of the circle",
                )


def _circle(start: str, newer: Mapping[str, set[str]]) -> list[str]:
    """A way from a decision back to itself, the shortest; empty when there is none."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for name in sorted(newer[way[-1]]):
            if name == start:
                return way
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []
