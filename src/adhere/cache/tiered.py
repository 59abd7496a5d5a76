"""The tiers that answer at once, as one cache."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from adhere.cache.tier import Tier
from adhere.ports import Clock, Held, Statistics


class TieredCache:
    """`adhere.ports.Cache` over several; a tier is asked for what those before it miss.

    What a tier has is given to those before it.
    """

    def __init__(self, tiers: Sequence[Tier], clock: Clock, statistics: Statistics) -> None:
        """Put tiers together.

        Args:
            tiers: the fastest first.
            clock: for expiry.
            statistics: that all of them count into.
        """
        self.tiers = tiers
        self.statistics = statistics
        self._clock = clock
        self._ends: dict[str, float] = {}

    @property
    def until(self) -> float:
        """Until when it would answer just the same; see `adhere.ports.Cache.until`."""
        return min(self._ends.values(), default=math.inf)

    @property
    def trouble(self) -> Sequence[str]:
        """What went wrong, as clauses, each once."""
        return tuple(clause for tier in self.tiers for clause in tier.trouble)

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """The values that any tier has and that are fresh."""
        now = self._clock.now().timestamp()
        found = self.recall(keys)
        return {key: held.value for key, held in found.items() if held.is_fresh(now)}

    def recall(self, keys: Sequence[str]) -> Mapping[str, Held]:
        """What any tier has; of several that have expired, the one that did so last."""
        now = self._clock.now().timestamp()
        found: dict[str, Held] = {}
        wanted: Sequence[str] = keys
        for depth, tier in enumerate(self.tiers):
            had = tier.recall(wanted)
            better = {k: h for k, h in had.items() if k not in found or _later(h, found[k])}
            found.update(better)
            for above in self.tiers[:depth]:
                above.fill(better)
            wanted = [key for key in wanted if key not in found or not found[key].is_fresh(now)]
            if not wanted:
                break
        for key in keys:
            held = found.get(key)
            self._ends[key] = _end(held) if held is not None and held.is_fresh(now) else 0.0
        return found

    def put_many(self, items: Mapping[str, bytes], ttl: float | None = None) -> None:
        """Store values in every tier; the one that lasts first."""
        for tier in reversed(self.tiers):
            tier.put_many(items, ttl)
        self._ends.update(dict.fromkeys(items, 0.0))

    def fill(self, items: Mapping[str, Held]) -> None:
        """Store in every tier what another cache had."""
        for tier in reversed(self.tiers):
            tier.fill(items)
        self._ends.update({key: _end(held) for key, held in items.items()})

    def close(self) -> None:
        """Let go of files."""
        for tier in self.tiers:
            tier.close()


def _end(held: Held) -> float:
    return math.inf if held.expires is None else held.expires


def _later(one: Held, other: Held) -> bool:
    return one.expires is None or (other.expires is not None and one.expires > other.expires)
