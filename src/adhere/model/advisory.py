"""Advisories as they are published, and vulnerabilities as a run sees them.

The names follow the OSV schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from adhere.model.finding import Missing
from adhere.model.names import PackageName

Band = Literal["MALICIOUS", "CRITICAL", "HIGH", "MEDIUM", "LOW", "NONE", "UNKNOWN"]
"""How severe a vulnerability is. ``UNKNOWN`` is not the lowest: nobody has said."""

BANDS: tuple[Band, ...] = ("MALICIOUS", "CRITICAL", "HIGH", "MEDIUM", "LOW", "NONE", "UNKNOWN")


def worse(first: str, second: str) -> bool:
    """Whether a band is worse than another.

    What nobody rated may be anything, so that only an attack is worse.
    """
    order = ("MALICIOUS", "UNKNOWN", *BANDS[1:-1])
    return order.index(first) < order.index(second)


EventKind = Literal["introduced", "fixed", "last_affected", "limit"]


class Event(Struct, frozen=True, array_like=True):
    """A version at which something changes."""

    kind: EventKind
    version: str


class Range(Struct, frozen=True, array_like=True):
    """One range of an advisory.

    Attributes:
        kind: ``ECOSYSTEM`` is matched; ``SEMVER`` and ``GIT`` say nothing about versions of
            Python packages.
        events: in the order of the record, which need not be that of the versions.
    """

    kind: str
    events: tuple[Event, ...] = ()


class Rating(Struct, frozen=True, array_like=True):
    """One statement about severity.

    Attributes:
        source: where it stands: ``severity[0]``, ``affected[0].severity[0]``,
            ``database_specific.severity``.
        score: a CVSS vector, or a label. Untrusted.
        record: id of the advisory that says it.
    """

    source: str
    score: str
    record: str = ""


class Affected(Struct, frozen=True, array_like=True):
    """What an advisory says of one package.

    Attributes:
        name: canonical.
        ranges: versions that are touched.
        versions: versions that are touched, by name.
        ratings: of this package only.
    """

    name: PackageName
    ranges: tuple[Range, ...] = ()
    versions: tuple[str, ...] = ()
    ratings: tuple[Rating, ...] = ()


class Advisory(Struct, frozen=True, array_like=True):
    """A record of a database of advisories.

    Attributes:
        id: ``PYSEC-2023-1``, ``GHSA-...``, ``CVE-...``, ``MAL-...``.
        modified: of the record; what a cache is keyed by.
        aliases: other ids of the same flaw.
        published: ``None`` when it does not say.
        withdrawn: it turned out to be none.
        summary: one line, ``""`` when it has none. Untrusted.
        affected: by package; other ecosystems are left out.
        ratings: of the flaw as a whole.
    """

    id: str
    modified: datetime
    aliases: tuple[str, ...] = ()
    published: datetime | None = None
    withdrawn: datetime | None = None
    summary: str = ""
    affected: tuple[Affected, ...] = ()
    ratings: tuple[Rating, ...] = ()


class Severity(Struct, frozen=True):
    """How severe a flaw is, and how that was found out.

    Attributes:
        band: the answer.
        score: 0.0 to 10.0; ``None`` where only a label is known, or nothing.
        derivation: what decided, and what was left aside, as clauses.
    """

    band: Band
    score: float | None = None
    derivation: tuple[str, ...] = ()


VexStatus = Literal["not_affected", "fixed", "affected", "under_investigation"]


class Statement(Struct, frozen=True):
    """What a VEX document says about a flaw in a package.

    Attributes:
        name: canonical.
        version: ``""`` for all.
        ids: of the flaw.
        status: what is said.
        source: the document.
        reason: a justification, ``""`` when none is given. Untrusted.
        author: who says it. Untrusted.
        at: when; ``None`` when it does not tell.
    """

    name: PackageName
    version: str
    ids: tuple[str, ...]
    status: VexStatus
    source: str
    reason: str = ""
    author: str = ""
    at: datetime | None = None


class Vulnerability(Struct, frozen=True):
    """One flaw in one package, over all records that speak of it.

    Attributes:
        id: the one that people know: CVE before GHSA before PYSEC before others.
        aliases: all the others, sorted.
        severity: over all records.
        fixed_in: versions that have it no more, sorted; empty when none was released.
        published: the earliest of the records; ``None`` when none says.
        summary: one line. Untrusted.
        ratings: every statement about severity, for other ways to weigh them.
        statement: of a VEX document, that it does not matter here.
    """

    id: str
    aliases: tuple[str, ...] = ()
    severity: Severity = Severity("UNKNOWN")
    fixed_in: tuple[str, ...] = ()
    published: datetime | None = None
    summary: str = ""
    ratings: tuple[Rating, ...] = ()
    statement: Statement | None = None


class Vulnerabilities(Struct, frozen=True):
    """What is known about all packages of a run.

    Attributes:
        found: by canonical name and version; ``Missing`` where nothing is known for sure.
        source: which data: ``osv``, ``snapshot``, a file.
        as_of: when the data was current; ``None`` when nobody knows.
        digest: of the data, ``""`` for an answer of a service.
        age: seconds since then, at the moment of the verdict; ``None`` when nobody knows.
        max_age: seconds beyond which the data cannot judge.
        withdrawn: records that turned out to be none, by id.
        doubts: by the same keys, what packages may have besides what was found.
        remarks: what could not be used and may be about any package, as clauses.
    """

    found: Mapping[tuple[PackageName, str], tuple[Vulnerability, ...] | Missing]
    source: str
    as_of: datetime | None = None
    digest: str = ""
    age: float | None = None
    max_age: float = 0.0
    withdrawn: tuple[str, ...] = ()
    doubts: Mapping[tuple[PackageName, str], Missing] = {}
    remarks: tuple[str, ...] = ()


class Seen(Struct, frozen=True):
    """A flaw in a package, and the day it was first seen there.

    Attributes:
        package: canonical name.
        id: any id of the flaw.
        first_seen: that day.
    """

    package: PackageName
    id: str
    first_seen: date


class Ledger(Struct, frozen=True):
    """What the project remembers of flaws, in a file that is committed.

    Attributes:
        path: of the file.
        seen: its rows.
    """

    path: str
    seen: tuple[Seen, ...] = ()

    def first_seen(self, package: PackageName, ids: Iterable[str]) -> date | None:
        """The earliest day on which a flaw was seen in a package, by any of its ids."""
        wanted = frozenset(ids)
        rows = (row for row in self.seen if row.package == package and row.id in wanted)
        return min((row.first_seen for row in rows), default=None)
