"""Statistics of few, noisy runs: is it slower, since when, and how many runs would tell.

Everything rests on ranks and medians, because times have no normal distribution: there is a
least time, and now and then a run during which the machine did something else. Samples are
numbers of which more is worse; whoever has others gives them with the sign changed.

The tests are those of Mann and Whitney (two samples), Pettitt (one change in a series), and
Mann and Kendall (a trend), the estimates those of Hodges and Lehmann, and of Theil and Sen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct

ALARM = 0.0005
"""Probability of a false alarm that one comparison may have.

A series is looked at after every run: with ten looks, one of 200 series without any change
gives an alarm at some time.
"""

MATERIAL = 0.05
"""Part of the median below which a change is none that anybody would notice."""

POWER = 0.95
"""Probability with which a change has to be found for `runs_needed`."""

_EXACT = 400
"""Product of the sizes of two samples up to which the distribution is counted out."""

MOST_RUNS = 10_000
"""For `runs_needed`, where no number of runs would do."""

Answer = Literal["slower", "faster", "within noise", "too few"]


class Comparison(Struct, frozen=True):
    """Two samples compared.

    Attributes:
        answer: ``too few`` where so few values could not tell any change.
        before: median of the first.
        after: median of the second.
        ratio: by how much the second is larger, over all pairs; 1.0 for no change.
        probability: of such a difference, were there none.
        noise: of the first, a part of its median.
        needed: values of the second that would show a change of 20 % with that noise.
    """

    answer: Answer
    before: float
    after: float
    ratio: float
    probability: float
    noise: float
    needed: int


class Change(Struct, frozen=True):
    """Where a series changed.

    Attributes:
        at: index of the first value after the change.
        before: median until then.
        after: median from then on.
        probability: of such a change in a series without any.
    """

    at: int
    before: float
    after: float
    probability: float


class Trend(Struct, frozen=True):
    """How a series rises or falls.

    Attributes:
        slope: per value.
        probability: of such a trend in a series without any.
    """

    slope: float
    probability: float


def median(values: Sequence[float]) -> float:
    """The value in the middle.

    Raises:
        ValueError: there are none.
    """
    return quantile(values, 0.5)


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which a part of all lies, interpolated.

    Args:
        values: in any order.
        part: 0.0 to 1.0.

    Raises:
        ValueError: there are none.
    """
    if not values:
        raise ValueError("no value has no quantile")
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def noise(values: Sequence[float]) -> float:
    """How far values lie from their median, as a part of it: a robust standard deviation."""
    middle = median(values)
    if not middle:
        return 0.0
    return 1.4826 * median([abs(value - middle) for value in values]) / abs(middle)


def compare(before: Sequence[float], after: Sequence[float]) -> Comparison:
    """Whether a second sample is larger or smaller than a first one.

    Args:
        before: the sample to compare with.
        after: the sample in question.

    Raises:
        ValueError: one of them is empty.
    """
    first, second = median(before), median(after)
    spread = noise(before)
    # The noise is only estimated: by one standard error more, or half the time too few runs
    # would be promised to do.
    needed = runs_needed(spread * (1 + 1.17 / math.sqrt(len(before))), len(before))
    ratio = _ratio(before, after)
    larger = _probability(before, after)
    smaller = _probability(after, before)
    answer: Answer = "within noise"
    if _least(len(before), len(after)) > ALARM:
        answer = "too few"
    elif larger <= ALARM and ratio >= 1 + MATERIAL:
        answer = "slower"
    elif smaller <= ALARM and ratio <= 1 / (1 + MATERIAL):
        answer = "faster"
    return Comparison(answer, first, second, ratio, min(larger, smaller), spread, needed)


def _ratio(before: Sequence[float], after: Sequence[float]) -> float:
    """The median ratio over all pairs; of values that are not positive that of the medians."""
    if min(before) > 0 and min(after) > 0:
        return median([late / early for early in before for late in after])
    return median(after) / median(before) if median(before) else 1.0


def _probability(before: Sequence[float], after: Sequence[float]) -> float:
    """Of the second being as much larger by chance: one-sided, ties counted as halves."""
    wins = sum((late > early) + 0.5 * (late == early) for early in before for late in after)
    count = len(before) * len(after)
    tied = len({*before, *after}) < len(before) + len(after)
    if count <= _EXACT and not tied:
        ways = _ways(len(before), len(after))
        return sum(ways[math.ceil(wins) :]) / sum(ways)
    total = len(before) + len(after)
    variance = count * (total + 1 - _ties([*before, *after])) / 12
    if variance <= 0:
        return 1.0
    return _upper((wins - 0.5 - count / 2) / math.sqrt(variance))


