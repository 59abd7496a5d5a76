"""How long an answer is fresh, by its kind and by whether there was one."""

from __future__ import annotations

from collections.abc import Mapping

from adhere.policy.settings import Cache as CacheTable

ABSENT = "absent"
"""The kind whose lifetime limits that of answers which say that there is nothing."""


def lifetimes(table: CacheTable) -> Mapping[str, float]:
    """Seconds by kind; a kind that the configuration leaves out keeps its default."""
    return {kind: ttl.seconds for kind, ttl in {**CacheTable().ttl, **table.ttl}.items()}


def lifetime(known: Mapping[str, float], kind: str, *, found: bool) -> float:
    """Seconds for which an answer is fresh.

    Args:
        known: those of `lifetimes`.
        kind: of the entry; one of them.
        found: ``False`` for an answer that there is nothing, such as a 404. What is not
            there today may be published in a minute, so that it is asked for again sooner.
    """
    ttl = known[kind]
    return ttl if found else min(ttl, known[ABSENT])
