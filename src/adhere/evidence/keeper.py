"""Answers on their way into the cache: in batches, and never lost on the way out."""

from __future__ import annotations

from adhere.evidence.fetch import Fetch
from adhere.evidence.freshness import Lifetime
from adhere.evidence.stored import Entry, as_stored
from adhere.ports import Cache, Flight, SharedCache

BATCH = 64
SECONDS = 0.2
"""What is kept waits no longer; a process that is killed loses no more than that."""


class Keeper:
    """Stores answers, then tells those who wait for them."""

    def __init__(self, cache: Cache, flight: Flight, shared: SharedCache | None) -> None:
        self._cache = cache
        self._flight = flight
        self._shared = shared
        self._pending: dict[float, dict[str, bytes]] = {}
        self._for_others: dict[float, dict[str, bytes]] = {}
        self._done: list[str] = []
        self._since = 0.0

    def keep(self, fetch: Fetch, entry: Entry, life: Lifetime) -> None:
        """Take an answer in."""
        if not (fetch.kept and life.kept):
            return
        data = as_stored(entry)
        self._pending.setdefault(life.seconds, {})[fetch.key] = data
        if life.shared and life.seconds > 0 and self._shared is not None:
            self._for_others.setdefault(life.seconds, {})[fetch.key] = data

    def done(self, fetch: Fetch, now: float) -> None:
        """Nobody fetches this any longer; ``now`` is a clock that never moves back."""
        if not self._done:
            self._since = now
        self._done.append(fetch.key)
        if len(self._done) >= BATCH or now - self._since >= SECONDS:
            self.flush()

    def flush(self) -> None:
        """Store what is there, then let others have it."""
        pending, self._pending = self._pending, {}
        for seconds, items in pending.items():
            self._cache.put_many(items, seconds)
        done, self._done = self._done, []
        if done:
            self._flight.release(done)

    async def share(self) -> None:
        """Give what is there to the cache that machines share."""
        items, self._for_others = self._for_others, {}
        if self._shared is not None:
            for seconds, part in items.items():
                await self._shared.put_many(part, seconds)