def _ties(values: Sequence[float]) -> float:
    """By how much equal values make the variance of ranks smaller."""
    sizes: dict[float, int] = {}
    for value in values:
        sizes[value] = sizes.get(value, 0) + 1
    total = len(values)
    return sum(size**3 - size for size in sizes.values()) / (total * (total - 1))


@lru_cache(maxsize=64)
def _ways(one: int, other: int) -> tuple[int, ...]:
    """In how many orders of two samples the second wins 0, 1, 2, ... pairs."""
    counts = [1] + [0] * (one * other)
    for size in range(1, other + 1):
        for wins in range(one + size, one * other + 1)[::-1]:
            counts[wins] -= counts[wins - one - size]
        for wins in range(size, one * other + 1):
            counts[wins] += counts[wins - size]
    return tuple(counts)


def _least(one: int, other: int) -> float:
    """The smallest probability that samples of these sizes can have."""
    return 1 / math.comb(one + other, one)


def _upper(deviation: float) -> float:
    """The part of a normal distribution above a deviation from its mean."""
    return 0.5 * math.erfc(deviation / math.sqrt(2))


def runs_needed(spread: float, before: int, change: float = 0.2) -> int:
    """How many runs show a change.

    Args:
        spread: noise of a run, a part of the median.
        before: runs to compare with.
        change: to be found, a part of the median.

    Returns:
        At most 10,000, where no number of runs would do.
    """
    chance = 1 - _upper(change / (spread * math.sqrt(2))) if spread > 0 else 1.0
    few, many = 0, 1
    while not _is_enough(chance, before, many):
        if many >= MOST_RUNS:
            return MOST_RUNS
        few, many = many, min(2 * many, MOST_RUNS)
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if _is_enough(chance, before, middle) else (middle, many)
    return many


def _is_enough(chance: float, before: int, after: int) -> bool:
    """Whether runs show a change with the wanted power.

    Args:
        chance: that a run after the change is the larger of a pair.
        before: runs before.
        after: runs after.
    """
    if not before or _least(before, after) > ALARM:
        return False
    pairs = before * after
    # By chance alone, and as Hanley and McNeil have it where there is a change.
    alarm = _deviation(ALARM) * math.sqrt((before + after + 1) / (12 * pairs))
    both, either = chance / (2 - chance), 2 * chance**2 / (1 + chance)
    spread = chance * (1 - chance)
    spread += (after - 1) * (both - chance**2) + (before - 1) * (either - chance**2)
    return chance - 0.5 - alarm >= _deviation(1 - POWER) * math.sqrt(max(0.0, spread) / pairs)


@lru_cache(maxsize=8)
def _deviation(probability: float) -> float:
    """The deviation above which a part of a normal distribution lies."""
    low, high = -10.0, 10.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _upper(middle) > probability else (low, middle)
    return (low + high) / 2


def change_point(series: Sequence[float], least: int = 5) -> Change | None:
    """Where a series changed for good, if it surely did.

    Args:
        series: in the order of time.
        least: values that have to lie on either side.
    """
    size = len(series)
    if size < 2 * least:
        return None
    best, total = 0, 0
    for index in range(1, size):
        value = series[index - 1]
        total += sum((value > other) - (value < other) for other in series)
        if least <= index <= size - least:
            best = max(best, abs(total))
    probability = min(1.0, 2 * math.exp(-6 * best**2 / (size**3 + size**2)))
    if probability > ALARM:
        return None
    # That there is a change the ranks tell; where, they blur as soon as the rest rises, too.
    at = min(range(least, size - least + 1), key=lambda at: _misfit(series[:at], series[at:]))
    before, after = median(series[:at]), median(series[at:])
    if before and abs(after / before - 1) < MATERIAL:
        return None
    return Change(at, before, after, probability)


def _misfit(*parts: Sequence[float]) -> float:
    """How far values lie from the median of their part, all together."""
    return sum(
        abs(value - middle) for part in parts for middle in (median(part),) for value in part
    )


def trend(series: Sequence[float]) -> Trend | None:
    """How a series rises or falls, if it surely does."""
    size = len(series)
    if size < 8:
        return None
    pairs = [(i, j) for i in range(size) for j in range(i + 1, size)]
    rises = sum((series[j] > series[i]) - (series[j] < series[i]) for i, j in pairs)
    variance = size * (size - 1) * (2 * size + 5) / 18
    deviation = (abs(rises) - 1) / math.sqrt(variance) if rises else 0.0
    probability = min(1.0, 2 * _upper(deviation))
    if probability > ALARM:
        return None
    return Trend(median([(series[j] - series[i]) / (j - i) for i, j in pairs]), probability)
