"""Every tier behind one interface, for tests of what they have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from adhere.cache.memory import MemoryCache
from adhere.cache.redis import RedisCache
from adhere.cache.sqlite import SqliteCache
from adhere.cache.tiered import TieredCache
from adhere.ports import Cache, Clock, Held, Statistics

LIFETIMES = {"short": 10.0}
PLENTY = 64 * 2**20


class Waiting:
    """A shared cache whose answers are waited for; what it knows of time stays inside."""

    def __init__(self, cache: RedisCache) -> None:
        self._cache = cache
        self._runner = asyncio.Runner()

    @property
    def trouble(self) -> Sequence[str]:
        return self._cache.trouble

    @property
    def statistics(self) -> Statistics:
        return self._cache.statistics

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        return {key: held.value for key, held in self.recall(keys).items()}

    def recall(self, keys: Sequence[str]) -> Mapping[str, Held]:
        return self._runner.run(self._cache.get_many(keys))

    def put_many(self, items: Mapping[str, bytes], ttl: float | None = None) -> None:
        self._runner.run(self._cache.put_many(items, ttl))

    def fill(self, items: Mapping[str, Held]) -> None:
        raise NotImplementedError  # nothing stands behind a server

    def close(self) -> None:
        self._runner.run(self._cache.aclose())
        self._runner.close()


def memory(clock: Clock) -> MemoryCache:
    return MemoryCache(clock, items=10_000, limit=PLENTY, lifetimes=LIFETIMES)


def file(clock: Clock, folder: Path) -> SqliteCache:
    return SqliteCache(str(folder), clock, limit=PLENTY, lifetimes=LIFETIMES)


def tiered(clock: Clock, folder: Path, *, items: int = 10_000) -> TieredCache:
    statistics = Statistics()
    first = MemoryCache(
        clock, items=items, limit=PLENTY, statistics=statistics, lifetimes=LIFETIMES
    )
    second = SqliteCache(
        str(folder), clock, limit=PLENTY, statistics=statistics, lifetimes=LIFETIMES
    )
    return TieredCache((first, second), clock, statistics)


def shared(clock: Clock, url: str, prefix: str) -> Waiting:
    return Waiting(RedisCache(url, prefix, clock, lifetimes=LIFETIMES))


def tier_of(cache: Cache) -> str:
    """The name under which the first tier of a cache counts."""
    return next(iter(cache.statistics.tiers))
