"""Several plans at once: by one client, within one deadline, from the cache where it can be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adhere.app.network import Network
from adhere.app.wiring import NoCache, SystemClock
from adhere.evidence.fetch import Answers, Fetch, Fetched
from adhere.evidence.plan import Plan
from adhere.model.finding import Missing
from adhere.policy.quantity import Duration
from adhere.policy.settings import Cache, ConfigTable, Index
from adhere.ports import Cache as AnyCache
from adhere.testing import FakeIndex, faults
from fakes.clock import FakeClock
from fakes.memory_cache import MemoryCache


def quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


@pytest.fixture
def index() -> Iterator[FakeIndex]:
    with FakeIndex({"shop": ["1.0"], "till": ["2.0"]}) as server:
        yield server


def network(
    cache: AnyCache, *, offline: bool = False, deadline: float = 20.0, **table: object
) -> Network:
    values: dict[str, object] = {"retries": 0, "rate": 1_000.0, "url": "https://i.example.org/"}
    config = ConfigTable(index=Index(**{**values, **table}))  # type: ignore[arg-type]  # its fields
    clock = SystemClock()
    return Network(".", config, cache, clock, quiet, offline=offline, deadline=deadline)


def fetch(url: str) -> Fetch:
    return Fetch("package_metadata", f"package_metadata/{url[-6:]}/0", url)


def asks(*urls: str) -> Plan[list[bool | str]]:
    """Whether there is a page, or why nobody knows."""
    answers: Answers = yield tuple(map(fetch, urls)), lambda _fetch, body: body
    return [
        answer.found if isinstance(answer, Fetched) else answer.reason
        for answer in answers.values()
    ]


def two_steps(first: str, second: str) -> Plan[list[bool | str]]:
    one = yield from asks(first)
    return [*one, *(yield from asks(second))]


def test_values_come_in_the_order_of_their_plans(index: FakeIndex) -> None:
    cache = MemoryCache(SystemClock())
    shop, till, none = (f"{index.url}{name}/" for name in ("shop", "till", "nobody"))
    network(cache).run([asks(shop)])
    index.clear_log()
    asked = network(cache)
    assert asked.run([asks(till, none), asks(shop), two_steps(shop, till)]) == [
        [True, False],
        [True],
        [True, True],
    ]
    assert sorted(request.path for request in index.log) == ["/simple/nobody/", "/simple/till/"]
    assert asked.asked.counts["requests"] == 2


def test_without_questions_nobody_is_asked() -> None:
    asked = network(NoCache())
    assert asked.run([]) == []
    assert asked.asked.counts == {}


def test_offline_no_server_hears_anything(index: FakeIndex) -> None:
    shop = f"{index.url}shop/"
    assert network(NoCache(), offline=True).run([asks(shop)]) == [["offline"]]
    assert index.log == []


def test_one_deadline_is_for_all_of_them(index: FakeIndex) -> None:
    index.fail(faults.Silent(), path="/simple/shop/")
    shop, till = f"{index.url}shop/", f"{index.url}till/"
    steps = two_steps(shop, f"{index.url}later/")
    found = network(NoCache(), deadline=0.5).run([steps, asks(till)])
    assert [str(reason).partition(":")[0] for reason in found[0]] == ["deadline"] * 2
    assert index.counts["/simple/later/"] == 0, "there is no time left for a second step"
    assert found[1] == [True]


def test_a_plan_that_breaks_is_heard_of(index: FakeIndex) -> None:
    def broken() -> Plan[Missing]:
        yield from asks(f"{index.url}shop/")
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        network(NoCache()).run([asks(f"{index.url}till/"), broken()])


def test_what_the_configuration_says_is_how_it_is_asked() -> None:
    table = Index(rate=3.0, concurrency=2, timeout=Duration("2s"), retries=7, breaker_failures=9)
    cache = Cache(ttl={"vulnerability": Duration("1h")})
    config = ConfigTable(index=table, cache=cache)
    clock = FakeClock()
    found = Network(".", config, NoCache(), clock, quiet, offline=True, deadline=1.0).limits()
    assert (found.rate, found.concurrency, found.timeout, found.retries) == (3.0, 2, 2.0, 7)
    assert (found.breaker_failures, found.offline) == (9, True)
    assert found.ttl["vulnerability"] == 3_600.0
    assert found.ttl["package_metadata"] > 0, "what is not said stays as it is"
    assert found.ttl["advisory"] == 30 * 86_400.0


def test_indexes_are_those_of_the_configuration_from_the_project(tmp_path: Path) -> None:
    config = ConfigTable(index=Index(url=("https://one.example.org/simple", "wheels")))
    (tmp_path / "wheels").mkdir()
    clock = FakeClock()
    given = Network(
        str(tmp_path), config, NoCache(), clock, quiet, offline=True, deadline=1.0
    ).choice()
    assert given.indexes[0].url == "https://one.example.org/simple/"
    assert given.indexes[1].folder == str(tmp_path / "wheels")
