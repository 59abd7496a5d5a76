"""What is known of the hosts that are asked: their breakers, and how long they want peace."""

from __future__ import annotations

import asyncio

from msgspec import Struct

from adhere.evidence.address import Origin
from adhere.evidence.breaker import Breaker, Pass, State, as_stored, from_stored
from adhere.model.key import cache_key
from adhere.ports import SILENCE, Cache, Clock, Log

KIND = "breaker"
_DAY = 86_400.0


class Health(Struct, frozen=True):
    """How a host does.

    Attributes:
        host: scheme, host and port.
        state: of its breaker.
        failures: in a row.
        reopens: when it is tried again, seconds since the epoch; ``None`` while it is closed.
    """

    host: str
    state: State
    failures: int
    reopens: float | None


class Host:
    """One host."""

    def __init__(
        self, origin: Origin, breaker: Breaker, cache: Cache, clock: Clock, log: Log
    ) -> None:
        self.origin = origin
        self.quiet_until = float("-inf")  # as `Clock.elapsed` counts
        self._breaker = breaker
        self._cache = cache
        self._clock = clock
        self._log = log
        self._settled = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """Nothing goes to it for now."""
        return self._breaker.state(self._now()) == "open"

    @property
    def health(self) -> Health:
        """How it does."""
        breaker = self._breaker
        state = breaker.state(self._now())
        return Health(str(self.origin), state, breaker.memory.failures, breaker.reopens())

    async def admit(self) -> Pass | None:
        """Leave to send a request; waits while a probe is under way. ``None``: it is open."""
        while True:
            leave = self._breaker.admit(self._now())
            if leave is not None or self.is_open:
                return leave
            await self._settled.wait()

    def succeeded(self, leave: Pass) -> None:
        """It answered."""
        was_open = self._breaker.reopens() is not None
        if self._breaker.succeeded(leave):
            self._remember()
        if was_open and self._breaker.reopens() is None:
            self._log.tell("breaker.closed", host=str(self.origin))
        self._settle(leave)

    def failed(self, leave: Pass) -> None:
        """It did not."""
        if self._breaker.failed(leave, self._now()):
            self._remember()
            if self.is_open:
                failures = self._breaker.memory.failures
                self._log.tell("breaker.opened", host=str(self.origin), failures=failures)
        self._settle(leave)

    def cancelled(self, leave: Pass) -> None:
        """We did not wait for it."""
        self._breaker.cancelled(leave)
        self._settle(leave)

    def _settle(self, leave: Pass) -> None:
        if leave.probe:
            self._settled.set()
            self._settled = asyncio.Event()

    def _remember(self) -> None:
        memory = as_stored(self._breaker.memory)
        self._cache.put_many({_key(self.origin): memory}, _DAY)

    def _now(self) -> float:
        return self._clock.now().timestamp()


class Hosts:
    """All hosts of a run."""

    def __init__(
        self, cache: Cache, clock: Clock, *, limit: int, pause: float, log: Log = SILENCE
    ) -> None:
        self._log = log
        self._cache = cache
        self._clock = clock
        self._limit = limit
        self._pause = pause
        self._known: dict[Origin, Host] = {}

    def of(self, origin: Origin) -> Host:
        """What is known of a host, from earlier runs too."""
        host = self._known.get(origin)
        if host is None:
            data = self._cache.get_many([_key(origin)]).get(_key(origin))
            memory = from_stored(data) if data is not None else None
            breaker = Breaker(memory, limit=self._limit, pause=self._pause)
            host = self._known[origin] = Host(origin, breaker, self._cache, self._clock, self._log)
        return host

    @property
    def health(self) -> tuple[Health, ...]:
        """How each of them does, sorted."""
        return tuple(self._known[origin].health for origin in sorted(self._known))


def _key(origin: Origin) -> str:
    return cache_key(KIND, str(origin))
