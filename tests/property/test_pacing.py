"""Limiter, backoff, breaker, deadline: what holds for every sequence of events."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from adhere.evidence.backoff import full_jitter, retry_after
from adhere.evidence.breaker import Breaker, Memory, Pass, as_stored, from_stored
from adhere.evidence.deadline import Deadline
from adhere.evidence.limiter import Limiter

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
waits = st.lists(st.floats(0, 3, allow_subnormal=False), min_size=1, max_size=80)
rates = st.floats(0.1, 1_000)


@given(rates, st.integers(1, 10), waits)
def test_no_window_has_more_than_the_rate_and_the_burst(
    rate: float, burst: int, gaps: list[float]
) -> None:
    limiter = Limiter(rate, burst=burst)
    now = 0.0
    starts = []
    for gap in gaps:
        now += gap
        start = limiter.reserve(now)
        assert start >= now
        starts.append(start)
    assert starts == sorted(starts)
    for first in range(len(starts)):
        for last in range(first, len(starts)):
            window = starts[last] - starts[first]
            assert last - first + 1 <= burst + rate * window + 1e-6


@given(rates, st.integers(1, 200))
def test_the_rate_is_used_in_full_when_there_is_enough_to_do(rate: float, number: int) -> None:
    limiter = Limiter(rate)
    starts = [limiter.reserve(0.0) for _ in range(number)]
    assert starts[-1] == pytest.approx((number - 1) / rate)
    assert all(b - a == pytest.approx(1 / rate) for a, b in pairwise(starts))


def test_a_look_takes_nothing_and_no_rate_is_no_limit() -> None:
    limiter = Limiter(10.0)
    assert limiter.peek(5.0) == limiter.peek(5.0) == limiter.reserve(5.0) == 5.0
    assert limiter.peek(5.0) == pytest.approx(5.1)
    free = Limiter(0.0)
    assert [free.reserve(1.0) for _ in range(50)] == [1.0] * 50


@pytest.mark.parametrize(("rate", "burst"), [(-1.0, 1), (1.0, 0)])
def test_a_limiter_that_cannot_be(rate: float, burst: int) -> None:
    with pytest.raises(ValueError, match="not negative"):
        Limiter(rate, burst=burst)


@given(st.integers(1, 10_000), st.integers(), st.floats(0.001, 10), st.floats(10, 100))
def test_jitter_is_full_and_bounded(attempt: int, seed: int, first: float, longest: float) -> None:
    wait = full_jitter(attempt, random.Random(seed), first=first, longest=longest)
    assert 0 <= wait <= min(longest, first * 2 ** min(attempt - 1, 60))


def test_jitter_covers_all_of_its_range() -> None:
    rng = random.Random(7)
    found = [full_jitter(4, rng, first=1.0, longest=100.0) for _ in range(2_000)]
    assert min(found) < 0.2
    assert max(found) > 7.8
    assert sum(found) / len(found) == pytest.approx(4.0, rel=0.1)


@given(st.integers(0, 10**8))
def test_retry_after_in_seconds_and_as_a_date(seconds: int) -> None:
    assert retry_after(str(seconds), NOW) == seconds
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert retry_after(date, NOW) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1", "1.5", "9" * 400, "Mon, 99 Foo 2026", "\0"])
def test_retry_after_that_says_nothing(text: str) -> None:
    assert retry_after(text, NOW) is None


@given(st.text())
def test_no_text_breaks_retry_after(text: str) -> None:
    found = retry_after(text, NOW)
    assert found is None or found >= 0


def test_a_date_that_has_passed_is_no_wait() -> None:
    assert retry_after(format_datetime(NOW - timedelta(1), usegmt=True), NOW) == 0


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_deadline_is_one_moment(seconds: float, start: float, now: float) -> None:
    deadline = Deadline.after(seconds, start)
    assert deadline.left(now) == max(0.0, start + seconds - now)
    assert deadline.admits(now) == (deadline.left(now) > 0)


class Breakers(RuleBasedStateMachine):
    """A breaker among many callers, some of which give up, while the clock does as it likes."""

    LIMIT = 2
    PAUSE = 10.0

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000.0
        self.breaker = Breaker(limit=self.LIMIT, pause=self.PAUSE)
        self.under_way: list[Pass] = []

    @rule()
    def ask(self) -> None:
        state = self.breaker.state(self.now)
        probing = any(leave.probe for leave in self.under_way)
        leave = self.breaker.admit(self.now)
        if leave is None:
            assert state == "open" or (state == "half-open" and probing)
            return
        assert state != "open"
        assert bool(leave.probe) == (state == "half-open")
        self.under_way.append(leave)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), outcome=st.sampled_from(["succeeded", "failed", "cancelled"]))
    def end(self, data: st.DataObject, outcome: str) -> None:
        leave = self.under_way.pop(data.draw(st.integers(0, len(self.under_way) - 1)))
        before = self.breaker.state(self.now)
        if outcome == "succeeded":
            self.breaker.succeeded(leave)
            assert self.breaker.state(self.now) == ("closed" if leave.probe else before)
        elif outcome == "failed":
            self.breaker.failed(leave, self.now)
            if leave.probe:
                assert self.breaker.state(self.now) == "open"
        else:
            self.breaker.cancelled(leave)
            assert self.breaker.state(self.now) == before
            # It is not wedged: the next one is the probe. Unless the clock was set back so far
            # that the pause is not over any more.
            if leave.probe and before == "half-open":
                following = self.breaker.admit(self.now)
                assert following is not None
                self.under_way.append(following)

    @rule(seconds=st.sampled_from([-15.0, -1.0, 0.0, 9.0, 10.0, 11.0]))
    def pass_time(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def start_anew(self) -> None:
        """The next process goes on with what was remembered."""
        state = self.breaker.state(self.now)
        memory = from_stored(as_stored(self.breaker.memory))
        self.breaker = Breaker(memory, limit=self.LIMIT, pause=self.PAUSE)
        self.under_way.clear()
        assert self.breaker.state(self.now) == state

    @invariant()
    def at_most_one_probe(self) -> None:
        assert sum(1 for leave in self.under_way if leave.probe) <= 1

    @invariant()
    def never_open_for_longer_than_the_pause(self) -> None:
        self.breaker.state(self.now)
        reopens = self.breaker.reopens()
        assert reopens is None or reopens <= self.now + self.PAUSE


TestBreakers = Breakers.TestCase


def test_twenty_callers_at_once_when_it_is_half_open() -> None:
    breaker = Breaker(Memory(5, 0.0))
    leaves = [breaker.admit(300.0) for _ in range(20)]
    assert [leave is not None for leave in leaves] == [True] + [False] * 19


def test_failures_in_a_row_open_it_and_a_success_between_them_does_not() -> None:
    breaker = Breaker()
    for outcome in (False, False, False, False, True, False, False, False, False):
        leave = breaker.admit(0.0)
        assert leave is not None
        breaker.succeeded(leave) if outcome else breaker.failed(leave, 0.0)
    assert breaker.state(0.0) == "closed"
    assert breaker.failed(Pass(), 0.0)
    assert breaker.state(299.9) == "open"
    assert breaker.state(300.0) == "half-open"


@given(st.binary())
def test_a_damaged_memory_is_a_new_one_or_a_whole_one(data: bytes) -> None:
    Breaker(from_stored(data)).state(0.0)


def test_only_the_probe_itself_ends_the_probing() -> None:
    breaker = Breaker(limit=1, pause=10.0)
    early, other = breaker.admit(0.0), breaker.admit(0.0)
    assert early is not None
    assert other is not None
    assert breaker.failed(other, 0.0)
    probe = breaker.admit(10.0)
    assert probe is not None
    breaker.cancelled(early)  # it had started before the breaker opened
    assert not breaker.succeeded(early)
    assert not breaker.failed(early, 11.0)
    assert breaker.admit(11.0) is None
    assert breaker.succeeded(probe)
    assert breaker.state(11.0) == "closed"


def test_a_probe_that_nobody_waits_for_makes_room_for_the_next() -> None:
    breaker = Breaker(Memory(5, 0.0))
    probe = breaker.admit(300.0)
    assert probe is not None
    assert breaker.admit(300.0) is None
    breaker.cancelled(probe)
    following = breaker.admit(300.0)
    assert following is not None
    breaker.cancelled(probe)  # told twice, which frees nothing
    assert breaker.admit(300.0) is None


def test_a_clock_that_was_set_back_does_not_keep_a_host_away_for_longer() -> None:
    breaker = Breaker(Memory(5, 1e9))
    assert breaker.state(1_000.0) == "open"
    assert breaker.state(1_299.0) == "open"
    assert breaker.state(1_300.0) == "half-open"
