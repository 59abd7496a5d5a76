"""What the core asks of the world, as protocols; adapters are picked in `app.wiring`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from msgspec import Struct


class Progress(Protocol):
    """Somebody who is told how far long work has come."""

    def __call__(self, what: str, done: int, total: int, /) -> None:
        """``done`` of ``total`` pieces of work are finished."""
        ...


class Clock(Protocol):
    """Time, passed in so that tests can move it."""

    def now(self) -> datetime:
        """The time of day, with a time zone; moves when somebody sets the clock."""
        ...

    def elapsed(self) -> float:
        """Seconds since some fixed moment; never moves back."""
        ...


class Held(Struct, frozen=True):
    """A cached value and its times.

    Attributes:
        value: as it was stored.
        stored: when, seconds since the epoch.
        expires: until when it is fresh, seconds since the epoch; ``None`` when the value
            itself says what makes it invalid.
    """

    value: bytes
    stored: float
    expires: float | None = None

    def is_fresh(self, now: float) -> bool:
        """Whether it may answer without a look at how old it is.

        An entry from the future was stored before somebody set the clock back: nobody knows
        how old it is, so it is not fresh.
        """
        return self.expires is None or self.stored - SKEW <= now < self.expires

    def age(self, now: float) -> float:
        """Seconds since it was stored; without end where the clock was set back since."""
        return float("inf") if self.stored > now + SKEW else max(0.0, now - self.stored)


SKEW = 300.0
"""Seconds by which clocks of machines that share a cache may differ."""


Lookup: TypeAlias = Literal["hit", "miss", "expired"]


class Tally(Struct):
    """What a tier did for one kind of entries.

    Attributes:
        hits: lookups that it answered.
        misses: lookups of what it does not have.
        expired: lookups of what it has, and what is no longer fresh.
        evictions: entries that made room for others.
        errors: lookups and writes that failed, and values that were damaged or foreign.
        bytes: of values that were read and written.
        seconds: spent.
    """

    hits: int = 0
    misses: int = 0
    expired: int = 0
    evictions: int = 0
    errors: int = 0
    bytes: int = 0
    seconds: float = 0.0


class Statistics:
    """What the tiers of a cache did in a run, in the order in which they are asked.

    A key counts once, by its first lookup: whoever waits for an answer looks again and again,
    and finds it in a cache though it came over the network.

    Attributes:
        tiers: by name of the tier and kind of entry.
    """

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self.tiers: dict[str, dict[str, Tally]] = {}
        self._seen: dict[str, set[str]] = {}
        self._answered: set[str] = set()

    def is_first(self, tier: str, key: str) -> bool:
        """Whether what a tier answers for a key is part of the key's first lookup."""
        return key not in self._answered and key not in self._seen.get(tier, ())

    def lookup(self, tier: str, key: str, kind: str, outcome: Lookup) -> None:
        """Count how a tier answered for a key, where that is part of its first lookup."""
        if not self.is_first(tier, key):
            return
        self._seen.setdefault(tier, set()).add(key)
        tally = self.tally(tier, kind)
        if outcome == "hit":
            self._answered.add(key)
            tally.hits += 1
        elif outcome == "miss":
            tally.misses += 1
        else:
            tally.expired += 1

    def tally(self, tier: str, kind: str) -> Tally:
        """The counters of a tier for a kind."""
        kinds = self.tiers.setdefault(tier, {})
        found = kinds.get(kind)
        if found is None:
            found = kinds[kind] = Tally()
        return found

    @property
    def lookups(self) -> int:
        """Keys that were asked for: what the first tier was asked for."""
        first = next(iter(self.tiers.values()), {})
        return sum(tally.hits + tally.misses + tally.expired for tally in first.values())

    @property
    def hits(self) -> int:
        """Lookups that any tier answered, so that nobody was asked over the network."""
        return sum(tally.hits for kinds in self.tiers.values() for tally in kinds.values())

    def counts(self) -> Mapping[str, int]:
        """What there is to tell, summed over kinds: ``cache.file.hits``, ..., none that is 0."""
        found: dict[str, int] = {}
        for tier, kinds in self.tiers.items():
            for name in ("hits", "misses", "expired", "evictions", "errors", "bytes"):
                count = sum(getattr(tally, name) for tally in kinds.values())
                if count:
                    found[f"cache.{tier}.{name}"] = count
        return found

    @property
    def hit_rate(self) -> float | None:
        """Part of the lookups that any tier answered, 0 to 1; ``None`` without a lookup."""
        return self.hits / self.lookups if self.lookups else None


