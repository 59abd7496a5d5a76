"""A fake OSV service: ``/v1/query``, ``/v1/querybatch``, ``/v1/vulns/<id>``."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from adhere.testing.certificates import Authority
from adhere.testing.message import Request, Response
from adhere.testing.server import FakeServer

MAX_QUERIES = 1_000
"""Queries of one batch; the service refuses more."""

Record = Mapping[str, Any]
"""An advisory as OSV's schema describes it."""


class FakeOsv(FakeServer):
    """An OSV service over records that a test gives, or over a snapshot's.

    A query with a version is answered with the records that list it in ``versions`` or
    whose ranges contain it. Versions are compared as PEP 440 says.

    Attributes:
        records: by id.
        announced: ``modified`` by id, where queries are answered with another time than the
            record's: of a service whose parts do not agree.
    """

    def __init__(
        self,
        records: Iterable[Record] = (),
        *,
        snapshot: str = "",
        page_size: int = 1_000,
        latency: float = 0.0,
        tls: Authority | None = None,
        certificate_host: str = "",
    ) -> None:
        """Make a service; the ``with`` block starts it.

        Args:
            records: advisories.
            snapshot: path of an ``all.zip`` whose records are added.
            page_size: hits of one query that come in one answer; a token asks for more.
            latency: seconds before each answer.
            tls: who signs the certificate; ``None`` for plain HTTP.
            certificate_host: whom the certificate is for, in place of this server.
        """
        super().__init__(latency=latency, tls=tls, certificate_host=certificate_host)
        self.page_size = page_size
        self.records: dict[str, Record] = {}
        self.announced: dict[str, str] = {}
        self._by_name: dict[tuple[str, str], list[str]] = {}
        for record in (*records, *(_records_of(snapshot) if snapshot else ())):
            self.add(record)

    @property
    def url(self) -> str:
        """What to configure as the address of OSV."""
        return self.origin

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that make adhere ask this service."""
        return {"ADHERE_OSV_URL": self.url}

    def add(self, record: Record) -> None:
        """Add a record, or replace the one of this id."""
        id_ = record["id"]
        self.remove(id_)
        self.records[id_] = record
        for key in _packages_of(record):
            self._by_name.setdefault(key, []).append(id_)

    def remove(self, id_: str) -> None:
        """Take a record back, where there is one."""
        for key in _packages_of(self.records.pop(id_, {})):
            self._by_name[key].remove(id_)

    def answer(self, request: Request) -> Response:
        """What OSV would say."""
        if request.method == "GET" and request.path.startswith("/v1/vulns/"):
            record = self.records.get(request.path.removeprefix("/v1/vulns/"))
            return _json(record) if record is not None else _error(404, 5, "Bug not found.")
        if request.method != "POST":
            return _error(404, 5, "Not Found")
        try:
            asked = json.loads(request.body)
            if request.path == "/v1/query":
                return _json(self._query(asked, whole=True))
            if request.path == "/v1/querybatch":
                return self._batch(asked["queries"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return _error(400, 3, "Invalid query.")
        return _error(404, 5, "Not Found")

    def _batch(self, queries: list[dict[str, Any]]) -> Response:
        if len(queries) > MAX_QUERIES:
            return _error(400, 3, "Too many queries.")
        return _json({"results": [self._query(query, whole=False) for query in queries]})

    def _query(self, query: dict[str, Any], *, whole: bool) -> dict[str, Any]:
        package = query["package"]
        key = (package["ecosystem"], _canonical(package["name"]))
        version = query.get("version", "")
        ids = [i for i in self._by_name.get(key, ()) if _affects(self.records[i], key, version)]
        start = int(query.get("page_token") or 0)
        records = [self.records[i] for i in ids[start : start + self.page_size]]
        answer: dict[str, Any] = {}
        if records:
            short = [
                {"id": r["id"], "modified": self.announced.get(r["id"], r["modified"])}
                for r in records
            ]
            answer["vulns"] = records if whole else short
        if start + self.page_size < len(ids):
            answer["next_page_token"] = str(start + self.page_size)
        return answer


def _records_of(snapshot: str) -> Iterable[Record]:
    with zipfile.ZipFile(snapshot) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".json"):
                yield json.loads(archive.read(name))


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _packages_of(record: Record) -> set[tuple[str, str]]:
    parts = [part.get("package") or {} for part in record.get("affected") or ()]
    return {(p.get("ecosystem", ""), _canonical(p.get("name", ""))) for p in parts if p}


def _affects(record: Record, key: tuple[str, str], version: str) -> bool:
    if not version:
        return True
    parts = [part for part in record["affected"] if key in _packages_of({"affected": [part]})]
    return any(
        version in part.get("versions", ())
        or any(_within(r["events"], version) for r in part.get("ranges", ()) if r["type"] != "GIT")
        for part in parts
    )


def _within(events: list[dict[str, str]], version: str) -> bool:
    """Walk along the events of a range up to the version."""
    from packaging.version import InvalidVersion, Version

    order = {"introduced": 0, "fixed": 1, "limit": 1, "last_affected": 2}
    try:
        wanted = Version(version)
        marks = sorted(
            (Version(at if at != "0" else "0.dev0"), order[kind], kind)
            for event in events
            for kind, at in event.items()
        )
    except InvalidVersion:
        return False
    affected = False
    for at, _, kind in marks:
        if at > wanted:
            break
        affected = kind == "introduced" or (kind == "last_affected" and at == wanted and affected)
    return affected


def _json(value: object, status: int = 200) -> Response:
    return Response(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


def _error(status: int, code: int, message: str) -> Response:
    return _json({"code": code, "message": message}, status)
