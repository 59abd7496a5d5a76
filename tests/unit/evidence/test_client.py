"""The client in simulated time, without a network: rates, retries, breakers, deadlines."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from itertools import count, pairwise

import pytest

from adhere.cache.leases import LocalFlight
from adhere.evidence.attempt import Sender
from adhere.evidence.client import Client
from adhere.evidence.deadline import Deadline
from adhere.evidence.fetch import Answers, Fetch, Fetched, reason_of
from adhere.evidence.limits import Limits
from adhere.evidence.stored import VERSION, Entry, as_stored, recall_all
from adhere.evidence.transport import Answer, TransportError
from adhere.evidence.wire.garbage import Garbage
from adhere.model.finding import Missing
from fakes.memory_cache import MemoryCache, SharedMemory
from fakes.simulation import Behaviour, FakeSender, SimulatedTime, answer

URL = "https://index.example.org/simple/"


def fetches(number: int, **fields: object) -> list[Fetch]:
    return [
        Fetch("package_metadata", f"package_metadata/p{i}/0", f"{URL}p{i}/", **fields)  # type: ignore[arg-type]  # fields of Fetch
        for i in range(number)
    ]


def same(_fetch: Fetch, body: bytes) -> bytes:
    return body


class World:
    """A client, what it talks to, and what it remembers."""

    def __init__(self, behaviour: Behaviour, *, seconds: float = 8.0, **limits: object) -> None:
        self.time = SimulatedTime()
        self.sender = FakeSender(self.time, behaviour)
        self.cache = MemoryCache(self.time)
        self.shared: SharedMemory | None = None
        self.flight = LocalFlight(self.time)
        self.seconds = seconds
        self.limits = Limits(**limits)  # type: ignore[arg-type]  # fields of Limits
        self.client = self.new_client()

    def new_client(self, sender: Sender | None = None) -> Client:
        return Client(
            lambda: sender or self.sender,
            self.limits,
            Deadline.after(self.seconds, self.time.elapsed()),
            cache=self.cache,
            clock=self.time,
            rng=random.Random(7),
            flight=self.flight,
            shared=self.shared,
        )

    def fetch(self, wanted: list[Fetch], decode: Callable[[Fetch, bytes], bytes] = same) -> Answers:
        return self.time.run(self.client.fetch_all(wanted, decode))


def reasons(answers: Answers) -> list[str]:
    return [reason_of(found) for found in answers.values() if isinstance(found, Missing)]


async def at_once(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
    return answer()


async def soon(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
    await asyncio.sleep(0.05)
    return answer()


def test_nearly_all_of_the_permitted_rate_is_used_and_never_more() -> None:
    world = World(soon)
    answers = world.fetch(fetches(741))
    assert len(answers) == 741
    assert len(world.sender.times) >= 0.95 * 20 * 8
    for start in world.sender.times:
        in_one_second = [t for t in world.sender.times if start <= t < start + 0.999]
        assert len(in_one_second) <= 20
    assert world.sender.most <= 10
    assert world.time.elapsed() <= 8.0
    assert set(reasons(answers)) == {"deadline"}
    assert [isinstance(a, Fetched) for a in answers.values()].index(False) >= 152


def test_without_a_limit_only_concurrency_bounds() -> None:
    world = World(soon, rate=0.0, concurrency=7)
    answers = world.fetch(fetches(70))
    assert not reasons(answers)
    assert world.sender.most == 7
    assert world.time.elapsed() == pytest.approx(0.5, abs=0.01)


def test_what_is_important_comes_first() -> None:
    world = World(soon, seconds=1.0)
    wanted = fetches(100)
    answers = world.fetch(wanted)
    there = [isinstance(answers[fetch], Fetched) for fetch in wanted]
    assert there == sorted(there, reverse=True)
    assert any(there)


def test_failures_are_tried_again_and_then_given_up() -> None:
    async def broken(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
        return answer(503)

    world = World(broken, retries=2, breaker_failures=100)
    assert reasons(world.fetch(fetches(3))) == ["failed"] * 3
    assert len(world.sender.times) == 9


@pytest.mark.parametrize("status", [400, 401, 403, 406, 451, 302, 204])
def test_a_refusal_is_final(status: int) -> None:
    async def refuse(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
        return answer(status)

    world = World(refuse)
    assert reasons(world.fetch(fetches(1))) == ["refused"]
    assert len(world.sender.times) == 1
    assert not world.cache.held


def test_a_404_is_an_answer_that_is_kept() -> None:
    async def absent(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
        return answer(404)

    world = World(absent)
    (found,) = world.fetch(fetches(1)).values()
    assert found == Fetched(b"", found=False)
    assert world.client.health[0].state == "closed"
    (held,) = world.cache.held.values()
    assert held.expires is not None
    assert held.expires - held.stored == 600.0


def test_five_failures_open_the_breaker_and_the_next_run_knows() -> None:
    async def refuse(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
        raise TransportError("unreachable", "nobody is there")

    world = World(refuse, concurrency=1)
    answers = world.fetch(fetches(300))
    assert len(world.sender.times) == 5
    assert reasons(answers) == ["unreachable", *["breaker"] * 299]
    assert world.client.health[0].state == "open"

    again = World(refuse)
    again.cache.held = world.cache.held
    assert set(reasons(again.fetch(fetches(3)))) == {"breaker"}
    assert not again.sender.times


def test_one_probe_goes_through_when_the_breaker_is_half_open_and_the_others_wait() -> None:
    calls = count()

    async def recovers(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
        if next(calls) < 5:
            raise TransportError("unreachable", "nobody is there")
        await asyncio.sleep(1.0)
        return answer()

    world = World(recovers, seconds=1_000.0, rate=0.0, concurrency=20, retries=0)

    async def main() -> Answers:
        await world.client.fetch_all(fetches(5), same)
        assert world.client.health[0].state == "open"
        await asyncio.sleep(301)
        assert world.client.health[0].state == "half-open"
        return await world.client.fetch_all(fetches(30)[5:], same)

    answers = world.time.run(main())
    assert not reasons(answers)
    probe, *others = world.sender.times[5:]
    assert all(later >= probe + 1.0 for later in others)
    assert world.client.health[0].state == "closed"


@pytest.mark.parametrize("status", [404, 429])
def test_some_failures_do_not_open_the_breaker(status: int) -> None:
    async def behave(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
        return answer(status)

    world = World(behave, seconds=60.0)
    world.fetch(fetches(20))
    assert world.client.health[0].state == "closed"


def test_retry_after_is_obeyed_by_everybody_and_nobody_comes_back_in_a_crowd() -> None:
    calls = count()

    async def busy(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
        return answer(429, retry_after="3") if next(calls) == 4 else answer()

    world = World(busy)
    assert not reasons(world.fetch(fetches(60)))
    asked = world.sender.times[4]
    after = [t for t in world.sender.times[5:] if t > asked + 0.5]
    assert min(after) >= asked + 3.0
    assert all(b - a >= 0.0499 for a, b in pairwise(after))


def test_a_host_that_asks_for_more_time_than_there_is_is_not_waited_for() -> None:
    async def busy(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
        return answer(429, retry_after="3600")

    world = World(busy)
    assert reasons(world.fetch(fetches(50))) == ["busy"] * 50
    assert world.time.elapsed() < 1.0


def test_an_attempt_has_its_own_time_and_the_run_another() -> None:
    async def silent(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
        await asyncio.sleep(1e6)
        raise AssertionError

    world = World(silent, breaker_failures=100)
    answers = world.fetch(fetches(40))
    assert world.time.elapsed() == pytest.approx(8.0, abs=0.01)
    assert set(reasons(answers)) <= {"deadline", "timeout"}
    assert world.client.health[0].failures < 100


def test_garbage_is_said_and_never_stored() -> None:
    def refuse(_fetch: Fetch, _body: bytes) -> bytes:
        raise Garbage("it is no page")

    world = World(at_once)
    assert reasons(world.fetch(fetches(4), refuse)) == ["garbage"] * 4
    assert not world.cache.held
    assert world.client.health[0].state == "closed"


def test_what_is_fresh_is_not_asked_again_and_what_is_not_is_asked_with_its_tag() -> None:
    async def tagged(_fetch: Fetch, headers: Mapping[str, str]) -> Answer:
        if headers.get("If-None-Match") == '"1"':
            return answer(304, b"", cache_control="max-age=600", etag='"1"')
        return answer(200, b"first", cache_control="max-age=600", etag='"1"')

    world = World(tagged, ttl={"package_metadata": 86_400.0}, seconds=1e6)
    wanted = fetches(1)

    async def main() -> list[Fetched | Missing]:
        found = [await world.new_client().fetch_all(wanted, same)]
        await asyncio.sleep(500)
        found.append(await world.new_client().fetch_all(wanted, same))
        await asyncio.sleep(200)
        found.append(await world.new_client().fetch_all(wanted, same))
        await asyncio.sleep(300)
        found.append(await world.new_client().fetch_all(wanted, same))
        return [answers[wanted[0]] for answers in found]

    first, second, third, fourth = world.time.run(main())
    assert first == Fetched(b"first")
    assert second == Fetched(b"first", age=500.0)
    assert third == Fetched(b"first")
    assert fourth == Fetched(b"first", age=pytest.approx(300.0, abs=0.1))
    assert len(world.sender.sent) == 2


@pytest.mark.parametrize(
    ("header", "kept", "seconds"),
    [
        ("", True, 86_400.0),
        ("max-age=600", True, 600.0),
        ("max-age=999999", True, 86_400.0),
        ("no-cache", True, 0.0),
        ("max-age=0", True, 0.0),
        ("no-store", False, 0.0),
        ("PRIVATE, Max-Age=60", True, 60.0),
        ("max-age=nonsense", True, 86_400.0),
    ],
)
def test_cache_control_is_respected(header: str, kept: bool, seconds: float) -> None:
    async def behave(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
        return answer(cache_control=header)

    world = World(behave, ttl={"package_metadata": 86_400.0})
    world.shared = SharedMemory(world.time)
    world.client = world.new_client()
    world.fetch(fetches(1))
    assert bool(world.cache.held) == kept
    for held in world.cache.held.values():
        assert held.expires == held.stored + seconds
    shared = kept and seconds > 0 and "PRIVATE" not in header
    assert bool(world.shared.cache.held) == shared


def test_old_answers_stand_in_for_none_and_say_how_old_they_are() -> None:
    calls = count()

    async def once(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
        if next(calls):
            raise TransportError("unreachable", "nobody is there")
        return answer(body=b"old")

    world = World(once, ttl={"package_metadata": 10.0}, seconds=1e6)
    wanted = fetches(1)

    async def main() -> Answers:
        await world.client.fetch_all(wanted, same)
        await asyncio.sleep(3_600)
        return await world.new_client().fetch_all(wanted, same)

    (found,) = world.time.run(main()).values()
    assert isinstance(found, Fetched)
    assert found.stale
    assert found.body == b"old"
    assert found.age == pytest.approx(3_600, abs=5)
    assert found.why_stale.startswith("unreachable")


def test_offline_asks_nobody() -> None:
    world = World(at_once, offline=True)
    assert reasons(world.fetch(fetches(3))) == ["offline"] * 3
    assert not world.sender.times


def test_one_key_is_fetched_once_however_many_want_it() -> None:
    world = World(soon, rate=0.0)

    async def main() -> list[Answers]:
        both = (world.client.fetch_all(fetches(20), same) for _ in range(5))
        return list(await asyncio.gather(*both))

    for answers in world.time.run(main()):
        assert not reasons(answers)
    assert len(world.sender.times) == 20


def test_a_cancellation_stops_at_once_and_keeps_what_was_there() -> None:
    world = World(soon)

    async def main() -> None:
        task = asyncio.ensure_future(world.client.fetch_all(fetches(300), same))
        await asyncio.sleep(2.0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert world.time.elapsed() == pytest.approx(2.0, abs=0.001)
        assert world.sender.under_way == 0

    world.time.run(main())
    answered = sum(1 for t in world.sender.times if t + 0.05 < 2.0)
    assert len(world.cache.held) >= answered >= 35


def test_a_mistake_of_ours_is_not_taken_for_an_answer() -> None:
    def broken(_fetch: Fetch, _body: bytes) -> bytes:
        raise ZeroDivisionError

    world = World(at_once)
    with pytest.raises(ZeroDivisionError):
        world.fetch(fetches(3), broken)


def test_the_shared_cache_is_asked_in_one_round_trip_and_filled() -> None:
    world = World(at_once)
    world.shared = SharedMemory(world.time)
    world.client = world.new_client()
    world.fetch(fetches(30))
    assert len(world.shared.asked) == 1
    assert len(world.shared.cache.held) == 30

    other = World(at_once)
    other.shared = world.shared
    other.client = other.new_client()
    assert not reasons(other.fetch(fetches(30)))
    assert not other.sender.times
    assert len(other.cache.held) == 30


def test_what_the_deadline_cuts_off_is_no_failure_of_the_host() -> None:
    async def silent(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
        await asyncio.sleep(1e6)
        raise AssertionError

    world = World(silent, timeout=100.0, breaker_failures=1)
    assert set(reasons(world.fetch(fetches(30)))) == {"deadline"}
    assert world.client.health[0].state == "closed"
    assert world.client.health[0].failures == 0


def test_two_calls_at_once_share_the_limit() -> None:
    world = World(soon, rate=0.0, concurrency=3)

    async def main() -> None:
        one, other = fetches(20)[:10], fetches(20)[10:]
        await asyncio.gather(world.client.fetch_all(one, same), world.client.fetch_all(other, same))

    world.time.run(main())
    assert len(world.sender.times) == 20
    assert world.sender.most == 3


def broken_until(number: int) -> Behaviour:
    calls = count()

    async def behave(_fetch: Fetch, _headers: Mapping[str, str]) -> Answer:
        if next(calls) < number:
            raise TransportError("unreachable", "nobody is there")
        await asyncio.sleep(1.0)
        return answer()

    return behave


def test_a_probe_that_is_cancelled_leaves_the_way_free_for_the_next() -> None:
    world = World(broken_until(5), seconds=1_000.0, retries=0)

    async def main() -> Answers:
        await world.client.fetch_all(fetches(5), same)
        await asyncio.sleep(301)
        probe = asyncio.ensure_future(world.client.fetch_all(fetches(6)[5:], same))
        await asyncio.sleep(0.5)
        probe.cancel()
        with pytest.raises(asyncio.CancelledError):
            await probe
        assert world.client.health[0].state == "half-open"
        return await world.client.fetch_all(fetches(9)[6:], same)

    assert not reasons(world.time.run(main()))
    assert world.client.health[0].state == "closed"


def test_that_a_host_is_well_again_is_remembered_too() -> None:
    world = World(broken_until(5), seconds=1_000.0, retries=0)

    async def main() -> Answers:
        await world.client.fetch_all(fetches(5), same)
        await asyncio.sleep(301)
        await world.client.fetch_all(fetches(6)[5:], same)
        return await world.new_client().fetch_all(fetches(9)[6:], same)

    assert not reasons(world.time.run(main()))
    after = world.sender.times[6:]
    assert len(after) == 3
    assert max(after) - min(after) < 0.5  # nobody waits for a probe


def test_what_another_version_stored_is_not_taken_for_ours() -> None:
    world = World(at_once)
    (fetch,) = fetches(1)
    for data in (b"", b"nonsense", as_stored(Entry(VERSION + 1, b"other"))):
        world.cache.put_many({fetch.key: data}, 1_000.0)
        assert not recall_all(world.cache, [fetch], world.time.now().timestamp()).fresh
    assert world.fetch([fetch])[fetch] == Fetched(b"body")
