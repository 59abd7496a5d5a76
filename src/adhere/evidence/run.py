"""What all requests of a run share."""

from __future__ import annotations

import asyncio
from collections import Counter

from adhere.evidence.backoff import Randomness
from adhere.evidence.deadline import Deadline
from adhere.evidence.fetch import Fetch, Fetched, reason_of
from adhere.evidence.hosts import Hosts
from adhere.evidence.keeper import Keeper
from adhere.evidence.limiter import Limiter
from adhere.evidence.limits import Limits
from adhere.evidence.stored import Recalled, recall_all
from adhere.model.finding import Missing
from adhere.ports import SILENCE, Cache, Clock, Flight, Log, SharedCache


class Run:
    """One rate, one deadline, one set of breakers, and the answers so far.

    Attributes:
        counts: ``requests``, ``retries``, ``unchanged`` (304), ``bytes``, and
            ``missing.<reason>`` by the first word of the reason.
        by_host: ``requests`` and ``bytes`` by host and name.
        known: every answer that the run has, whether or not the cache keeps it.
        log: is told of requests, and how they end.
    """

    def __init__(
        self,
        limits: Limits,
        deadline: Deadline,
        *,
        cache: Cache,
        clock: Clock,
        rng: Randomness,
        shared: SharedCache | None,
        flight: Flight,
        log: Log = SILENCE,
    ) -> None:
        self.log = log
        self.limits = limits
        self.deadline = deadline
        self.cache = cache
        self.clock = clock
        self.rng = rng
        self.shared = shared
        self.flight = flight
        self.keeper = Keeper(cache, flight, shared)
        self.hosts = Hosts(
            cache, clock, limit=limits.breaker_failures, pause=limits.breaker_pause, log=log
        )
        self.limiter = Limiter(limits.rate, burst=limits.burst)
        self.slots = asyncio.Semaphore(limits.concurrency)
        self.counts: Counter[str] = Counter()
        self.by_host: Counter[tuple[str, str]] = Counter()
        self.known: dict[Fetch, Fetched | Missing] = {}

    @property
    def elapsed(self) -> float:
        """Seconds on the clock that never moves back."""
        return self.clock.elapsed()

    @property
    def now(self) -> float:
        """Seconds since the epoch."""
        return self.clock.now().timestamp()

    def recall(self, fetches: list[Fetch]) -> Recalled:
        """Take what is fresh in the cache; what is not is returned as well."""
        recalled = recall_all(self.cache, fetches, self.now)
        self.known.update(recalled.fresh)
        return recalled

    def unknown(self, fetches: list[Fetch]) -> list[Fetch]:
        """Those that have no answer yet."""
        return [fetch for fetch in fetches if fetch not in self.known]

    def settle(self, fetch: Fetch, answer: Fetched | Missing, recalled: Recalled) -> None:
        """Remember an answer for the run; an old one in place of none."""
        if isinstance(answer, Missing):
            self.counts[f"missing.{reason_of(answer)}"] += 1
            answer = recalled.stale(fetch, self.now, answer.reason) or answer
        self.known[fetch] = answer
