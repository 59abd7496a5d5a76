"""Adapters, picked: the one place that knows which implementation stands behind a port."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from adhere.errors import Problem, UsageError
from adhere.policy.settings import ConfigTable
from adhere.ports import Cache, Clock


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

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Nothing."""
        return dict.fromkeys(keys[:0], b"")

    def put_many(self, items: Mapping[str, bytes], ttl: float | None = None) -> None:
        """Forget it."""

    def close(self) -> None:
        """Nothing to close."""


def open_cache(
    config: ConfigTable, root: str, folder: str, clock: Clock, *, enabled: bool
) -> Cache:
    """The cache of a run.

    Args:
        config: its limits, and its folder, relative to the project.
        root: of the project.
        folder: of the file tier, absolute, in place of the configured one; ``""`` for that,
            and for the user's cache folder where none is.
        clock: for expiry.
        enabled: ``False`` for a run that neither reads nor writes it.
    """
    if not enabled:
        return NoCache()
    from adhere.cache.sqlite import SqliteCache

    path = cache_folder(config, root, folder)
    return SqliteCache(path, clock, limit=config.cache.file.bytes.bytes)


def cache_folder(config: ConfigTable, root: str, folder: str) -> str:
    """Where the cache of a run is; the arguments are those of `open_cache`."""
    configured = os.path.expanduser(config.cache.dir)
    return folder or (os.path.join(root, configured) if configured else user_cache_folder())


def user_cache_folder() -> str:
    """Where this user's programs keep what they can do without."""
    if sys.platform in ("win32", "darwin"):
        import platformdirs

        return platformdirs.user_cache_dir("adhere", appauthor=False)
    # What platformdirs does elsewhere, without its import: a warm run would notice it.
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "adhere")


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
