"""An OSV service asked about packages: one batch of queries, then the records it names.

The service preselects by name and version; whether a version is touched is then judged by
ourselves, so that what it names too much does not count. A version that PEP 440 does not
order is asked for by name alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from packaging.version import InvalidVersion, Version

from adhere.evidence.fetch import Answers, Brief, Decode, Fetch
from adhere.evidence.plan import Plan
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.osv import (
    Hit,
    Query,
    as_stored,
    batches,
    from_stored,
    read_batch,
    read_record,
)
from adhere.model.advisory import Advisory
from adhere.model.digest import bytes_digest
from adhere.model.finding import Missing
from adhere.model.key import cache_key
from adhere.model.names import PackageName

PUBLIC = "https://api.osv.dev"
"""The service that is asked when no other is configured."""

KIND = "vulnerability"
RECORD = "advisory"
"""Records are kept apart: one that did not change since is as good as on its first day."""

RECORD_TTL = 30 * 86_400.0
_BRIEFLY = 600.0
"""Seconds for which a record is kept that is older than the service says that it is."""

_NEVER = datetime.min.replace(tzinfo=UTC)
_SCHEMA = "1"  # of what is stored; another one is another key
_JSON = (("Content-Type", "application/json"),)
_PAGES = 20
"""Pages of one answer that are turned; the largest project has two."""


class Answered(Struct, frozen=True):
    """What a service said.

    Attributes:
        records: by package.
        refused: by package, why something about it is not known.
        age: seconds since the oldest of the answers, ``None`` when there was none. Where
            there was nothing to ask, nothing is old.
    """

    records: Mapping[PackageName, tuple[Advisory, ...]]
    refused: Mapping[PackageName, tuple[str, ...]]
    age: float | None


def queries_of(packages: Iterable[tuple[PackageName, str]]) -> tuple[Query, ...]:
    """One query for each package and version."""
    return tuple(dict.fromkeys(Query(name, _ordered(version)) for name, version in packages))


def _ordered(version: str) -> str:
    try:
        return str(Version(version))
    except InvalidVersion:
        return ""


def asked(url: str, packages: Iterable[tuple[PackageName, str]]) -> Plan[Answered]:
    """Ask about packages.

    Args:
        url: of the service, without a slash at its end.
        packages: names and versions, the more important first.
    """
    hits: dict[PackageName, dict[str, Hit]] = {}
    refused: dict[PackageName, list[str]] = {}
    todo = queries_of(packages)
    ages: list[float] = [] if todo else [0.0]
    for _ in range(_PAGES):
        if not todo:
            break
        todo = yield from _batch(url, todo, hits, refused, ages)
    for query in todo:
        refused.setdefault(query.name, []).append("the service has more pages than are turned")
    every = (hit for found in hits.values() for hit in found.values())
    # Answers of two days may speak of two changes; the dictionary keeps the last.
    wanted = {hit.id: hit for hit in sorted(every, key=lambda hit: hit.changed or _NEVER)}
    fetches = {id_: record_fetch(url, hit) for id_, hit in wanted.items()}
    hit_of = {fetches[id_]: hit for id_, hit in wanted.items()}
    answers: Answers = (yield tuple(hit_of), _decoder(hit_of)) if fetches else {}
    records: dict[PackageName, tuple[Advisory, ...]] = {}
    for name, found in hits.items():
        known: list[Advisory] = []
        for id_ in sorted(found):
            answer = answers[fetches[id_]]
            if isinstance(answer, Missing):
                refused.setdefault(name, []).append(f"{id_}: {answer.reason}")
            elif answer.found:
                try:
                    record = _that(from_stored(answer.body), id_)
                except Garbage as error:  # somebody else wrote into the cache
                    refused.setdefault(name, []).append(f"{id_}: {error}")
                    continue
                known.append(record)  # what it says was true, and may be all that there is
                if wanted[id_].is_newer_than(record):
                    refused.setdefault(name, []).append(_outdated(record, wanted[id_]))
            else:
                refused.setdefault(name, []).append(f"{id_}: the service no longer has it")
        records[name] = tuple(known)
    return Answered(
        records,
        {name: tuple(dict.fromkeys(reasons)) for name, reasons in refused.items()},
        max(ages, default=None),
    )


def _batch(
    url: str,
    queries: tuple[Query, ...],
    hits: dict[PackageName, dict[str, Hit]],
    refused: dict[PackageName, list[str]],
    ages: list[float],
) -> Plan[tuple[Query, ...]]:
    """One round of queries; what comes back asks for the pages that are still to come."""
    parts: dict[Fetch, Sequence[Query]] = {}
    for part, body in batches(queries):
        key = cache_key(KIND, "batch", _SCHEMA, url, bytes_digest(body))
        address = f"{url}/v1/querybatch"
        parts[Fetch(KIND, key, address, "POST", body, _JSON, may_be_absent=False)] = part

    def checked(fetch: Fetch, body: bytes) -> bytes:
        read_batch(body, parts[fetch])  # garbage is never stored
        return body

    answers = yield tuple(parts), checked
    more: list[Query] = []
    for fetch, part in parts.items():
        answer = answers[fetch]
        if isinstance(answer, Missing) or not answer.found:
            absent = "the service has no such page"
            reason = answer.reason if isinstance(answer, Missing) else absent
            for query in part:
                refused.setdefault(query.name, []).append(reason)
            continue
        try:
            found, rest = read_batch(answer.body, part)
        except Garbage as error:  # somebody else wrote into the cache
            for query in part:
                refused.setdefault(query.name, []).append(str(error))
            continue
        ages.append(answer.age)
        more += rest
        for query, named in found.items():
            hits.setdefault(query.name, {}).update((hit.id, hit) for hit in named)
    return tuple(more)


def record_fetch(url: str, hit: Hit) -> Fetch:
    """The request for a record as it was when it last changed."""
    key = cache_key(RECORD, _SCHEMA, url, hit.id, hit.modified)
    return Fetch(RECORD, key, f"{url}/v1/vulns/{hit.id}")


def _decoder(hit_of: Mapping[Fetch, Hit]) -> Decode:
    def stored(fetch: Fetch, body: bytes) -> bytes | Brief:
        hit = hit_of[fetch]
        record = _that(read_record(body), hit.id)
        # Kept by when it changed: where that does not fit, nobody would ask again.
        if hit.changed is None or hit.is_newer_than(record):
            return Brief(as_stored(record), _BRIEFLY)
        return as_stored(record)

    return stored


def _outdated(record: Advisory, hit: Hit) -> str:
    had, said = (f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (record.modified, hit.changed or _NEVER))
    return f"{hit.id}: the service has it as of {had}, and says that it changed on {said}"


def _that(record: Advisory, id_: str) -> Advisory:
    """The record, if it is the one that was asked for."""
    if record.id != id_:
        raise Garbage(f"it is the record {record.id}")
    return record
