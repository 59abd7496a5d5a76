"""Which licenses go together."""

from __future__ import annotations

from adhere.app.answers import Given
from adhere.model.need import Answer, CompatibilityNeed
from adhere.sources.compatibility import read_compatibility


def answer(_need: CompatibilityNeed, _given: Given) -> Answer:
    """The table of the extra ``compatibility``; missing where that is not installed."""
    return read_compatibility()
