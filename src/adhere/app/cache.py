"""The cache looked at, cleared and verified: `adhere cache`."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from msgspec import Struct

from adhere.app.recall import read
from adhere.app.stored import configured
from adhere.app.wiring import cache_folder, open_shared, open_tiers
from adhere.cache import beside, upkeep
from adhere.cache.lifetimes import Lifetimes
from adhere.cache.redis import RedisCache
from adhere.cache.sqlite import SqliteCache
from adhere.cache.upkeep import Removed, Selection, Stock, Verified
from adhere.ports import Clock

_T = TypeVar("_T")
_SECONDS = 60.0
"""For all of what a command asks a server; somebody waits for it."""


class TierInfo(Struct, frozen=True):
    """What one tier holds.

    Attributes:
        tier: ``memory``, ``file`` or ``redis``.
        state: ``used``, ``empty``, ``off`` when it is not configured, or ``broken``.
        place: where it is: a folder, a prefix; never an address.
        limit: bytes that it keeps at most, ``None`` where the server decides.
        bytes: that it holds.
        kinds: entries by kind.
    """

    tier: str
    state: str
    place: str
    limit: int | None
    bytes: int
    kinds: tuple[Stock, ...]


class CacheInfo(Struct, frozen=True):
    """The three tiers, seconds for which a kind is fresh, and what went wrong."""

    tiers: tuple[TierInfo, ...]
    ttl: Mapping[str, float]
    trouble: tuple[str, ...]


class Cleared(Struct, frozen=True):
    """By tier what was removed, ``None`` where that failed; and what went wrong."""

    removed: Mapping[str, Removed | None]
    trouble: tuple[str, ...]


class Checked(Struct, frozen=True):
    """By tier what was read, ``None`` where that failed; and what went wrong."""

    verified: Mapping[str, Verified | None]
    trouble: tuple[str, ...]


class CacheUpkeep:
    """The tiers of the working directory's project that outlast a run."""

    def __init__(self, named: str, folder: str, clock: Clock, environ: Mapping[str, str]) -> None:
        """Find the cache.

        Args:
            named: configuration file, ``""`` to look for one.
            folder: of the file tier, relative to the working directory; ``""`` for the
                configured one.
            clock: for the age of entries.
            environ: for the address of the shared tier.

        Raises:
            ConfigError: the configuration is wrong, so that nobody knows which cache is
                meant.
        """
        self._project, self._config = configured(named)
        self._clock = clock
        path = os.path.abspath(os.path.expanduser(folder)) if folder else ""
        self._folder = cache_folder(self._config, self._project.root, path)
        cache = open_tiers(self._config, self._project.root, path, clock)
        (self._file,) = (tier for tier in cache.tiers if isinstance(tier, SqliteCache))
        self._shared = open_shared(self._config, environ, cache, clock)
        self._cache = cache

    def info(self) -> CacheInfo:
        """What every tier holds."""
        table = self._config.cache
        memory = TierInfo("memory", "empty", "", table.memory.bytes.bytes, 0, ())
        kinds = upkeep.stock(self._file.file, self._now())
        if kinds is not None:
            kinds = sorted([*kinds, *beside.stock(self._folder)], key=lambda stock: stock.kind)
        place = self._project.label(self._folder)
        tiers = [memory, _tier("file", place, table.file.bytes.bytes, kinds)]
        if self._shared is None:
            tiers.append(TierInfo("redis", "off", "", None, 0, ()))
        else:
            from adhere.cache.upkeep_redis import stock

            held = self._ask(self._shared, stock)
            tiers.append(_tier("redis", table.redis.prefix, None, held))
        return CacheInfo(tuple(tiers), dict(Lifetimes(table)), self._end())

    def clear(self, kind: str, subject: str, older_than: float | None) -> Cleared:
        """Remove entries from every tier.

        Args:
            kind: of the entries, ``""`` for any.
            subject: canonical name of a package, ``""`` for any.
            older_than: seconds since they were stored, ``None`` for any age.
        """
        now = self._now()
        before = None if older_than is None else now - older_than
        selection = Selection(kind, subject, before, now)
        removed = {"file": upkeep.clear(self._file.file, selection)}
        also = beside.clear(self._folder, selection)
        if (of_file := removed["file"]) is not None:
            of_file.entries += also.entries
            of_file.bytes += also.bytes
        if self._shared is not None:
            from adhere.cache.upkeep_redis import clear

            removed["redis"] = self._ask(self._shared, lambda cache: clear(cache, selection))
        return Cleared(removed, self._end())

    def verify(self) -> Checked:
        """Read every entry, and remove those that are damaged."""
        verified = {"file": upkeep.verify(self._file.file)}
        also = beside.verify(self._folder, {beside.VERDICT: lambda path: read(path) is not None})
        if (of_file := verified["file"]) is not None:
            of_file.whole += also.whole
            of_file.damaged += also.damaged
        if self._shared is not None:
            from adhere.cache.upkeep_redis import verify

            verified["redis"] = self._ask(self._shared, verify)
        return Checked(verified, self._end())

    def _ask(self, shared: RedisCache, work: Callable[[RedisCache], Awaitable[_T]]) -> _T:
        import asyncio

        async def asked() -> _T:
            shared.seconds = _SECONDS
            try:
                return await work(shared)
            finally:
                await shared.aclose()

        return asyncio.run(asked())

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _end(self) -> tuple[str, ...]:
        self._cache.close()
        shared = () if self._shared is None else self._shared.trouble
        return (*self._cache.trouble, *shared)


def _tier(name: str, place: str, limit: int | None, kinds: list[Stock] | None) -> TierInfo:
    if kinds is None:
        return TierInfo(name, "broken", place, limit, 0, ())
    size = sum(stock.bytes for stock in kinds)
    return TierInfo(name, "used" if kinds else "empty", place, limit, size, tuple(kinds))
