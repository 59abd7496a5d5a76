"""An environment read, and what was read of it remembered.

What is remembered can only ever save time. A distribution is taken from the cache when
every file and folder that its entry was made from still has the stamp it had; the code
that made the entry is part of the key. `adhere.sources.stamp` says why that is enough.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from adhere.app.entry import Entry, entry_of, unreadable_fault
from adhere.app.versions import code_version
from adhere.model.claim import Conclusion
from adhere.model.digest import sha256
from adhere.model.inventory import Fault, Reading, Source
from adhere.model.key import cache_key
from adhere.model.names import PackageName, as_text, is_text
from adhere.model.package import Package
from adhere.ports import Cache, Clock, Meter, Progress
from adhere.sources import probe
from adhere.sources.site_packages import Environment, running_machine, running_python
from adhere.sources.stamp import unchanged

Key = tuple[str, str]
"""Canonical name and version."""

DUPLICATE = "package-duplicate"
_SUFFIXES = (".dist-info", ".egg-info")
_LEGACY = (".egg-link", ".egg")


class _Folder(Struct, frozen=True, array_like=True):
    entries: dict[str, Entry]


class EnvironmentReading(Struct, frozen=True):
    """An environment's packages and what their licenses come to.

    Attributes:
        reading: the packages.
        conclusions: of their licenses.
        entries: what it was made of, by absolute path of the folder and name in it.
    """

    reading: Reading
    conclusions: Mapping[Key, Conclusion]
    entries: Mapping[str, Mapping[str, Entry]] = {}


def read_environment(
    environment: Environment,
    label: str,
    folder_labels: Sequence[str],
    *,
    cache: Cache,
    clock: Clock,
    meter: Meter,
    jobs: int,
    progress: Progress,
    licenses: bool = True,
) -> EnvironmentReading:
    """Everything an environment holds.

    Args:
        environment: where it keeps its packages.
        label: what to call it.
        folder_labels: what to call each of its folders.
        cache: where to remember what was read.
        clock: for the age of files.
        meter: counts what came from the cache.
        jobs: processes that identify license texts, 0 for one per processor.
        progress: is told how many texts are identified.
        licenses: ``False`` concludes none that is not remembered, and remembers nothing.
    """
    python = environment.python
    remarks = list(environment.remarks)
    if not python:
        python = running_python()
        remarks.append(f"nothing names its Python, so markers are evaluated for {python}")
    found: list[tuple[str, str, Entry]] = []
    read: dict[str, Mapping[str, Entry]] = {}
    for folder, name in zip(environment.folders, folder_labels, strict=True):
        reader = _FolderReader(folder, name, python, environment.implementation, cache, clock)
        entries = reader.read(jobs, progress, licenses=licenses)
        meter.count("inventory.remembered", reader.remembered)
        meter.count("inventory.read", len(entries) - reader.remembered)
        found.extend((name, entry_name, entry) for entry_name, entry in entries.items())
        read[folder] = entries
    assembled = _assembled(found, label, python, environment.implementation, tuple(remarks))
    return msgspec.structs.replace(assembled, entries=read)


def _assembled(
    found: list[tuple[str, str, Entry]],
    label: str,
    python: str,
    implementation: str,
    remarks: tuple[str, ...],
) -> EnvironmentReading:
    packages: list[Package] = []
    faults: list[Fault] = []
    conclusions: dict[Key, Conclusion] = {}
    first: dict[PackageName, Package] = {}
    digest = sha256()
    for _, name, entry in found:
        digest.update(f"{name} {entry.digest}\n".encode("utf-8", "surrogateescape"))
        faults.extend(entry.faults)
        package = entry.package
        if package is None:
            continue
        if package.name in first:
            faults.append(_duplicate(package, first[package.name]))
        first.setdefault(package.name, package)
        packages.append(package)
        if entry.conclusion is not None:
            conclusions.setdefault((package.name, package.version), entry.conclusion)
    source = Source(
        kind="environment",
        path=label,
        digest=f"sha256:{digest.hexdigest()}",
        python=python,
        platform=sys.platform,
        machine=running_machine(),
        implementation=implementation,
        remarks=remarks,
    )
    reading = Reading(source, tuple(packages), faults=tuple(faults))
    return EnvironmentReading(reading, conclusions)


def _duplicate(package: Package, other: Package) -> Fault:
    reason = (
        f"it is installed twice, {other.version} in {other.location.path} and "
        f"{package.version} here; which of them Python uses depends on the order of folders"
    )
    return Fault(DUPLICATE, package.name, reason, package.location, kept=True)


class _FolderReader:
    def __init__(
        self,
        folder: str,
        label: str,
        python: str,
        implementation: str,
        cache: Cache,
        clock: Clock,
    ) -> None:
        self.folder = folder
        self.label = label
        self.python = python
        self.implementation = implementation
        self.cache = cache
        self.clock = clock
        self.remembered = 0
        self.nameless: dict[str, Entry] = {}
        real = probe.realpath(folder)
        about = (label, python, implementation, sys.platform, running_machine())
        self.key = cache_key("environment", real, *about, code_version())

    def read(self, jobs: int, progress: Progress, *, licenses: bool) -> dict[str, Entry]:
        names = self.names()
        known = self.known()
        entries: dict[str, Entry] = {}
        missing: list[str] = []
        folder = os.fsencode(f"{self.folder}/")
        for name in names:
            entry = known.get(name)
            if entry is not None and unchanged(entry.stamps, folder):
                entries[name] = entry
            else:
                missing.append(name)
        self.remembered = len(entries)
        if missing:
            from adhere.app.read_distributions import read_distributions

            entries.update(
                read_distributions(
                    self.folder,
                    self.label,
                    missing,
                    self.python,
                    self.implementation,
                    int(self.clock.now().timestamp() * 1e9),
                    jobs,
                    progress,
                    licenses=licenses,
                )
            )
        if licenses and (missing or len(known) != len(entries)):
            self.remember(entries)
        return {**{name: entries[name] for name in names}, **self.nameless}

    def names(self) -> list[str]:
        """Metadata folders and files, sorted. A folder that cannot be listed is a fault."""
        with os.scandir(self.folder) as listing:
            found = [entry.name for entry in listing if entry.name.endswith(_SUFFIXES + _LEGACY)]
        for name in [name for name in found if not is_text(name)]:
            found.remove(name)
            shown = as_text(name)
            fault = unreadable_fault(self.label, shown, "its name is not UTF-8")
            self.nameless[shown] = entry_of(None, (fault,), None, b"")
        return sorted(found)

    def known(self) -> Mapping[str, Entry]:
        data = self.cache.get_many([self.key]).get(self.key)
        if data is None:
            return {}
        try:
            return msgspec.msgpack.decode(data, type=_Folder).entries
        except msgspec.DecodeError:
            return {}

    def remember(self, entries: Mapping[str, Entry]) -> None:
        data = msgspec.msgpack.encode(_Folder(dict(entries)))
        self.cache.put_many({self.key: data})
