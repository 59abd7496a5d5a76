"""How the cache is configured."""

from __future__ import annotations

import os
from collections.abc import Mapping

from adhere.app.answers import Given
from adhere.model.caching import CacheSetting, CacheSettings, SharedTier
from adhere.model.location import Location
from adhere.model.need import Answer, CacheSettingsNeed
from adhere.policy.settings import Cache
from adhere.spans.document import Node


def answer(_need: CacheSettingsNeed, given: Given) -> Answer:
    """Every value that a run of this project works with, and who says so.

    What a single run is told, ``--no-cache``, is no part of it: a decision is about how the
    project is set up.
    """
    table = given.config.cache
    section = given.loaded.root.child("cache") if given.loaded.root is not None else None
    ttl = {**Cache().ttl, **table.ttl}
    values = {
        "memory.items": CacheSetting(table.memory.items, str(table.memory.items)),
        "memory.bytes": CacheSetting(table.memory.bytes.bytes, str(table.memory.bytes)),
        "file.bytes": CacheSetting(table.file.bytes.bytes, str(table.file.bytes)),
        **{f"ttl.{kind}": CacheSetting(ttl[kind].seconds, str(ttl[kind])) for kind in sorted(ttl)},
    }
    return CacheSettings(
        {
            key: CacheSetting(found.value, found.shown, _place(section, key))
            for key, found in values.items()
        },
        _shared(table, section, os.environ),
    )


def _place(section: Node | None, key: str) -> Location | None:
    """Where a key is set, ``None`` where nothing sets it."""
    node = section
    for part in key.split("."):
        node = node.child(part) if node is not None else None
    if node is None:
        return None
    line, column = node.document.position(node.at)
    return Location(node.document.path, line, column)


def _shared(table: Cache, section: Node | None, environ: Mapping[str, str]) -> SharedTier:
    """Whether there is a third tier; the address itself is nobody's business."""
    place = _place(section, "redis.url")
    if not table.redis.url:
        return SharedTier(there=False, why="no address of one is configured", location=place)
    named = [value for value in (table.redis.url, table.redis.secret) if value.startswith("env:")]
    variables = tuple(value.removeprefix("env:") for value in named)
    unset = next((name for name in variables if not environ.get(name, "")), "")
    why = f"{unset} is not set" if unset else "an address of one is configured"
    return SharedTier(not unset, why, place, variables)
