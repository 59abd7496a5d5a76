"""The statistics of runs: against counting, and by simulation with fixed seeds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.policy.statistics import (
    ALARM,
    change_point,
    compare,
    median,
    noise,
    quantile,
    runs_needed,
    trend,
)

BASELINE = 20
LOOKS = 10
SERIES = 1500

positive = st.floats(0.001, 1000, allow_nan=False)
samples = st.lists(positive, min_size=1, max_size=12)


def runs(random: Random, count: int, spread: float, centre: float = 1.0) -> list[float]:
    """Times with a long tail, as times have."""
    return [centre * math.exp(random.gauss(0, spread)) for _ in range(count)]


def skewed(random: Random, count: int, spread: float, centre: float = 1.0) -> list[float]:
    """Times with a floor, and now and then one that took twice as long."""
    return [
        centre * (1 + random.expovariate(1 / spread)) * (2 if random.random() < 0.05 else 1)
        for _ in range(count)
    ]


def alarms(make: object, spread: float, change: float, seed: int) -> float:
    """The part of series in which one of ten looks says ``slower``."""
    random = Random(seed)
    found = 0
    for _ in range(SERIES):
        before = make(random, BASELINE, spread)  # type: ignore[operator]  # one of the two above
        after = make(random, LOOKS, spread, change)  # type: ignore[operator]  # as above
        found += any(compare(before, after[:n]).answer == "slower" for n in range(1, LOOKS + 1))
    return found / SERIES


@pytest.mark.parametrize("make", [runs, skewed])
@pytest.mark.parametrize("spread", [0.01, 0.08, 0.3])
def test_less_than_one_series_of_a_hundred_alarms_without_a_change(
    make: object, spread: float
) -> None:
    assert alarms(make, spread, 1.0, seed=1) < 0.01


@pytest.mark.parametrize("spread", [0.01, 0.04, 0.08])
def test_a_slow_down_of_a_fifth_is_found_within_ten_runs(spread: float) -> None:
    assert alarms(runs, spread, 1.2, seed=2) > 0.95


def test_above_that_noise_the_answer_says_how_many_runs_it_takes() -> None:
    for spread in (0.12, 0.2):
        power = []
        for seed in range(12):
            random = Random(seed)
            needed = compare(runs(random, 40, spread), runs(random, 3, spread)).needed
            assert needed > runs_needed(0.08, 40)
            if needed < 500:  # noise is itself only estimated, and may look like more
                power.append(
                    sum(
                        compare(runs(random, 40, spread), runs(random, needed, spread, 1.2)).answer
                        == "slower"
                        for _ in range(50)
                    )
                    / 50
                )
        assert len(power) > 6
        assert sum(power) / len(power) > 0.85
    assert runs_needed(5.0, 10) == 10_000
    assert runs_needed(0.1, 0) == 10_000


def counted(before: Sequence[float], after: Sequence[float]) -> float:
    """The probability by going through all orders."""
    wins = sum(late > early for early in before for late in after)
    everything = [*before, *after]
    total = as_large = 0
    for chosen in combinations(range(len(everything)), len(after)):
        late = [everything[i] for i in chosen]
        early = [everything[i] for i in range(len(everything)) if i not in chosen]
        total += 1
        as_large += sum(x > y for y in early for x in late) >= wins
    return as_large / total


@given(st.lists(positive, min_size=2, max_size=9, unique=True), st.data())
def test_small_samples_are_counted_out(values: list[float], data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(values) - 1))
    before, after = values[:at], values[at:]
    expected = min(counted(before, after), counted(after, before))
    assert compare(before, after).probability == pytest.approx(expected)


@given(samples, samples)
def test_it_is_one_or_the_other(before: list[float], after: list[float]) -> None:
    found, turned = compare(before, after), compare(after, before)
    opposite = {"slower": "faster", "faster": "slower"}
    assert turned.answer == opposite.get(found.answer, found.answer)
    assert 0 <= found.probability <= 1


@given(samples, st.floats(0.01, 100))
def test_units_make_no_difference(values: list[float], scale: float) -> None:
    scaled = [value * scale for value in values]
    assert noise(scaled) == pytest.approx(noise(values), abs=1e-6)
    assert compare(values, scaled).ratio == pytest.approx(
        median([scale * a / b for a in values for b in values])
    )


@given(st.lists(positive, min_size=1, max_size=30), st.floats(0, 1))
def test_a_quantile_lies_among_the_values(values: list[float], part: float) -> None:
    found = quantile(values, part)
    assert min(values) <= found <= max(values) * (1 + 1e-12)
    assert quantile(values, 0) == min(values)
    assert quantile(values, 1) == max(values)


def test_nothing_has_no_median() -> None:
    with pytest.raises(ValueError, match="no quantile"):
        median([])


def test_equal_values_are_no_change() -> None:
    found = compare([1.0] * 20, [1.0] * 20)
    assert (found.answer, found.ratio, found.noise) == ("within noise", 1.0, 0.0)
    assert compare([0.0] * 20, [0.0] * 20).answer == "within noise"
    assert compare([1.0], [5.0]).answer == "too few"
    assert compare([1.0] * 20, [2.0] * 10).answer == "slower"


def test_a_change_that_nobody_would_notice_is_noise() -> None:
    random = Random(4)
    before, after = runs(random, 200, 0.01), runs(random, 200, 0.01, 1.03)
    found = compare(before, after)
    assert found.probability < ALARM
    assert found.answer == "within noise"


def test_where_a_series_changed() -> None:
    random = Random(5)
    near = 0
    for _ in range(100):
        found = change_point(runs(random, 25, 0.08) + runs(random, 25, 0.08, 1.2))
        near += found is not None and abs(found.at - 25) <= 3
        if found is not None:
            assert found.after / found.before == pytest.approx(1.2, rel=0.15)
    assert near > 90
    assert sum(change_point(runs(random, 50, 0.08)) is not None for _ in range(1000)) < 10
    assert change_point([1.0] * 9) is None
    assert change_point([1.0] * 50) is None


def test_a_trend() -> None:
    random = Random(6)
    rising = [value * (1 + 0.01 * index) for index, value in enumerate(runs(random, 40, 0.05))]
    found = trend(rising)
    assert found is not None
    assert found.slope == pytest.approx(0.01, rel=0.3)
    assert sum(trend(runs(random, 30, 0.1)) is not None for _ in range(1000)) < 10
    assert trend([1.0] * 30) is None
    assert trend([1.0, 2.0]) is None


def test_runs_that_are_far_apart_tell_as_soon_as_chance_could_not() -> None:
    assert [runs_needed(0.01, before) for before in (10, 20, 50)] == [7, 5, 4]
    assert runs_needed(0.08, 20) == LOOKS
