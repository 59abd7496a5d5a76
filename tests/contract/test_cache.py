"""What every tier does alike, so that none of them can change an answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adhere.model.key import cache_key
from adhere.ports import Cache, Held
from contract import caches
from fakes.clock import FakeClock

SYNCHRONOUS = ("memory", "file", "tiered")
DAY = 86_400.0


def key(*parts: str, kind: str = "license", subject: str = "alpha") -> str:
    return cache_key(kind, *parts, subject=subject)


@pytest.fixture(params=[*SYNCHRONOUS, "redis"])
def cache(request: pytest.FixtureRequest, clock: FakeClock, tmp_path: Path) -> Iterator[Cache]:
    made: Cache
    if request.param == "memory":
        made = caches.memory(clock)
    elif request.param == "file":
        made = caches.file(clock, tmp_path / "cache")
    elif request.param == "tiered":
        made = caches.tiered(clock, tmp_path / "cache")
    else:
        server = request.getfixturevalue("shared_redis")
        made = caches.shared(clock, server.url, os.urandom(8).hex())
    yield made
    assert not made.trouble
    made.close()


at_once = pytest.mark.parametrize("cache", SYNCHRONOUS, indirect=True)


def test_what_nobody_stored_is_a_miss(cache: Cache) -> None:
    assert cache.get_many([key("a"), key("b")]) == {}
    assert cache.recall([key("a")]) == {}
    assert cache.get_many([]) == {}
    assert cache.statistics.hit_rate == 0.0


@pytest.mark.parametrize(
    "value",
    [b"", b"\0", b"value", b"a" * 100_000, os.urandom(100_000), bytes(range(256)) * 4096],
    ids=["empty", "zero", "word", "repetitive", "random", "megabyte"],
)
def test_a_value_comes_back_as_it_was_stored(cache: Cache, value: bytes) -> None:
    cache.put_many({key("a"): value})
    assert cache.get_many([key("a")]) == {key("a"): value}


def test_the_last_value_counts(cache: Cache, clock: FakeClock) -> None:
    cache.put_many({key("a"): b"old", key("b"): b"other"}, 100)
    clock.pass_time(seconds=1)
    cache.put_many({key("a"): b"new"}, 1000)
    clock.pass_time(seconds=200)
    assert cache.get_many([key("a"), key("b")]) == {key("a"): b"new"}


def test_a_batch_answers_what_is_there(cache: Cache) -> None:
    keys = [key(str(number), subject=f"p{number}") for number in range(1482)]
    cache.put_many({k: k.encode() for k in keys[::2]})
    assert cache.get_many(keys) == {k: k.encode() for k in keys[::2]}
    assert cache.statistics.hit_rate == 0.5


def test_an_entry_is_fresh_until_its_time_is_over(cache: Cache, clock: FakeClock) -> None:
    cache.put_many({key("a"): b"value"}, 60)
    clock.pass_time(seconds=59.9)
    assert cache.get_many([key("a")]) == {key("a"): b"value"}
    clock.pass_time(seconds=0.1)
    assert cache.get_many([key("a")]) == {}


def test_an_entry_without_an_end_stays(cache: Cache, clock: FakeClock) -> None:
    cache.put_many({key("a"): b"value"})
    clock.pass_time(days=4000)
    assert cache.get_many([key("a")]) == {key("a"): b"value"}
    clock.set_back(days=8000)
    assert cache.get_many([key("a")]) == {key("a"): b"value"}


def test_an_entry_from_before_the_clock_was_set_back_is_not_fresh(
    cache: Cache, clock: FakeClock
) -> None:
    cache.put_many({key("a"): b"old"}, DAY)
    clock.set_back(days=365)
    assert cache.get_many([key("a")]) == {}, "or it would be fresh for a year and a day"
    cache.put_many({key("a"): b"new"}, DAY)
    assert cache.get_many([key("a")]) == {key("a"): b"new"}


def test_clocks_of_two_machines_may_differ_a_little(cache: Cache, clock: FakeClock) -> None:
    cache.put_many({key("a"): b"value"}, DAY)
    clock.set_back(seconds=299)
    assert cache.get_many([key("a")]) == {key("a"): b"value"}


def test_a_kind_lives_no_longer_than_this_run_lets_it(cache: Cache, clock: FakeClock) -> None:
    cache.put_many({key("a", kind="short"): b"value"}, DAY)
    clock.pass_time(seconds=9)
    assert key("a", kind="short") in cache.get_many([key("a", kind="short")])
    clock.pass_time(seconds=1)
    assert cache.get_many([key("a", kind="short")]) == {}


def test_lookups_are_counted_by_kind(cache: Cache, clock: FakeClock) -> None:
    asked = {kind: key("a", kind=kind) for kind in ("license", "vulnerability")}
    cache.put_many({asked["license"]: b"12345", key("b"): b"12345"}, 60)
    cache.get_many(list(asked.values()))
    clock.pass_time(seconds=60)
    cache.get_many([key("b")])
    tiers = cache.statistics.tiers
    first = tiers[caches.tier_of(cache)]
    assert (first["license"].hits, first["license"].misses) == (1, 0)
    assert (first["license"].expired, first["vulnerability"].misses) == (1, 1)
    assert first["license"].bytes >= 10
    assert (cache.statistics.lookups, cache.statistics.hits) == (3, 1)


def test_a_key_counts_once_by_its_first_lookup(cache: Cache) -> None:
    cache.put_many({key("a"): b"value"}, 60)
    for _ in range(3):
        cache.get_many([key("a"), key("b")])
    cache.put_many({key("b"): b"from the network"}, 60)
    assert len(cache.get_many([key("a"), key("b")])) == 2
    assert (cache.statistics.lookups, cache.statistics.hits) == (2, 1)


@at_once
def test_what_has_expired_is_recalled_with_its_times(cache: Cache, clock: FakeClock) -> None:
    now = clock.now().timestamp()
    cache.put_many({key("a"): b"value"}, 60)
    clock.pass_time(days=29)
    assert cache.get_many([key("a")]) == {}
    held = cache.recall([key("a"), key("b")])
    assert held == {key("a"): Held(b"value", now, now + 60)}
    assert held[key("a")].age(clock.now().timestamp()) == 29 * DAY
    assert not held[key("a")].is_fresh(clock.now().timestamp())
    clock.pass_time(days=1, seconds=60)
    assert cache.recall([key("a")]) == {}, "30 days after its end nobody gets it any longer"


@at_once
def test_what_is_filled_in_keeps_its_times(cache: Cache, clock: FakeClock) -> None:
    now = clock.now().timestamp()
    held = Held(b"value", now - 50, now + 10)
    cache.fill({key("a"): held})
    assert cache.recall([key("a")]) == {key("a"): held}
    clock.pass_time(seconds=10)
    assert cache.get_many([key("a")]) == {}


@at_once
def test_nothing_is_filled_in_over_what_is_newer(cache: Cache, clock: FakeClock) -> None:
    now = clock.now().timestamp()
    cache.put_many({key("a"): b"new"}, 60)
    cache.fill({key("a"): Held(b"old", now - 1, None)})
    assert cache.get_many([key("a")]) == {key("a"): b"new"}
    cache.fill({key("a"): Held(b"newer", now + 1, now + 60)})
    assert cache.get_many([key("a")]) == {key("a"): b"newer"}


@at_once
def test_what_the_future_left_behind_is_filled_over(cache: Cache, clock: FakeClock) -> None:
    cache.put_many({key("a"): b"future"}, 60)
    clock.set_back(days=1)
    now = clock.now().timestamp()
    cache.fill({key("a"): Held(b"present", now, now + 60)})
    assert cache.get_many([key("a")]) == {key("a"): b"present"}


@at_once
def test_threads_share_it(cache: Cache) -> None:
    def work(thread: int) -> bool:
        right = True
        for step in range(20):
            keys = [key(str((thread * 7 + step * 3 + n) % 40)) for n in range(10)]
            cache.put_many({k: k.encode() * 10 for k in keys[:5]}, 100)
            right &= all(v == k.encode() * 10 for k, v in cache.get_many(keys).items())
        return right

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(work, range(16)))
