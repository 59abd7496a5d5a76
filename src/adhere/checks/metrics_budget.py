"""``metrics.budget``: a measured number of the ledger of runs stays within a budget."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Literal

from msgspec import Struct

from adhere.checks.wording import decision_note, plural
from adhere.model.finding import Finding, Judgement, Note, Unjudged
from adhere.model.need import Facts, Need, RunsNeed
from adhere.model.runs import (
    JUDGED,
    MISSING,
    Group,
    RunRow,
    Runs,
    Temperature,
    costs,
    more_is_worse,
    series,
    since,
)
from adhere.policy.quantity import ByteSize, Duration
from adhere.policy.rule import Code, Kind, ParamProblem, Rule
from adhere.policy.statistics import MOST_RUNS, Comparison, compare, quantile

LEDGER = "adhere.runs.jsonl"

Stat = Literal["p50", "p95", "mean", "max", "min", "last"]
_PARTS: dict[Stat, float] = {"p50": 0.5, "p95": 0.95, "max": 1.0, "min": 0.0}
_METRIC = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")


class Params(Struct, frozen=True):
    """Parameters of ``metrics.budget``.

    Attributes:
        metric: its name in the ledger: ``seconds.total``, ``memory.peak``,
            ``cache.hit_rate``; `adhere perf show` lists them.
        stat: which value of all runs is judged; ``last`` is that of the latest.
        max: at most; a number, a duration such as ``"10s"``, or a size such as ``"512MB"``.
        min: at least.
        vs_baseline: the ten latest runs since the baseline was set by `adhere perf baseline`
            take at most so many times as much, beyond what is noise.
        min_samples: with fewer runs nothing is judged.
        last: only so many of the latest runs of each group; 0 for all.
        env: only runs of these classes of machines, a pattern.
        temperature: only runs with caches in this state; empty for any.
        command: only runs of this command.
        ledger: files of the project with rows of runs, a glob.
    """

    metric: str
    stat: Stat = "p50"
    max: float | str | None = None
    min: float | str | None = None
    vs_baseline: float | None = None
    min_samples: int = 5
    last: int = 30
    env: str = "*"
    temperature: Temperature | Literal[""] = ""
    command: str = "check"
    ledger: str = LEDGER


EXCEEDED = Code("budget-exceeded", "A measured number is beyond its budget")
REGRESSED = Code("budget-regressed", "A measured number is worse than its baseline")


def validate(params: Params) -> Iterator[ParamProblem]:
    """A budget without a limit, or with one that is none."""
    if _METRIC.fullmatch(params.metric) is None:
        yield (("metric",), f"`{params.metric}` is no name of a metric", "adhere perf show")
    if params.max is None and params.min is None and params.vs_baseline is None:
        yield ((), "it has no limit", "give `max`, `min` or `vs_baseline`")
    for key in ("max", "min"):
        value = getattr(params, key)
        try:
            if value is not None:
                number(value)
        except ValueError as error:
            yield ((key,), str(error), 'write a number, "10s" or "512MB"')
    if params.vs_baseline is not None and params.vs_baseline < 1:
        yield (("vs_baseline",), "a factor below 1 asks every run to be better", "write `1.2`")
    if params.min_samples < 1:
        yield (("min_samples",), "without a run there is nothing to judge", "")
    if params.last < 0 or 0 < params.last < params.min_samples:
        yield (("last",), "these are fewer runs than `min_samples`", "")


def number(value: float | str) -> float:
    """A limit as a number: seconds, bytes, or as it is.

    Raises:
        ValueError: it is none of them.
    """
    if not isinstance(value, str):
        return float(value)
    for kind, unit in ((Duration, "seconds"), (ByteSize, "bytes")):
        try:
            return float(getattr(kind(value), unit))
        except ValueError:
            continue
    raise ValueError(f"`{value}` is neither a duration nor a size")


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Judge each group of comparable runs on its own."""
    runs: Runs = facts.require(RunsNeed(params.ledger))
    findings: list[Finding] = []
    unjudged: list[Unjudged] = []
    observed: list[str] = []
    judged = 0
    for group, rows in groups_of(params, runs).items():
        recent = rows[-params.last :] if params.last else rows
        values = series(recent, params.metric)
        name = name_of(group)
        if len(values) < params.min_samples:
            least = (
                f"{plural(len(values), 'run')} of {name}, and {params.min_samples} are the least"
            )
            unjudged.append(Unjudged(params.metric, least))
            continue
        value = stat_of(params.stat, values)
        judged += 1
        words = f"{params.stat} {shown(params.metric, value)} over {plural(len(values), 'run')}"
        found = list(_limits(rule, params, group, value, words, recent))
        against = against_baseline(params, runs, group, rows)
        if isinstance(against, str):
            unjudged.append(Unjudged(params.metric, f"{against} for {name}"))
        elif against is not None:
            words += f", {_words(params.metric, against)}"
            if against.answer == "slower" and against.ratio > (params.vs_baseline or 1.0):
                found.append(_finding(rule, params, group, REGRESSED, words, recent))
        findings += found
        observed.append(words)
    return Judgement(
        findings=tuple(findings),
        judged=judged,
        unjudged=tuple(unjudged),
        observed="; ".join(observed),
        expected=_expected(params),
    )


