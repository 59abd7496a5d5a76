"""How a client behaves."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Limits(Struct, frozen=True):
    """How a client behaves.

    Attributes:
        rate: requests per second, over all hosts; ``0`` for no limit.
        burst: of them at once after a pause.
        concurrency: requests at once.
        timeout: of one attempt, in seconds.
        retries: attempts after the first.
        breaker_failures: failed attempts in a row after which a host is left alone.
        breaker_pause: how long, in seconds.
        ttl: seconds by kind of entry; ``absent`` limits those of a 404.
        default_ttl: of kinds that are not in ``ttl``.
        heed_max_age: a server may shorten a time to live with ``Cache-Control: max-age``.
        offline: nothing is asked at all.
    """

    rate: float = 20.0
    burst: int = 1
    concurrency: int = 10
    timeout: float = 2.0
    retries: int = 3
    breaker_failures: int = 5
    breaker_pause: float = 300.0
    ttl: Mapping[str, float] = {}
    default_ttl: float = 3_600.0
    heed_max_age: bool = True
    offline: bool = False
