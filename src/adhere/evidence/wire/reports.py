"""What other scanners found: the JSON of pip-audit and of osv-scanner, as records.

A scanner says which packages it looked at and what it found in these versions. That becomes
records that name just these versions, so that they are merged and weighed as any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.osv import ECOSYSTEM, checked_id, read_record
from adhere.model.advisory import Advisory, Affected, Event, Range
from adhere.model.names import PackageName, canonical_name

MAX_REPORT = 64 * 1024 * 1024
_NEVER = datetime.min.replace(tzinfo=UTC)

Key = tuple[PackageName, str]


class Reported(Struct, frozen=True):
    """What reports say.

    Attributes:
        records: by package.
        listed: names and versions that were looked at.
        skipped: why others were not.
    """

    records: Mapping[PackageName, tuple[Advisory, ...]] = {}
    listed: frozenset[Key] = frozenset()
    skipped: Mapping[Key, str] = {}


class _Found(Struct):
    id: str
    fix_versions: list[str] = []
    aliases: list[str] = []
    description: str = ""


class _Dependency(Struct):
    name: str
    version: str = ""
    vulns: list[_Found] = []
    skip_reason: str = ""


class _Audit(Struct):
    dependencies: list[_Dependency]


class _Package(Struct):
    name: str
    version: str = ""
    ecosystem: str = ""


class _Scanned(Struct):
    package: _Package
    vulnerabilities: list[msgspec.Raw] = []


class _Result(Struct):
    packages: list[_Scanned] = []


class _Scan(Struct):
    results: list[_Result] | None


def read_report(data: bytes) -> Reported:
    """A report of either scanner, told apart by what it holds.

    Raises:
        Garbage: it is none.
    """
    if len(data) > MAX_REPORT:
        raise Garbage(f"it has {len(data)} bytes, more than any report")
    try:
        whole: Any = msgspec.json.decode(data)
        if isinstance(whole, list):  # pip-audit before 2.5
            return _audited(msgspec.convert(whole, list[_Dependency]))
        if isinstance(whole, dict) and "dependencies" in whole:
            return _audited(msgspec.convert(whole, _Audit).dependencies)
        if isinstance(whole, dict) and "results" in whole:
            return _scanned(msgspec.json.decode(data, type=_Scan).results or ())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Garbage(f"it is no report of pip-audit or osv-scanner: {error}") from None
    raise Garbage("it is no report of pip-audit or osv-scanner: it has no such key")


def _audited(dependencies: Iterable[_Dependency]) -> Reported:
    records: dict[PackageName, list[Advisory]] = {}
    listed: set[Key] = set()
    skipped: dict[Key, str] = {}
    for found in dependencies:
        key = (canonical_name(found.name), found.version)
        if found.skip_reason:
            skipped[key] = f"pip-audit skipped it: {found.skip_reason[:200]}"
            continue
        listed.add(key)
        for flaw in found.vulns:
            fixes = tuple(Event("fixed", version) for version in flaw.fix_versions)
            record = Advisory(
                id=checked_id(flaw.id),
                modified=_NEVER,
                aliases=tuple(sorted({checked_id(alias) for alias in flaw.aliases} - {flaw.id})),
                summary=" ".join(flaw.description.split())[:300],
                affected=(_touched(key, (Range("ECOSYSTEM", fixes),) if fixes else ()),),
            )
            records.setdefault(key[0], []).append(record)
    return _reported(records, listed, skipped)


def _scanned(results: Iterable[_Result]) -> Reported:
    records: dict[PackageName, list[Advisory]] = {}
    listed: set[Key] = set()
    for package in (one for result in results for one in result.packages):
        if package.package.ecosystem != ECOSYSTEM:
            continue
        key = (canonical_name(package.package.name), package.package.version)
        listed.add(key)
        for raw in package.vulnerabilities:
            record = read_record(bytes(raw))
            record = msgspec.structs.replace(record, affected=(*record.affected, _touched(key)))
            records.setdefault(key[0], []).append(record)
    return _reported(records, listed, {})


def _touched(key: Key, ranges: tuple[Range, ...] = ()) -> Affected:
    name, version = key
    return Affected(name, ranges, (version,))


def _reported(
    records: Mapping[PackageName, list[Advisory]], listed: Iterable[Key], skipped: Mapping[Key, str]
) -> Reported:
    found = {name: tuple(group) for name, group in records.items()}
    return Reported(found, frozenset(listed), skipped)


def together(reports: Iterable[Reported]) -> Reported:
    """Several reports as one: what one looked at counts as looked at."""
    records: dict[PackageName, list[Advisory]] = {}
    listed: set[Key] = set()
    skipped: dict[Key, str] = {}
    for report in reports:
        listed |= report.listed
        skipped |= report.skipped
        for name, group in report.records.items():
            records.setdefault(name, []).extend(group)
    return _reported(records, listed, {key: skipped[key] for key in skipped.keys() - listed})
