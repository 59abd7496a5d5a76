"""``Pipfile.lock`` of Pipenv."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from adhere.markers import either
from adhere.model.inventory import Fault, Reading, Source
from adhere.model.location import Location
from adhere.model.package import Artifact, Package
from adhere.sources.addresses import file_name, is_archive, is_local, without_credentials
from adhere.sources.beside import project_beside
from adhere.sources.direct_reference import from_file_name, project_of
from adhere.sources.entry import (
    FAULT,
    UNPINNED,
    EntryError,
    hashes,
    package_name,
    package_version,
    shown,
    sort_of,
    spelled,
    version_fault,
)
from adhere.sources.json_file import JsonFile, read_json
from adhere.sources.pipfile import Wish, group_of, project, read_wish

SPEC = 6
"""Version of the format that is known: the only one that Pipenv ever released."""

_DEPTH = 2  # an entry's path: its category and its name


def read(path: Path, label: str) -> Reading:
    """Read a lock, with what was asked for from the ``Pipfile`` beside it.

    The lock does not tell which package needs which.

    Raises:
        SourceError: it is not JSON, no such lock, or of a version that is not known.
    """
    file = read_json(path, label)
    meta, remarks = _check(file)
    beside = project_beside(path, label, "Pipfile", project)
    reader = _Reader(file, meta, path.parent)
    reader.read()
    wanted = meta.get("requires")
    python = wanted.get("python_full_version") or wanted.get("python_version") if isinstance(
        wanted, dict
    ) else ""  # fmt: skip
    return Reading(
        source=Source(
            "Pipfile.lock",
            label,
            file.digest,
            python=python if isinstance(python, str) else "",
            remarks=(*remarks, *beside.remarks),
        ),
        packages=tuple(reader.found.values()),
        roots=beside.roots,
        first_party=beside.first_party,
        faults=(*reader.faults, *beside.faults),
    )


def _check(file: JsonFile) -> tuple[dict[str, Any], list[str]]:
    value = file.value
    meta = value.get("_meta") if isinstance(value, dict) else None
    if not isinstance(meta, dict):
        raise file.refuse("it has no `_meta`", (), hint="is it a Pipfile.lock?")
    spec = meta.get("pipfile-spec")
    if spec != SPEC:
        message = f"version {shown(str(spec))} of this format is not known"
        hint = f"adhere reads version {SPEC}: make the lock anew with a Pipenv of today"
        raise file.refuse(message, ("_meta", "pipfile-spec"), hint=hint, code="source-unsupported")
    remarks = ["it does not tell which package needs which"]
    return meta, remarks


class _Reader:
    """Reads the categories.

    Attributes:
        found: packages by name and version; one of several categories stands once.
        faults: entries that cannot be read.
    """

    def __init__(self, file: JsonFile, meta: dict[str, Any], folder: Path) -> None:
        self.file = file
        self.found: dict[tuple[str, str], Package] = {}
        self.faults: list[Fault] = []
        self._folder = folder
        self._indexes = _indexes(meta.get("sources"))

    def read(self) -> None:
        for category, table in self.file.value.items():
            if category == "_meta":
                continue
            location = self.file.location((category,), _DEPTH)
            if not isinstance(table, dict):
                reason = f"it is {sort_of(table)}, not a table of packages"
                self.faults.append(Fault(FAULT, category[:100] or "a category", reason, location))
                continue
            for name, value in table.items():
                self._entry(category, name, value)

    def _entry(self, category: str, name: str, value: object) -> None:
        location = self.file.location((category, name), _DEPTH)
        try:
            package = self._package(category, name, value, location)
        except EntryError as error:
            subject = name[:100] or f"an entry of {category[:60]}"
            self.faults.append(Fault(FAULT, subject, str(error), location))
            return
        if package is None:
            return
        key = (package.name, package.version)
        first = self.found.get(key)
        if first is not None:
            package = msgspec.structs.replace(
                first,
                groups=tuple(dict.fromkeys((*first.groups, *package.groups))),
                marker=either((first.marker, package.marker)),
            )
        elif fault := version_fault(package.name, package.version, location):
            self.faults.append(fault)
        self.found[key] = package

    def _package(
        self, category: str, key: str, value: object, location: Location
    ) -> Package | None:
        name = package_name(key)
        wish = read_wish(value)
        remarks: list[str] = []
        origin = wish.origin(self._index(wish, remarks))
        if origin.kind != "index":
            if is_local(origin.url):
                remarks.append("it comes from an absolute path, which only one machine has")
            version = self._direct_version(wish, location, remarks)
        elif pinned := _pinned(wish.version):
            version = package_version(pinned, remarks)
        else:
            reason = (
                f"{shown(wish.version)} is no single version, so what is installed is not known"
            )
            self.faults.append(Fault(UNPINNED, name, reason, location))
            return None
        found = hashes(wish.hashes, remarks)
        file = file_name(origin.url) if is_archive(origin.url) else ""
        return Package(
            name=name,
            version=version,
            location=location,
            spelled=spelled(key, name),
            origin=origin,
            groups=(group_of(category),),
            marker=wish.marker,
            artifacts=(Artifact(file, found),) if found or file else (),
            remarks=tuple(remarks),
        )

    def _direct_version(self, wish: Wish, location: Location, remarks: list[str]) -> str:
        version = _pinned(wish.version)
        place = wish.path or wish.file
        if not version and is_archive(place):
            _, version = from_file_name(file_name(place))
        elif not version and place:
            _, version = project_of(place, (self._folder,), location)
        if not version:
            remarks.append("the lock does not tell its version, which its build works out")
            return ""
        return package_version(version, remarks)

    def _index(self, wish: Wish, remarks: list[str]) -> str:
        """Address of the index an entry names; without a name, of the only one there is."""
        if wish.index:
            return self._indexes.get(wish.index, "")
        addresses = list(dict.fromkeys(self._indexes.values()))
        if len(addresses) > 1:
            remarks.append(f"it may come from any of: {', '.join(addresses)}")
        return addresses[0] if len(addresses) == 1 else ""


def _pinned(version: str) -> str:
    """The version behind ``==``, ``""`` for what admits several."""
    exact = version.removeprefix("===").removeprefix("==")
    if exact == version and version[:1] in "<>=!~*":
        return ""
    return "" if exact[:1] in tuple("<>=!~*") or "," in exact or exact.endswith("*") else exact


def _indexes(sources: object) -> dict[str, str]:
    return {
        source["name"]: without_credentials(source["url"])
        for source in (sources if isinstance(sources, list) else ())
        if isinstance(source, dict)
        and isinstance(source.get("name"), str)
        and isinstance(source.get("url"), str)
    }
