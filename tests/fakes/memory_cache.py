"""A cache in memory that can be told to break, and to count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adhere.ports import Clock, Held, Statistics


class MemoryCache:
    """`adhere.ports.Cache` in a dictionary."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.held: dict[str, Held] = {}
        self.writes = 0
        self.trouble: Sequence[str] = ()
        self.until = 0.0
        self.statistics = Statistics()

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """The fresh ones."""
        now = self._clock.now().timestamp()
        held = self.recall(keys)
        return {key: found.value for key, found in held.items() if found.is_fresh(now)}

    def recall(self, keys: Sequence[str]) -> Mapping[str, Held]:
        """All of them."""
        return {key: self.held[key] for key in keys if key in self.held}

    def put_many(self, items: Mapping[str, bytes], ttl: float | None = None) -> None:
        """Store them."""
        self.writes += 1
        now = self._clock.now().timestamp()
        expires = None if ttl is None else now + ttl
        self.held.update({key: Held(value, now, expires) for key, value in items.items()})

    def fill(self, items: Mapping[str, Held]) -> None:
        """Store what another tier had."""
        self.held.update(items)

    def close(self) -> None:
        """Nothing to close."""


class SharedMemory:
    """`adhere.ports.SharedCache` in a dictionary."""

    def __init__(self, clock: Clock) -> None:
        self.cache = MemoryCache(clock)
        self.asked: list[tuple[str, ...]] = []
        self.trouble: Sequence[str] = ()

    async def get_many(self, keys: Sequence[str]) -> Mapping[str, Held]:
        """The fresh ones."""
        self.asked.append(tuple(keys))
        fresh = self.cache.get_many(keys)
        return {key: self.cache.held[key] for key in fresh}

    async def put_many(self, items: Mapping[str, bytes], ttl: float | None = None) -> None:
        """Store them."""
        self.cache.put_many(items, ttl)

    async def aclose(self) -> None:
        """Nothing to close."""
