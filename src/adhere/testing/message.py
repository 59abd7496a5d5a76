"""Requests and answers of the fake servers, and their form on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

_PHRASES = {
    200: "OK",
    301: "Moved Permanently",
    302: "Found",
    304: "Not Modified",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
MAX_BODY = 64 * 1024 * 1024
"""Bytes of a request's body that a fake server reads."""


@dataclass(frozen=True)
class Request:
    """What a fake server was asked.

    Attributes:
        number: of the request at this server, from 1, in the order of arrival.
        time: of its arrival, seconds since the server started.
        method: ``GET``, ``POST``, ...
        path: decoded, without parameters.
        query: parameters, by name.
        headers: by name in small letters; the last one where a name stands twice.
        body: as it was sent.
        connection: number of the connection that it came on, from 1.
    """

    number: int
    time: float
    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    connection: int


@dataclass
class Response:
    """What a fake server answers.

    Attributes:
        status: HTTP status code.
        body: as it goes over the wire.
        headers: beside ``Content-Length``, which follows from the body.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def head(self) -> bytes:
        """Status line and headers."""
        lines = [f"HTTP/1.1 {self.status} {_PHRASES.get(self.status, 'Status')}"]
        headers = {"Content-Length": str(len(self.body)), **self.headers}
        if self.status == 304:
            del headers["Content-Length"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


class Disconnected(Exception):  # noqa: N818 - an end, not an error
    """The other side is gone, or does not speak HTTP."""


async def read_request(
    reader: asyncio.StreamReader, number: int, time: float, connection: int
) -> Request:
    """The next request of a connection.

    Args:
        reader: of the connection.
        number: for the log.
        time: for the log.
        connection: for the log.

    Raises:
        Disconnected: there is none.
    """
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip("\r\n").split("\r\n")
        method, target, _ = first.split(" ")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        length = int(headers.get("content-length", "0"))
        if not 0 <= length <= MAX_BODY:
            raise Disconnected
        body = await reader.readexactly(length)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, ValueError):
        raise Disconnected from None
    parts = urlsplit(target)
    query = parse_qs(parts.query, keep_blank_values=True)
    path = unquote(parts.path)
    return Request(number, time, method, path, query, headers, body, connection)
