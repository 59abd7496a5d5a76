"""What a run asks of the network: one client, one rate, one deadline for everything.

The cache is looked at first. Only a plan that it cannot answer brings in the client, and
with it asyncio and httpx.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

import adhere
from adhere.evidence.limits import Limits
from adhere.evidence.osv import RECORD, RECORD_TTL
from adhere.evidence.plan import Done, Pending, Plan, begin, finish
from adhere.policy.settings import ConfigTable
from adhere.ports import SILENCE, Cache, Clock, Log, Progress

if TYPE_CHECKING:
    from adhere.evidence.index.choice import Choice


class Asked(Struct, frozen=True):
    """How asking went.

    Attributes:
        counts: requests, retries, bytes, what was missing and why.
        trouble: what went wrong, as clauses.
        hosts: requests and bytes by host. A report has none of them: their names tell of a
            network.
    """

    counts: Mapping[str, int] = {}
    trouble: tuple[str, ...] = ()
    hosts: Mapping[tuple[str, str], int] = {}


class Network:
    """Answers plans, from the cache and from the world.

    Attributes:
        asked: how it went.
    """

    def __init__(
        self,
        root: str,
        config: ConfigTable,
        cache: Cache,
        clock: Clock,
        progress: Progress,
        *,
        offline: bool,
        deadline: float,
        log: Log = SILENCE,
    ) -> None:
        """Prepare; nothing is asked yet.

        Args:
            root: of the project, which paths of local indexes start from.
            config: how the network is used.
            cache: what is known.
            clock: for ages and the deadline.
            progress: is told how many answers are there.
            offline: nothing may be asked.
            deadline: seconds for all of it.
            log: is told of requests.
        """
        self._root = root
        self._config = config
        self._cache = cache
        self._clock = clock
        self._progress = progress
        self._offline = offline
        self._log = log
        self._seconds = deadline
        self.asked = Asked()
        self._choice: Choice | None = None

    def run(self, plans: Sequence[Plan[Any]]) -> list[Any]:
        """Have plans answered, all at once.

        Returns:
            What each came to, in their order.

        Raises:
            KeyboardInterrupt: the process was asked to end; what was fetched is kept.
        """
        now = self._clock.now().timestamp()
        begun = [begin(plan, self._cache, now, offline=self._offline) for plan in plans]
        waiting = [state for state in begun if isinstance(state, Pending)]
        if waiting:
            from adhere.evidence.loop import run_until_told

            values = iter(run_until_told(self._finish(waiting)))
        return [state.value if isinstance(state, Done) else next(values) for state in begun]

    async def _finish(self, waiting: Sequence[Pending[Any]]) -> list[Any]:
        import asyncio
        from random import SystemRandom

        from adhere.app.wiring import open_flight, open_shared
        from adhere.evidence.address import origin_of
        from adhere.evidence.client import Client
        from adhere.evidence.connect import opener
        from adhere.evidence.deadline import Deadline

        limits = self.limits()
        shared = open_shared(self._config, os.environ, self._cache, self._clock)
        hosts = {origin_of(fetch.url).host for state in waiting for fetch in state.step[0]}
        client = Client(
            opener(
                self.choice(),
                user_agent=f"adhere/{adhere.__version__}",
                connections=limits.concurrency,
                hosts=frozenset(hosts),
            ),
            limits,
            Deadline.after(self._seconds, self._clock.elapsed()),
            cache=self._cache,
            clock=self._clock,
            rng=SystemRandom(),
            shared=shared,
            flight=open_flight(self._cache, self._clock),
            log=self._log,
        )

        async def ask(fetches: Any, decode: Any) -> Any:
            return await client.fetch_all(fetches, decode, progress=self._progress)

        try:
            return await asyncio.gather(*(finish(state, ask) for state in waiting))
        finally:
            await client.aclose()
            trouble = tuple(shared.trouble) if shared is not None else ()
            if shared is not None:
                await shared.aclose()
            self.asked = Asked(dict(client.counts), trouble, dict(client.by_host))

    def limits(self) -> Limits:
        """What the configuration says of it."""
        index, ttl = self._config.index, self._config.cache.ttl
        defaults = type(self._config.cache)().ttl
        seconds = {kind: duration.seconds for kind, duration in {**defaults, **ttl}.items()}
        return Limits(
            rate=index.rate,
            concurrency=index.concurrency,
            timeout=index.timeout.seconds,
            retries=index.retries,
            breaker_failures=index.breaker_failures,
            breaker_pause=index.breaker_pause.seconds,
            ttl={RECORD: RECORD_TTL, **seconds},
            offline=self._offline,
        )

    def choice(self) -> Choice:
        """Which indexes are asked, and with what.

        Raises:
            ConfigError: an address is none, or a file of an installer cannot be read.
        """
        if self._choice is None:
            from adhere.evidence.index.choice import choose

            url = self._config.index.url
            configured = (url,) if isinstance(url, str) else url
            self._choice = choose([one for one in configured if one], os.environ, root=self._root)
        return self._choice

    @property
    def chosen(self) -> tuple[tuple[str, str], ...]:
        """Each index that was chosen to be asked, and who says so; none where none was."""
        return self._choice.explained() if self._choice is not None else ()
