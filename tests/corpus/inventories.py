"""Packages and readings in few words."""

from __future__ import annotations

import re
from typing import Any

from adhere.model.inventory import Component, Inventory, Reading, Requirement, Source, SourceKind
from adhere.model.location import Location
from adhere.model.names import PackageName, canonical_name
from adhere.model.package import Dependency, Package

_NEED = re.compile(r"([\w.-]+)(?:\[([\w,-]+)\])?(?: \((\w+)\))?(?:; (.+))?")


def need(text: str) -> Dependency:
    """An edge: ``name[asked,extras] (under-this-extra); marker``."""
    match = _NEED.fullmatch(text)
    assert match is not None, text
    name, extras, extra, marker = match.groups()
    asked = tuple(extras.split(",")) if extras else ()
    return Dependency(canonical_name(name), "", asked, extra or "", marker or "")


def package(name: str, version: str = "1.0", *needs: str, **fields: Any) -> Package:
    """A package and what it needs."""
    fields.setdefault("location", Location("pylock.toml", 1))
    return Package(canonical_name(name), version, requires=tuple(map(need, needs)), **fields)


def root(text: str, **fields: Any) -> Requirement:
    """Something that a project asks for, in the words of `need`."""
    edge = need(text)
    return Requirement(
        edge.name,
        text,
        Location("pyproject.toml", 1),
        extras=edge.extras,
        marker=edge.marker,
        **fields,
    )


def reading(
    *packages: Package,
    roots: tuple[Requirement, ...] = (),
    kind: SourceKind = "pylock",
    first_party: tuple[str, ...] = (),
    **source: Any,
) -> Reading:
    """What one source says."""
    source.setdefault("path", kind)
    return Reading(
        Source(kind, digest=f"sha256:{'0' * 64}", **source),
        packages,
        roots,
        tuple(map(canonical_name, first_party)),
    )


def component(name: str, version: str = "1.0", **fields: Any) -> Component:
    """A component that one source lists."""
    packages = fields.pop("packages", (package(name, version),))
    values: dict[str, Any] = {
        "seen_in": (0,),
        "direct": True,
        "groups": ("runtime",),
        "first_party": False,
        "path": (canonical_name(name),),
        **fields,
    }
    return Component(canonical_name(name), version, packages, **values)


def inventory(*components: Component, **fields: Any) -> Inventory:
    """An inventory of one lock file."""
    source = Source("pylock", "pylock.toml", f"sha256:{'0' * 64}")
    return Inventory(fields.pop("sources", (source,)), components, **fields)


def found(given: Inventory, name: str) -> Component:
    """The only component of a name."""
    (only,) = given.named(PackageName(name))
    return only
