"""Hours of waiting in no time: an event loop whose clock jumps to what is due next."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from adhere.evidence.fetch import Fetch
from adhere.evidence.transport import Answer

T = TypeVar("T")
START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class _Selector(selectors.DefaultSelector):  # type: ignore[misc, valid-type]  # which class it is depends on the platform
    """Does not wait; tells the loop how long it would have."""

    waited = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        """Nothing ever happens but the passing of time."""
        if timeout is None:
            raise AssertionError("everybody waits for somebody else")
        self.waited += max(0.0, timeout)
        return super().select(0)


class SimulatedTime:
    """An event loop's time, and `adhere.ports.Clock` of the same."""

    def __init__(self) -> None:
        self._selector = _Selector()
        self.loop = asyncio.SelectorEventLoop(self._selector)
        self.loop.time = self.elapsed  # type: ignore[method-assign]  # that is the point

    def elapsed(self) -> float:
        """Simulated seconds."""
        return self._selector.waited

    def now(self) -> datetime:
        """Simulated time of day."""
        return START + timedelta(seconds=self.elapsed())

    def run(self, main: Coroutine[Any, Any, T]) -> T:
        """Run to the end."""
        try:
            return self.loop.run_until_complete(main)
        finally:
            self.loop.close()


Behaviour = Callable[[Fetch, Mapping[str, str]], Awaitable[Answer]]


class FakeSender:
    """`adhere.evidence.attempt.Sender` that does as a test says, and notes when."""

    def __init__(self, clock: SimulatedTime, behaviour: Behaviour) -> None:
        self._clock = clock
        self._behaviour = behaviour
        self.times: list[float] = []
        self.sent: list[tuple[Fetch, Mapping[str, str]]] = []
        self.under_way = 0
        self.most = 0
        self.closed = False

    async def send(self, fetch: Fetch, headers: Mapping[str, str]) -> Answer:
        """Note, then behave."""
        self.times.append(self._clock.elapsed())
        self.sent.append((fetch, headers))
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            return await self._behaviour(fetch, headers)
        finally:
            self.under_way -= 1

    async def aclose(self) -> None:
        """Closed."""
        self.closed = True


def answer(status: int = 200, body: bytes = b"body", **headers: str) -> Answer:
    """An answer; ``retry_after=...`` is the header ``retry-after``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, body, "https://index.example.org/simple/shop/")