def groups_of(params: Params, runs: Runs) -> dict[Group, list[RunRow]]:
    """The runs that a rule is about, comparable ones together."""
    return {
        group: rows
        for group, rows in runs.groups().items()
        if group.command == params.command
        and fnmatchcase(group.environment, params.env)
        and params.temperature in ("", group.temperature)
    }


def stat_of(stat: Stat, values: Sequence[float]) -> float:
    """The value of a series that is judged."""
    if stat == "last":
        return values[-1]
    return math.fsum(values) / len(values) if stat == "mean" else quantile(values, _PARTS[stat])


def _limits(
    rule: Rule, params: Params, group: Group, value: float, words: str, rows: Sequence[RunRow]
) -> Iterator[Finding]:
    over = params.max is not None and value > number(params.max)
    under = params.min is not None and value < number(params.min)
    if over or under:
        yield _finding(rule, params, group, EXCEEDED, words, rows)


def against_baseline(
    params: Params, runs: Runs, group: Group, rows: Sequence[RunRow]
) -> Comparison | str | None:
    """How runs compare with the baseline of their group; why they do not."""
    if params.vs_baseline is None:
        return None
    baseline = runs.baselines.get(group)
    samples = baseline.samples.get(params.metric, []) if baseline is not None else []
    if baseline is None or not samples:
        return "there is no baseline"
    values = series(since(rows, baseline), params.metric)
    if not values:
        return "no run since the baseline was set has this metric"
    found = compare(costs(params.metric, samples), costs(params.metric, values))
    if found.answer == "too few":
        few = f"{plural(len(values), 'run')} against a baseline of {len(samples)} tell nothing"
        return f"{few}, {needed(found)}"
    return found


def _words(metric: str, found: Comparison) -> str:
    times = found.ratio if more_is_worse(metric) else 1 / found.ratio
    ratio = f"{times:.2f} times the baseline"
    if found.answer != "within noise":
        return ratio
    return f"{ratio}, which is within noise of {found.noise:.0%}; {needed(found)}"


def needed(found: Comparison) -> str:
    """How many runs would tell."""
    if found.needed >= MOST_RUNS:
        return "no number of runs would show 20 % with so short a baseline"
    return f"{plural(found.needed, 'run')} would show 20 %"


def _finding(
    rule: Rule,
    params: Params,
    group: Group,
    code: Code,
    words: str,
    rows: Sequence[RunRow],
) -> Finding:
    latest = rows[-1]
    return Finding(
        rule=rule.id,
        code=code.id,
        message=f"{params.metric} is {words}; {_expected(params)}",
        subject=params.metric,
        detail=name_of(group),
        location=rule.place("with", "metric"),
        place="the budget",
        notes=(
            Note("runs of", name_of(group)),
            Note("latest", f"{latest.started} at {latest.commit[:12] or 'no commit'}"),
            decision_note(rule),
        ),
        fix=f"adhere perf show tells since when; {_MEND.get(params.metric, _FASTER)}, or decide on another budget",
    )


def name_of(group: Group) -> str:
    """What runs have in common, in words."""
    return f"`{group.command}`, {group.temperature}, {plural(group.size, 'package')} or more, on {group.environment}"


_FASTER = "make it faster"
_MEND = {
    JUDGED: "look what runs with exit code 2 or 3 could not judge",
    f"{MISSING}deadline": "give runs more time, or a filled cache",
}


def _expected(params: Params) -> str:
    parts = []
    if params.max is not None:
        parts.append(f"at most {_written(params.max)}")
    if params.min is not None:
        parts.append(f"at least {_written(params.min)}")
    if params.vs_baseline is not None:
        parts.append(f"at most {params.vs_baseline:g} times the baseline")
    return ", ".join(parts)


def _written(limit: float | str) -> str:
    return limit if isinstance(limit, str) else f"{limit:g}"


def shown(metric: str, value: float) -> str:
    """A value of a metric with its unit."""
    if metric.startswith("seconds."):
        return f"{value:.3g} s" if value >= 1 else f"{value * 1000:.3g} ms"
    if metric.startswith("memory.") or metric.endswith(".bytes"):
        return f"{value / 1e6:.3g} MB"
    if metric.endswith("_rate") or metric == JUDGED:
        return f"{value:.1%}"
    return f"{value:g}"


def needs(params: Params) -> tuple[Need, ...]:
    """The ledgers of runs."""
    return (RunsNeed(params.ledger),)


KIND = Kind(
    name="metrics.budget",
    summary="a measured number stays within its budget",
    params=Params,
    codes=(EXCEEDED, REGRESSED),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={"max": "smaller", "min": "larger", "vs_baseline": "smaller"},
)
