"""HTTP/2, proxies and keyrings: what needs the other side to be real."""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived

from adhere.evidence.address import Login, Origin
from adhere.evidence.fetch import Fetch
from adhere.evidence.index.credentials import from_keyring
from adhere.evidence.transport import Answer, Settings, Transport, TransportError
from adhere.testing import Authority, FakeIndex
from fakes.asking import ask, chosen

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def send_once(settings: Settings, url: str) -> Answer:
    transport = Transport(settings)
    try:
        return await transport.send(Fetch("k", "k", url), {})
    finally:
        await transport.aclose()


async def serve_http2(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection = H2Connection(H2Configuration(client_side=False))
    connection.initiate_connection()
    writer.write(connection.data_to_send())
    while data := await reader.read(65_536):
        for event in connection.receive_data(data):
            if isinstance(event, RequestReceived):
                connection.send_headers(event.stream_id, [(":status", "200")])
                connection.send_data(event.stream_id, b"over HTTP/2", end_stream=True)
        writer.write(connection.data_to_send())
    writer.close()


def test_http2_is_spoken_where_it_is_offered(tmp_path: Path) -> None:
    authority = Authority()
    offering = authority.server_context("127.0.0.1")
    offering.set_alpn_protocols(["h2"])
    trusting = ssl.create_default_context(cafile=authority.write_pem(str(tmp_path / "ca.pem")))

    async def main() -> Answer:
        server = await asyncio.start_server(serve_http2, "127.0.0.1", 0, ssl=offering)
        port = server.sockets[0].getsockname()[1]
        async with server:
            settings = Settings(user_agent="test/1", context=trusting)
            return await send_once(settings, f"https://127.0.0.1:{port}/simple/shop/")

    assert asyncio.run(main()).body == b"over HTTP/2"


@pytest.mark.parametrize("status", [b"407 Who are you?", b"502 No"])
def test_a_proxy_is_used_and_what_it_refuses_is_said_without_its_address(status: bytes) -> None:
    asked: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async def main() -> None:
        server = await asyncio.start_server(refuse, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        proxy = f"http://alice:s3cret@127.0.0.1:{port}"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        async with server:
            settings = Settings(user_agent="test/1", context=context, proxy=proxy)
            await send_once(settings, "https://index.example.org/simple/shop/")

    with pytest.raises(TransportError) as caught:
        asyncio.run(main())
    assert caught.value.reason == "unreachable"
    assert "index.example.org" in caught.value.detail
    assert "s3cret" not in str(caught.value)
    assert asked[0].startswith(b"CONNECT index.example.org:443 ")


def test_a_proxy_that_is_none_is_an_error_that_does_not_repeat_it() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with pytest.raises(TransportError) as caught:
        Transport(Settings(user_agent="test/1", context=context, proxy="s3cret://nowhere"))
    assert "s3cret" not in str(caught.value)


def test_a_proxy_of_the_environment_is_not_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with FakeIndex({"shop": ["1.0"]}) as index:
        asked = ask(chosen(index.environment), ["shop"])
        assert asked.counts["missing.unreachable"] == 0
        assert len(index.log) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="the command is a script")
def test_a_keyring_is_asked_when_an_index_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "keyring"
    command.write_text('#!/bin/sh\necho "$@" >> "$0.log"\n[ "$1" = get ] && echo s3cret\n', "utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with FakeIndex({"shop": ["1.0"], "cart": ["1.0"]}, auth=("alice", "s3cret")) as index:
        address = index.url.replace("//", "//alice@")
        asked = ask(chosen({"ADHERE_INDEX_URL": address}), ["shop", "cart"])
        log = Path(f"{command}.log").read_text("utf-8")
        assert log == f"get {index.origin} alice\n"  # once, however many requests need it
    assert not asked.counts["missing.refused"]


ANSWERS = {
    "whole": ('echo \'{"username": "alice", "password": "pw"}\'', Login("alice", "pw")),
    "nothing": ("exit 1", None),
    "nonsense": ("echo nonsense", None),
    "half": ('echo \'{"username": "alice"}\'', None),
}


@pytest.mark.skipif(sys.platform == "win32", reason="the command is a script")
@pytest.mark.parametrize("name", ANSWERS)
def test_what_a_keyring_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script, expected = ANSWERS[name]
    command = tmp_path / "keyring"
    command.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    origin = Origin("https", "index.example.org", 443)
    found = asyncio.run(from_keyring(origin, ""))
    assert (found and (found.user, found.password)) == (
        expected and (expected.user, expected.password)
    )


def test_without_a_keyring_nobody_knows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert asyncio.run(from_keyring(Origin("https", "index.example.org", 443), "")) is None
