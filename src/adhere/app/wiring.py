"""Adapters, picked: the one place that knows which implementation stands behind a port."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from adhere.errors import Problem, UsageError
from adhere.policy.settings import ConfigTable
from adhere.ports import Cache, Clock, Flight, Held, Statistics

if TYPE_CHECKING:
    from adhere.cache.redis import RedisCache
    from adhere.cache.tiered import TieredCache


class SystemClock:
    """The system's clocks."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the clock that is passed in

    def elapsed(self) -> float:
        """Seconds since some fixed moment; never moves back."""
        return time.perf_counter()


class NoCache:
    """A cache that holds nothing."""

    trouble: Sequence[str] = ()
    until = 0.0

    def __init__(self) -> None:
        """Nothing to open."""
        self.statistics = Statistics()

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Nothing."""
        return dict.fromkeys(keys[:0], b"")

    def recall(self, keys: Sequence[str]) -> Mapping[str, Held]:
        """Nothing."""
        return dict.fromkeys(keys[:0], Held(b"", 0.0))

    def put_many(self, items: Mapping[str, bytes], ttl: float | None = None) -> None:
        """Forget it."""

    def fill(self, items: Mapping[str, Held]) -> None:
        """Forget it."""

    def close(self) -> None:
        """Nothing to close."""


def open_cache(
    config: ConfigTable, root: str, folder: str, clock: Clock, *, enabled: bool
) -> Cache:
    """The cache of a run: memory over a file.

    Args:
        config: its limits, and its folder, relative to the project.
        root: of the project.
        folder: of the file tier, absolute, in place of the configured one; ``""`` for that,
            and for the user's cache folder where none is.
        clock: for expiry.
        enabled: ``False`` for a run that neither reads nor writes it.
    """
    return open_tiers(config, root, folder, clock) if enabled else NoCache()


def open_tiers(config: ConfigTable, root: str, folder: str, clock: Clock) -> TieredCache:
    """The tiers that answer at once; the arguments are those of `open_cache`."""
    from adhere.cache.lifetimes import Lifetimes
    from adhere.cache.memory import MemoryCache
    from adhere.cache.sqlite import SqliteCache
    from adhere.cache.tiered import TieredCache

    table = config.cache
    statistics = Statistics()
    lifetimes = Lifetimes(table)
    memory = MemoryCache(
        clock,
        items=table.memory.items,
        limit=table.memory.bytes.bytes,
        statistics=statistics,
        lifetimes=lifetimes,
    )
    file = SqliteCache(
        cache_folder(config, root, folder),
        clock,
        limit=table.file.bytes.bytes,
        statistics=statistics,
        lifetimes=lifetimes,
    )
    return TieredCache((memory, file), clock, statistics)


def open_shared(
    config: ConfigTable, environ: Mapping[str, str], cache: Cache, clock: Clock
) -> RedisCache | None:
    """The cache that machines share, ``None`` where none is configured.

    Args:
        config: its address.
        environ: where ``env:NAME`` is looked up; a variable that is not set is no address.
        cache: what is asked before it, whose statistics it counts into.
        clock: for expiry.
    """
    url = shared_url(config, environ)
    named = config.cache.redis.secret
    secret = environ.get(named.removeprefix("env:"), "")
    if not url or isinstance(cache, NoCache) or (named and not secret):
        return None  # without the secret nothing in it could be believed
    from adhere.cache.lifetimes import Lifetimes
    from adhere.cache.redis import RedisCache

    return RedisCache(
        url,
        config.cache.redis.prefix,
        clock,
        statistics=cache.statistics,
        lifetimes=Lifetimes(config.cache),
        secret=secret.encode("utf-8", "surrogateescape") if named else b"",
    )


def shared_url(config: ConfigTable, environ: Mapping[str, str]) -> str:
    """The address of the shared cache, ``""`` for none."""
    url = config.cache.redis.url
    return environ.get(url.removeprefix("env:"), "") if url.startswith("env:") else url


def open_flight(cache: Cache, clock: Clock) -> Flight:
    """Who fetches what: across processes where the cache has a file, else within this one."""
    from adhere.cache.leases import LocalFlight, SqliteFlight
    from adhere.cache.sqlite import SqliteCache

    for tier in getattr(cache, "tiers", ()):
        if isinstance(tier, SqliteCache):
            return SqliteFlight(tier.file, clock)
    return LocalFlight(clock)


def cache_folder(config: ConfigTable, root: str, folder: str) -> str:
    """Where the cache of a run is; the arguments are those of `open_cache`."""
    configured = os.path.expanduser(config.cache.dir)
    return folder or (os.path.join(root, configured) if configured else user_cache_folder())


def user_cache_folder() -> str:
    """Where this user's programs keep what they can do without."""
    if sys.platform == "win32":
        import platformdirs

        return platformdirs.user_cache_dir("adhere", appauthor=False)
    from adhere.app import recall

    return recall.user_cache_folder(os.environ)


def report_time(clock: Clock, environ: Mapping[str, str]) -> datetime:
    """The moment a report speaks of: now, or what ``SOURCE_DATE_EPOCH`` says.

    Raises:
        UsageError: that variable is no number of seconds.
    """
    epoch = environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return clock.now()
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        message = f"the environment variable SOURCE_DATE_EPOCH is {epoch!r}, no time in seconds"
        raise UsageError(Problem("usage", message, hint="mend it or unset it")) from None
