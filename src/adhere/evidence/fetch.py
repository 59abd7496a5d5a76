"""What is asked of the world, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from adhere.model.finding import Missing

Reason = Literal[
    "deadline",  # not in by then
    "offline",  # the run may not use the network
    "breaker",  # the host failed too often, so it is not asked
    "unreachable",  # no connection, or it broke
    "timeout",  # one attempt after the other took too long
    "certificate",  # the host is not who it says it is
    "failed",  # the host says that it is broken
    "busy",  # the host asks to come back later than we can wait
    "refused",  # the host says no: 401, 403, ...
    "redirected",  # to where we do not go
    "too large",  # more than any such answer has
    "garbage",  # an answer that is not what its format says
    "not stored",  # asked for earlier, and nobody kept the answer
]
"""Why there is no answer; the first word of `Missing.reason`."""


class Fetch(Struct, frozen=True):
    """One request that may be repeated without doing harm.

    Attributes:
        kind: of entry, which has a time to live.
        key: of the cache: `adhere.model.key.cache_key`. Different requests, and different
            ways of decoding them, have different keys.
        url: without credentials.
        method: ``GET``, or ``POST`` for a query.
        body: of the request.
        headers: beside those that every request has.
        limit: bytes of the answer, unpacked, beyond which it is refused.
        kept: whether the answer goes into the cache.
        may_be_absent: a 404 is an answer: there is no such thing. ``False`` where it can
            only mean that the address is wrong.
    """

    kind: str
    key: str
    url: str
    method: Literal["GET", "POST"] = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    limit: int = 32 * 1024 * 1024
    kept: bool = True
    may_be_absent: bool = True


class Fetched(Struct, frozen=True):
    """An answer.

    Attributes:
        body: what decoding made of it; ``b""`` where nothing was found.
        age: seconds since a server last said so.
        stale: it is past its time to live, and no fresh one could be had.
        found: ``False`` for a 404.
        why_stale: why no fresh one could be had, ``""`` for one that is fresh.
    """

    body: bytes
    age: float = 0.0
    stale: bool = False
    found: bool = True
    why_stale: str = ""


def missing(reason: Reason, detail: str = "", hint: str = "") -> Missing:
    """Why there is no answer, in one form for all reasons."""
    return Missing(f"{reason}: {detail}" if detail else reason, hint)


def reason_of(absent: Missing) -> str:
    """The `Reason` of what `missing` made."""
    return absent.reason.partition(":")[0]


class Brief(Struct, frozen=True):
    """What decoding made of an answer that is soon asked for again.

    Attributes:
        body: what is stored.
        seconds: for which it is fresh at most, whatever its kind says.
    """

    body: bytes
    seconds: float


Decode: TypeAlias = Callable[[Fetch, bytes], "bytes | Brief"]
"""Makes of an answer what is stored; raises `adhere.evidence.wire.garbage.Garbage`."""

Answers: TypeAlias = Mapping[Fetch, Fetched | Missing]
"""An answer, or why there is none, for every request."""
