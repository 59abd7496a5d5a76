"""Ways in which a fake server misbehaves, for `adhere.testing.FakeServer.fail`.

A fault is a callable: it gets the request, the answer that would be right, and a function
that sends bytes; whatever it sends goes over the wire as it is. `Right` sends the answer.
A fault of your own is a coroutine function with these three arguments.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from typing import Any, TypeAlias

from adhere.testing.message import Request, Response

Send = Callable[[bytes], Awaitable[None]]
"""Puts bytes on the wire and waits until they are taken."""

Fault: TypeAlias = Callable[[Request, Response, Send], Awaitable[None]]
"""What happens in place of a right answer."""


class Reset(Exception):  # noqa: N818 - an end, not an error
    """Raised by a fault: the connection is reset, without a farewell."""


async def right(_request: Request, response: Response, send: Send) -> None:
    """No fault: the answer as it is."""
    await send(response.head + response.body)


@dataclass(frozen=True)
class Slow:
    """The answer is right, and late.

    Attributes:
        seconds: before it begins.
    """

    seconds: float

    async def __call__(self, request: Request, response: Response, send: Send) -> None:
        """Wait, then answer."""
        await asyncio.sleep(self.seconds)
        await right(request, response, send)


@dataclass(frozen=True)
class Drip:
    """The answer is right, and comes a few bytes at a time.

    Attributes:
        size: bytes of each piece.
        seconds: before each of them.
    """

    size: int = 1
    seconds: float = 0.05

    async def __call__(self, _request: Request, response: Response, send: Send) -> None:
        """Send the head, then the body in pieces."""
        await send(response.head)
        for start in range(0, len(response.body), self.size):
            await asyncio.sleep(self.seconds)
            await send(response.body[start : start + self.size])


@dataclass(frozen=True)
class ResetAfter:
    """The connection is reset in the middle of the answer.

    Attributes:
        bytes: of the body that are sent before; ``None`` for half of it, ``-1`` for not
            even the head.
    """

    bytes: int | None = None

    async def __call__(self, _request: Request, response: Response, send: Send) -> None:
        """Send a part, then reset."""
        part = len(response.body) // 2 if self.bytes is None else self.bytes
        if part >= 0:
            await send(response.head + response.body[:part])
        raise Reset


@dataclass(frozen=True)
class Status:
    """An answer of another status, with a short text.

    Attributes:
        status: HTTP status code.
        headers: of the answer.
    """

    status: int
    headers: dict[str, str] = field(default_factory=dict)

    async def __call__(self, request: Request, _response: Response, send: Send) -> None:
        """Send it."""
        body = f"this is the answer {self.status}\n".encode()
        headers = {"Content-Type": "text/plain", **self.headers}
        await right(request, Response(self.status, body, headers), send)


def too_many_requests(retry_after: float | datetime) -> Status:
    """429 with ``Retry-After``: in whole seconds, or as the date of a time with a zone."""
    if isinstance(retry_after, datetime):
        return Status(429, {"Retry-After": format_datetime(retry_after, usegmt=True)})
    return Status(429, {"Retry-After": f"{retry_after:.0f}"})


@dataclass(frozen=True)
class Body:
    """Another body under the right head: HTML of a captive portal, half a JSON, nothing.

    Attributes:
        body: what is sent.
        content_type: ``""`` for that of the right answer.
    """

    body: bytes
    content_type: str = ""

    async def __call__(self, request: Request, response: Response, send: Send) -> None:
        """Send it."""
        headers = dict(response.headers)
        headers.pop("Content-Encoding", None)
        if self.content_type:
            headers["Content-Type"] = self.content_type
        await right(request, replace(response, status=200, body=self.body, headers=headers), send)


def wrong_json() -> Body:
    """Not JSON, under a content type that says it is."""
    return Body(b'{"files": [')


@dataclass(frozen=True)
class WrongTypes:
    """JSON of the right shape in which every list is a text and every text a number."""

    async def __call__(self, request: Request, response: Response, send: Send) -> None:
        """Turn the right answer inside out."""
        headers = dict(response.headers)
        packed = headers.pop("Content-Encoding", "")
        found = json.loads(gzip.decompress(response.body) if packed else response.body)
        body = json.dumps(_turned(found)).encode()
        await right(request, replace(response, body=body, headers=headers), send)


def _turned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _turned(part) for key, part in value.items()}
    if isinstance(value, list):
        return "a list"
    return 7 if isinstance(value, str) else [value]


@dataclass(frozen=True)
class Huge:
    """A body without end, or nearly.

    Attributes:
        bytes: of the body.
        announced: ``Content-Length`` tells; otherwise the connection's end does.
    """

    bytes: int = 1 << 40
    announced: bool = True

    async def __call__(self, _request: Request, response: Response, send: Send) -> None:
        """Send blanks until nobody takes them."""
        headers = {**response.headers, "Content-Length": str(self.bytes)}
        headers.pop("Content-Encoding", None)
        if not self.announced:
            headers["Connection"] = "close"
        head = Response(200, b"", headers).head
        await send(head if self.announced else _without_length(head))
        piece = b" " * 65_536
        for _ in range(self.bytes // len(piece)):
            await send(piece)
        raise Reset


def _without_length(head: bytes) -> bytes:
    lines = head.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith(b"Content-Length"))


@dataclass(frozen=True)
class GzipBomb:
    """A small body that unfolds into a huge one.

    Attributes:
        bytes: that it unfolds into.
    """

    bytes: int = 256 * 1024 * 1024

    async def __call__(self, request: Request, response: Response, send: Send) -> None:
        """Send it."""
        part = gzip.compress(b" " * 1_048_576)  # members of a gzip file follow one another
        body = part * max(1, self.bytes // 1_048_576)
        headers = {**response.headers, "Content-Encoding": "gzip"}
        await right(request, Response(200, body, headers), send)


@dataclass(frozen=True)
class Redirect:
    """The client is sent elsewhere.

    Attributes:
        url: where to; absolute or not.
        status: 301, 302, 307 or 308.
    """

    url: str
    status: int = 302

    async def __call__(self, request: Request, _response: Response, send: Send) -> None:
        """Send it."""
        await right(request, Response(self.status, b"", {"Location": self.url}), send)


@dataclass(frozen=True)
class Silent:
    """The connection stays open, and nothing ever comes."""

    async def __call__(self, _request: Request, _response: Response, _send: Send) -> None:
        """Wait for the end of the server."""
        await asyncio.Event().wait()
