"""Eviction, single flight among tasks, lifetimes, and how tiers are put together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from adhere.app.wiring import NoCache, open_cache, open_flight, open_shared, open_tiers
from adhere.cache.leases import LocalFlight
from adhere.cache.lifetimes import Lifetimes
from adhere.cache.sqlite import SqliteCache
from adhere.model.key import cache_key
from adhere.policy.quantity import Duration
from adhere.policy.settings import Cache as CacheTable
from adhere.policy.settings import ConfigTable, RedisCache
from adhere.ports import Held, Statistics
from fakes.clock import FakeClock
from fakes.fetching import Landed, fetch_once

KEYS = [cache_key("license", str(number)) for number in range(20)]
ONE = len(KEYS[0]) + 1000


def test_the_file_evicts_by_last_use(tmp_path: Path, clock: FakeClock) -> None:
    cache = SqliteCache(str(tmp_path / "cache"), clock, limit=4 * ONE)
    for key in KEYS[:4]:
        cache.put_many({key: bytes(1000)})
        clock.pass_time(days=2)
    cache.get_many(KEYS[:1])
    cache.put_many({KEYS[4]: bytes(1000)})
    assert sorted(cache.get_many(KEYS)) == sorted([KEYS[0], *KEYS[2:5]])
    assert cache.statistics.tally("file", "license").evictions == 1
    cache.close()


def test_expired_entries_count_and_are_evicted_like_others(
    tmp_path: Path, clock: FakeClock
) -> None:
    cache = SqliteCache(str(tmp_path / "cache"), clock, limit=2 * ONE)
    cache.put_many({KEYS[0]: bytes(1000)}, 1)
    clock.pass_time(hours=1)
    cache.put_many({KEYS[1]: bytes(1000)}, 1)
    clock.pass_time(hours=1)
    assert set(cache.recall(KEYS)) == set(KEYS[:2])
    cache.put_many({KEYS[2]: bytes(1000)}, 1)
    assert set(cache.recall(KEYS)) == set(KEYS[1:3])
    cache.close()


def test_the_file_never_holds_more_than_its_limit(tmp_path: Path, clock: FakeClock) -> None:
    cache = SqliteCache(str(tmp_path / "cache"), clock, limit=4 * ONE)
    cache.put_many({key: bytes(1000) for key in KEYS})
    assert len(cache.get_many(KEYS)) == 4
    cache.put_many({KEYS[0]: bytes(1000)})
    cache.put_many({KEYS[0]: bytes(4 * ONE)})
    assert KEYS[0] not in cache.get_many(KEYS), "what is larger than all of it replaces nothing"
    assert len(cache.get_many(KEYS)) == 3, "and takes no room from others"
    cache.close()


def test_use_before_the_clock_was_set_back_keeps_nothing_for_ever(
    tmp_path: Path, clock: FakeClock
) -> None:
    cache = SqliteCache(str(tmp_path / "cache"), clock, limit=2 * ONE)
    cache.put_many({key: bytes(1000) for key in KEYS[:2]})
    clock.set_back(days=400)
    for key in KEYS[2:5]:
        clock.pass_time(days=1)
        cache.put_many({key: bytes(1000)})
    assert set(cache.get_many(KEYS)) == set(KEYS[3:5])
    cache.close()


def test_lifetimes_that_are_left_out_keep_their_defaults() -> None:
    known = Lifetimes(CacheTable(ttl={"license": Duration("1h")}))
    assert known["license"] == 3600
    assert known["vulnerability"] == 3600
    assert known["package_metadata"] == 86_400


def test_an_answer_that_there_is_nothing_is_fresh_for_less() -> None:
    known = Lifetimes(CacheTable(ttl={"absent": Duration("10m")}))
    assert known.of("license", found=True) == 7 * 86_400
    assert known.of("license", found=False) == 600
    known = Lifetimes(CacheTable(ttl={"absent": Duration("10d")}))
    assert known.of("vulnerability", found=False) == 3600, "never for longer"


def test_a_hit_rate_counts_a_lookup_once() -> None:
    statistics = Statistics()
    assert statistics.hit_rate is None
    for tier, hits, misses in (("memory", 2, 8), ("file", 3, 5), ("redis", 4, 1)):
        tally = statistics.tally(tier, "license")
        tally.hits, tally.misses = hits, misses
    assert (statistics.lookups, statistics.hits, statistics.hit_rate) == (10, 9, 0.9)
    assert statistics.counts() == {
        "cache.memory.hits": 2,
        "cache.memory.misses": 8,
        "cache.file.hits": 3,
        "cache.file.misses": 5,
        "cache.redis.hits": 4,
        "cache.redis.misses": 1,
    }


def test_an_age_is_never_negative_and_unknown_after_the_clock_was_set_back() -> None:
    held = Held(b"", 1000.0, 2000.0)
    assert (held.age(1500.0), held.age(900.0)) == (500.0, 0.0)
    assert held.age(500.0) == float("inf")


def test_a_kind_is_a_word() -> None:
    for word in ("", "a/b", "../a", "A", "a b", "*"):
        with pytest.raises(ValueError, match="no kind of entry"):
            cache_key(word, "part")


def test_no_path_and_no_secret_stands_in_a_key() -> None:
    key = cache_key("environment", "/home/alice/project", subject="../../etc/Passwd")
    assert "alice" not in key
    assert "etc" not in key.lower()
    assert cache_key("license", "1.0", subject="requests").startswith("license/requests/")


class Service:
    """Somebody who is asked for values."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 100)


