"""What every tier that answers at once has in common: freshness, counting, one lock."""

from __future__ import annotations

from _thread import RLock
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from adhere.model.key import kind_of
from adhere.ports import Clock, Held, Lookup, Statistics, Tally

KEPT = 30 * 86_400.0
"""Seconds for which an entry that has expired can still be recalled."""


class Tier(ABC):
    """A tier, as `adhere.ports.Cache`; a subclass only reads and writes entries."""

    name = ""

    def __init__(
        self,
        clock: Clock,
        statistics: Statistics | None = None,
        lifetimes: Mapping[str, float] | None = None,
    ) -> None:
        """Begin to count.

        Args:
            clock: for expiry.
            statistics: to count into, those of the tiers beside this one.
            lifetimes: seconds for which a kind of entry may be fresh, whatever was
                configured when it was stored.
        """
        self._clock = clock
        self._lifetimes = lifetimes or {}
        self._lock = RLock()
        self._trouble: list[str] = []
        self.statistics = Statistics() if statistics is None else statistics
        self.statistics.tiers.setdefault(self.name, {})
        self._tallies: dict[str, Tally] = {}

    @abstractmethod
    def _read(self, keys: Sequence[str], now: float) -> dict[str, Held]:
        """Entries, fresh or not."""

    @abstractmethod
    def _write(self, items: Mapping[str, Held], now: float, *, over_newer: bool) -> None:
        """Store entries, and evict what no longer fits."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything."""

    @property
    def trouble(self) -> Sequence[str]:
        """What went wrong, as clauses, each once."""
        return self._trouble

    def say(self, clause: str) -> None:
        """Remember that something went wrong."""
        if clause not in self._trouble:
            self._trouble.append(clause)

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """The values that are there and fresh."""
        now = self.now()
        found = self._recall(keys, now)
        return {key: held.value for key, held in found.items() if held.is_fresh(now)}

    def recall(self, keys: Sequence[str]) -> Mapping[str, Held]:
        """Also what has expired, for a while."""
        return self._recall(keys, self.now())

    def put_many(self, items: Mapping[str, bytes], ttl: float | None = None) -> None:
        """Store values in one transaction."""
        now = self.now()
        expires = None if ttl is None else now + ttl
        held = {key: Held(value, now, expires) for key, value in items.items()}
        self._store(held, now, over_newer=True)

    def fill(self, items: Mapping[str, Held]) -> None:
        """Store what another tier had."""
        self._store(items, self.now(), over_newer=False)

    def now(self) -> float:
        """The time of day, seconds since the epoch."""
        return self._clock.now().timestamp()

    def _recall(self, keys: Sequence[str], now: float) -> dict[str, Held]:
        if not keys:
            return {}
        with self._lock:
            start = self._clock.elapsed()
            found = self._read(keys, now)
            for key, held in list(found.items()):
                if held.expires is not None:
                    self._limit_life(found, key, held, now)
            self._count(keys, found, now)
            self._spent(keys[0], start)
        return found

    def _limit_life(self, found: dict[str, Held], key: str, held: Held, now: float) -> None:
        expires = held.expires or 0.0
        expires = min(expires, held.stored + self._lifetimes.get(kind_of(key), expires))
        if expires + KEPT <= now:
            del found[key]
        elif expires != held.expires:
            found[key] = Held(held.value, held.stored, expires)

    def _store(self, items: Mapping[str, Held], now: float, *, over_newer: bool) -> None:
        if not items:
            return
        with self._lock:
            start = self._clock.elapsed()
            self._write(items, now, over_newer=over_newer)
            for key, held in items.items():
                self._tally(key).bytes += len(held.value)
            self._spent(next(iter(items)), start)

    def _count(self, keys: Sequence[str], found: Mapping[str, Held], now: float) -> None:
        statistics, name = self.statistics, self.name
        for key in keys:
            held = found.get(key)
            if held is not None:
                self._tally(key).bytes += len(held.value)
            if statistics.is_first(name, key):
                outcome: Lookup = "miss"
                if held is not None:
                    outcome = "hit" if held.is_fresh(now) else "expired"
                statistics.lookup(name, key, kind_of(key), outcome)

    def _spent(self, key: str, start: float) -> None:
        """The time of a batch counts for the kind of its first key; a batch has one kind."""
        self._tally(key).seconds += self._clock.elapsed() - start

    def _tally(self, key: str) -> Tally:
        kind = kind_of(key)
        found = self._tallies.get(kind)
        if found is None:
            found = self._tallies[kind] = self.statistics.tally(self.name, kind)
        return found
