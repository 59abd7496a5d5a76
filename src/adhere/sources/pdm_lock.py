"""``pdm.lock`` of PDM 2 (format 4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from adhere.markers import MarkerError, parse
from adhere.model.inventory import Reading, Source
from adhere.model.location import Location
from adhere.model.names import canonical_name
from adhere.model.package import Dependency, Origin, Package
from adhere.sources.addresses import (
    VCS,
    file_name,
    is_local,
    vcs_origin,
    without_credentials,
)
from adhere.sources.beside import Beside, project_beside
from adhere.sources.direct_reference import from_file_name
from adhere.sources.entry import (
    artifact,
    collect,
    decode,
    package_name,
    package_version,
    shown,
    spelled,
)
from adhere.sources.forks import conditioned
from adhere.sources.markers import locked_edges
from adhere.sources.toml_file import TomlFile, read_toml

KNOWN = (4, 5)
"""Newest version of the format that is known; later ones of the same number only add."""


class _File(Struct, frozen=True):
    file: str = ""
    url: str = ""
    hash: str = ""


class _Entry(Struct, frozen=True):
    name: str
    version: str = ""
    summary: str = ""
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    marker: str = ""
    dependencies: tuple[str, ...] = ()
    files: tuple[_File, ...] = ()
    git: str = ""
    hg: str = ""
    svn: str = ""
    bzr: str = ""
    ref: str = ""
    revision: str = ""
    subdirectory: str = ""
    path: str = ""
    url: str = ""
    editable: bool = False


def read(path: Path, label: str) -> Reading:
    """Read a lock, with what was asked for from the ``pyproject.toml`` beside it.

    Raises:
        SourceError: it is not TOML, no such lock, or of a version that is not known.
    """
    file = read_toml(path, label)
    remarks = _check_version(file)
    beside = project_beside(path, label)
    entries, lines = file.tables("package")
    reader = _Reader(file, beside)
    packages, faults = collect(entries, lambda n: Location(label, lines[n]), reader.package)
    return Reading(
        source=Source("pdm.lock", label, file.digest, remarks=(*remarks, *beside.remarks)),
        packages=conditioned(_merged(packages, reader.for_extras)),
        roots=beside.roots,
        first_party=beside.first_party,
        faults=(*faults, *beside.faults),
    )


def _check_version(file: TomlFile) -> list[str]:
    metadata = file.value.get("metadata")
    version = metadata.get("lock_version") if isinstance(metadata, dict) else None
    if version is None:
        raise file.refuse("it has no `lock_version`", (), hint="is it a pdm.lock?")
    parts = str(version).split(".")
    if parts[0] != str(KNOWN[0]):
        message = f"version {shown(str(version))} of this format is not known"
        hint = f"adhere reads {KNOWN[0]}.x: make the lock anew with a PDM of today"
        at = ("metadata", "lock_version")
        raise file.refuse(message, at, hint=hint, code="source-unsupported")
    minor = parts[1] if len(parts) > 1 else "0"
    if minor.isascii() and minor.isdigit() and len(minor) < 6 and int(minor) <= KNOWN[1]:
        return []
    newer = f"version {shown(str(version))} of its format is not one that is known"
    return [f"{newer}; what it adds to {KNOWN[0]}.{KNOWN[1]} was not read"]


class _Reader:
    """Reads entries.

    Attributes:
        for_extras: indices into what was read, of entries that stand for a package with
            extras and repeat the package itself.
    """

    def __init__(self, file: TomlFile, beside: Beside) -> None:
        self.for_extras: set[int] = set()
        self._count = 0
        self._extras = beside.extras
        metadata: dict[str, Any] = file.value["metadata"]
        self._files = metadata.get("files")  # before format 4.3

    def package(self, value: object, location: Location) -> Package:
        entry = decode(value, _Entry)
        remarks: list[str] = []
        name = package_name(entry.name)
        origin = _origin(entry, remarks)
        version = entry.version
        version = _in_full(version, entry)
        if version or origin.kind in ("index", "url"):
            version = package_version(version, remarks)
        else:
            remarks.append("the lock does not tell its version, which its build works out")
        found = Package(
            name=name,
            version=version,
            location=location,
            spelled=spelled(entry.name, name),
            origin=origin,
            groups=tuple(dict.fromkeys(map(self._group, entry.groups))),
            requires=self._edges(entry, remarks),
            marker=_marker(entry.marker, remarks),
            artifacts=tuple(
                artifact(file.file or file_name(file.url), filter(None, (file.hash,)), remarks)
                for file in entry.files or self._old_files(entry)
            ),
            summary=entry.summary[:500],
            remarks=tuple(remarks),
        )
        if entry.extras:
            self.for_extras.add(self._count)
        self._count += 1
        return found

    def _old_files(self, entry: _Entry) -> tuple[_File, ...]:
        if not isinstance(self._files, dict):
            return ()
        return decode(self._files.get(f"{entry.name} {entry.version}", []), tuple[_File, ...])

    def _group(self, name: str) -> str:
        canonical = str(canonical_name(name))
        if canonical == "default":
            return "runtime"
        return f"extra:{canonical}" if canonical in self._extras else canonical

    def _edges(self, entry: _Entry, remarks: list[str]) -> tuple[Dependency, ...]:
        broken: list[str] = []
        found = locked_edges(entry.dependencies, broken)
        remarks += [f"what it needs cannot be read: {shown(line)}" for line in broken]
        own = canonical_name(entry.name)
        return tuple(
            edge
            for extra in entry.extras or ("",)
            for edge in _under(found, str(canonical_name(extra)))
            if edge.name != own
        )


def _in_full(version: str, entry: _Entry) -> str:
    """A version with its local part, which PDM leaves out of some entries.

    The names of the entry's own files tell it.
    """
    if not version or "+" in version:
        return version
    names = [file_name(file.file or file.url) for file in entry.files]
    names += [file_name(entry.path), file_name(entry.url)]
    told = {found for name in names if (found := from_file_name(name)[1])}
    full = told.pop() if len(told) == 1 else ""
    return full if full.startswith(f"{version}+") else version


def _under(edges: tuple[Dependency, ...], extra: str) -> tuple[Dependency, ...]:
    return tuple(msgspec.structs.replace(e, extra=extra) for e in edges) if extra else edges


def _merged(packages: list[Package], for_extras: set[int]) -> tuple[Package, ...]:
    """One package per name and version: entries with extras only add edges and groups."""
    found: dict[tuple[str, str], Package] = {}
    order = sorted(range(len(packages)), key=lambda index: index in for_extras)
    for index in order:
        package = packages[index]
        key = (package.name, package.version)
        first = found.get(key)
        if first is None:
            found[key] = package
            continue
        found[key] = msgspec.structs.replace(
            first,
            requires=tuple(dict.fromkeys((*first.requires, *package.requires))),
            groups=tuple(dict.fromkeys((*first.groups, *package.groups))),
            remarks=tuple(dict.fromkeys((*first.remarks, *package.remarks))),
        )
    return tuple(sorted(found.values(), key=lambda package: package.location))


def _marker(text: str, remarks: list[str]) -> str:
    try:
        if text:
            parse(text)
    except MarkerError as error:
        remarks.append(f"its marker {shown(text)} cannot be read: {error}")
        return ""
    return text


def _origin(entry: _Entry, remarks: list[str]) -> Origin:
    for vcs in VCS:
        address = getattr(entry, vcs)
        if address:
            return vcs_origin(
                address,
                reference=entry.ref,
                commit=entry.revision,
                subdirectory=entry.subdirectory,
                vcs=vcs,
            )
    if entry.path:
        if is_local(entry.path):
            remarks.append("it comes from an absolute path, which only one machine has")
        return Origin("editable" if entry.editable else "path", entry.path)
    if entry.url:
        return Origin("url", without_credentials(entry.url), subdirectory=entry.subdirectory)
    return Origin("index")
