"""How long to wait before the next attempt: pure, with randomness passed in."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

FIRST = 0.1
"""Seconds; the longest wait before the second attempt."""

LONGEST = 10.0
"""Seconds; no wait of ours is longer. A server may ask for a longer one."""


class Randomness(Protocol):
    """What `random.Random` has of it."""

    def uniform(self, a: float, b: float, /) -> float:
        """A number between two others."""
        ...


def full_jitter(
    attempt: int, rng: Randomness, *, first: float = FIRST, longest: float = LONGEST
) -> float:
    """Seconds to wait after an attempt that failed.

    Anything between nothing and a bound that doubles with each attempt: clients that
    failed together do not come back together.

    Args:
        attempt: the one that failed, from 1.
        rng: source of randomness.
        first: bound after the first attempt, in seconds.
        longest: bound of the bounds, in seconds.
    """
    return rng.uniform(0.0, min(longest, first * 2.0 ** min(attempt - 1, 60)))


def retry_after(value: str, now: datetime) -> float | None:
    """What a server asks for with ``Retry-After`` (RFC 9110, section 10.2.3).

    Args:
        value: of the header: seconds, or a date.
        now: the time of day, with a time zone.

    Returns:
        Seconds from now, not negative; ``None`` when it says neither.
    """
    text = value.strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = found if found.tzinfo else found.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
