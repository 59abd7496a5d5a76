"""Plans: answered from a cache as far as that goes, by whoever asks the world for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from adhere.evidence.fetch import Answers, Decode, Fetch, Fetched, missing
from adhere.evidence.plan import Done, Pending, Plan, begin, finish
from adhere.evidence.stored import Entry, as_stored
from adhere.model.finding import Missing
from fakes.clock import FakeClock
from fakes.memory_cache import MemoryCache

TTL = 60.0


def fetch(name: str) -> Fetch:
    return Fetch("advisory", f"advisory/{name}/0", f"https://osv.example.org/{name}")


def same(_fetch: Fetch, body: bytes) -> bytes:
    return body


def words(answers: Answers) -> list[str]:
    return [
        answer.reason if isinstance(answer, Missing) else answer.body.decode()
        for answer in answers.values()
    ]


def two_steps() -> Plan[list[str]]:
    """Asks for a and b, and then for what a says."""
    first = yield (fetch("a"), fetch("b")), same
    answer = first[fetch("a")]
    if isinstance(answer, Missing):
        return words(first)
    second = yield (fetch(answer.body.decode()),), same
    return [*words(first), *words(second)]


def nothing() -> Plan[str]:
    """Has its answer without a question."""
    yield from ()
    return "at once"


class Store:
    """A cache, and what a plan makes of it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.cache = MemoryCache(self.clock)

    def put(self, **bodies: str) -> None:
        for name, body in bodies.items():
            stored = as_stored(Entry(1, body.encode()))
            self.cache.put_many({fetch(name).key: stored}, TTL)

    def begin(self, plan: Plan[list[str]], *, offline: bool = False) -> object:
        return begin(plan, self.cache, self.clock.now().timestamp(), offline=offline)


@pytest.fixture
def store() -> Store:
    return Store()


class World:
    """Whoever is asked; keeps what."""

    def __init__(self, **bodies: str) -> None:
        self.bodies = bodies
        self.asked: list[list[str]] = []

    async def __call__(self, fetches: Sequence[Fetch], decode: Decode) -> Answers:
        names = [one.url.rpartition("/")[2] for one in fetches]
        self.asked.append(names)
        return {
            one: Fetched(decode(one, self.bodies[name].encode()))
            if name in self.bodies
            else missing("unreachable")
            for one, name in zip(fetches, names, strict=True)
        }


def test_a_full_cache_answers_every_step(store: Store) -> None:
    store.put(a="c", b="two", c="three")
    assert store.begin(two_steps()) == Done(["c", "two", "three"])


def test_a_plan_without_questions_is_done(store: Store) -> None:
    assert begin(nothing(), store.cache, 0.0, offline=False) == Done("at once")


def test_the_first_step_that_lacks_something_is_left_to_the_world(store: Store) -> None:
    store.put(a="c")
    pending = store.begin(two_steps())
    assert isinstance(pending, Pending)
    world = World(a="c", b="two", c="three")
    assert asyncio.run(finish(pending, world)) == ["c", "two", "three"]
    assert world.asked == [["a", "b"], ["c"]], "the client looks the rest up in the cache itself"


def test_a_later_step_is_left_to_the_world_where_it_comes(store: Store) -> None:
    store.put(a="c", b="two")
    pending = store.begin(two_steps())
    assert isinstance(pending, Pending)
    world = World(c="three")
    assert asyncio.run(finish(pending, world)) == ["c", "two", "three"]
    assert world.asked == [["c"]]


def test_a_plan_hears_why_there_is_no_answer(store: Store) -> None:
    pending = store.begin(two_steps())
    assert isinstance(pending, Pending)
    assert asyncio.run(finish(pending, World(b="two"))) == ["unreachable", "two"]


def test_offline_the_cache_is_all_there_is(store: Store) -> None:
    assert store.begin(two_steps(), offline=True) == Done(["offline", "offline"])
    store.put(a="c", b="two")
    assert store.begin(two_steps(), offline=True) == Done(["c", "two", "offline"])


def test_offline_an_old_answer_stands_in_and_says_so(store: Store) -> None:
    store.put(a="old")
    store.clock.pass_time(seconds=TTL + 1)
    heard: list[Answers] = []

    def plan() -> Plan[list[str]]:
        heard.append((yield (fetch("a"),), same))
        return []

    assert isinstance(store.begin(plan()), Pending), "with a network it is asked again"
    store.begin(plan(), offline=True)
    (answer,) = heard[-1].values()
    assert answer == Fetched(b"old", TTL + 1, stale=True, why_stale="offline")


def test_a_question_asked_twice_in_a_step_is_one(store: Store) -> None:
    store.put(a="once")

    def plan() -> Plan[list[str]]:
        return words((yield (fetch("a"), fetch("a")), same))

    assert store.begin(plan()) == Done(["once"])


def test_what_is_no_entry_counts_as_not_there(store: Store) -> None:
    store.cache.put_many({fetch("a").key: b"poison"}, TTL)

    def plan() -> Plan[list[str]]:
        return words((yield (fetch("a"),), same))

    assert isinstance(store.begin(plan()), Pending)
    assert store.begin(plan(), offline=True) == Done(["offline"])


def test_an_error_of_a_plan_is_not_swallowed(store: Store) -> None:
    store.put(a="one")

    def plan() -> Plan[list[str]]:
        yield (fetch("a"),), same
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        store.begin(plan())
