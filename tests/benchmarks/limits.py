"""Limits of figures: all are shown, and a ratio that does not hold ends the benchmark with 1.

A time alone depends on the machine and its load, so no time decides anything. A short form has
few runs, on a machine that does other work: ``ADHERE_BENCH_MARGIN=0.5`` lets each ratio be larger
by as much, so that CI ends for what got slower and not for noise.
"""

from __future__ import annotations

import os
import sys

_MARGIN = 1 + float(os.environ.get("ADHERE_BENCH_MARGIN", "0"))
_broken: list[str] = []


def held(name: str, value: float, limit: float, unit: str = "times") -> str:
    """A figure with its limit, for a table or a line.

    Args:
        name: of the figure.
        value: measured.
        limit: at most.
        unit: ``times`` for a ratio, which counts; anything else is only shown.
    """
    fine = value <= (limit * _MARGIN if unit == "times" else limit)
    if not fine and unit == "times":
        _broken.append(f"{name}: {value:.2f} times, at most {limit:g}")
    return f"{value:.3g} {unit} of at most {limit:g}{'' if fine else ', which is too much'}"


def end() -> None:
    """Leave, with 1 where a ratio does not hold."""
    for line in _broken:
        print(f"does not hold: {line}", file=sys.stderr)
    sys.exit(1 if _broken else 0)
