"""Dependency groups (PEP 735): which requirements each of them comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from adhere.model.names import canonical_name, is_valid_name
from adhere.sources.entry import shown, sort_of
from adhere.spans.text import KeyPath

MAX_REQUIREMENTS = 100_000
"""Requirements that all groups together may come to; includes multiply them."""

_BASE = "dependency-groups"


class GroupLine(NamedTuple):
    """A requirement that a group comes to.

    Attributes:
        group: canonical name of the group that asks.
        key: of the group that holds the line, as written.
        position: of the line in that group.
        text: the requirement.
    """

    group: str
    key: str
    position: int
    text: str


def expand_groups(
    table: dict[str, Any], refuse: Callable[[KeyPath, str], None]
) -> Iterator[GroupLine]:
    """Every requirement of every group, those of included groups with them.

    Args:
        table: what ``[dependency-groups]`` holds.
        refuse: told of groups that are wrong: bad names, bad types, includes of unknown
            groups, groups that include one another in a ring.
    """
    groups = _Groups(table, refuse)
    count = 0
    for name in groups.keys_by_name:
        for key, index, text in groups.lines(name):
            count += 1
            if count > MAX_REQUIREMENTS:
                refuse((_BASE,), f"its groups come to more than {MAX_REQUIREMENTS} requirements")
                return
            yield GroupLine(name, key, index, text)


class _Groups:
    def __init__(self, table: dict[str, Any], refuse: Callable[[KeyPath, str], None]) -> None:
        self.table = table
        self.refuse = refuse
        self.keys_by_name: dict[str, str] = {}
        for key in table:
            name = str(canonical_name(key))
            if not is_valid_name(key):
                refuse((_BASE, key), f"{shown(key)} is not a valid group name")
            elif name in self.keys_by_name:
                refuse((_BASE, key), f"the group `{name}` stands above under another spelling")
            else:
                self.keys_by_name[name] = key
        self.own: dict[str, list[tuple[int, str]]] = {}
        self.includes: dict[str, list[tuple[int, str]]] = {}
        for name, key in self.keys_by_name.items():
            self._split(name, key)
        self._break_rings()

    def _split(self, name: str, key: str) -> None:
        """Lines and includes of one group."""
        own, includes = self.own.setdefault(name, []), self.includes.setdefault(name, [])
        entries = self.table[key]
        if not isinstance(entries, list):
            self.refuse((_BASE, key), f"it is {sort_of(entries)}, not an array")
            return
        for index, entry in enumerate(entries):
            at = (_BASE, key, index)
            if isinstance(entry, str):
                own.append((index, entry))
            elif not isinstance(entry, dict) or set(entry) != {"include-group"}:
                self.refuse(at, 'write a requirement, or { include-group = "name" }')
            elif not isinstance(entry["include-group"], str):
                self.refuse(at, "the name of an included group is a string")
            elif (other := str(canonical_name(entry["include-group"]))) in self.keys_by_name:
                includes.append((index, other))
            else:
                self.refuse(at, f"there is no group {shown(entry['include-group'])}")

    def _break_rings(self) -> None:
        """Name every ring of includes once, and leave out the include that closes it."""
        done: set[str] = set()
        for start in self.keys_by_name:
            way: list[str] = []
            pending = [iter((start,))]
            while pending:
                name = next(pending[-1], None)
                if name is None:
                    pending.pop()
                    if way:
                        done.add(way.pop())
                    continue
                if name in done:
                    continue
                way.append(name)
                kept = []
                for index, other in self.includes[name]:
                    if other in way:
                        ring = " -> ".join([*way[way.index(other) :], other])
                        at = (_BASE, self.keys_by_name[name], index)
                        self.refuse(at, f"groups include one another: {ring}")
                    else:
                        kept.append((index, other))
                self.includes[name] = kept
                pending.append(iter([other for _, other in kept]))

    def lines(self, name: str) -> Iterator[tuple[str, int, str]]:
        """The lines of a group and of all it includes, each included group once."""
        seen = {name}
        stack = [name]
        while stack:
            current = stack.pop()
            for index, text in self.own[current]:
                yield self.keys_by_name[current], index, text
            for _, other in reversed(self.includes[current]):
                if other not in seen:
                    seen.add(other)
                    stack.append(other)
