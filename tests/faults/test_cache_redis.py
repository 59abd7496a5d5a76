"""A server that is absent, dead, slow, full, or full of what others stored: a real one each."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from adhere.app.wiring import open_shared, open_tiers
from adhere.cache.envelope import seal
from adhere.cache.redis import RedisCache
from adhere.model.key import cache_key
from adhere.policy.settings import Cache as CacheTable
from adhere.policy.settings import ConfigTable
from adhere.policy.settings import RedisCache as RedisTable
from adhere.ports import Held
from fakes.clock import FakeClock
from fakes.redis_server import Proxy, RedisServer, free_port, redis_server

KEYS = [cache_key("license", str(number), subject=f"p{number}") for number in range(741)]
ITEMS = {key: key.encode() * 20 for key in KEYS}
T = TypeVar("T")


def opened(url: str, clock: FakeClock, *, prefix: str = "", seconds: float = 5.0) -> RedisCache:
    return RedisCache(url, prefix or os.urandom(8).hex(), clock, seconds=seconds)


def asked(cache: RedisCache, *works: Callable[[RedisCache], Awaitable[object]]) -> list[object]:
    async def run() -> list[object]:
        try:
            return [await work(cache) for work in works]
        finally:
            await cache.aclose()

    return asyncio.run(run())


def get(cache: RedisCache) -> Awaitable[object]:
    return cache.get_many(KEYS)


def put(cache: RedisCache) -> Awaitable[object]:
    return cache.put_many(ITEMS, 60)


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as server:
        yield server


def values(found: object) -> dict[str, bytes]:
    assert isinstance(found, dict)
    return {key: held.value for key, held in found.items()}


def test_a_server_that_is_absent_is_said_once_and_left_alone(clock: FakeClock) -> None:
    cache = opened(f"redis://127.0.0.1:{free_port()}", clock)
    assert asked(cache, get, put, get) == [{}, None, {}]
    assert cache.trouble == ["Redis is not used: the connection failed"]
    assert cache.statistics.tally("redis", "license").errors == len(KEYS)


def test_an_address_that_is_none(clock: FakeClock) -> None:
    cache = opened("http://secret@index.example.org", clock)
    assert asked(cache, get) == [{}]
    (clause,) = cache.trouble
    assert clause.startswith("Redis is not used: its address is wrong")
    assert "secret" not in clause


def test_a_password_is_taken_from_the_address(tmp_path: Path, clock: FakeClock) -> None:
    with redis_server(tmp_path, "--requirepass", "good") as server:
        address = f"127.0.0.1:{server.port}"
        cache = opened(f"redis://:good@{address}", clock)
        _, found = asked(cache, put, get)
        assert values(found) == ITEMS
        for wrong in (f"redis://:bad-secret@{address}", f"redis://{address}"):
            cache = opened(wrong, clock)
            assert asked(cache, get, put, get) == [{}, None, {}]
            assert cache.trouble == ["Redis is not used: it refuses the user or the password"]


def test_a_batch_is_one_round_trip(shared_redis: RedisServer, clock: FakeClock) -> None:
    async def run() -> tuple[int, int]:
        async with Proxy(shared_redis.port).running() as proxy:
            cache = opened(proxy.url, clock)
            await cache.get_many(KEYS[:1])  # connects
            before = proxy.turns
            await cache.put_many(ITEMS, 60)
            between = proxy.turns
            assert values(await cache.get_many(KEYS)) == ITEMS
            await cache.aclose()
            assert proxy.connections == 1
            return between - before, proxy.turns - between

    # What is written to the server does not fit into one piece of the proxy's, and the
    # server begins to answer before it has read all of it. A read is small.
    _, reading = asyncio.run(run())
    assert reading == 1


def test_values_are_written_in_one_pipeline(own_server: RedisServer, clock: FakeClock) -> None:
    cache = opened(own_server.url, clock)
    asked(cache, put, get)
    with own_server.client() as client:
        calls = client.info("commandstats")
        assert calls["cmdstat_set"]["calls"] == len(KEYS)
        assert calls["cmdstat_mget"]["calls"] == 1
        assert client.info("stats")["total_connections_received"] <= 3


def test_the_server_forgets_values_itself(shared_redis: RedisServer, clock: FakeClock) -> None:
    cache = opened(shared_redis.url, clock, prefix="ttl-test")
    asked(cache, put, lambda c: c.put_many({"endless//1": b"value"}))
    with shared_redis.client() as client:
        left = [client.pttl(name) for name in client.scan_iter("ttl-test:*license/*")]
        assert len(left) == len(KEYS)
        assert all(0 < time <= 60_000 for time in left)
        assert 0 < client.ttl("ttl-test:1:endless//1") <= 30 * 86_400


def test_a_server_that_is_killed_in_the_middle_of_a_batch(
    own_server: RedisServer, clock: FakeClock
) -> None:
    async def run() -> None:
        cache = opened(own_server.url, clock)
        await cache.put_many(ITEMS, 60)
        with own_server.client() as client:
            client.client_pause(60_000)
        waiting = asyncio.create_task(cache.get_many(KEYS))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        own_server.kill()
        assert await waiting == {}
        assert await cache.get_many(KEYS) == {}
        assert cache.trouble == ["Redis is not used: the connection failed"]
        await cache.aclose()

    asyncio.run(run())


@pytest.mark.parametrize("cut", [0, 1, 7, 100, 50_000])
def test_an_answer_that_is_cut_off(shared_redis: RedisServer, clock: FakeClock, cut: int) -> None:
    async def run() -> None:
        async with Proxy(shared_redis.port).running() as proxy:
            cache = opened(proxy.url, clock)
            await cache.put_many(ITEMS, 60)
            proxy.cut = cut
            assert await cache.get_many(KEYS) == {}
            assert not cache.usable
            assert proxy.connections == 1, "nothing is tried again"
            await cache.aclose()
            proxy.cut = None

    asyncio.run(run())


@pytest.mark.parametrize("how", ["silent", "dripping"])
def test_a_slow_server_costs_its_time_once(
    shared_redis: RedisServer, clock: FakeClock, how: str
) -> None:
    async def run() -> None:
        async with Proxy(shared_redis.port).running() as proxy:
            cache = opened(proxy.url, clock, seconds=0.3)
            await cache.get_many(KEYS[:1])
            # Every byte comes long before a read would be given up.
            proxy.pause = 30.0 if how == "silent" else 0.05
            assert await cache.get_many(KEYS) == {}
            assert cache.trouble == ["Redis is not used: it did not answer in time"]
            turns, connections = proxy.turns, proxy.connections
            assert await cache.get_many(KEYS) == {}
            await cache.put_many(ITEMS, 60)
            assert (proxy.turns, proxy.connections) == (turns, connections), "it is left alone"
            await cache.aclose()

    asyncio.run(run())


def test_a_server_that_is_full_is_still_read(own_server: RedisServer, clock: FakeClock) -> None:
    cache = opened(own_server.url, clock)
    with own_server.client() as client:

        async def fill(_: RedisCache) -> None:
            client.config_set("maxmemory-policy", "noeviction")
            client.config_set("maxmemory", "1")

        more = lambda c: c.put_many({cache_key("license", "more"): b"value"}, 60)  # noqa: E731 - a step of the run
        *_, found = asked(cache, put, fill, more, more, get)
        assert values(found) == ITEMS
        assert cache.trouble == ["nothing more is written to Redis: it is full"]
        assert cache.statistics.tally("redis", "license").errors == 1
        assert client.info("commandstats")["cmdstat_set"]["calls"] == len(KEYS), "one was refused"


def test_a_user_who_may_only_read(own_server: RedisServer, clock: FakeClock) -> None:
    with own_server.client() as client:
        client.acl_setuser(
            "reader",
            enabled=True,
            passwords=["+word"],
            keys=["*"],
            categories=["+@read", "+@connection"],
        )
    writer = opened(own_server.url, clock, prefix="both")
    asked(writer, put)
    url = own_server.url.replace("redis://", "redis://reader:word@")
    cache = opened(url, clock, prefix="both")
    _, found = asked(cache, put, get)
    assert values(found) == ITEMS
    (clause,) = cache.trouble
    assert clause.startswith("nothing more is written to Redis: ")


def test_foreign_and_poisoned_values_are_misses(own_server: RedisServer, clock: FakeClock) -> None:
    now = clock.now().timestamp()
    right = seal(KEYS[0], Held(b"right", now, now + 60))
    poison: list[bytes] = [
        b"",
        b"garbage",
        b"\x80\x04\x95pickled",
        right[:-1],
        right + b"more",
        right[:20] + b"\xff" + right[21:],
        seal(KEYS[500], Held(b"of another key", now, None)),
        seal(KEYS[7], Held(b"x", now, now - 1)),
        seal(KEYS[8], Held(b"x", float("inf"), None)),
        seal(KEYS[9], Held(b"x", float("nan"), float("nan"))),
        seal(KEYS[10], Held(b"x", now + 86_400, now + 2 * 86_400)),
    ]
    cache = opened(own_server.url, clock, prefix="bad")
    with own_server.client() as client:
        for key, value in zip(KEYS, poison, strict=False):
            client.set(f"bad:1:{key}", value)
        client.lpush(f"bad:1:{KEYS[20]}", "a list")
        client.set(f"bad:1:{KEYS[21]}", right)
        client.set(f"bad:1:{KEYS[22]}", seal(KEYS[22], Held(b"good", now, now + 60)))
    (found,) = asked(cache, get)
    assert values(found) == {KEYS[22]: b"good"}
    tally = cache.statistics.tally("redis", "license")
    assert (tally.hits, tally.expired) == (1, 2)
    assert tally.errors == 10
    assert not cache.trouble


@pytest.mark.parametrize("length", [1, 64, 65, 1000])
def test_with_a_secret_nothing_that_others_stored_is_believed(
    shared_redis: RedisServer, clock: FakeClock, length: int
) -> None:
    now = clock.now().timestamp()
    prefix = os.urandom(8).hex()
    ours, theirs = (
        RedisCache(shared_redis.url, prefix, clock, secret=letter * length)
        for letter in (b"a", b"b")
    )
    open_ = opened(shared_redis.url, clock, prefix=prefix)
    asked(theirs, put)
    assert asked(ours, get) == [{}]
    assert asked(open_, get) == [{}], "nor is what is sealed for those without a secret"
    with shared_redis.client() as client:
        client.set(f"{prefix}:1:{KEYS[0]}", seal(KEYS[0], Held(b"planted", now, now + 60)))
    found = asked(ours, get)
    assert found == [{}]
    mine = RedisCache(shared_redis.url, prefix, clock, secret=b"a" * length)
    asked(mine, put)
    again = RedisCache(shared_redis.url, prefix, clock, secret=b"a" * length)
    assert values(asked(again, get)[0]) == ITEMS


def test_a_secret_that_is_not_set_leaves_no_shared_tier(
    shared_redis: RedisServer, clock: FakeClock, tmp_path: Path
) -> None:
    named = "env:CACHE_SECRET"
    table = RedisTable(url=shared_redis.url, secret=named)
    config = ConfigTable(cache=CacheTable(redis=table))
    cache = open_tiers(config, str(tmp_path), str(tmp_path / "c"), clock)
    assert open_shared(config, {}, cache, clock) is None
    made = open_shared(config, {"CACHE_SECRET": "word"}, cache, clock)
    assert made is not None
    assert made.secret == b"word"


def test_who_is_cancelled_leaves_no_answer_for_the_next(
    shared_redis: RedisServer, clock: FakeClock
) -> None:
    async def run() -> None:
        async with Proxy(shared_redis.port).running() as proxy:
            cache = opened(proxy.url, clock)
            await cache.put_many(ITEMS, 60)
            proxy.pause = 0.01
            waiting = asyncio.create_task(cache.get_many(KEYS))
            await asyncio.sleep(0.05)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            proxy.pause = 0.0
            assert cache.usable, "that somebody has no time is no failure"
            found = await cache.get_many(KEYS[:3])
            assert values(found) == {key: ITEMS[key] for key in KEYS[:3]}
            await cache.aclose()

    asyncio.run(run())


def test_many_tasks_at_once(shared_redis: RedisServer, clock: FakeClock) -> None:
    async def run() -> None:
        cache = opened(shared_redis.url, clock)
        parts = [KEYS[start : start + 10] for start in range(0, 200, 10)]
        await asyncio.gather(*(cache.put_many({k: ITEMS[k] for k in part}, 60) for part in parts))
        for part, found in zip(
            parts, await asyncio.gather(*map(cache.get_many, parts)), strict=True
        ):
            assert values(found) == {key: ITEMS[key] for key in part}
        await cache.aclose()

    asyncio.run(run())


def test_tls_is_verified(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adhere.cache.redis._CONNECT_SECONDS", 5.0)  # this is not about time
    certificate, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", secret, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    port = free_port()
    options = ("--tls-port", str(port), "--tls-cert-file", str(certificate))
    options += ("--tls-key-file", str(secret), "--tls-auth-clients", "no")
    with redis_server(tmp_path, *options):
        trusting = f"rediss://localhost:{port}?ssl_ca_certs={certificate}"
        cache = opened(trusting, clock)
        _, found = asked(cache, put, get)
        assert values(found) == ITEMS
        assert not cache.trouble
        cache = opened(f"rediss://localhost:{port}", clock)
        assert asked(cache, get) == [{}]
        assert cache.trouble == ["Redis is not used: the connection failed"]


def test_without_the_extra_that_is_said(clock: FakeClock) -> None:
    script = (
        "import asyncio, sys\n"
        "sys.modules['redis'] = None\n"
        "from adhere.app.wiring import SystemClock\n"
        "from adhere.cache.redis import RedisCache\n"
        "cache = RedisCache('redis://127.0.0.1', 'p', SystemClock())\n"
        "print(asyncio.run(cache.get_many(['license//1'])), *cache.trouble)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("{} Redis is not used: the extra is not installed: pip install")
