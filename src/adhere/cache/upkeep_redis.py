"""What the shared tier holds under our prefix; removing some of it; looking for damage."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from adhere.cache.envelope import stored_at, unseal
from adhere.cache.redis import RedisCache
from adhere.cache.upkeep import Removed, Selection, Stock, Verified
from adhere.model.key import kind_of

if TYPE_CHECKING:
    from redis.asyncio import Redis

_BATCH = 200
_HEAD = 63
"""Last byte that is read to learn when an entry was stored."""


async def stock(cache: RedisCache) -> list[Stock] | None:
    """What the server holds for us, by kind; ``None`` when it cannot be asked."""

    async def count(client: Redis) -> list[Stock]:
        found: dict[str, Stock] = {}
        async for names in _names(client, cache.prefix, Selection()):
            heads, sizes = await _heads(client, names)
            for name, head, size in zip(names, heads, sizes, strict=True):
                kind = kind_of(_key(cache, name))
                found.setdefault(kind, Stock(kind)).add(size + len(name), stored_at(head))
        return sorted(found.values(), key=lambda stock: stock.kind)

    return await cache.ask(count)


async def clear(cache: RedisCache, selection: Selection) -> Removed | None:
    """Remove entries; ``None`` when that fails."""

    async def remove(client: Redis) -> Removed:
        removed = Removed()
        async for names in _names(client, cache.prefix, selection):
            heads, sizes = await _heads(client, names)
            chosen = [
                (name, size + len(name))
                for name, head, size in zip(names, heads, sizes, strict=True)
                if selection.takes(stored_at(head))
            ]
            if chosen:
                await client.unlink(*(name for name, _ in chosen))
            removed.entries += len(chosen)
            removed.bytes += sum(size for _, size in chosen)
        return removed

    return await cache.ask(remove)


async def verify(cache: RedisCache) -> Verified | None:
    """Read every entry, and remove those that are damaged; ``None`` when that fails."""

    async def look(client: Redis) -> Verified:
        verified = Verified()
        async for names in _names(client, cache.prefix, Selection()):
            values = await client.mget(names)
            damaged = [
                name
                for name, value in zip(names, values, strict=True)
                if value is not None and unseal(_key(cache, name), value, cache.secret) is None
            ]
            if damaged:
                await client.unlink(*damaged)
            verified.damaged += len(damaged)
            verified.whole += sum(value is not None for value in values) - len(damaged)
        return verified

    return await cache.ask(look)


async def _names(client: Redis, prefix: str, selection: Selection) -> AsyncIterator[list[bytes]]:
    """Names of entries, in batches, each once."""
    escaped = "".join(f"\\{c}" if c in "*?[]\\^-" else c for c in prefix)
    seen: set[bytes] = set()
    batch: list[bytes] = []
    async for name in client.scan_iter(match=f"{escaped}{selection.pattern}", count=1000):
        if name in seen:  # a server that is growing may name an entry twice
            continue
        seen.add(name)
        batch.append(name)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def _heads(client: Redis, names: list[bytes]) -> tuple[list[bytes], list[int]]:
    pipeline = client.pipeline(transaction=False)
    for name in names:
        pipeline.getrange(name, 0, _HEAD)
        pipeline.strlen(name)
    answers = await pipeline.execute(raise_on_error=False)
    heads = [head if isinstance(head, bytes) else b"" for head in answers[::2]]
    return heads, [size if isinstance(size, int) else 0 for size in answers[1::2]]


def _key(cache: RedisCache, name: bytes) -> str:
    return name.decode("utf-8", "replace").removeprefix(cache.prefix)