def test_tasks_that_want_the_same_share_one_answer(tmp_path: Path, clock: FakeClock) -> None:
    cache = open_tiers(ConfigTable(), "/", str(tmp_path / "cache"), clock)
    service = Service()

    async def fetch(keys: Sequence[str], _landed: Landed) -> None:
        service.asked += keys
        await asyncio.sleep(0.01)
        cache.put_many({key: key.encode() for key in keys if key != KEYS[7]}, 60)

    async def run() -> None:
        flight = open_flight(cache, clock)
        found = await asyncio.gather(
            *(
                fetch_once(
                    KEYS[start:], fetch, cache=cache, flight=flight, lease=60, sleep=service.sleep
                )
                for start in range(10)
            )
        )
        for start, values in enumerate(found):
            assert values == {key: key.encode() for key in KEYS[start:] if key != KEYS[7]}

    asyncio.run(run())
    assert sorted(set(service.asked)) == sorted(KEYS)
    once = [key for key in service.asked if key != KEYS[7]]
    assert len(once) == len(set(once))
    cache.close()


def test_who_fails_or_is_cancelled_lets_others_try(clock: FakeClock, tmp_path: Path) -> None:
    cache = open_tiers(ConfigTable(), "/", str(tmp_path / "cache"), clock)
    flight = open_flight(cache, clock)

    async def never(_keys: Sequence[str], _landed: Landed) -> None:
        await asyncio.sleep(3600)

    async def fails(_keys: Sequence[str], _landed: Landed) -> None:
        raise ConnectionError

    async def works(keys: Sequence[str], _landed: Landed) -> None:
        cache.put_many(dict.fromkeys(keys, b"value"))

    async def run() -> None:
        options = {"cache": cache, "flight": flight, "lease": 60.0, "sleep": Service().sleep}
        first = asyncio.create_task(fetch_once(KEYS, never, **options))  # type: ignore[arg-type]  # names of its parameters
        await asyncio.sleep(0.01)
        second = asyncio.create_task(fetch_once(KEYS, works, **options))  # type: ignore[arg-type]  # as above
        await asyncio.sleep(0.01)
        assert not second.done()
        first.cancel()
        assert len(await second) == len(KEYS)
        cache.close()
        with pytest.raises(ConnectionError):
            await fetch_once(["other//1"], fails, **options)  # type: ignore[arg-type]  # as above
        assert flight.claim(["other//1"], 1) == {"other//1"}

    asyncio.run(run())
    cache.close()


