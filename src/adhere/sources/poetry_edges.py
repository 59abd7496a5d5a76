"""Edges and markers of a ``poetry.lock``, in Poetry's own notation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from adhere.markers import MarkerError, by_extra, either, parse, without_choices
from adhere.model.names import PackageName, canonical_name
from adhere.model.package import Dependency
from adhere.sources.entry import EntryError, decode, package_name, shown
from adhere.sources.poetry_constraint import to_specifier
from adhere.sources.requirement_line import canonical_extras

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


class _Need(Struct, frozen=True):
    version: str = "*"
    optional: bool = False
    markers: str = ""
    extras: tuple[str, ...] = ()
    python: str = ""


def edges(
    table: Mapping[str, Any], extras: Mapping[str, tuple[str, ...]], remarks: list[str]
) -> tuple[Dependency, ...]:
    """What a package needs.

    Args:
        table: ``[package.dependencies]``: a constraint, a table, or a list of tables each.
        extras: ``[package.extras]``: for each extra of the package what it installs.
        remarks: gets what cannot be read in full.

    Raises:
        EntryError: a name or a type is wrong.
    """
    installed_by: dict[PackageName, list[str]] = {}
    for extra, lines in extras.items():
        for line in lines:
            if match := _NAME.match(line):
                key = str(canonical_name(extra))
                installed_by.setdefault(canonical_name(match[1]), []).append(key)
    found: list[Dependency] = []
    for name, value in table.items():
        for one in value if isinstance(value, list) else [value]:
            need = _Need(one) if isinstance(one, str) else decode(one, _Need)
            canonical = package_name(name)
            found += _edge(canonical, need, installed_by.get(canonical, []), remarks)
    return tuple(dict.fromkeys(found))


def _edge(
    name: PackageName, need: _Need, extras: list[str], remarks: list[str]
) -> Iterator[Dependency]:
    try:
        specifier = to_specifier(need.version)
    except EntryError as error:
        remarks.append(f"what it needs of {name} cannot be read in full: {error}")
        specifier = ""
    try:
        under = by_extra(need.markers) if need.markers else (("", ""),)
    except MarkerError:
        remarks.append(f"it needs {name} where {shown(need.markers)}, which cannot be read")
        under = (("", ""),)
    if need.optional and extras and all(not extra for extra, _ in under):
        under = tuple((extra, marker) for extra in extras for _, marker in under)
    wanted = canonical_extras(need.extras)
    for extra, marker in under:
        yield Dependency(name, specifier, wanted, extra, marker)


def place_marker(markers: str | dict[str, str], remarks: list[str]) -> str:
    """Where a package is to be installed at all, without what is said of extras.

    Args:
        markers: one marker, or one for each group.
        remarks: gets one that cannot be read.
    """
    texts = [markers] if isinstance(markers, str) else list(markers.values())
    for text in texts:
        try:
            if text:
                parse(text)
        except MarkerError as error:
            remarks.append(f"its marker {shown(text)} cannot be read: {error}")
            return ""
    return either(without_choices(text) if "extra" in text else text for text in texts)
