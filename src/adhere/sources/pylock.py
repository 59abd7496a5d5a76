"""``pylock.toml`` and ``pylock.<name>.toml``: the standard lock file (PEP 751)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct, field

from adhere.markers import MarkerError, groups_of, parse, without_choices
from adhere.model.inventory import Reading, Requirement, Source
from adhere.model.location import Location
from adhere.model.names import PackageName, canonical_name
from adhere.model.package import Artifact, Dependency, Origin, Package
from adhere.sources.addresses import file_name, is_local, vcs_origin, without_credentials
from adhere.sources.beside import Beside, project_beside
from adhere.sources.direct_reference import from_file_name, project_of
from adhere.sources.entry import (
    EntryError,
    artifact,
    collect,
    decode,
    package_name,
    package_version,
    shown,
    spelled,
)
from adhere.sources.forks import conditioned
from adhere.sources.toml_file import TomlFile, read_toml


class _File(Struct, frozen=True, rename="kebab"):
    name: str = ""
    url: str = ""
    path: str = ""
    subdirectory: str = ""
    hashes: dict[str, str] = field(default_factory=dict)


class _Vcs(Struct, frozen=True, rename="kebab"):
    type: str
    commit_id: str
    url: str = ""
    path: str = ""
    requested_revision: str = ""
    subdirectory: str = ""


class _Directory(Struct, frozen=True):
    path: str
    editable: bool = False
    subdirectory: str = ""


class _Need(Struct, frozen=True):
    name: str
    version: str = ""


class _Entry(Struct, frozen=True, rename="kebab"):
    name: str
    version: str = ""
    marker: str = ""
    dependencies: tuple[_Need, ...] = ()
    vcs: _Vcs | None = None
    directory: _Directory | None = None
    archive: _File | None = None
    index: str = ""
    sdist: _File | None = None
    wheels: tuple[_File, ...] = ()


class _Head(Struct, frozen=True, rename="kebab"):
    extras: tuple[str, ...] = ()
    dependency_groups: tuple[str, ...] = ()
    default_groups: tuple[str, ...] = ()


def read(path: Path, label: str) -> Reading:
    """Read a lock; what was asked for by name is only known from a project beside it.

    Raises:
        SourceError: it is not TOML, no such lock, or of a version that is not known.
    """
    file = read_toml(path, label)
    remarks = _check_version(file)
    try:
        head = decode(file.value, _Head)
    except EntryError as error:
        raise file.refuse(str(error), error.at) from None
    entries, lines = file.tables("packages")
    reader = _Reader(head, path.parent)
    packages, faults = collect(entries, lambda n: Location(label, lines[n]), reader.package)
    beside = project_beside(path, label)
    roots = _covered(beside, {package.name for package in packages})
    if beside.found and not roots:
        name = "pyproject.toml"
        remarks.append(f"it does not hold what {name} beside it asks for, so that is not used")
    return Reading(
        source=Source("pylock", label, file.digest, remarks=(*remarks, *beside.remarks)),
        packages=conditioned(packages),
        roots=roots,
        first_party=tuple(dict.fromkeys((*reader.own, *(beside.first_party if roots else ())))),
        faults=(*faults, *beside.faults),
    )


def _check_version(file: TomlFile) -> list[str]:
    version = file.value.get("lock-version")
    if version is None:
        raise file.refuse("it has no `lock-version`", (), hint="is it a pylock.toml?")
    if not isinstance(version, str) or version.partition(".")[0] != "1":
        message = f"version {shown(str(version))} of this format is not known"
        hint = "adhere reads version 1.0; a newer adhere may read this one"
        raise file.refuse(message, ("lock-version",), hint=hint, code="source-unsupported")
    if version == "1.0":
        return []
    return [f"version {shown(version)} of its format is newer than 1.0; what it adds was not read"]


def _covered(beside: Beside, listed: set[PackageName]) -> tuple[Requirement, ...]:
    """Roots of those groups of the project that the lock holds in full.

    A lock may have been made for other requirements than those of the project in whose
    folder it lies. Then a group has packages that the lock lacks.
    """
    lacking = {r.group for r in beside.roots if not r.marker and r.name not in listed}
    if "runtime" in lacking:
        return ()
    return tuple(r for r in beside.roots if r.group not in lacking and r.name in listed)


class _Reader:
    """Reads entries.

    Attributes:
        own: the project that the lock belongs to, where the lock installs it.
    """

    def __init__(self, head: _Head, folder: Path) -> None:
        self.own: list[PackageName] = []
        self._extras = [str(canonical_name(name)) for name in head.extras]
        self._groups = [str(canonical_name(name)) for name in head.dependency_groups]
        self._default = frozenset(str(canonical_name(name)) for name in head.default_groups)
        self._folder = folder

    def package(self, value: object, location: Location) -> Package:
        entry = decode(value, _Entry)
        remarks: list[str] = []
        name = package_name(entry.name)
        if entry.directory and entry.directory.path.rstrip("/\\") in (".", ""):
            self.own.append(name)
        return Package(
            name=name,
            version=self._version(entry, location, remarks),
            location=location,
            spelled=spelled(entry.name, name),
            origin=_origin(entry, remarks),
            groups=self._in_groups(entry.marker),
            requires=tuple(_edges(entry.dependencies)),
            marker=_marker(entry.marker, remarks),
            artifacts=_artifacts(entry, remarks),
            remarks=tuple(remarks),
        )

    def _version(self, entry: _Entry, location: Location, remarks: list[str]) -> str:
        if entry.version or not (entry.directory or entry.vcs or entry.archive):
            return package_version(entry.version, remarks)
        version = ""
        if entry.directory:
            _, version = project_of(entry.directory.path, (self._folder,), location)
        elif entry.archive:
            _, version = from_file_name(_file_name(entry.archive))
        if not version:
            remarks.append("the lock does not tell its version, which its build works out")
            return ""
        return package_version(version, remarks)

    def _in_groups(self, marker: str) -> tuple[str, ...]:
        """Extras and groups that install it, as far as the lock knows any."""
        if not self._extras and not self._groups:
            return ()
        return groups_of(marker, self._extras, self._groups, self._default) or ("runtime",)


def _marker(text: str, remarks: list[str]) -> str:
    """Where it is to be installed at all, without what is said of extras and groups."""
    try:
        if text:
            parse(text)
    except MarkerError as error:
        remarks.append(f"its marker {shown(text)} cannot be read: {error}")
        return ""
    return without_choices(text) if text else ""


def _edges(needs: Iterable[_Need]) -> Iterable[Dependency]:
    for need in needs:
        yield Dependency(package_name(need.name), f"=={need.version}" if need.version else "")


def _artifacts(entry: _Entry, remarks: list[str]) -> tuple[Artifact, ...]:
    files = [*filter(None, (entry.archive, entry.sdist)), *entry.wheels]
    return tuple(
        artifact(_file_name(file), (f"{k}:{v}" for k, v in file.hashes.items()), remarks)
        for file in files
    )


def _file_name(file: _File) -> str:
    return file.name or file_name(file.url or file.path)


def _origin(entry: _Entry, remarks: list[str]) -> Origin:
    vcs, directory, archive = entry.vcs, entry.directory, entry.archive
    address = next((part.path for part in (vcs, directory, archive) if part and part.path), "")
    if address and is_local(address):
        remarks.append("it comes from an absolute path, which only one machine has")
    if vcs:
        return vcs_origin(
            vcs.url or vcs.path,
            reference=vcs.requested_revision,
            commit=vcs.commit_id,
            subdirectory=vcs.subdirectory,
            vcs=vcs.type,
        )
    if directory:
        kind = "editable" if directory.editable else "path"
        return Origin(kind, directory.path, subdirectory=directory.subdirectory)  # type: ignore[arg-type]  # one of two literals
    if archive:
        if archive.url:
            below = archive.subdirectory
            return Origin("url", without_credentials(archive.url), subdirectory=below)
        return Origin("path", archive.path, subdirectory=archive.subdirectory)
    return Origin("index", without_credentials(entry.index))
