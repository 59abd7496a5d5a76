"""``pyproject.toml``: what a project asks for, under every standard and tool."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from adhere.errors import Problem, SourceError
from adhere.model.inventory import Requirement
from adhere.model.names import PackageName, canonical_name, is_valid_name
from adhere.model.package import Origin
from adhere.sources.entry import EntryError, sort_of
from adhere.sources.poetry_project import poetry_requirements
from adhere.sources.project_groups import expand_groups
from adhere.sources.requirement_line import parse_requirement
from adhere.sources.toml_file import TomlFile, read_toml
from adhere.sources.uv_sources import UvSources
from adhere.spans.text import KeyPath

BUILD = "build"
"""Group of what is needed only to build the project."""

_EDITABLE = ("-e ", "--editable ", "--editable=")


class ProjectFile(Struct, frozen=True):
    """A ``pyproject.toml``.

    Attributes:
        name: of the project, canonical; ``""`` when the file does not say.
        version: as written; ``""`` when it is dynamic or not said.
        dynamic: fields of ``[project]`` that the build backend fills in.
        requirements: in the order: runtime, extras, groups, tools, build.
        problems: parts that could not be read.
        extras: names of its extras, canonical, also of those that ask for nothing.
    """

    name: PackageName
    version: str
    dynamic: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    problems: tuple[Problem, ...]
    extras: tuple[str, ...] = ()


def requirements(path: Path, label: str) -> tuple[Requirement, ...]:
    """Every requirement of a project; those of ``[build-system]`` in the group ``build``.

    Args:
        path: of the ``pyproject.toml``.
        label: what to call it.

    Raises:
        SourceError: the file, or a part of it, cannot be read.
    """
    found = project(path, label)
    if found.problems:
        raise SourceError(found.problems)
    return found.requirements


def project(path: Path, label: str) -> ProjectFile:
    """What a project says about itself; parts that cannot be read are named.

    Raises:
        SourceError: the file as a whole cannot be read.
    """
    return _Reader(read_toml(path, label)).project()


class _Reader:
    def __init__(self, file: TomlFile) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.about = self.table(("project",))
        self.poetry = self.table(("tool", "poetry"))
        self.uv = self.table(("tool", "uv"))
        self.sources = UvSources(self.uv)
        self.poetry_only: list[Requirement] = []
        self.poetry_origins: dict[PackageName, Origin] = {}
        name = self.about.get("name", self.poetry.get("name", ""))
        if not isinstance(name, str) or (name and not is_valid_name(name)):
            self.refuse(("project", "name"), "the project's name is not valid")
            name = ""
        self.name = canonical_name(name)
        self.by = name or file.label
        self.read_poetry()

    def project(self) -> ProjectFile:
        dynamic = self.about.get("dynamic")
        version = self.about.get("version", self.poetry.get("version", ""))
        found = tuple(self.every())
        return ProjectFile(
            self.name,
            version if isinstance(version, str) else "",
            tuple(field for field in dynamic if isinstance(field, str))
            if isinstance(dynamic, list)
            else (),
            found,
            tuple(self.problems),
            tuple(str(canonical_name(name)) for name in self.extras()),
        )

    def every(self) -> Iterator[Requirement]:
        yield from self.lines(("project", "dependencies"), "runtime")
        for name in self.table(("project", "optional-dependencies")):
            at: KeyPath = ("project", "optional-dependencies", name)
            yield from self.lines(at, f"extra:{canonical_name(name)}")
        yield from self.groups()
        yield from self.lines(("tool", "uv", "dev-dependencies"), "dev")
        for key in ("constraint-dependencies", "override-dependencies"):
            yield from self.lines(("tool", "uv", key), "runtime", constraint=True)
        for name in self.table(("tool", "pdm", "dev-dependencies")):
            at = ("tool", "pdm", "dev-dependencies", name)
            yield from self.lines(at, str(canonical_name(name)))
        yield from self.poetry_only
        yield from self.lines(("build-system", "requires"), BUILD)

    def extras(self) -> Iterator[str]:
        for table in (self.about.get("optional-dependencies"), self.poetry.get("extras")):
            yield from table if isinstance(table, dict) else ()

    def groups(self) -> Iterator[Requirement]:
        """``[dependency-groups]`` (PEP 735), includes followed."""
        table = self.table(("dependency-groups",))
        for item in expand_groups(table, self.refuse):
            at = ("dependency-groups", item.key, item.position)
            yield from self.line(item.text, at, item.group)

    def read_poetry(self) -> None:
        """``[tool.poetry]``; beside ``[project]`` it only adds where to get packages from."""
        standard = "dependencies" in self.about or "optional-dependencies" in self.about
        place, refuse = self.file.location, self.refuse
        for found in poetry_requirements(self.poetry, place, refuse, self.by):
            if standard and (found.group == "runtime" or found.group.startswith("extra:")):
                if found.origin.kind != "index":
                    self.poetry_origins[found.name] = found.origin
            else:
                self.poetry_only.append(found)

    def lines(self, at: KeyPath, group: str, *, constraint: bool = False) -> Iterator[Requirement]:
        """The requirements of an array of strings."""
        value = self.value(at)
        if value is None:
            return
        if not isinstance(value, list):
            self.refuse(at, f"it is {sort_of(value)}, not an array of requirements")
            return
        for index, text in enumerate(value):
            if isinstance(text, str):
                yield from self.line(text, (*at, index), group, constraint=constraint)
            else:
                self.refuse((*at, index), f"a requirement is {sort_of(text)}, not a string")

    def line(
        self, text: str, at: KeyPath, group: str, *, constraint: bool = False
    ) -> Iterator[Requirement]:
        editable = next((flag for flag in _EDITABLE if text.startswith(flag)), "")
        try:
            found = parse_requirement(
                _named(text.removeprefix(editable)) if editable else text,
                self.file.location(at),
                group=group,
                by=self.by,
                constraint=constraint,
            )
        except EntryError as error:
            self.refuse(at, str(error))
            return
        origin = self.sources.origin(found)
        if origin.kind == "index":
            origin = self.poetry_origins.get(found.name, origin)
        if editable:
            origin = msgspec.structs.replace(origin, kind="editable")
        yield found if origin is found.origin else msgspec.structs.replace(found, origin=origin)

    def table(self, at: KeyPath) -> dict[str, Any]:
        value = self.value(at)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.refuse(at, f"it is {sort_of(value)}, not a table")
            return {}
        return value

    def value(self, at: KeyPath) -> Any:
        """What stands at a path, ``None`` where there is nothing or no table on the way."""
        value: Any = self.file.value
        for part in at:
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def refuse(self, at: KeyPath, reason: str) -> None:
        self.problems.append(self.file.problem(reason, at))


def _named(address: str) -> str:
    """PDM's ``-e address#egg=name`` as ``name @ address``."""
    from adhere.sources.addresses import fragment_of

    name = fragment_of(address).get("egg", "")
    return f"{name} @ {address}" if name and "@" not in address.partition(":")[0] else address
