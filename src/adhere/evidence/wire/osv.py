"""Records of advisories in the OSV format, and the requests and answers of its service.

Reads version 1 of the OSV schema. A record comes from outside: what is not as the schema
says is left aside statement by statement where that loses nothing of what is judged (a
rating), and refuses the record where it would (a range).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import msgspec
from msgspec import Struct

from adhere.evidence.wire.garbage import Garbage
from adhere.model.advisory import Advisory, Affected, Event, EventKind, Range, Rating
from adhere.model.names import PackageName, canonical_name

ECOSYSTEM = "PyPI"
BATCH = 1_000
"""Queries that the service takes in one request."""

MAX_RECORD = 8 * 1024 * 1024
"""Bytes of a record; the largest that was seen has 300 kB."""

_ROUNDED = timedelta(seconds=1)
"""By which the two times of one state may differ: not everybody writes parts of seconds."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_EVENTS: tuple[str, ...] = get_args(EventKind)


class _Package(Struct):
    name: str
    ecosystem: str


class _Range(Struct):
    type: str
    events: list[dict[str, str]] = []


class _Affected(Struct):
    package: _Package | None = None
    ranges: list[_Range] = []
    versions: list[str] = []
    severity: Any = None
    database_specific: Any = None
    ecosystem_specific: Any = None


class _Record(Struct):
    id: str
    modified: str
    published: str | None = None
    withdrawn: str | None = None
    aliases: list[str] | None = None
    summary: str | None = None
    details: str | None = None
    affected: list[_Affected] | None = None
    severity: Any = None
    database_specific: Any = None


_record = msgspec.json.Decoder(_Record)


def read_record(data: bytes) -> Advisory:
    """One record.

    Raises:
        Garbage: it is none, with the reason.
    """
    if len(data) > MAX_RECORD:
        raise Garbage(f"it has {len(data)} bytes, more than any record")
    try:
        found = _record.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Garbage(f"it is no record: {error}") from None
    id_ = checked_id(found.id)
    ours = [
        (index, part)
        for index, part in enumerate(found.affected or ())
        if part.package is not None and part.package.ecosystem.partition(":")[0] == ECOSYSTEM
    ]
    whole = [*_ratings(found.severity, "severity", id_)]
    whole += _label(found.database_specific, "database_specific.severity", id_)
    return Advisory(
        id=id_,
        modified=_moment(found.modified, "modified"),
        aliases=tuple(sorted({a for a in found.aliases or () if _ID.fullmatch(a)} - {id_})),
        published=_moment(found.published, "published") if found.published else None,
        withdrawn=_moment(found.withdrawn, "withdrawn") if found.withdrawn else None,
        summary=_summary(found),
        affected=tuple(_affected(part, index, id_) for index, part in ours),
        ratings=tuple(whole),
    )


def named_packages(data: bytes) -> tuple[PackageName, ...]:
    """The packages that a record names that cannot be read; ``("",)`` where it does not tell."""
    unknown = (PackageName(""),)
    try:
        record = msgspec.json.decode(data)
        packages = [part["package"] for part in record["affected"]]
        named = [(package["ecosystem"], package["name"]) for package in packages]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError):
        return unknown
    if not all(type(text) is str for pair in named for text in pair):
        return unknown
    names = {canonical_name(name) for where, name in named if where.partition(":")[0] == ECOSYSTEM}
    return tuple(sorted(names)) if named else unknown


def checked_id(text: str) -> str:
    """An id that may stand in an address or a file name.

    Raises:
        Garbage: it is none.
    """
    if not _ID.fullmatch(text) or ".." in text:
        raise Garbage(f"{text[:60]!r} is no id of a record")
    return text


def _summary(found: _Record) -> str:
    text = found.summary or (found.details or "").strip().partition("\n")[0]
    return " ".join(text.split())[:300]


def _affected(part: _Affected, index: int, id_: str) -> Affected:
    assert part.package is not None  # noqa: S101 - for the type checker: only such are passed
    at = f"affected[{index}]"
    ratings = [
        *_ratings(part.severity, f"{at}.severity", id_),
        *_label(part.database_specific, f"{at}.database_specific.severity", id_),
        *_label(part.ecosystem_specific, f"{at}.ecosystem_specific.severity", id_),
    ]
    return Affected(
        name=canonical_name(part.package.name),
        ranges=tuple(Range(r.type, tuple(_events(r.events))) for r in part.ranges),
        versions=tuple(part.versions),
        ratings=tuple(ratings),
    )


