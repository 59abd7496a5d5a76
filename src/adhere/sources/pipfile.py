"""``Pipfile``: what a Pipenv project asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from adhere.errors import Problem
from adhere.markers.tree import VARIABLES, MarkerError, parse
from adhere.model.inventory import Requirement
from adhere.model.names import PackageName, canonical_name
from adhere.model.package import Origin
from adhere.sources.addresses import vcs_origin, without_credentials
from adhere.sources.entry import EntryError, decode, package_name, shown, sort_of
from adhere.sources.pyproject import ProjectFile
from adhere.sources.requirement_line import FROM_INDEX, canonical_extras
from adhere.sources.toml_file import TomlFile, read_toml
from adhere.spans.text import KeyPath

_SETTINGS = frozenset({"source", "requires", "scripts", "pipenv", "pipfile", "build-system"})
_GROUPS = {"packages": "runtime", "dev-packages": "dev", "default": "runtime", "develop": "dev"}


class Wish(Struct, frozen=True):
    """A dependency's table, in a ``Pipfile`` and in its lock alike."""

    version: str = "*"
    extras: tuple[str, ...] = ()
    markers: str = ""
    index: str = ""
    git: str = ""
    hg: str = ""
    svn: str = ""
    bzr: str = ""
    ref: str = ""
    subdirectory: str = ""
    path: str = ""
    file: str = ""
    editable: bool = False
    hashes: tuple[str, ...] = ()

    @property
    def marker(self) -> str:
        """The marker, checked.

        Raises:
            EntryError: it is none.
        """
        try:
            if self.markers:
                parse(self.markers)
        except MarkerError as error:
            raise EntryError(f"its marker {shown(self.markers)} cannot be read: {error}") from None
        return self.markers

    def origin(self, index: str = "") -> Origin:
        """Where it comes from.

        Args:
            index: address of the index, for what comes from one.
        """
        for vcs in ("git", "hg", "svn", "bzr"):
            if address := getattr(self, vcs):
                below = self.subdirectory
                return vcs_origin(address, reference=self.ref, subdirectory=below, vcs=vcs)
        place = self.path or self.file
        if place:
            if "://" in place and not place.lower().startswith("file:"):
                return Origin("url", without_credentials(place), subdirectory=self.subdirectory)
            return Origin("editable" if self.editable else "path", place)
        return Origin("index", index) if index else FROM_INDEX


def read_wish(value: object) -> Wish:
    """A dependency's value: a version, or a table.

    Marker variables that stand as keys of their own are put into ``markers``.

    Raises:
        EntryError: a key has the wrong type.
    """
    if isinstance(value, str):
        return Wish(value)
    if not isinstance(value, dict):
        raise EntryError(f"it is {sort_of(value)}, neither a version nor a table")
    parts = [f"{key} {value[key]}" for key in value if key in VARIABLES]
    if parts:
        if isinstance(markers := value.get("markers"), str) and markers:
            parts.insert(0, f"({markers})")
        value = {**value, "markers": " and ".join(parts)}
    return decode(value, Wish)


def group_of(category: str) -> str:
    """The dependency group that a category of packages is."""
    return _GROUPS.get(category, str(canonical_name(category)))


def project(path: Path, label: str) -> ProjectFile:
    """Every requirement of a ``Pipfile``; it does not tell the project's name.

    Raises:
        SourceError: the file as a whole cannot be read.
    """
    file = read_toml(path, label)
    problems: list[Problem] = []
    found = tuple(_every(file, problems))
    return ProjectFile(PackageName(""), "", (), found, tuple(problems))


def _every(file: TomlFile, problems: list[Problem]) -> Iterator[Requirement]:
    for category, table in file.value.items():
        if category in _SETTINGS:
            continue
        if not isinstance(table, dict):
            message = f"`{category}` is {sort_of(table)}, not a table of packages"
            problems.append(file.problem(message, (category,)))
            continue
        for name, value in table.items():
            at: KeyPath = (category, name)
            try:
                yield _requirement(name, value, category, file, at)
            except EntryError as error:
                problems.append(file.problem(f"`{name}`: {error}", at))


def _requirement(name: str, value: Any, category: str, file: TomlFile, at: KeyPath) -> Requirement:
    wish = read_wish(value)
    specifier = "" if wish.version == "*" else wish.version
    if specifier:
        from packaging.specifiers import InvalidSpecifier, SpecifierSet

        try:
            SpecifierSet(specifier)
        except (InvalidSpecifier, ValueError):
            raise EntryError(f"{shown(specifier)} is no version specifier") from None
    return Requirement(
        name=package_name(name),
        raw=f"{name}{specifier}",
        location=file.location(at),
        specifier=specifier,
        extras=canonical_extras(wish.extras),
        marker=wish.marker,
        group=group_of(category),
        origin=wish.origin(),
        by=file.label,
    )
