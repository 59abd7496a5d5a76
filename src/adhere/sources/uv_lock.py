"""``uv.lock``: every package of a project, a workspace or a script, for every platform."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct, field

from adhere.markers import either, without_choices
from adhere.model.inventory import Reading, Source
from adhere.model.location import Location
from adhere.model.names import canonical_name, is_valid_name
from adhere.model.package import Artifact, Dependency, Origin, Package
from adhere.sources.addresses import (
    bare,
    file_name,
    is_local,
    query_of,
    vcs_origin,
    without_credentials,
)
from adhere.sources.entry import (
    artifact,
    collect,
    decode,
    package_name,
    package_version,
    shown,
)
from adhere.sources.forks import conditioned
from adhere.sources.own_extras import own_extras_followed
from adhere.sources.requirement_line import canonical_extras
from adhere.sources.toml_file import TomlFile, read_toml
from adhere.sources.uv_roots import Member, Need, roots_of

VERSION = 1
"""Version of the format that is read; a lock of another one is refused."""

REVISION = 5
"""Newest revision that is known; later ones only add."""


class _File(Struct, frozen=True):
    url: str = ""
    path: str = ""
    filename: str = ""
    hash: str = ""


class _Entry(Struct, frozen=True, rename="kebab"):
    name: str
    source: dict[str, Any] | str = ""
    version: str = ""
    dependencies: tuple[Need, ...] = ()
    optional_dependencies: dict[str, tuple[Need, ...]] = field(default_factory=dict)
    sdist: _File | None = None
    wheels: tuple[_File, ...] = ()
    resolution_markers: tuple[str, ...] = ()


def read(path: Path, label: str) -> Reading:
    """Read a lock, of a project (``uv.lock``) or of a script (``<script>.py.lock``).

    Raises:
        SourceError: it is not TOML, no such lock, or of a version that is not known.
    """
    return read_lock(read_toml(path, label))


def read_lock(file: TomlFile) -> Reading:
    """Read a lock that is parsed.

    Raises:
        SourceError: it is no such lock, or of a version that is not known.
    """
    remarks = _check_version(file)
    key = "distribution" if "distribution" in file.value else "package"  # before uv 0.3
    entries, lines = file.tables(key)
    packages, faults = collect(entries, lambda n: Location(file.label, lines[n]), _package)
    members = _members(file, entries)
    ours = [Member(canonical_name(entries[n]["name"]), entries[n], lines[n]) for n in members]
    roots, more = roots_of(file, ours)
    return Reading(
        source=Source("uv.lock", file.label, file.digest, remarks=tuple(remarks)),
        packages=conditioned(packages),
        roots=own_extras_followed(roots),
        first_party=tuple(dict.fromkeys(member.name for member in ours)),
        faults=(*faults, *more),
    )


def _check_version(file: TomlFile) -> list[str]:
    version, revision = file.value.get("version"), file.value.get("revision", 0)
    if version is None:
        raise file.refuse("it has no `version`", (), hint="is it a uv.lock?")
    if version != VERSION or isinstance(version, bool):
        message = f"version {shown(str(version))} of this format is not known"
        hint = f"adhere reads version {VERSION}; a newer adhere may read this one"
        raise file.refuse(message, ("version",), hint=hint, code="source-unsupported")
    if isinstance(revision, int) and revision <= REVISION:
        return []
    newer = f"revision {shown(str(revision))} of its format is newer than {REVISION}"
    return [f"{newer}, the newest that is known; what it adds was not read"]


def _members(file: TomlFile, entries: list[Any]) -> list[int]:
    """Indices of the entries that are the project or its workspace."""
    manifest = file.value.get("manifest")
    named = manifest.get("members") if isinstance(manifest, dict) else None
    listed = named if isinstance(named, list) else []
    names = {canonical_name(n) for n in listed if isinstance(n, str)}
    found = []
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            continue
        name = entry.get("name")
        if not isinstance(name, str) or not is_valid_name(name):
            continue
        source = entry.get("source")
        place = source if isinstance(source, dict) else {}
        at_root = "." in (place.get("editable"), place.get("virtual"))
        if canonical_name(name) in names or at_root:
            found.append(index)
    return found


def _package(value: object, location: Location) -> Package:
    entry = decode(value, _Entry)
    remarks: list[str] = []
    name = package_name(entry.name)
    origin = _origin(entry.source, remarks)
    version = entry.version
    if version or origin.kind not in ("editable", "path", "vcs"):
        version = package_version(version, remarks)
    else:
        remarks.append("the lock does not tell its version, which its build works out")
    return Package(
        name=name,
        version=version,
        location=location,
        origin=origin,
        requires=_edges(entry),
        marker=either(entry.resolution_markers),
        artifacts=_artifacts(entry, remarks),
        remarks=tuple(remarks),
    )


def _edges(entry: _Entry) -> tuple[Dependency, ...]:
    found = [_edge(need, "") for need in entry.dependencies]
    for extra, needs in entry.optional_dependencies.items():
        found += [_edge(need, str(canonical_name(extra))) for need in needs]
    return tuple(dict.fromkeys(found))


def _edge(need: Need, extra: str) -> Dependency:
    # Where extras or groups exclude one another, uv puts the choice into the marker; an
    # edge is there for every choice.
    marker = without_choices(need.marker) if "extra" in need.marker else need.marker
    return Dependency(
        package_name(need.name),
        f"=={need.version}" if need.version else "",
        canonical_extras(need.extras),
        extra,
        marker,
    )


def _artifacts(entry: _Entry, remarks: list[str]) -> tuple[Artifact, ...]:
    files = (entry.sdist, *entry.wheels) if entry.sdist else entry.wheels
    return tuple(
        artifact(
            file_name(file.url or file.path) or file.filename,
            (file.hash,) if file.hash else (),
            remarks,
        )
        for file in files
        if file.url or file.path or file.filename
    )


def _origin(source: dict[str, Any] | str, remarks: list[str]) -> Origin:
    """What ``source = { ... }`` says; before uv 0.2 it was ``kind+address``."""
    if isinstance(source, str):
        kind, _, address = source.partition("+")
        source = {kind: address}
    subdirectory = source.get("subdirectory")
    below = subdirectory if isinstance(subdirectory, str) else ""
    for kind, value in source.items():
        address = value if isinstance(value, str) else ""
        if kind != "git" and address and is_local(address):
            remarks.append("it comes from an absolute path, which only one machine has")
        if kind == "registry":
            return Origin("index", without_credentials(address))
        if kind == "git":
            return _git(address, below)
        if kind in ("url", "direct"):
            return Origin("url", without_credentials(bare(address)), subdirectory=below)
        if kind in ("path", "directory", "virtual"):
            return Origin("path", address, subdirectory=below)
        if kind == "editable":
            return Origin("editable", address)
    remarks.append("where it comes from is not known: its `source` is of no known kind")
    return Origin()


def _git(address: str, subdirectory: str) -> Origin:
    query, commit = query_of(address), address.partition("#")[2]
    reference = next((query[key] for key in ("rev", "tag", "branch") if key in query), "")
    below = query.get("subdirectory", subdirectory)
    return vcs_origin(address, reference=reference, commit=commit, subdirectory=below)
