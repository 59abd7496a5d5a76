"""Answers in the cache: what is kept of one, and what is still good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from adhere.evidence.fetch import Fetch, Fetched
from adhere.ports import Cache, Held

VERSION = 1


class Entry(Struct, frozen=True, array_like=True):
    """An answer as it is kept.

    Attributes:
        version: of this form.
        body: what decoding made of it.
        found: ``False`` for a 404.
        etag: for a conditional request.
        last_modified: the same.
    """

    version: int
    body: bytes
    found: bool = True
    etag: str = ""
    last_modified: str = ""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Entry)


def as_stored(entry: Entry) -> bytes:
    """Its bytes."""
    return _encoder.encode(entry)


def from_stored(data: bytes) -> Entry | None:
    """What `as_stored` made; ``None`` for anything else, which is as good as nothing."""
    try:
        entry = _decoder.decode(data)
    except msgspec.DecodeError:
        return None
    return entry if entry.version == VERSION else None


class Recalled(Struct, frozen=True):
    """What the cache knows about requests.

    Attributes:
        fresh: answers that are as good as new.
        held: entries that are past their time, with when they were stored.
    """

    fresh: Mapping[Fetch, Fetched]
    held: Mapping[Fetch, tuple[Entry, Held]]

    def stale(self, fetch: Fetch, now: float, why: str) -> Fetched | None:
        """The old answer to a request, where there is one."""
        found = self.held.get(fetch)
        if found is None:
            return None
        entry, held = found
        return Fetched(entry.body, held.age(now), stale=True, found=entry.found, why_stale=why)


def recall_all(cache: Cache, fetches: Sequence[Fetch], now: float) -> Recalled:
    """Look all of them up, in one round trip and without a network.

    Imports nothing that a run with a full cache could do without.

    Args:
        cache: what is known.
        fetches: each once.
        now: seconds since the epoch.
    """
    found = cache.recall([fetch.key for fetch in fetches])
    fresh: dict[Fetch, Fetched] = {}
    held: dict[Fetch, tuple[Entry, Held]] = {}
    for fetch in fetches:
        kept = found.get(fetch.key)
        entry = from_stored(kept.value) if kept is not None else None
        if kept is None or entry is None:
            continue
        if kept.is_fresh(now):
            fresh[fetch] = Fetched(entry.body, kept.age(now), found=entry.found)
        else:
            held[fetch] = (entry, kept)
    return Recalled(fresh, held)
