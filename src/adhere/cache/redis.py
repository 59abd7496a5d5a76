"""The shared tier: Redis or Valkey, for machines that fetch the same things."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from adhere.cache.envelope import MAX_VALUE, VERSION, seal, unseal
from adhere.model.key import kind_of
from adhere.ports import Clock, Held, Statistics

if TYPE_CHECKING:
    from redis.asyncio import Redis

_CONNECT_SECONDS = 0.5
_READ_SECONDS = 1.0
_BATCH_SECONDS = 2.0
_LONGEST = 30 * 86_400.0
"""Seconds after which the server forgets also what never expires."""

_T = TypeVar("_T")


class RedisCache:
    """`adhere.ports.SharedCache` on a server; one round trip a batch.

    The first failure ends its use for the run, so that a server that is slow or dead costs
    its time-out once. A server that is full is still read. What it has that is no entry of
    ours is a miss.
    """

    name = "redis"

    def __init__(
        self,
        url: str,
        prefix: str,
        clock: Clock,
        *,
        statistics: Statistics | None = None,
        lifetimes: Mapping[str, float] | None = None,
        seconds: float = _BATCH_SECONDS,
        secret: bytes = b"",
    ) -> None:
        """Connect when it is first asked for something.

        Args:
            url: ``redis://``, ``rediss://`` for TLS, or ``unix://``, with user and
                password; redis-py says which options it may have.
            prefix: of every key.
            clock: for expiry.
            statistics: to count into.
            lifetimes: seconds for which a kind may be fresh.
            seconds: that a batch may take.
            secret: that values are sealed with; empty for none.
        """
        self.usable = True
        self.writable = True
        self.statistics = Statistics() if statistics is None else statistics
        self.statistics.tiers.setdefault(self.name, {})
        self._url = url
        self.prefix = f"{prefix}:{VERSION}:"
        self._clock = clock
        self._lifetimes = lifetimes or {}
        self.seconds = seconds
        self.secret = secret
        self._client: Redis | None = None
        self._trouble: list[str] = []

    @property
    def trouble(self) -> Sequence[str]:
        """What went wrong, as clauses, each once."""
        return self._trouble

    async def get_many(self, keys: Sequence[str]) -> Mapping[str, Held]:
        """What is there and fresh, in one round trip."""
        if not keys or not self.usable:
            return {}
        start = self._clock.elapsed()
        names = [self.prefix + key for key in keys]
        values = await self.ask(lambda client: client.mget(names))
        now = self._clock.now().timestamp()
        found: dict[str, Held] = {}
        for key, data in zip(keys, values or [None] * len(keys), strict=False):
            kind = kind_of(key)
            tally = self.statistics.tally(self.name, kind)
            held = unseal(key, data, self.secret)
            if held is None:
                self.statistics.lookup(self.name, key, kind, "miss")
                tally.errors += data is not None or values is None
                continue
            tally.bytes += len(held.value)
            held = self._limited(key, held)
            fresh = held.is_fresh(now)
            self.statistics.lookup(self.name, key, kind, "hit" if fresh else "expired")
            if fresh:
                found[key] = held
        self._spent(keys[0], start)
        return found

    async def put_many(self, items: Mapping[str, bytes], ttl: float | None = None) -> None:
        """Store values, in one round trip; the server forgets them after their time."""
        if not items or not self.usable or not self.writable:
            return
        start = self._clock.elapsed()
        now = self._clock.now().timestamp()
        expires = None if ttl is None else now + ttl
        life = max(1, int(1000 * (_LONGEST if ttl is None else min(ttl, _LONGEST))))
        kept = {key: value for key, value in items.items() if len(value) <= MAX_VALUE}

        async def store(client: Redis) -> list[object]:
            pipeline = client.pipeline(transaction=False)
            for key, value in kept.items():
                pipeline.set(
                    self.prefix + key, seal(key, Held(value, now, expires), self.secret), px=life
                )
            return await pipeline.execute(raise_on_error=False)

        answers: Sequence[object] | None = await self.ask(store)
        failed: object = None
        for number, (key, value) in enumerate(kept.items()):
            tally = self.statistics.tally(self.name, kind_of(key))
            tally.bytes += len(value)
            answer = True if answers is None else answers[number]
            if answers is None or isinstance(answer, Exception):
                tally.errors += 1
                failed = failed or answer
        if isinstance(failed, Exception):
            self.writable = False
            self.say(f"nothing more is written to Redis: {_reason(failed)}")
        self._spent(next(iter(items)), start)

    async def aclose(self) -> None:
        """Close connections."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # the run is over, and what was asked was answered
                await client.aclose()

    def say(self, clause: str) -> None:
        """Remember that something went wrong."""
        if clause not in self._trouble:
            self._trouble.append(clause)

    async def ask(self, work: Callable[[Redis], Awaitable[_T]]) -> _T | None:
        """Do work on the server; ``None`` when it fails, which ends its use."""
        import asyncio

        if not self.usable:
            return None
        try:
            if self._client is None:
                self._client = _connect(self._url)
            async with asyncio.timeout(self.seconds):
                return await work(self._client)
        except ImportError:
            self._off("the extra is not installed: pip install adhere[redis]")
        except Exception as error:  # noqa: BLE001 - whatever a server answers, a cache never ends a run
            self._off(_reason(error))
        return None

    def _off(self, reason: str) -> None:
        self.usable = False
        self.say(f"Redis is not used: {reason}")

    def _limited(self, key: str, held: Held) -> Held:
        if held.expires is None:
            return held
        longest = held.stored + self._lifetimes.get(kind_of(key), held.expires)
        return Held(held.value, held.stored, min(held.expires, longest))

    def _spent(self, key: str, start: float) -> None:
        self.statistics.tally(self.name, kind_of(key)).seconds += self._clock.elapsed() - start


def _connect(url: str) -> Redis:
    from redis.asyncio import Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff

    # Some ways of making a client, in some versions, retry for seconds unless told not to.
    return Redis.from_url(
        url,
        socket_connect_timeout=_CONNECT_SECONDS,
        socket_timeout=_READ_SECONDS,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )


def _reason(error: Exception) -> str:
    """Why a server is of no use, without the address and the secrets that a message may have."""
    from redis import exceptions

    refused = isinstance(error, exceptions.AuthenticationError | exceptions.NoPermissionError)
    # A large command of somebody who did not say a password is not even parsed.
    if refused or "unauthenticated" in str(error):
        return "it refuses the user or the password"
    if isinstance(error, exceptions.TimeoutError | TimeoutError):
        return "it did not answer in time"
    if isinstance(error, exceptions.OutOfMemoryError):
        return "it is full"
    if isinstance(error, exceptions.ReadOnlyError):
        return "it is a read-only replica"
    if isinstance(error, exceptions.ConnectionError):
        return "the connection failed"
    if isinstance(error, exceptions.ResponseError):
        return f"it answers {str(error).partition(' ')[0]}"
    if isinstance(error, ValueError):
        return "its address is wrong; write redis://, rediss:// or unix://"
    return f"the connection failed: {type(error).__name__}"
