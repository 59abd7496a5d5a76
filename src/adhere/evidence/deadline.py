"""One end for the whole gathering."""

from __future__ import annotations

from msgspec import Struct


class Deadline(Struct, frozen=True):
    """A moment on the clock that never moves back.

    Attributes:
        at: as `adhere.ports.Clock.elapsed` counts.
    """

    at: float

    @classmethod
    def after(cls, seconds: float, now: float) -> Deadline:
        """So many seconds from now."""
        return cls(now + seconds)

    def left(self, now: float) -> float:
        """Seconds until it, not negative."""
        return max(0.0, self.at - now)

    def admits(self, moment: float) -> bool:
        """Whether something that starts then starts in time."""
        return moment < self.at