def _events(events: Sequence[Mapping[str, str]]) -> Iterator[Event]:
    for event in events:
        for kind, version in event.items():
            if kind not in _EVENTS:
                raise Garbage(f"`{kind[:30]}` is no event of a range")
            yield Event(kind, version)  # type: ignore[arg-type]  # just compared with all of them


def _ratings(found: Any, at: str, id_: str) -> Iterator[Rating]:
    """Every entry by itself; what its ``type`` says does not matter, its vector does."""
    if found is None:
        return
    for index, entry in enumerate(found if isinstance(found, list) else [found]):
        where = f"{at}[{index}]" if isinstance(found, list) else at
        score = entry.get("score") if isinstance(entry, dict) else entry
        # What is no text is kept as JSON: a null must not be taken for the label NONE.
        text = score if isinstance(score, str) else msgspec.json.encode(score).decode()
        yield Rating(where, text[:1_000], id_)


def _label(found: Any, at: str, id_: str) -> Iterator[Rating]:
    word = found.get("severity") if isinstance(found, dict) else None
    if isinstance(word, str) and word:
        yield Rating(at, word[:200], id_)


def _moment(text: str, what: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # in UTC it may be of a year that there is none of
        raise Garbage(f"`{what}` is no time: {text[:40]!r}") from None


class Query(Struct, frozen=True):
    """One question to the service.

    Attributes:
        name: canonical.
        version: ``""`` for every version.
        page: token of the next page of an earlier answer.
    """

    name: PackageName
    version: str = ""
    page: str = ""


class Hit(Struct, frozen=True):
    """A record that an answer names.

    Attributes:
        id: of the record.
        modified: when it last changed; what it is cached by.
    """

    id: str
    modified: str

    @property
    def changed(self) -> datetime | None:
        """When it last changed; ``None`` where the answer does not tell."""
        try:
            return _moment(self.modified, "modified")
        except Garbage:
            return None

    def is_newer_than(self, record: Advisory) -> bool:
        """Whether a record is of before the change that the answer speaks of."""
        changed = self.changed
        return changed is not None and changed - record.modified > _ROUNDED


def batches(queries: Sequence[Query]) -> Iterator[tuple[Sequence[Query], bytes]]:
    """Bodies of requests to ``/v1/querybatch``, each with the queries that it asks."""
    for start in range(0, len(queries), BATCH):
        part = queries[start : start + BATCH]
        body = {"queries": [_query(query) for query in part]}
        yield part, msgspec.json.encode(body)


def _query(query: Query) -> dict[str, object]:
    asked: dict[str, object] = {"package": {"name": query.name, "ecosystem": ECOSYSTEM}}
    if query.version:
        asked["version"] = query.version
    if query.page:
        asked["page_token"] = query.page
    return asked


class _Hit(Struct):
    id: str
    modified: str = ""


class _Result(Struct):
    vulns: list[_Hit] | None = None
    next_page_token: str = ""


class _Results(Struct):
    results: list[_Result | None]


_results = msgspec.json.Decoder(_Results)


def read_batch(
    data: bytes, queries: Sequence[Query]
) -> tuple[dict[Query, tuple[Hit, ...]], tuple[Query, ...]]:
    """An answer of ``/v1/querybatch``.

    Args:
        data: the body.
        queries: what was asked, in this order.

    Returns:
        Hits by query, and the queries that ask for the pages that are still to come.

    Raises:
        Garbage: it is none, or does not answer every query.
    """
    try:
        results = _results.decode(data).results
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Garbage(f"it is no answer to a batch: {error}") from None
    if len(results) != len(queries):
        raise Garbage(f"it answers {len(results)} of {len(queries)} queries")
    found: dict[Query, tuple[Hit, ...]] = {}
    more: list[Query] = []
    for query, result in zip(queries, results, strict=True):
        hits = (result.vulns or ()) if result is not None else ()
        found[query] = tuple(Hit(checked_id(hit.id), hit.modified) for hit in hits)
        if result is not None and result.next_page_token:
            more.append(msgspec.structs.replace(query, page=result.next_page_token))
    return found, tuple(more)


def as_stored(advisory: Advisory) -> bytes:
    """A record as it is kept in a cache or an index."""
    return _encoder.encode(advisory)


def from_stored(data: bytes) -> Advisory:
    """A record that `as_stored` made.

    Raises:
        Garbage: it is none.
    """
    try:
        return _stored.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Garbage(f"it is no stored record: {error}") from None


_encoder = msgspec.msgpack.Encoder()
_stored = msgspec.msgpack.Decoder(Advisory)
