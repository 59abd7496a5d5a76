"""What is known about the vulnerabilities of an inventory, from records of advisories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from adhere.evidence.advisories import Snapshot, records_of
from adhere.evidence.wire.reports import Reported
from adhere.model.advisory import Advisory, Statement, Vulnerabilities, Vulnerability
from adhere.model.finding import Missing
from adhere.model.inventory import Component
from adhere.model.names import PackageName
from adhere.policy.vulnerability.excuse import excused
from adhere.policy.vulnerability.matching import matched

UPDATE = "adhere db update fetches a snapshot"
_SHOWN = 5
"""Doubts that are told one by one."""

Key = tuple[PackageName, str]


class Beside(Struct, frozen=True):
    """What is known besides records of a database.

    Attributes:
        reported: by other scanners.
        statements: of VEX documents.
    """

    reported: Reported = Reported()
    statements: tuple[Statement, ...] = ()


NOTHING = Beside()


class Data(Struct, frozen=True):
    """Where records come from, and how old they are.

    Attributes:
        source: what to call it.
        as_of: when it was current; ``None`` when nobody knows.
        digest: of it, ``""`` for the answers of a service.
    """

    source: str
    as_of: datetime | None = None
    digest: str = ""


def from_snapshot(
    snapshot: Snapshot,
    components: Iterable[Component],
    moment: datetime,
    max_age: float,
    beside: Beside = NOTHING,
) -> Vulnerabilities:
    """The answer of a snapshot.

    Args:
        snapshot: indexed.
        components: of the run; our own packages are in no database.
        moment: of the verdict.
        max_age: seconds beyond which the data cannot judge.
        beside: what else is known.

    Raises:
        SourceError: the index cannot be read.
    """
    asked = [component for component in components if not component.first_party]
    records = records_of(snapshot, sorted({component.name for component in asked}))
    data = Data(snapshot.label, snapshot.as_of, snapshot.digest)
    return answered(data, asked, records.found, records.refused, moment, max_age, beside)


def from_reports(
    data: Data,
    components: Iterable[Component],
    moment: datetime,
    max_age: float,
    beside: Beside,
) -> Vulnerabilities:
    """The answer of other scanners alone: what they did not look at is not known.

    Args:
        data: which reports, and when the oldest was made.
        components: of the run.
        moment: of the verdict.
        max_age: seconds beyond which the data cannot judge.
        beside: the reports.
    """
    asked = [component for component in components if not component.first_party]
    known = answered(data, asked, {}, {}, moment, max_age, beside)
    reported = beside.reported
    found = {
        key: answer
        if key in reported.listed
        else Missing(reported.skipped.get(key, "no report lists it"))
        for key, answer in known.found.items()
    }
    return msgspec.structs.replace(known, found=found)


def answered(
    data: Data,
    components: Sequence[Component],
    records: Mapping[PackageName, Sequence[Advisory]],
    refused: Mapping[PackageName, Sequence[str]],
    moment: datetime,
    max_age: float,
    beside: Beside = NOTHING,
) -> Vulnerabilities:
    """Match records with packages.

    Args:
        data: where the records come from.
        components: of the run, none of them ours.
        records: by package, those of aliases among them.
        moment: of the verdict.
        max_age: seconds beyond which the data cannot judge.
        refused: why records about a package could not be read, ``""`` for those of which
            nobody knows what they are about.
        beside: what else is known.
    """
    found: dict[Key, tuple[Vulnerability, ...] | Missing] = {}
    doubts: dict[Key, Missing] = {}
    for component in components:
        key = (component.name, component.version)
        own = (*records.get(component.name, ()), *beside.reported.records.get(component.name, ()))
        result = matched(*key, own)
        unclear = (*result.doubts, *refused.get(component.name, ()))
        found[key] = tuple(excused(*key, flaw, beside.statements) for flaw in result.found)
        if unclear and result.found:
            doubts[key] = Missing("; ".join(_some(unclear)))
        elif unclear:
            found[key] = Missing("; ".join(_some(unclear)))
    gone = (r for group in records.values() for r in group if r.withdrawn is not None)
    return Vulnerabilities(
        found=found,
        source=data.source,
        as_of=data.as_of,
        digest=data.digest,
        age=(moment - data.as_of).total_seconds() if data.as_of is not None else None,
        max_age=max_age,
        withdrawn=tuple(sorted({id_ for record in gone for id_ in (record.id, *record.aliases)})),
        doubts=doubts,
        remarks=_some(refused.get(PackageName(""), ())),
    )


def _some(clauses: Sequence[str]) -> tuple[str, ...]:
    rest = len(clauses) - _SHOWN
    return (*clauses[:_SHOWN], f"and {rest} more") if rest > 0 else tuple(clauses)
