"""``poetry.lock`` of Poetry 1 and 2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from adhere.model.graph import reach
from adhere.model.inventory import Reading, Source
from adhere.model.location import Location
from adhere.model.names import PackageName, canonical_name, is_valid_name
from adhere.model.package import Artifact, Dependency, Origin, Package
from adhere.sources.addresses import is_local, vcs_origin, without_credentials
from adhere.sources.beside import project_beside
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
from adhere.sources.poetry_edges import edges, place_marker
from adhere.sources.toml_file import TomlFile, read_toml

KNOWN = ("1.0", "1.1", "2.0", "2.1")
"""Versions of the format that are known; newer ones of the same number only add."""


class _File(Struct, frozen=True):
    file: str
    hash: str = ""


class _Source(Struct, frozen=True):
    type: str = ""
    url: str = ""
    reference: str = ""
    resolved_reference: str = ""
    subdirectory: str = ""


class _Entry(Struct, frozen=True):
    name: str
    version: str
    description: str = ""
    category: str = ""
    optional: bool = False
    groups: tuple[str, ...] = ()
    markers: str | dict[str, str] = ""
    dependencies: dict[str, Any] = field(default_factory=dict)
    extras: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[_File, ...] = ()
    source: _Source = _Source()
    develop: bool = False


def read(path: Path, label: str) -> Reading:
    """Read a lock, with what was asked for from the ``pyproject.toml`` beside it.

    Raises:
        SourceError: it is not TOML, no such lock, or of a version that is not known.
    """
    file = read_toml(path, label)
    remarks = _check_version(file)
    beside = project_beside(path, label)
    entries, lines = file.tables("package")
    reader = _Reader(file.value.get("metadata", {}))
    packages, faults = collect(entries, lambda n: Location(label, lines[n]), reader.package)
    packages = _with_extras(packages, reader.optional, file.value.get("extras"))
    return Reading(
        source=Source("poetry.lock", label, file.digest, remarks=(*remarks, *beside.remarks)),
        packages=conditioned(packages),
        roots=beside.roots,
        first_party=beside.first_party,
        faults=(*faults, *beside.faults),
    )


def _check_version(file: TomlFile) -> list[str]:
    metadata = file.value.get("metadata")
    if not isinstance(metadata, dict):
        raise file.refuse("it has no `[metadata]`", (), hint="is it a poetry.lock?")
    version = metadata.get("lock-version")
    if version is None:
        return ["it does not tell the version of its format, and was read as 1.0"]
    if not isinstance(version, str) or version.partition(".")[0] not in ("1", "2"):
        message = f"version {shown(str(version))} of this format is not known"
        hint = f"adhere reads {KNOWN[0]} to {KNOWN[-1]}; a newer adhere may read this one"
        at = ("metadata", "lock-version")
        raise file.refuse(message, at, hint=hint, code="source-unsupported")
    if version in KNOWN:
        return []
    newer = f"version {shown(version)} of its format is not one that is known"
    return [f"{newer}; what it adds to {KNOWN[-1]} was not read"]


class _Reader:
    """Reads entries.

    Attributes:
        optional: packages that only an extra of the project installs.
    """

    def __init__(self, metadata: dict[str, Any]) -> None:
        self.optional: set[PackageName] = set()
        self._files = metadata.get("files")  # before format 2.0
        self._hashes = metadata.get("hashes")  # before format 1.0

    def package(self, value: object, location: Location) -> Package:
        entry = decode(value, _Entry)
        remarks: list[str] = []
        name = package_name(entry.name)
        if entry.optional:
            self.optional.add(name)
        return Package(
            name=name,
            version=package_version(entry.version, remarks),
            location=location,
            spelled=spelled(entry.name, name),
            origin=_origin(entry, remarks),
            groups=_groups(entry),
            requires=edges(entry.dependencies, entry.extras, remarks),
            marker=place_marker(entry.markers, remarks),
            artifacts=self._artifacts(entry, remarks),
            summary=entry.description[:500],
            remarks=tuple(remarks),
        )

    def _artifacts(self, entry: _Entry, remarks: list[str]) -> tuple[Artifact, ...]:
        files = entry.files
        if not files and isinstance(self._files, dict):
            files = decode(self._files.get(entry.name, []), tuple[_File, ...])
        found = tuple(artifact(f.file, (f.hash,) if f.hash else (), remarks) for f in files)
        if not found and isinstance(self._hashes, dict):
            plain = decode(self._hashes.get(entry.name, []), tuple[str, ...])
            return tuple(artifact("", (f"sha256:{text}",), remarks) for text in plain)
        return found


def _groups(entry: _Entry) -> tuple[str, ...]:
    """Groups as the lock says; what only extras install is added afterwards."""
    stated = entry.groups or ((entry.category,) if entry.category else ())
    names = (str(canonical_name(name)) for name in stated)
    return tuple(
        "runtime" if name == "main" else name
        for name in names
        if not (name == "main" and entry.optional)
    )


def _with_extras(
    packages: list[Package], optional: set[PackageName], extras: object
) -> list[Package]:
    """Give optional packages the extras of the project that install them."""
    try:
        lists = decode(extras or {}, dict[str, tuple[str, ...]])
    except EntryError:
        lists = {}
    needs: dict[PackageName, tuple[Dependency, ...]] = {}
    for package in packages:
        needs[package.name] = needs.get(package.name, ()) + package.requires
    found: dict[PackageName, list[str]] = {}
    for extra, names in lists.items():
        asked = [(canonical_name(name), ()) for name in names if is_valid_name(name)]
        for name in reach(needs, asked):
            found.setdefault(name, []).append(f"extra:{canonical_name(extra)}")
    return [_grouped(package, optional, found.get(package.name, [])) for package in packages]


def _grouped(package: Package, optional: set[PackageName], extras: list[str]) -> Package:
    if package.name not in optional:
        return package
    # What no extra reaches is installed by nobody; the strictest group is the safe one.
    groups = (*package.groups, *extras) or ("runtime",)
    return msgspec.structs.replace(package, groups=groups)


def _origin(entry: _Entry, remarks: list[str]) -> Origin:
    source = entry.source
    if source.type not in ("", "legacy", "git") and is_local(source.url):
        remarks.append("it comes from an absolute path, which only one machine has")
    if source.type in ("", "legacy"):
        return Origin("index", without_credentials(source.url))
    if source.type in ("git", "hg", "svn"):
        return vcs_origin(
            source.url,
            reference=source.reference,
            commit=source.resolved_reference,
            subdirectory=source.subdirectory,
            vcs=source.type,
        )
    if source.type == "url":
        return Origin("url", without_credentials(source.url), subdirectory=source.subdirectory)
    if source.type in ("file", "directory"):
        return Origin("editable" if entry.develop else "path", source.url)
    remarks.append(f"where it comes from is not known: {shown(source.type)} is no known source")
    return Origin(url=without_credentials(source.url))