class Cache(Protocol):
    """Bytes by key, kept between runs. Losing an entry costs time and nothing else.

    An implementation never raises: a tier that breaks answers with misses, and says so
    in `trouble`. Keys are those of `adhere.model.key.cache_key`.
    """

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """The values that are there and fresh, in one round trip."""
        ...

    def recall(self, keys: Sequence[str]) -> Mapping[str, Held]:
        """Also what has expired: for runs without a network and for conditional requests."""
        ...

    def put_many(self, items: Mapping[str, bytes], ttl: float | None = None) -> None:
        """Store values, in one transaction.

        Args:
            items: values by key.
            ttl: seconds until they expire; ``None`` when the value itself says what makes
                it invalid.
        """
        ...

    def fill(self, items: Mapping[str, Held]) -> None:
        """Store what another tier had, with its times; never over what is newer."""
        ...

    def close(self) -> None:
        """Write what is pending and let go of files."""
        ...

    @property
    def until(self) -> float:
        """Until when it would answer just the same, seconds since the epoch.

        The first end among what it answered; 0 where it was asked for what it did not have,
        or for what was no longer fresh, and where it was given anything new.
        """
        ...

    @property
    def trouble(self) -> Sequence[str]:
        """What went wrong, as clauses, each once."""
        ...

    @property
    def statistics(self) -> Statistics:
        """What was asked and answered so far."""
        ...


class SharedCache(Protocol):
    """A cache that machines share over a network; asked for what a `Cache` does not have.

    Like a `Cache`, it never raises. It counts into the statistics of the cache before it.
    """

    async def get_many(self, keys: Sequence[str]) -> Mapping[str, Held]:
        """What is there and fresh, in one round trip."""
        ...

    async def put_many(self, items: Mapping[str, bytes], ttl: float | None = None) -> None:
        """Store values, in one round trip; the arguments are those of `Cache.put_many`."""
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...

    @property
    def trouble(self) -> Sequence[str]:
        """What went wrong, as clauses, each once."""
        ...


class Flight(Protocol):
    """Who fetches a key, and who waits for it: across tasks and across processes."""

    def claim(self, keys: Sequence[str], seconds: float) -> frozenset[str]:
        """Those that the caller shall fetch; somebody else is fetching the others.

        Whoever gets a key looks into the cache once more before fetching it: somebody may
        have stored it since. Whoever does not claims it again after a while.

        Args:
            keys: that are not in the cache.
            seconds: until somebody else may fetch them, should the caller never release
                them. A process that is killed holds nothing any longer.
        """
        ...

    def release(self, keys: Sequence[str]) -> None:
        """The caller is done with these, whether it has stored them or not."""
        ...


class Tree(Protocol):
    """The files of the project, by POSIX path relative to it."""

    def text(self, path: str) -> str:
        """A file's text.

        Raises:
            ConfigError: it cannot be read; the problem's code is ``file-unreadable``.
        """
        ...

    def matching(self, pattern: str, *, entries: bool = False) -> tuple[str, ...]:
        """Files that match a pattern, sorted; ignored folders are left out.

        Args:
            pattern: ``*`` stays within a folder, ``**`` crosses them.
            entries: folders, and links wherever they lead, are matched as well.

        Raises:
            ConfigError: a folder on the way cannot be listed, so nobody knows.
        """
        ...


class Log(Protocol):
    """Somebody who is told what happens, by the vocabulary of `adhere.model.events`."""

    def tell(self, event: str, **fields: object) -> None:
        """Something happened."""
        ...


class Silence:
    """`Log` for nobody."""

    def tell(self, event: str, **fields: object) -> None:
        """Forget it."""


SILENCE = Silence()
"""Where nobody asked for a log."""


class Meter(Protocol):
    """Where time and memory go."""

    def phase(self, name: str) -> AbstractContextManager[None]:
        """Measure a phase of the run; phases of one name add up."""
        ...

    def count(self, name: str, amount: int = 1) -> None:
        """Count something, such as a cache hit."""
        ...

    def phases(self) -> Iterable[tuple[str, float]]:
        """Seconds by phase, in the order they first began."""
        ...
