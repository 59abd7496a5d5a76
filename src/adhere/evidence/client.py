"""Many requests at once: within a rate, a number at a time, and one deadline for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from adhere.evidence.attempt import Sender
from adhere.evidence.backoff import Randomness
from adhere.evidence.deadline import Deadline
from adhere.evidence.fetch import Answers, Decode, Fetch
from adhere.evidence.gather import Gathering
from adhere.evidence.hosts import Health
from adhere.evidence.limits import Limits
from adhere.evidence.run import Run
from adhere.evidence.stored import Recalled
from adhere.ports import SILENCE, Cache, Clock, Flight, Log, Progress, SharedCache


class Client:
    """What a run asks of the world, and how it went."""

    def __init__(
        self,
        open_transport: Callable[[], Sender],
        limits: Limits,
        deadline: Deadline,
        *,
        cache: Cache,
        clock: Clock,
        rng: Randomness,
        flight: Flight,
        shared: SharedCache | None = None,
        log: Log = SILENCE,
    ) -> None:
        """Make a client; nothing is asked yet.

        Args:
            open_transport: called once, before the first request.
            limits: how it behaves.
            deadline: of everything that this client is ever asked.
            cache: looked at first, and filled.
            clock: for ages, and for the deadline.
            rng: for the waits between attempts.
            flight: who fetches what, of all who share ``cache``.
            shared: looked at for what ``cache`` does not have.
            log: is told of requests.
        """
        self._open = open_transport
        self._transport: Sender | None = None
        self._run = Run(
            limits,
            deadline,
            cache=cache,
            clock=clock,
            rng=rng,
            shared=shared,
            flight=flight,
            log=log,
        )

    @property
    def health(self) -> tuple[Health, ...]:
        """How each host does that was asked."""
        return self._run.hosts.health

    @property
    def counts(self) -> Counter[str]:
        """What was done: see `adhere.evidence.run.Run`."""
        return self._run.counts

    @property
    def by_host(self) -> Counter[tuple[str, str]]:
        """The same by host."""
        return self._run.by_host

    async def aclose(self) -> None:
        """Close connections."""
        if self._transport is not None:
            await self._transport.aclose()
            self._transport = None

    async def fetch_all(
        self,
        fetches: Sequence[Fetch],
        decode: Decode,
        *,
        recalled: Recalled | None = None,
        progress: Progress | None = None,
    ) -> Answers:
        """Have all of these, from wherever, by the deadline.

        A cancellation stops at once; what was fetched until then is in the cache.

        Args:
            fetches: the more important first, in case time runs out.
            decode: see `Decode`.
            recalled: what the cache has of them, where somebody has looked already.
            progress: is told how many are there.

        Returns:
            An answer or a reason for every one of them. An old answer, marked as stale,
            stands in for one that could not be had.
        """
        run = self._run
        wanted = run.unknown(list(dict.fromkeys(fetches)))
        if recalled is None:
            recalled = run.recall(wanted)
        run.known.update(recalled.fresh)
        wanted = run.unknown(wanted)
        if wanted:
            await Gathering(run, self._sender, recalled, decode, progress).run(wanted)
        return {fetch: run.known[fetch] for fetch in fetches}

    def _sender(self) -> Sender:
        if self._transport is None:
            self._transport = self._open()
        return self._transport
