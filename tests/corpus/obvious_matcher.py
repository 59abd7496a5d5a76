"""Which advisories a version has, slowly and obviously: to compare with. Shares no code.

A version is as the newest event that is not above it says; it is compared as a specifier
would compare it, so that a build (``1.0+cu118``) counts as what it is a build of.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

WELL_FORMED = re.compile(r"[\w.:-]+")
"""Ids; the data has an alias with a comma at its end."""

Records = list[dict[str, Any]]


def read_records(path: Path) -> Records:
    """Every record of a snapshot."""
    with zipfile.ZipFile(path) as archive:
        return [json.loads(archive.read(name)) for name in archive.namelist()]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def parsed(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


@cache
def public(installed: Version) -> Version:
    return Version(installed.public)


@cache
def bounds(texts: tuple[str, ...]) -> set[Version]:
    return {found for text in texts if (found := parsed(text))}


def against(installed: Version, bound: Version) -> Version:
    return installed if bound.local else public(installed)


def touched(affected: dict[str, Any], text: str) -> bool | None:
    """Whether a version is meant; ``None`` where that cannot be said."""
    installed, unsure = parsed(text), False
    listed = affected.get("versions", ())
    same = {installed, public(installed)} if installed else set()
    if text in listed or same & bounds(tuple(listed)):
        return True
    ranges = [r for r in affected.get("ranges", ()) if r["type"] == "ECOSYSTEM"]
    if not ranges and not affected.get("versions"):
        return None
    if installed is None:
        return None
    for range_ in ranges:
        answer = in_range(range_["events"], installed)
        if answer:
            return True
        unsure = unsure or answer is None
    return None if unsure else False


def in_range(events: list[dict[str, str]], installed: Version) -> bool | None:
    newest: tuple[tuple[int, Version, int], bool] | None = None
    limits: list[bool] = []
    for index, event in enumerate(events):
        ((kind, text),) = event.items()
        if kind == "limit" and text == "*":
            limits.append(True)
            continue
        first = kind == "introduced" and text == "0"
        bound = Version("0") if first else parsed(text)
        if bound is None:
            return None
        mine = against(installed, bound)
        if kind == "limit":
            limits.append(mine < bound)
            continue
        passed = first or (mine > bound if kind == "last_affected" else mine >= bound)
        order = (0 if first else 1, bound, index)
        if passed and (newest is None or order >= newest[0]):
            newest = (order, kind == "introduced")
    return newest is not None and newest[1] and (not limits or any(limits))


def closures(records: Records) -> dict[str, frozenset[str]]:
    """All ids of a flaw, by each of them: walked from one to the next until none is new."""
    beside: dict[str, set[str]] = {}
    for record in records:
        for alias in filter(WELL_FORMED.fullmatch, record.get("aliases") or ()):
            beside.setdefault(record["id"], set()).add(alias)
            beside.setdefault(alias, set()).add(record["id"])
    found = {}
    for start in {record["id"] for record in records}:
        seen, todo = {start}, [start]
        while todo:
            todo = [other for one in todo for other in beside.get(one, ()) if other not in seen]
            seen.update(todo)
        found[start] = frozenset(seen)
    return found


class ObviousMatcher:
    """Every record is looked at for every question."""

    def __init__(self, records: Iterable[dict[str, Any]]) -> None:
        self.records = [record for record in records if not record.get("withdrawn")]
        self.closures = closures(self.records)
        self.parts = [
            (canonical(part["package"]["name"]), record["id"], part)
            for record in self.records
            for part in record.get("affected") or ()
            if part["package"]["ecosystem"].partition(":")[0] == "PyPI"
        ]
        self.by_name: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for name, id_, part in self.parts:
            self.by_name.setdefault(name, []).append((id_, part))

    def flaws(self, name: str, version: str) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
        """Flaws for sure, and those of which it cannot be said."""
        sure: set[frozenset[str]] = set()
        unsure: set[frozenset[str]] = set()
        for id_, part in self.by_name.get(name, ()):
            answer = touched(part, version)
            if answer or answer is None:
                (sure if answer else unsure).add(self.closures[id_])
        return sure, unsure - sure

    def pins(self) -> Iterator[tuple[str, str]]:
        """For every record the versions at each of its boundaries, and one beside it.

        Which one changes from record to record, so that all are among thousands.
        """
        for turn, (name, _, part) in enumerate(self.parts):
            found = [
                text
                for range_ in part.get("ranges", ())
                if range_["type"] == "ECOSYSTEM"
                for event in range_["events"]
                for text in event.values()
            ]
            listed = part.get("versions") or []
            for text in dict.fromkeys([*found, *listed[:1], *listed[-1:]]):
                near = around(text)
                yield name, text
                yield name, near[turn % len(near)]


def around(text: str) -> list[str]:
    """A version, and those just before and after it."""
    bound = parsed(text)
    if bound is None:
        return [text]
    base = bound.base_version
    head, _, last = base.rpartition(".")
    numbers = {int(last) + 1, max(0, int(last) - 1)} if last.isdigit() else set()
    moved = [f"{head}.{number}" if head else str(number) for number in sorted(numbers)]
    made = [f"{base}{suffix}" for suffix in (".dev0", "a1", "rc1", "", ".post1", ".1", "+cpu.1")]
    public = [f"{bound.public}+cpu.1"] if bound.local is None else [bound.public]
    return list(dict.fromkeys([text, *made, *moved, *public]))
