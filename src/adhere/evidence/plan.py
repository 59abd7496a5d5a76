"""Questions to the world as plans: answered from the cache, and by the client where need be.

A plan is a generator. It yields requests, is sent their answers, may ask for more because of
them, and returns what they come to. It does not know where answers come from, so a run with
a full cache, an offline run and one that waits for a network have one logic.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct

from adhere.evidence.fetch import Answers, Decode, Fetch, Fetched, missing
from adhere.evidence.stored import recall_all
from adhere.model.finding import Missing
from adhere.ports import Cache

T = TypeVar("T")

Step: TypeAlias = tuple[Sequence[Fetch], Decode]
Plan: TypeAlias = Generator[Step, Answers, T]


class Done(Struct, Generic[T], frozen=True):
    """A plan that is finished.

    Attributes:
        value: what it returned.
    """

    value: T


class Pending(Struct, Generic[T], frozen=True):
    """A plan that waits for answers which the cache does not have.

    Attributes:
        plan: to be sent them.
        step: what it asks.
    """

    plan: Plan[T]
    step: Step


def begin(plan: Plan[T], cache: Cache, now: float, *, offline: bool) -> Done[T] | Pending[T]:
    """Go on as far as the cache has fresh answers; to the end where nothing may be asked.

    Imports nothing that a run with a full cache could do without.

    Args:
        plan: not started yet.
        cache: what is known.
        now: seconds since the epoch.
        offline: an old answer stands in for a fresh one, and a reason for none.
    """
    try:
        step = next(plan)
        while True:
            fetches = tuple(dict.fromkeys(step[0]))
            recalled = recall_all(cache, fetches, now)
            if len(recalled.fresh) < len(fetches) and not offline:
                return Pending(plan, step)
            answers: dict[Fetch, Fetched | Missing] = dict(recalled.fresh)
            for fetch in fetches:
                if fetch not in answers:
                    old = recalled.stale(fetch, now, "offline")
                    answers[fetch] = old or missing("offline", hint="run once without --offline")
            step = plan.send(answers)
    except StopIteration as end:
        return Done(end.value)


Ask: TypeAlias = Callable[[Sequence[Fetch], Decode], Any]
"""Has requests answered; awaited. `adhere.evidence.client.Client.fetch_all` is one."""


async def finish(pending: Pending[T], ask: Ask) -> T:
    """Go on to the end.

    Args:
        pending: where it stands.
        ask: by which it is answered.
    """
    step = pending.step
    try:
        while True:
            answers: Answers = await ask(*step)
            step = pending.plan.send(answers)
    except StopIteration as end:
        value: T = end.value
        return value
