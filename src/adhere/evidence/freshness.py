"""How long an answer is good: pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

ABSENT = 600.0
"""Seconds for which nothing is taken for nothing, where nobody says: who is not there today
may be published in a minute."""

_DIRECTIVE = re.compile(r"([A-Za-z-]+)(?:=\"?([^\",\s]*)\"?)?")


class Lifetime(Struct, frozen=True):
    """What may be kept, and how long it is fresh.

    Attributes:
        seconds: it is fresh; 0 for what is asked about each time, with its tag.
        kept: it may outlive the run.
        shared: it may be kept where others read it, too.
    """

    seconds: float
    kept: bool = True
    shared: bool = True


def lifetime(headers: Mapping[str, str], ttl: float, *, heed: bool) -> Lifetime:
    """How long an answer is good.

    The user's own time to live is a bound that no server lengthens. ``no-store``,
    ``no-cache`` and ``private`` hold always.

    Args:
        headers: of the answer, by name in small letters.
        ttl: of its kind, in seconds.
        heed: a ``max-age`` that is shorter than the time to live shortens it.
    """
    said = directives(headers.get("cache-control", ""))
    seconds = ttl
    limit = said.get("max-age", "")
    if heed and limit.isdecimal():
        seconds = min(seconds, max(0.0, float(limit[:9]) - _age(headers)))
    if "no-cache" in said or (limit.isdecimal() and int(limit[:9]) == 0):
        seconds = 0.0
    return Lifetime(seconds, kept="no-store" not in said, shared="private" not in said)


def directives(header: str) -> dict[str, str]:
    """The directives of ``Cache-Control``, by name in small letters."""
    return {found[1].lower(): found[2] or "" for found in _DIRECTIVE.finditer(header)}


def _age(headers: Mapping[str, str]) -> float:
    """Seconds that the answer already spent in caches on the way."""
    text = headers.get("age", "").strip()
    return float(text[:9]) if text.isdecimal() else 0.0
