"""Ask an index over real sockets, as a run does."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence

from msgspec import Struct

from adhere import __version__
from adhere.app.wiring import SystemClock
from adhere.cache.leases import LocalFlight
from adhere.evidence.client import Client
from adhere.evidence.connect import opener
from adhere.evidence.deadline import Deadline
from adhere.evidence.fetch import Fetch, Fetched
from adhere.evidence.index.choice import Choice, choose
from adhere.evidence.limits import Limits
from adhere.evidence.projects import Plan, assemble, plan_projects
from adhere.model.finding import Missing
from adhere.model.names import PackageName
from adhere.model.project import Projects
from adhere.ports import Cache
from fakes.memory_cache import MemoryCache

CLOCK = SystemClock()


class Asked(Struct, frozen=True):
    """What came of it."""

    projects: Projects
    answers: Mapping[Fetch, Fetched | Missing]
    counts: Mapping[str, int]
    seconds: float
    plan: Plan


def limits(**changes: object) -> Limits:
    """Fast and without a pause, so that a test's second run is not that of a breaker."""
    values: dict[str, object] = {
        "rate": 0.0,
        "timeout": 0.5,
        "retries": 1,
        "breaker_pause": 0.0,
        "breaker_failures": 1_000,
        **changes,
    }
    return Limits(**values)  # type: ignore[arg-type]  # fields of Limits


def chosen(environ: Mapping[str, str], root: str = ".") -> Choice:
    """What these variables choose, and nothing of the machine's own configuration."""
    return choose((), environ, root=root, home="/nonexistent", prefix="/nonexistent")


def ask(
    choice: Choice,
    names: Sequence[str],
    *,
    cache: Cache | None = None,
    seconds: float = 20.0,
    how: Limits | None = None,
) -> Asked:
    """Have the pages of these projects."""
    plan = plan_projects(choice.indexes, [PackageName(name) for name in names])
    start = CLOCK.elapsed()
    client = Client(
        opener(choice, user_agent=f"adhere/{__version__}", connections=10),
        how or limits(),
        Deadline.after(seconds, start),
        cache=cache if cache is not None else MemoryCache(CLOCK),
        clock=CLOCK,
        rng=random.Random(7),
        flight=LocalFlight(CLOCK),
    )

    async def main() -> Mapping[Fetch, Fetched | Missing]:
        try:
            return await client.fetch_all(plan.fetches, plan.decode)
        finally:
            await client.aclose()

    answers = asyncio.run(main())
    took = CLOCK.elapsed() - start
    return Asked(assemble(plan, answers, CLOCK.now()), answers, client.counts, took, plan)
