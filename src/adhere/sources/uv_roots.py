"""What a ``uv.lock`` says was asked for, by whom and in which group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import Struct, field

from adhere.markers import MarkerError, by_extra
from adhere.model.inventory import Fault, Requirement
from adhere.model.location import Location
from adhere.model.names import PackageName, canonical_name
from adhere.model.package import Origin
from adhere.sources.addresses import query_of, vcs_origin, without_credentials
from adhere.sources.beside import UNREADABLE
from adhere.sources.entry import EntryError, decode, package_name
from adhere.sources.requirement_line import FROM_INDEX, canonical_extras
from adhere.sources.toml_file import TomlFile


class Need(Struct, frozen=True):
    """One line under ``dependencies``.

    Attributes:
        name: of what is needed.
        version: given where the lock has several.
        extra: of what is needed; a string before uv 0.3.
        marker: where it is needed.
    """

    name: str
    version: str = ""
    extra: tuple[str, ...] | str = ()
    marker: str = ""

    @property
    def extras(self) -> tuple[str, ...]:
        """The extras that are asked for."""
        return (self.extra,) if isinstance(self.extra, str) else self.extra


class Wish(Struct, frozen=True):
    """One line under ``requires-dist``, ``requires-dev`` or ``manifest``."""

    name: str
    specifier: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""
    git: str = ""
    url: str = ""
    path: str = ""
    directory: str = ""
    editable: str | bool = ""
    virtual: str | bool = ""
    index: str = ""
    subdirectory: str = ""


class _Metadata(Struct, frozen=True, rename="kebab"):
    requires_dist: tuple[Wish, ...] = ()
    requires_dev: dict[str, tuple[Wish, ...]] = field(default_factory=dict)


class _Own(Struct, frozen=True, rename="kebab"):
    metadata: _Metadata | None = None
    dependencies: tuple[Need, ...] = ()
    optional_dependencies: dict[str, tuple[Need, ...]] = field(default_factory=dict)
    dev_dependencies: dict[str, tuple[Need, ...]] = field(default_factory=dict)


class _Manifest(Struct, frozen=True, rename="kebab"):
    requirements: tuple[Wish, ...] = ()
    constraints: tuple[Wish, ...] = ()
    overrides: tuple[Wish, ...] = ()
    dependency_groups: dict[str, tuple[Wish, ...]] = field(default_factory=dict)


class Member(NamedTuple):
    """The project, or a member of its workspace: its name, its entry and its line."""

    name: PackageName
    entry: Any
    line: int


def roots_of(file: TomlFile, members: list[Member]) -> tuple[list[Requirement], list[Fault]]:
    """Everything that the project, its workspace or the script asks for.

    Args:
        file: the lock.
        members: entries that are the project's own.
    """
    roots: list[Requirement] = []
    faults: list[Fault] = []
    for member in members:
        location = Location(file.label, member.line)
        try:
            roots += _of_member(decode(member.entry, _Own), member.name, location)
        except (EntryError, MarkerError) as error:
            faults.append(Fault(UNREADABLE, member.name, str(error), location, kept=True))
    if "manifest" in file.value:
        location = file.location(("manifest",))
        try:
            manifest = decode(file.value["manifest"], _Manifest)
            roots += _of_manifest(manifest, file.label, location)
        except (EntryError, MarkerError) as error:
            faults.append(Fault(UNREADABLE, "manifest", str(error), location, kept=True))
    return roots, faults


def _of_member(own: _Own, by: str, location: Location) -> Iterator[Requirement]:
    metadata = own.metadata
    if metadata is None:  # uv 0.2 wrote only what was resolved
        yield from _resolved(own, by, location)
        return
    for wish in metadata.requires_dist:
        for extra, marker in by_extra(wish.marker) if wish.marker else (("", ""),):
            group = f"extra:{extra}" if extra else "runtime"
            yield _requirement(wish, marker, group, by, location)
    for group, wishes in metadata.requires_dev.items():
        for wish in wishes:
            yield _requirement(wish, wish.marker, str(canonical_name(group)), by, location)


def _resolved(own: _Own, by: str, location: Location) -> Iterator[Requirement]:
    lists = [("runtime", own.dependencies)]
    lists += [(f"extra:{canonical_name(k)}", v) for k, v in own.optional_dependencies.items()]
    lists += [(str(canonical_name(k)), v) for k, v in own.dev_dependencies.items()]
    for group, needs in lists:
        for need in needs:
            wish = Wish(need.name, extras=need.extras)
            yield _requirement(wish, need.marker, group, by, location)


def _of_manifest(manifest: _Manifest, by: str, location: Location) -> Iterator[Requirement]:
    for wish in manifest.requirements:
        yield _requirement(wish, wish.marker, "runtime", by, location)
    for group, wishes in manifest.dependency_groups.items():
        for wish in wishes:
            yield _requirement(wish, wish.marker, str(canonical_name(group)), by, location)
    for wish in (*manifest.constraints, *manifest.overrides):
        yield _requirement(wish, wish.marker, "runtime", by, location, constraint=True)


def _requirement(
    wish: Wish, marker: str, group: str, by: str, location: Location, *, constraint: bool = False
) -> Requirement:
    name = package_name(wish.name)
    extras = canonical_extras(wish.extras)
    wanted = f"{wish.name}[{','.join(extras)}]" if extras else wish.name
    return Requirement(
        name=name,
        raw=f"{wanted}{wish.specifier}" + (f"; {marker}" if marker else ""),
        location=location,
        specifier=wish.specifier,
        extras=extras,
        marker=marker,
        group=group,
        origin=_origin(wish),
        constraint=constraint,
        by=by,
    )


def _origin(wish: Wish) -> Origin:
    below = wish.subdirectory
    if wish.git:
        query = query_of(wish.git)
        reference = next((query[key] for key in ("rev", "tag", "branch") if key in query), "")
        below = query.get("subdirectory", below)
        return vcs_origin(wish.git, reference=reference, subdirectory=below)
    if wish.url:
        return Origin("url", without_credentials(wish.url), subdirectory=below)
    if isinstance(wish.editable, str) and wish.editable:
        return Origin("editable", wish.editable)
    virtual = wish.virtual if isinstance(wish.virtual, str) else ""
    folder = wish.directory or wish.path or virtual
    if folder:
        return Origin("path", folder, subdirectory=below)
    return Origin("index", without_credentials(wish.index)) if wish.index else FROM_INDEX
