"""How many requests a second: a pure state machine that hands out moments to start at.

The generic cell rate algorithm: the state is the one moment at which the next request
would be exactly on time. Nothing is counted and nothing is forgotten at the edge of a
window, so no second ever has twice the rate, as it has with counters per second.
"""

from __future__ import annotations


class Limiter:
    """Spaces requests evenly; of all tasks together, and of all hosts."""

    def __init__(self, rate: float, *, burst: int = 1) -> None:
        """Make a limiter.

        Args:
            rate: requests a second; ``0`` for no limit.
            burst: requests that may start at once after a pause. In any ``t`` seconds at
                most ``burst + rate * t`` start.

        Raises:
            ValueError: the rate is negative, or nothing could ever start.
        """
        if rate < 0 or burst < 1:
            raise ValueError("a rate is not negative, a burst is at least one")
        self._interval = 1.0 / rate if rate else 0.0
        self._tolerance = self._interval * (burst - 1)
        self._next = float("-inf")

    def peek(self, now: float) -> float:
        """The moment that `reserve` would give, without taking it."""
        return max(now, self._next - self._tolerance)

    def reserve(self, now: float) -> float:
        """Take the next free moment.

        Args:
            now: seconds since some fixed moment.

        Returns:
            When to start, never before ``now``. It is taken, used or not.
        """
        start = self.peek(now)
        self._next = max(self._next, now) + self._interval
        return start