def test_nobody_waits_for_the_rest_of_a_batch(clock: FakeClock, tmp_path: Path) -> None:
    cache = open_tiers(ConfigTable(), "/", str(tmp_path / "cache"), clock)
    flight = open_flight(cache, clock)
    stored = asyncio.Event()
    fetched: list[str] = []

    async def slow(keys: Sequence[str], landed: Landed) -> None:
        fetched.extend(keys)
        cache.put_many(dict.fromkeys(keys[:5], b"value"))
        landed(keys[:5])
        stored.set()
        await asyncio.sleep(3600)

    async def quick(keys: Sequence[str], _landed: Landed) -> None:
        raise AssertionError(keys)

    async def run() -> None:
        options = {"cache": cache, "flight": flight, "lease": 60.0, "sleep": Service().sleep}
        first = asyncio.create_task(fetch_once(KEYS, slow, **options))  # type: ignore[arg-type]  # names of its parameters
        await stored.wait()
        assert len(await fetch_once(KEYS[:5], quick, **options)) == 5  # type: ignore[arg-type]  # as above
        assert flight.claim(KEYS, 60) == set(KEYS[:5]), "the rest is still being fetched"
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert flight.claim(KEYS, 60) == set(KEYS[5:]), "it lets go of its own keys only"

    asyncio.run(run())
    assert fetched == KEYS
    cache.close()


def test_a_lease_of_a_task_ends(clock: FakeClock) -> None:
    flight = LocalFlight(clock)
    assert flight.claim(["a", "b"], 10) == {"a", "b"}
    assert flight.claim(["a", "c"], 10) == {"c"}
    flight.release(["b"])
    assert flight.claim(["b"], 10) == {"b"}
    clock.pass_time(seconds=10)
    assert flight.claim(["a"], 10) == {"a"}


@pytest.mark.parametrize(
    ("url", "environ", "shared"),
    [
        ("", {}, False),
        ("redis://127.0.0.1", {}, True),
        ("env:SOME_URL", {}, False),
        ("env:SOME_URL", {"SOME_URL": ""}, False),
        ("env:SOME_URL", {"SOME_URL": "redis://127.0.0.1"}, True),
    ],
)
def test_the_shared_tier_is_one_address(
    clock: FakeClock, tmp_path: Path, url: str, environ: dict[str, str], shared: bool
) -> None:
    config = ConfigTable(cache=CacheTable(redis=RedisCache(url=url)))
    cache = open_cache(config, "/", str(tmp_path / "cache"), clock, enabled=True)
    found = open_shared(config, environ, cache, clock)
    assert (found is not None) == shared
    if found is not None:
        assert found.statistics is cache.statistics
        assert list(cache.statistics.tiers) == ["memory", "file", "redis"]
    cache.close()


def test_without_a_cache_nothing_is_kept_or_shared(clock: FakeClock) -> None:
    config = ConfigTable(cache=CacheTable(redis=RedisCache(url="redis://127.0.0.1")))
    cache = open_cache(config, "/", "", clock, enabled=False)
    assert isinstance(cache, NoCache)
    cache.put_many({KEYS[0]: b"value"})
    cache.fill({KEYS[0]: Held(b"value", 1.0)})
    assert cache.get_many(KEYS) == {}
    assert cache.recall(KEYS) == {}
    assert cache.statistics.hit_rate is None
    assert open_shared(config, {}, cache, clock) is None
    assert isinstance(open_flight(cache, clock), LocalFlight)
    cache.close()


def test_memory_is_filled_on_the_way_back(tmp_path: Path, clock: FakeClock) -> None:
    first = open_tiers(ConfigTable(), "/", str(tmp_path / "cache"), clock)
    first.put_many({key: key.encode() for key in KEYS}, 60)
    first.close()
    second = open_tiers(ConfigTable(), "/", str(tmp_path / "cache"), clock)
    for _ in range(2):
        assert second.get_many(KEYS) == {key: key.encode() for key in KEYS}
        second.tiers[1].close()
        (tmp_path / "cache" / "cache.sqlite3").unlink(missing_ok=True)
    memory, file = second.statistics.tiers["memory"], second.statistics.tiers["file"]
    assert (memory["license"].misses, memory["license"].hits) == (20, 0)
    assert file["license"].hits == 20
    assert second.statistics.hit_rate == 1.0
    second.close()
