"""``pip list --format=json`` and ``pip inspect``: an environment on another machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from adhere.markers import Environment
from adhere.model.inventory import Fault, Reading, Source
from adhere.model.location import Location
from adhere.model.package import Declared, Dependency, Origin, Package
from adhere.sources.addresses import is_local, without_credentials
from adhere.sources.direct_url import DirectUrlError, read_direct_url
from adhere.sources.entry import (
    EntryError,
    collect,
    decode,
    package_name,
    package_version,
    shown,
    sort_of,
    spelled,
)
from adhere.sources.json_file import JsonFile, read_json
from adhere.sources.markers import locked_edges, requires_dist

KNOWN = ("0", "1")
"""Versions of ``pip inspect`` that are known."""

DUPLICATE = "package-duplicate"
"""Code of the finding that a package installed twice becomes."""


class _Listed(Struct, frozen=True):
    name: str
    version: str
    editable_project_location: str = ""


class _Metadata(Struct, frozen=True):
    name: str
    version: str
    summary: str | None = None
    license: str | None = None
    license_expression: str | None = None
    classifier: tuple[str, ...] = ()
    requires_dist: tuple[str, ...] = ()
    project_url: tuple[str, ...] = ()


class _Installed(Struct, frozen=True):
    metadata: _Metadata
    direct_url: dict[str, Any] | None = None
    requested: bool | None = None


class _Environment(Struct, frozen=True):
    """What ``pip inspect`` says of the interpreter; more keys are left alone."""

    python_version: str
    python_full_version: str
    os_name: str
    sys_platform: str
    platform_system: str = ""
    platform_machine: str = ""
    platform_release: str = ""
    platform_version: str = ""
    platform_python_implementation: str = ""
    implementation_name: str = ""
    implementation_version: str = ""


class _Report(Struct, frozen=True):
    version: str
    environment: dict[str, Any] = field(default_factory=dict)


def read(path: Path, label: str) -> Reading:
    """Read either of the two; its shape tells which.

    Raises:
        SourceError: it is neither, is cut off, or of a version that is not known.
    """
    file = read_json(path, label)
    if isinstance(file.value, list):
        return _read_list(file)
    if isinstance(file.value, dict) and "installed" in file.value:
        return _read_inspect(file)
    message = f"it is {sort_of(file.value)}, but no output of pip"
    hint = "make it with `pip list --format=json` or `pip inspect`"
    raise file.refuse(message, (), hint=hint)


def _read_list(file: JsonFile) -> Reading:
    packages, faults = collect(file.value, lambda n: file.location((n,)), _listed)
    remark = "it does not tell what needs what, where packages come from and their licenses"
    return Reading(
        source=Source("pip-list", file.label, file.digest, remarks=(remark,)),
        packages=tuple(packages),
        faults=(*faults, *_twice(packages)),
    )


def _listed(value: object, location: Location) -> Package:
    entry = decode(value, _Listed)
    remarks: list[str] = []
    name = package_name(entry.name)
    return Package(
        name=name,
        version=package_version(entry.version, remarks),
        location=location,
        spelled=spelled(entry.name, name),
        origin=_editable(entry.editable_project_location, remarks),
        remarks=tuple(remarks),
    )


def _editable(place: str, remarks: list[str]) -> Origin:
    if not place:
        return Origin()
    if is_local(place):
        remarks.append("it is installed in place, from a folder of the machine")
    return Origin("editable", without_credentials(place))


def _read_inspect(file: JsonFile) -> Reading:
    value = file.value
    try:
        report = decode(value, _Report)
    except EntryError as error:
        raise file.refuse(f"no output of `pip inspect`: {error}", error.at) from None
    if report.version not in KNOWN:
        message = f"version {shown(report.version)} of this format is not known"
        hint = "adhere reads version 1; a newer adhere may read this one"
        raise file.refuse(message, ("version",), hint=hint, code="source-unsupported")
    if not isinstance(value["installed"], list):
        message = f"`installed` is {sort_of(value['installed'])}, not a list"
        raise file.refuse(message, ("installed",))
    remarks: list[str] = []
    where = _environment(report.environment, remarks)
    reader = _InspectReader(file, where)
    packages, faults = collect(
        value["installed"], lambda n: file.location(("installed", n)), reader.package, _subject
    )
    return Reading(
        source=Source(
            "pip-inspect",
            file.label,
            file.digest,
            python=where.python_full_version if where else "",
            platform=where.sys_platform if where else "",
            machine=where.platform_machine if where else "",
            implementation=where.implementation_name if where else "",
            remarks=tuple(remarks),
        ),
        packages=tuple(packages),
        faults=(*faults, *_twice(packages)),
    )


def _environment(value: dict[str, Any], remarks: list[str]) -> Environment | None:
    try:
        found = decode(value, _Environment)
    except EntryError as error:
        remarks.append(f"its `environment` cannot be used, so markers stay open: {error}")
        return None
    return Environment(**msgspec.structs.asdict(found))


def _subject(entry: object, number: int) -> str:
    metadata = entry.get("metadata") if isinstance(entry, dict) else None
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return name[:100] if isinstance(name, str) and name else f"entry {number}"


class _InspectReader:
    def __init__(self, file: JsonFile, where: Environment | None) -> None:
        self._file = file
        self._where = where

    def package(self, value: object, location: Location) -> Package:
        entry = decode(value, _Installed)
        metadata = entry.metadata
        remarks: list[str] = []
        name = package_name(metadata.name)
        return Package(
            name=name,
            version=package_version(metadata.version, remarks),
            location=location,
            spelled=spelled(metadata.name, name),
            origin=_origin(entry.direct_url, remarks),
            requested=entry.requested,
            requires=self._edges(metadata.requires_dist, remarks),
            declared=Declared(
                expression=metadata.license_expression or "",
                text=metadata.license or "",
                classifiers=tuple(c for c in metadata.classifier if c.startswith("License ::")),
                digest=self._file.digest,
                document=self._file.label,
            ),
            summary=(metadata.summary or "")[:500],
            links=tuple(_link(text) for text in metadata.project_url[:20] if "," in text),
            remarks=tuple(remarks),
        )

    def _edges(self, lines: tuple[str, ...], remarks: list[str]) -> tuple[Dependency, ...]:
        broken: list[str] = []
        if self._where is None:
            found = locked_edges(lines, broken)
        else:
            found = requires_dist(lines, self._where, broken)
        if broken:
            remarks.append(f"{len(broken)} of its requirements cannot be read in full")
        return found


def _origin(direct_url: dict[str, Any] | None, remarks: list[str]) -> Origin:
    """Without a direct reference, a package came from an index (PEP 610)."""
    if direct_url is None:
        return Origin("index")
    try:
        return read_direct_url(direct_url)
    except DirectUrlError as error:
        remarks.append(f"its `direct_url` cannot be used: {error}")
        return Origin()


def _link(text: str) -> tuple[str, str]:
    label, _, address = text.partition(",")
    return label.strip(), address.strip()


def _twice(packages: list[Package]) -> list[Fault]:
    """A fault for each package that is installed once more."""
    first: dict[str, Package] = {}
    faults = []
    for package in packages:
        other = first.setdefault(package.name, package)
        if other is not package:
            reason = (
                f"it is installed twice, as {other.version} and {package.version}; "
                "which of them Python uses depends on the order of folders"
            )
            faults.append(Fault(DUPLICATE, package.name, reason, package.location, kept=True))
    return faults
