"""The memory tier: what this run has seen already."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from adhere.cache.tier import Tier
from adhere.ports import SKEW, Clock, Held, Statistics


class MemoryCache(Tier):
    """Entries of one process; the least recently used go first.

    It never holds more than its bounds, not even for a moment: room is made before an entry
    comes in. An entry that is larger than all of the room is not kept.
    """

    name = "memory"

    def __init__(
        self,
        clock: Clock,
        *,
        items: int,
        limit: int,
        statistics: Statistics | None = None,
        lifetimes: Mapping[str, float] | None = None,
    ) -> None:
        """An empty cache.

        Args:
            clock: for expiry.
            items: entries that are kept.
            limit: bytes of keys and values that are kept.
            statistics: to count into.
            lifetimes: seconds for which a kind may be fresh.
        """
        super().__init__(clock, statistics, lifetimes)
        self._items = items
        self._limit = limit
        self._entries: OrderedDict[str, Held] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def bytes(self) -> int:
        """Bytes of keys and values that are kept now."""
        return self._bytes

    def _read(self, keys: Sequence[str], now: float) -> dict[str, Held]:  # noqa: ARG002 - the order is that of use, not of time
        found: dict[str, Held] = {}
        for key in keys:
            held = self._entries.get(key)
            if held is not None:
                self._entries.move_to_end(key)
                found[key] = held
        return found

    def _write(self, items: Mapping[str, Held], now: float, *, over_newer: bool) -> None:
        for key, held in items.items():
            old = self._entries.get(key)
            if old is not None:
                if not over_newer and held.stored <= old.stored <= now + SKEW:
                    continue
                self._drop(key)
            size = _size(key, held)
            if size > self._limit or self._items < 1:
                continue
            while len(self._entries) >= self._items or self._bytes + size > self._limit:
                oldest = next(iter(self._entries))
                self._drop(oldest)
                self._tally(oldest).evictions += 1
            self._entries[key] = held
            self._bytes += size

    def _drop(self, key: str) -> None:
        self._bytes -= _size(key, self._entries.pop(key))

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._bytes = 0


def _size(key: str, held: Held) -> int:
    return len(key) + len(held.value)
