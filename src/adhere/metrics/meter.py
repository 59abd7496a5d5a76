"""Phases and counters of a run, without a growing history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from adhere.ports import Clock

MOST_NAMES = 1_000
"""Names of phases, and of counters, that are told apart; what comes later is `OTHERS`."""

OTHERS = "others"


class Span:
    """All that was measured under one name.

    Attributes:
        name: of the phase.
        inside: phase that it was part of when it first began, ``""`` for none.
        began: when that was, seconds since the meter began.
        seconds: that it took, all times added up.
        times: how often.
    """

    # A plain class: a generated one takes longer to make than it takes to measure a run.
    __slots__ = ("began", "inside", "name", "seconds", "times")

    def __init__(self, name: str, inside: str, began: float) -> None:
        self.name = name
        self.inside = inside
        self.began = began
        self.seconds = 0.0
        self.times = 0


class RunMeter:
    """Measures one run.

    Attributes:
        current: the phase that is under way, ``""`` between them.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._start = clock.elapsed()
        self._spans: dict[str, Span] = {}
        self._counts: dict[str, int] = {}
        self.current = ""

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure a phase of the run; phases of one name add up."""
        outer, start = self.current, self._clock.elapsed()
        span = self._span(name, start)
        self.current = span.name
        try:
            yield
        finally:
            self.current = outer
            span.seconds += self._clock.elapsed() - start
            span.times += 1

    def add(self, name: str, seconds: float) -> None:
        """Count time that was measured elsewhere to a phase."""
        span = self._span(name, self._clock.elapsed() - seconds)
        span.seconds += seconds
        span.times += 1

    def _span(self, name: str, start: float) -> Span:
        span = self._spans.get(name)
        if span is None:
            known = name if len(self._spans) < MOST_NAMES else OTHERS
            new = Span(known, self.current, max(0.0, start - self._start))
            span = self._spans.setdefault(known, new)
        return span

    def count(self, name: str, amount: int = 1) -> None:
        """Count something, such as a cache hit."""
        if name not in self._counts and len(self._counts) >= MOST_NAMES:
            name = OTHERS
        self._counts[name] = self._counts.get(name, 0) + amount

    def phases(self) -> Iterator[tuple[str, float]]:
        """Seconds by phase, in the order they first began."""
        yield from ((name, span.seconds) for name, span in self._spans.items())

    def spans(self) -> tuple[Span, ...]:
        """Everything that was measured, in the order they first began."""
        return tuple(self._spans.values())

    def counts(self) -> Iterator[tuple[str, int]]:
        """Everything that was counted."""
        yield from self._counts.items()
