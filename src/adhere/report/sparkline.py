"""A series as a line of small columns, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

_COLUMNS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], width: int = 30) -> str:
    """The latest values, each a column between the least and the largest of them.

    Args:
        values: in the order of time.
        width: columns at most.
    """
    latest = values[-width:] if width > 0 else ()
    if not latest:
        return ""
    low, high = min(latest), max(latest)
    if high == low:
        return _COLUMNS[3] * len(latest)
    step = (high - low) / (len(_COLUMNS) - 1)
    return "".join(_COLUMNS[round((value - low) / step)] for value in latest)
