"""The one module that knows httpx: a request goes out, a bounded answer comes back.

What is left to httpx is the pool, HTTP/1.1 and HTTP/2, TLS and proxies. Redirects,
unpacking and credentials are ours, because each of them decides whom we believe. Messages
are in our own words: those of the libraries below may quote addresses with secrets.
"""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from importlib.util import find_spec
from typing import Any

import httpx
from msgspec import Struct, field

from adhere.evidence.address import BadAddress, Login, Origin, join, origin_of, shown
from adhere.evidence.fetch import Fetch, Reason

MAX_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_KEEP_ALIVE = 30.0
_GZIP = 31  # what zlib calls a gzip header with the largest window


class TransportError(Exception):
    """There is no answer.

    Attributes:
        reason: why.
        detail: as a clause, without secrets.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: Reason = reason
        self.detail = detail


class Answer(Struct, frozen=True):
    """What a server said.

    Attributes:
        status: HTTP status code.
        headers: by name in small letters.
        body: unpacked.
        url: that answered, after redirects.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


AskLogin = Callable[[Origin, str], Coroutine[Any, Any, Login | None]]
"""Somebody who may know the password for a host that asks for one, of a user or of any."""


async def nobody_knows(_origin: Origin, _user: str) -> Login | None:
    """No further source of credentials."""
    return None


class Settings(Struct, frozen=True):
    """How to reach servers.

    Attributes:
        user_agent: who we are, with a version.
        context: what TLS trusts; one for all connections, it takes 25 ms to make.
        connections: at once.
        proxy: address of a proxy; ``""`` for what the environment's variables say.
        hosts: that a redirect may lead to, beside the host that was asked.
        logins: user and password by whom they are for.
        ask_login: for those who ask for credentials that ``logins`` does not have.
    """

    user_agent: str
    context: ssl.SSLContext
    connections: int = 10
    proxy: str = ""
    hosts: frozenset[str] = frozenset()
    logins: Mapping[Origin, Login] = {}
    ask_login: AskLogin = field(default=nobody_knows)


class Transport:
    """A pool of connections."""

    def __init__(self, settings: Settings) -> None:
        """Make a pool; nothing is connected yet.

        Raises:
            TransportError: the address of a proxy is none; the message does not repeat it.
        """
        self._settings = settings
        self._logins = dict(settings.logins)
        self._asking: dict[Origin, asyncio.Future[Login | None]] = {}
        # Never through a proxy: what runs on this machine.
        local = dict.fromkeys(("all://127.0.0.1", "all://localhost", "all://[::1]"))
        connections = settings.connections
        try:
            self._client = httpx.AsyncClient(
                verify=settings.context,
                http2=find_spec("h2") is not None,
                limits=httpx.Limits(
                    max_connections=connections,
                    max_keepalive_connections=connections,
                    keepalive_expiry=_KEEP_ALIVE,
                ),
                timeout=None,  # noqa: S113 - the client times whole attempts, also those that trickle
                proxy=settings.proxy or None,
                mounts=local,
                headers={"User-Agent": settings.user_agent, "Accept-Encoding": "gzip"},
            )
        except (ValueError, httpx.InvalidURL, ImportError):
            raise TransportError("unreachable", "the address of the proxy is none") from None

    async def aclose(self) -> None:
        """Close every connection."""
        for asking in self._asking.values():
            asking.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)
        await self._client.aclose()

    async def send(self, fetch: Fetch, headers: Mapping[str, str]) -> Answer:
        """Ask, and follow where the answer leads.

        Args:
            fetch: what to ask.
            headers: for a conditional request.

        Raises:
            TransportError: there is no answer, or none that may be believed.
        """
        url = fetch.url
        first = origin_of(url)
        for _ in range(MAX_REDIRECTS + 1):
            sent = self._logins.get(origin_of(url))
            answer = await self._ask(fetch, url, headers)
            if answer.status == 401 and await self._learned(origin_of(url), sent):
                answer = await self._ask(fetch, url, headers)
            if answer.status not in _REDIRECTS:
                return answer
            url = self._target(fetch, answer, first)
        raise TransportError("redirected", f"{shown(fetch.url)} leads in circles")

    def _target(self, fetch: Fetch, answer: Answer, first: Origin) -> str:
        """Where a redirect leads, if we go there."""
        asked = shown(answer.url)
        if fetch.method != "GET" and answer.status not in (307, 308):
            raise TransportError("redirected", f"{asked} sends a query elsewhere as a page")
        try:
            target = join(answer.url, answer.headers.get("location", ""))
        except BadAddress as error:
            raise TransportError("redirected", f"{asked} leads astray: {error}") from None
        host = origin_of(target).host
        if host != first.host and host not in self._settings.hosts:
            raise TransportError("redirected", f"{asked} leads to {host}, which is not allowed")
        return target

    async def _learned(self, origin: Origin, sent: Login | None) -> bool:
        """Whether somebody knows a password that we did not send; asked once a host."""
        if sent is not None and sent.password:
            return False
        asking = self._asking.get(origin)
        if asking is None:
            user = sent.user if sent is not None else ""
            asking = asyncio.ensure_future(self._settings.ask_login(origin, user))
            self._asking[origin] = asking
        # All who wait for it share one question, which outlives the attempt that began it.
        login = await asyncio.shield(asking)
        if login is None:
            return False
        self._logins[origin] = login
        return True

    async def _ask(self, fetch: Fetch, url: str, headers: Mapping[str, str]) -> Answer:
        sent = {**dict(fetch.headers), **headers}
        login = self._logins.get(origin_of(url))
        if login is not None:
            token = f"{login.user}:{login.password}".encode()
            sent["Authorization"] = f"Basic {base64.b64encode(token).decode()}"
        host = origin_of(url).host
        try:
            request = self._client.build_request(
                fetch.method, url, content=fetch.body or None, headers=sent
            )
            response = await self._client.send(request, stream=True)
            try:
                known = {name.lower(): value for name, value in response.headers.items()}
                body = await _read(response, known, fetch.limit, host)
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise _translated(error, host) from None
        return Answer(response.status_code, known, body, url)


