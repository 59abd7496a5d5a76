"""Environment markers: where they hold, and what is left of them under an extra."""

from __future__ import annotations

from adhere.markers.interpreter import MATRIX, Environment, environment, of_source
from adhere.markers.tree import MarkerError, parse
from adhere.markers.truth import (
    both,
    by_extra,
    either,
    environments,
    groups_of,
    holds,
    without_choices,
)

__all__ = [
    "MATRIX",
    "Environment",
    "MarkerError",
    "both",
    "by_extra",
    "either",
    "environment",
    "environments",
    "groups_of",
    "holds",
    "of_source",
    "parse",
    "without_choices",
]
