"""How the cache of adhere itself is configured, and whether it changes an answer."""

from __future__ import annotations

from collections.abc import Mapping

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
