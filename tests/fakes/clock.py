"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class FakeClock:
    """`adhere.ports.Clock` that a test sets."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._elapsed = 0.0

    def now(self) -> datetime:
        """The time that was set."""
        return self._now

    def elapsed(self) -> float:
        """Seconds that were passed by `pass_time`."""
        return self._elapsed

    def pass_time(self, **parts: float) -> None:
        """Move on by days, hours, seconds, ..."""
        step = timedelta(**parts)
        self._now += step
        self._elapsed += step.total_seconds()

    def set_back(self, **parts: float) -> None:
        """Somebody sets the time of day back; time itself moves on."""
        self._now -= timedelta(**parts)
