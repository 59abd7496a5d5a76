"""The fake servers as such: the log, plans of faults, start and stop, what is public."""

from __future__ import annotations

import http.client
from collections.abc import Iterator

import pytest

import adhere.testing
from adhere.testing import FakeIndex, FakeServer, Request, Response, faults


class Echo(FakeServer):
    """Answers with what it was asked."""

    def answer(self, request: Request) -> Response:
        return Response(200, request.path.encode() + request.body, {"X-Method": request.method})


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo() as server:
        yield server


def get(server: FakeServer, path: str, method: str = "GET", body: bytes = b"") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(server.origin.partition("//")[2], timeout=10)
    try:
        connection.request(method, path, body or None)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_everything_that_was_asked_is_in_the_log(echo: Echo) -> None:
    assert get(echo, "/a%20b?c=1&c=2&d=") == (200, b"/a b")
    assert get(echo, "/e", "POST", b"body") == (200, b"/ebody")
    first, second = echo.log
    assert (first.number, first.path, first.query) == (1, "/a b", {"c": ["1", "2"], "d": [""]})
    assert (second.method, second.body, second.connection) == ("POST", b"body", 2)
    assert second.time >= first.time >= 0
    assert echo.counts == {"/a b": 1, "/e": 1}
    echo.clear_log()
    assert not echo.log


def test_plans_strike_by_path_number_and_turn(echo: Echo) -> None:
    echo.fail(faults.Status(500), path="/a/*", times=2)
    echo.fail(faults.Status(503), path="/b", every=3)
    assert [get(echo, "/a/x")[0] for _ in range(4)] == [500, 500, 200, 200]
    assert [get(echo, "/b")[0] for _ in range(6)] == [200, 200, 503, 200, 200, 503]
    echo.heal()
    assert get(echo, "/b")[0] == 200


def test_a_fault_of_ones_own(echo: Echo) -> None:
    async def teapot(request: Request, response: Response, send: faults.Send) -> None:
        await faults.right(request, Response(418, response.body[::-1]), send)

    echo.fail(teapot)
    assert get(echo, "/abc") == (418, b"cba/")


def test_a_server_that_is_stopped_is_gone_and_comes_back_where_it_was(echo: Echo) -> None:
    origin = echo.origin
    echo.stop()
    echo.stop()
    with pytest.raises(OSError, match=r"refused|reset"):
        get(echo, "/")
    echo.start()
    assert echo.origin == origin
    assert get(echo, "/")[0] == 200


def test_what_is_no_http_ends_the_connection(echo: Echo) -> None:
    import socket

    port = int(echo.origin.rpartition(":")[2])
    for words in (b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(words)
            try:
                assert connection.recv(100) == b""
            except ConnectionResetError:
                continue
    assert get(echo, "/")[0] == 200


def test_names_are_found_however_they_are_spelled() -> None:
    with FakeIndex({"Big.Shop": ["1.0"]}) as index:
        assert get(index, "/simple/big-shop/")[0] == 200
        assert get(index, "/simple/Big_Shop/")[0] == 301
        assert get(index, "/simple/big-shop")[0] == 301
        assert get(index, "/simple/small/")[0] == 404
        assert b"big-shop" in get(index, "/simple/")[1]
        assert get(index, "/files/big-shop/big_shop-1.0.tar.gz")[0] == 200
        assert (
            b"Version: 1.0"
            in get(index, "/files/big-shop/big_shop-1.0-py3-none-any.whl.metadata")[1]
        )
        assert get(index, "/simple/", "DELETE")[0] == 405


def test_what_is_public_is_there_and_documented() -> None:
    for name in adhere.testing.__all__:
        assert getattr(adhere.testing, name).__doc__, name
