"""The geometry of small charts: text for attributes of SVG, which templates draw.

No style, script, id or colour is in it: classes and ``currentColor`` leave the look to the
page, so that a chart fits any theme and any policy about content.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

WIDTH, HEIGHT, EDGE = 200.0, 40.0, 4.0


class Chart(Struct, frozen=True):
    """A line over time, and the limit that it should stay below, or above.

    Attributes:
        points: of the line, ``x,y x,y``.
        limit: height of the limit, ``""`` where there is none.
        x: of the latest value.
        y: of the same.
    """

    points: str
    limit: str
    x: str
    y: str


def chart(values: Sequence[float], limit: float | None = None) -> Chart | None:
    """Lay out a line; ``None`` for no value.

    Args:
        values: in the order of time.
        limit: drawn as a line of its own, and part of the scale.
    """
    if not values:
        return None
    shown = [*values, *([limit] if limit is not None else [])]
    low, high = min(shown), max(shown)
    step = (WIDTH - 2 * EDGE) / max(1, len(values) - 1)

    def height(value: float) -> str:
        part = (value - low) / (high - low) if high > low else 0.5
        return _number(HEIGHT - EDGE - part * (HEIGHT - 2 * EDGE))

    first = WIDTH / 2 if len(values) == 1 else EDGE
    places = [(_number(first + step * i), height(value)) for i, value in enumerate(values)]
    x, y = places[-1]
    points = " ".join(f"{across},{down}" for across, down in places)
    return Chart(points, height(limit) if limit is not None else "", x, y)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