async def _read(
    response: httpx.Response, headers: Mapping[str, str], limit: int, host: str
) -> bytes:
    """The body, unpacked, and never more of it in memory than the limit and a piece."""
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise _too_large(host, limit)
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("gzip", "x-gzip"):
        return await _unpack(response.aiter_raw(), limit, host)
    if encoding not in ("identity", ""):
        raise TransportError("garbage", f"{host} packs its answer in a way we did not ask for")
    pieces: list[bytes] = []
    size = 0
    async for piece in response.aiter_raw():
        size += len(piece)
        if size > limit:
            raise _too_large(host, limit)
        pieces.append(piece)
    return b"".join(pieces)


async def _unpack(raw: AsyncIterator[bytes], limit: int, host: str) -> bytes:
    pieces: list[bytes] = []
    size = packed = 0
    unpacker = zlib.decompressobj(_GZIP)
    async for data in raw:
        packed += len(data)
        left = data
        try:
            while left:
                if unpacker.eof:  # several members may follow one another
                    unpacker = zlib.decompressobj(_GZIP)
                pieces.append(unpacker.decompress(left, limit + 1 - size))
                size += len(pieces[-1])
                if size > limit or packed > limit:
                    raise _too_large(host, limit)
                left = unpacker.unconsumed_tail or unpacker.unused_data
        except zlib.error:
            raise TransportError("garbage", f"{host} sends what is not gzip") from None
    if packed and not unpacker.eof:
        raise TransportError("unreachable", f"{host} breaks off in the middle of its answer")
    return b"".join(pieces)


def _too_large(host: str, limit: int) -> TransportError:
    return TransportError("too large", f"{host} sends more than {limit} bytes")


def _translated(error: Exception, host: str) -> TransportError:
    """The failure of a library below, in our words."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and len(causes) < 10:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    for found in causes:
        if isinstance(found, ssl.SSLCertVerificationError):
            why = found.verify_message or "it cannot be verified"
            return TransportError("certificate", f"{host} has a certificate that is wrong: {why}")
        if isinstance(found, socket.gaierror):
            return TransportError("unreachable", f"the name {host} cannot be resolved")
        if isinstance(found, ConnectionRefusedError):
            return TransportError("unreachable", f"{host} refuses the connection")
    if isinstance(error, httpx.ProxyError):
        return TransportError("unreachable", f"the proxy does not let us through to {host}")
    if isinstance(error, httpx.ConnectError):
        tls = any(isinstance(found, ssl.SSLError) for found in causes)
        what = "no TLS connection" if tls else "no connection"
        return TransportError("unreachable", f"there is {what} to {host}")
    return TransportError("unreachable", f"the connection to {host} broke")
