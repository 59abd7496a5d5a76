"""Phases and counters of a run, without a growing history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from adhere.ports import Clock


class RunMeter:
    """Measures one run."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seconds: dict[str, float] = {}
        self._counts: dict[str, int] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure a phase of the run; phases of one name add up."""
        start = self._clock.elapsed()
        try:
            yield
        finally:
            self.add(name, self._clock.elapsed() - start)

    def add(self, name: str, seconds: float) -> None:
        """Count time that was measured elsewhere to a phase."""
        self._seconds[name] = self._seconds.get(name, 0.0) + seconds

    def count(self, name: str, amount: int = 1) -> None:
        """Count something, such as a cache hit."""
        self._counts[name] = self._counts.get(name, 0) + amount

    def phases(self) -> Iterator[tuple[str, float]]:
        """Seconds by phase, in the order they first ended."""
        yield from self._seconds.items()

    def counts(self) -> Iterator[tuple[str, int]]:
        """Everything that was counted."""
        yield from self._counts.items()
