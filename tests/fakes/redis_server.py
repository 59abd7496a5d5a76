"""A real Redis on a free port of the loopback, and a proxy that behaves badly before it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
import redis

ABSENT = "no redis-server is installed here, so nothing was tried with a real one"


def program() -> str:
    """The path of the server; without one the test is skipped, in CI it fails."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found is None:
        if os.environ.get("CI", "") in ("", "0", "false"):
            pytest.skip(ABSENT)
        pytest.fail(ABSENT)
    return found


class RedisServer:
    """A server of its own process."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        command = [program(), "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(folder)]
        command += ["--save", "", "--appendonly", "no", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def wait(self) -> None:
        """Until it takes connections."""
        for _ in range(500):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return
            assert self.process.poll() is None, "the server did not start"
            time.sleep(0.01)
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @contextmanager
    def client(self, **options: object) -> Iterator[redis.Redis]:
        """A client of somebody else."""
        client = redis.Redis(port=self.port, **options)  # type: ignore[arg-type]  # names of its parameters
        try:
            yield client
        finally:
            client.close()


@contextmanager
def redis_server(folder: Path, *options: str) -> Iterator[RedisServer]:
    """Start a server, and end it."""
    server = RedisServer(folder, *options)
    try:
        server.wait()
        yield server
    finally:
        server.kill()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Proxy:
    """Stands before a server, counts, and can be told to be slow or to cut an answer.

    Attributes:
        connections: that were made.
        turns: times that a client spoke after the server had spoken: round trips.
        cut: bytes of an answer after which the connection ends; ``None`` for whole ones.
        pause: seconds before each byte of an answer; 0 for whole pieces at once.
    """

    def __init__(self, port: int) -> None:
        self.connections = 0
        self.turns = 0
        self.cut: int | None = None
        self.pause = 0.0
        self.url = ""
        self._port = port

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Proxy]:
        tasks: set[asyncio.Task[None]] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await self._serve(reader, writer)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        self.url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
        try:
            yield self
        finally:
            server.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._port)
        spoken = [True]

        async def requests() -> None:
            while data := await reader.read(65536):
                self.turns += spoken[0]
                spoken[0] = False
                up_writer.write(data)
                await up_writer.drain()

        asking = asyncio.create_task(requests())
        try:
            while data := await up_reader.read(65536):
                spoken[0] = True
                if not await self._answer(writer, data):
                    break
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            up_writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, data: bytes) -> bool:
        if self.cut is not None:
            writer.write(data[: self.cut])
            await writer.drain()
            return False
        if self.pause:
            for byte in data:
                await asyncio.sleep(self.pause)
                writer.write(bytes((byte,)))
                await writer.drain()
            return True
        writer.write(data)
        await writer.drain()
        return True
