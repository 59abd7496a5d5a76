"""Whether a change leads to something worse."""

from __future__ import annotations

from typing import Literal

Trend = Literal["worse", "better", "changed"]
"""``changed`` where nobody can say."""


def by_rank(old: int, new: int) -> Trend:
    """The trend between two ranks, of which the higher is the worse."""
    return "worse" if old < new else "better" if new < old else "changed"
