"""The least that somebody does who fetches each key once: `adhere.ports.Flight`, used right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from adhere.ports import Cache, Flight

Landed = Callable[[Sequence[str]], None]
Fetch = Callable[[Sequence[str], Landed], Awaitable[None]]
Sleep = Callable[[float], Awaitable[None]]

_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 0.2


async def fetch_once(
    keys: Sequence[str],
    fetch: Fetch,
    *,
    cache: Cache,
    flight: Flight,
    lease: float,
    sleep: Sleep,
) -> Mapping[str, bytes]:
    """The fresh values of keys, of which this caller fetches those that nobody else does.

    A key is fetched by whoever claims it first; the others wait until it is in the cache,
    or until it is released without being there, and then one of them tries. Cancelling
    this releases what it has claimed.

    Args:
        keys: wanted.
        fetch: gets the values of some keys and stores them in ``cache``. What it does not
            store stays unanswered; it is not tried again here. It may tell its second
            argument which keys it is done with, so that nobody waits for the rest.
        cache: where values are.
        flight: who fetches what.
        lease: seconds after which a key that is claimed may be fetched by somebody else.
        sleep: ``asyncio.sleep``; this module does not import it.

    Returns:
        What the cache has in the end. The caller's deadline ends this by cancelling it.
    """
    found = dict(cache.get_many(keys))
    waiting = [key for key in dict.fromkeys(keys) if key not in found]
    pause = _FIRST_PAUSE
    while waiting:
        mine = flight.claim(waiting, lease)
        if not mine:
            await sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            continue
        claimed = [key for key in waiting if key in mine]
        held = set(claimed)

        def landed(done: Sequence[str], held: set[str] = held) -> None:
            # What was let go may be somebody else's by now.
            ours = held.intersection(done)
            held -= ours
            flight.release(sorted(ours))

        try:
            # Somebody may have stored it between our look and our claim.
            found.update(cache.get_many(claimed))
            missing = [key for key in claimed if key not in found]
            landed([key for key in claimed if key in found])
            if missing:
                await fetch(missing, landed)
                found.update(cache.get_many(missing))
        finally:
            landed(claimed)
        waiting = [key for key in waiting if key not in mine]
        pause = _FIRST_PAUSE
    return found
