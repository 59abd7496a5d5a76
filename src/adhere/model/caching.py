"""How the cache of adhere itself is configured, and whether it changes an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from adhere.model.location import Location


class CacheSetting(Struct, frozen=True):
    """One effective value.

    Attributes:
        value: entries, bytes or seconds.
        shown: as its author wrote it.
        location: of what says so, ``None`` for a default.
    """

    value: float
    shown: str
    location: Location | None = None


class SharedTier(Struct, frozen=True):
    """The tier that machines share.

    Attributes:
        there: it would be used.
        why: it is there, or is not, as a clause that holds no address.
        location: of what says so, ``None`` where nothing does.
        variables: of the environment that this depends on.
    """

    there: bool
    why: str
    location: Location | None = None
    variables: tuple[str, ...] = ()


class CacheSettings(Struct, frozen=True):
    """The effective configuration of the cache.

    Attributes:
        values: by key of ``[cache]``, ``memory.items`` or ``ttl.license``.
        shared: the third tier.
    """

    values: Mapping[str, CacheSetting]
    shared: SharedTier


COMPARISON_SCHEMA: Literal["adhere.comparison/1"] = "adhere.comparison/1"

CacheState = Literal["none", "empty", "filled"]
"""Which cache a run had: none at all, one with nothing in it, or the one that this filled."""


class ComparedRun(Struct, frozen=True):
    """One of the runs that were compared.

    Attributes:
        cache: that it had.
        report: digest of its report without what differs between any two runs.
        hit_rate: part of its lookups that the cache answered; ``None`` where it looked
            nothing up.
    """

    cache: CacheState
    report: str
    hit_rate: float | None = None


class Comparison(Struct, frozen=True, tag_field="schema", tag=COMPARISON_SCHEMA):
    """Runs over the same inputs, with and without a cache, as a command made them.

    Attributes:
        version: of adhere.
        made: the day.
        commit: of the project, ``""`` outside of version control.
        inputs: digest by path of everything that was judged.
        runs: that were compared.
        differences: places of the report at which they differ, the first few.
    """

    version: str
    made: date
    commit: str
    inputs: dict[str, str]
    runs: tuple[ComparedRun, ...]
    differences: tuple[str, ...] = ()


class Compared(Struct, frozen=True):
    """A stored comparison, and what is there now.

    Attributes:
        path: of the file.
        comparison: as it was stored.
        version: of adhere now.
        changed: inputs that are not what they were, as clauses.
    """

    path: str
    comparison: Comparison
    version: str
    changed: tuple[str, ...]
