"""The cache, filled on a schedule while the server runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC

from msgspec import Struct

from adhere.app.warm import Warmed
from adhere.errors import AdhereError
from adhere.ports import Clock


class State(Struct):
    """How it went the last time.

    Attributes:
        at: when it ended, ISO 8601, UTC; ``""`` when it did not end yet.
        requests: that were sent.
        lacking: pieces of evidence that are still missing.
        error: why it could not be done, ``""`` where it could.
        runs: how often it was tried.
    """

    at: str = ""
    requests: int = 0
    lacking: int = 0
    error: str = ""
    runs: int = 0


class Warmer:
    """Fills the cache again and again.

    Attributes:
        state: of the last time.
    """

    def __init__(self, work: Callable[[], Warmed], seconds: float, clock: Clock) -> None:
        """Prepare.

        Args:
            work: fills the cache once.
            seconds: from one end to the next beginning.
            clock: for the time that is told.
        """
        self._work = work
        self._seconds = seconds
        self._clock = clock
        self.state = State()

    async def run(self) -> None:
        """Until somebody cancels it; what goes wrong is told, and tried again."""
        while True:
            try:
                done = await asyncio.to_thread(self._work)
                found = State(requests=done.requests, lacking=len(done.lacking))
                if done.problems:
                    found.error = str(done.problems[0])
            except AdhereError as error:
                found = State(error=str(error))
            except Exception as error:  # noqa: BLE001 - the server goes on, whatever breaks
                found = State(error=f"{type(error).__name__}: {error}")
            found.at = self._clock.now().astimezone(UTC).isoformat(timespec="seconds")
            found.runs = self.state.runs + 1
            self.state = found
            await asyncio.sleep(self._seconds)
