"""One call for many answers: who fetches what, how many at once, and until when."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from adhere.evidence.address import origin_of
from adhere.evidence.attempt import Again, Attempts, Sender
from adhere.evidence.backoff import full_jitter
from adhere.evidence.fetch import Decode, Fetch, Fetched, missing
from adhere.evidence.run import Run
from adhere.evidence.stored import Recalled
from adhere.model.finding import Missing
from adhere.ports import Progress

LONGEST_PAUSE = 0.2
"""Seconds between two looks at what somebody else fetches; the first ones are shorter."""

_FIRST_PAUSE = 0.01
_LEASE_MARGIN = 5.0


class Gathering:
    """One call of `adhere.evidence.client.Client.fetch_all`."""

    def __init__(
        self,
        run: Run,
        sender: Callable[[], Sender],
        recalled: Recalled,
        decode: Decode,
        progress: Progress | None,
    ) -> None:
        """Prepare it.

        Args:
            run: what it shares with others.
            sender: called before the first request.
            recalled: what the cache has of what is wanted.
            decode: see `Decode`.
            progress: is told how many are there.
        """
        self._run = run
        self._sender = sender
        self._recalled = recalled
        self._decode = decode
        self._progress = progress
        self._claimed: set[str] = set()
        self._total = 0
        self._done = 0

    async def run(self, wanted: list[Fetch]) -> None:
        """Settle every one of these."""
        run = self._run
        self._total = len(wanted)
        if run.limits.offline:
            self._give_up(wanted, missing("offline", hint="run once without --offline"))
            return
        try:
            async with asyncio.timeout(run.deadline.left(run.elapsed)):
                await self._gather(await self._ask_shared(wanted))
                await run.keeper.share()
        except TimeoutError:
            if run.deadline.left(run.elapsed) > _CLOCKS_DIFFER:
                raise  # not the deadline's
        finally:
            run.keeper.flush()
            self._let_go(sorted(self._claimed))
        self._give_up(wanted, too_late())

    def _give_up(self, wanted: list[Fetch], why: Missing) -> None:
        for fetch in self._run.unknown(wanted):
            self._run.settle(fetch, why, self._recalled)

    async def _ask_shared(self, wanted: list[Fetch]) -> list[Fetch]:
        run = self._run
        if run.shared is None:
            return wanted
        found = await run.shared.get_many([fetch.key for fetch in wanted])
        if found:
            run.cache.fill(found)
            run.recall(wanted)
        return run.unknown(wanted)

    async def _gather(self, wanted: list[Fetch]) -> None:
        """Fetch what nobody else fetches, and wait for what somebody does."""
        run = self._run
        pause = _FIRST_PAUSE
        while wanted:
            mine = self._claim(wanted)
            if mine:
                pause = _FIRST_PAUSE
                # Somebody may have stored it before letting go of it.
                run.recall(mine)
                self._let_go([fetch.key for fetch in mine if fetch in run.known])
                await self._fetch(run.unknown(mine))
                run.keeper.flush()
                wanted = run.unknown(wanted)
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                wanted = run.unknown(wanted)  # another task of ours may have settled it

    def _claim(self, wanted: list[Fetch]) -> list[Fetch]:
        """Those that are ours to fetch."""
        run = self._run
        seconds = run.deadline.left(run.elapsed) + _LEASE_MARGIN
        mine = run.flight.claim([fetch.key for fetch in wanted], seconds)
        self._claimed |= mine
        return [fetch for fetch in wanted if fetch.key in mine]

    def _let_go(self, keys: list[str]) -> None:
        """Others may have these."""
        self._claimed.difference_update(keys)
        self._run.flight.release(keys)

    async def _fetch(self, ours: list[Fetch]) -> None:
        if not ours:
            return
        queue = deque(ours)
        self._done = self._total - len(ours)
        attempts = Attempts(self._run, self._sender(), self._recalled, self._decode)
        count = min(len(queue), self._run.limits.concurrency)
        workers = [asyncio.ensure_future(self._work(queue, attempts)) for _ in range(count)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, queue: deque[Fetch], attempts: Attempts) -> None:
        run = self._run
        while queue:
            fetch = queue.popleft()
            run.settle(fetch, await self._persist(fetch, attempts), self._recalled)
            run.keeper.done(fetch, run.elapsed)
            self._claimed.discard(fetch.key)
            if self._progress is not None:
                self._done += 1
                self._progress("index", self._done, self._total)

    async def _persist(self, fetch: Fetch, attempts: Attempts) -> Fetched | Missing:
        """Try, and try again."""
        run = self._run
        attempt = 0
        while True:
            attempt += 1
            async with run.slots:
                outcome = await attempts.once(fetch, attempt)
            about = {"host": str(origin_of(fetch.url)), "kind": fetch.kind}
            if not isinstance(outcome, Again):
                if isinstance(outcome, Missing):
                    run.log.tell("request.given_up", **about, reason=outcome.reason)
                return outcome
            wait = max(full_jitter(attempt, run.rng), outcome.at_least)
            late = not run.deadline.admits(run.elapsed + wait)
            if late or attempt > run.limits.retries:
                run.log.tell("request.given_up", **about, reason=outcome.why.reason)
                return outcome.why
            run.counts["retries"] += 1
            run.log.tell("request.repeated", **about, seconds=round(wait, 4))
            await asyncio.sleep(wait)


def too_late() -> Missing:
    """What was not in by the deadline."""
    hint = "a longer --deadline, or another run: what came so far is kept"
    return missing("deadline", hint=hint)


_CLOCKS_DIFFER = 0.25
