"""An HTTP server on loopback, in a thread, that keeps a log and misbehaves on request."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Self

from adhere.testing.certificates import Authority
from adhere.testing.faults import Fault, Reset, right
from adhere.testing.message import Disconnected, Request, Response, read_request

_PATIENCE = 10.0
_MAX_HEAD = 65_536


class _Plan:
    def __init__(self, fault: Fault, path: str, times: int | None, every: int) -> None:
        self.fault = fault
        self.path = path
        self.left = times
        self.every = every
        self.seen = 0

    def strikes(self, request: Request) -> bool:
        if self.left == 0 or not fnmatchcase(request.path, self.path):
            return False
        self.seen += 1
        if self.seen % self.every:
            return False
        if self.left is not None:
            self.left -= 1
        return True


class FakeServer:
    """A server whose answers a subclass gives in `answer`.

    Use it in a ``with`` block. A test's thread may read the log and plan faults at any time.
    """

    def __init__(
        self, *, latency: float = 0.0, tls: Authority | None = None, certificate_host: str = ""
    ) -> None:
        """Make a server; the ``with`` block starts it.

        Args:
            latency: seconds before each answer.
            tls: who signs the server's certificate; ``None`` for plain HTTP.
            certificate_host: whom the certificate is for, in place of this server.
        """
        self.latency = latency
        self._tls = tls
        self._certificate_host = certificate_host
        self._log: list[Request] = []
        self._plans: list[_Plan] = []
        self._lock = threading.Lock()
        self._port = 0
        self._connections = 0
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._started = 0.0

    def answer(self, request: Request) -> Response:
        """The right answer to a request; called in the server's thread."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        """Start the server; it listens when this returns."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server and cut its connections."""
        self.stop()

    @property
    def origin(self) -> str:
        """Scheme, host and port: ``http://127.0.0.1:49152``."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}"

    @property
    def log(self) -> list[Request]:
        """What was asked so far, in the order of arrival."""
        with self._lock:
            return list(self._log)

    @property
    def counts(self) -> Counter[str]:
        """How often each path was asked for."""
        return Counter(request.path for request in self.log)

    def clear_log(self) -> None:
        """Forget what was asked so far."""
        with self._lock:
            self._log.clear()

    def fail(
        self, fault: Fault, *, path: str = "*", times: int | None = None, every: int = 1
    ) -> None:
        """Misbehave from now on. Of several plans, the first that strikes does.

        Args:
            fault: see `adhere.testing.faults`.
            path: pattern of the paths that are concerned; ``*`` crosses slashes.
            times: how often; ``None`` for ever.
            every: of the requests that are concerned, each how-many-eth.
        """
        with self._lock:
            self._plans.append(_Plan(fault, path, times, every))

    def heal(self) -> None:
        """Behave from now on."""
        with self._lock:
            self._plans.clear()

    def start(self) -> None:
        """Listen; on the port of the last time, where there was one.

        Raises:
            OSError: that port is no longer free.
        """
        listening = socket.create_server(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        self._started = time.monotonic()
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listening, ready)), daemon=True
        )
        self._thread.start()
        if not ready.wait(_PATIENCE):
            raise OSError("the fake server does not start")

    def stop(self) -> None:
        """Cut every connection and no longer listen."""
        if self._thread is None or self._loop is None or self._ended is None:
            return
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(_PATIENCE)
        self._thread = None

    async def _serve(self, listening: socket.socket, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        tasks: set[asyncio.Task[None]] = set()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(self._talk(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        self._loop.set_exception_handler(_ignore_handshakes)
        context = self._context()
        server = await asyncio.start_server(connected, sock=listening, ssl=context, limit=_MAX_HEAD)
        ready.set()
        await self._ended.wait()
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _context(self) -> ssl.SSLContext | None:
        if self._tls is None:
            return None
        return self._tls.server_context(self._certificate_host or "127.0.0.1")

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        connection = self._connections
        try:
            while True:
                request = await read_request(reader, 0, 0.0, connection)
                await self._exchange(request, writer)
        except Reset:
            _reset(writer)
        except (Disconnected, OSError):
            writer.close()
        finally:
            writer.transport.abort()

    async def _exchange(self, request: Request, writer: asyncio.StreamWriter) -> None:
        async def send(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        noted, fault = self._note(request)
        if self.latency:
            await asyncio.sleep(self.latency)
        await fault(noted, self.answer(noted), send)

    def _note(self, request: Request) -> tuple[Request, Fault]:
        with self._lock:
            noted = Request(
                number=len(self._log) + 1,
                time=time.monotonic() - self._started,
                method=request.method,
                path=request.path,
                query=request.query,
                headers=request.headers,
                body=request.body,
                connection=request.connection,
            )
            self._log.append(noted)
            striking = [plan.fault for plan in self._plans if plan.strikes(noted)][:1]
        return noted, striking[0] if striking else right


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection so that the other side sees a reset, not an orderly end."""
    found = writer.get_extra_info("socket")
    if found is not None:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def _ignore_handshakes(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """A client that refuses our certificate is what a test wants, not an error of ours."""
    if not isinstance(context.get("exception"), (ssl.SSLError, OSError)):
        loop.default_exception_handler(context)
