"""Rows about all runs that a project has committed: what got worse, groups, and each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from adhere.checks.metrics_budget import shown
from adhere.checks.wording import plural
from adhere.model.runs import (
    BaselineRow,
    Group,
    RunRow,
    Runs,
    costs,
    series,
    since,
    times_of,
)
from adhere.policy.statistics import Comparison, change_point, compare, quantile, trend
from adhere.report.chart import chart
from adhere.report.escape import shorten
from adhere.report.rows import outcome_state
from adhere.report.view import Fact, HistoryRow, RunGroup, SeriesRow, State

MAX_RUNS = 100
"""Latest runs that a page lists."""

MAX_GROUPS = 8
"""Groups of comparable runs that a page shows, the one of the latest run first."""

LOOKED_AT = 200
"""Latest runs of a group in which changes are looked for."""

POINTS = 60
"""Latest runs that a chart shows."""

METRICS = ("seconds.wall", "seconds.total", "seconds.cpu", "memory.peak", "network.requests")
TIERS = ("cache.hit_rate", "cache.memory.hit_rate", "cache.file.hit_rate", "cache.redis.hit_rate")

_WORSE = State("✖", "worse", "bad")
_CHANGED = State("▲", "changed", "doubt")
_CALM = State("✔", "as before", "good")
_UNKNOWN = State("?", "too few runs", "calm")


def group_rows(runs: Runs) -> tuple[RunGroup, ...]:
    """Comparable runs, the group of the latest first."""
    return tuple(
        RunGroup(
            name=_name(group, rows[-1]),
            temperature=group.temperature,
            runs=plural(len(rows), "run"),
            metrics=tuple(_metric_rows(rows[-LOOKED_AT:], METRICS, runs.baselines.get(group))),
            tiers=tuple(_metric_rows(rows[-LOOKED_AT:], TIERS, runs.baselines.get(group))),
        )
        for group, rows in list(runs.groups().items())[:MAX_GROUPS]
    )


def worse_rows(groups: Iterable[RunGroup]) -> tuple[Fact, ...]:
    """What got worse or changed, as sentences; what is worse comes first."""
    found = [
        (row.state.tone != "bad", Fact(f"{row.metric}, {group.name}", row.remark))
        for group in groups
        for row in (*group.metrics, *group.tiers)
        if row.state.tone in ("bad", "doubt")
    ]
    return tuple(fact for _, fact in sorted(found, key=lambda one: one[0]))


def _metric_rows(
    rows: Sequence[RunRow], names: Iterable[str], baseline: BaselineRow | None
) -> Iterator[SeriesRow]:
    for name in names:
        values = series(rows, name)
        if not values:
            continue
        state, remark = _told(name, values, rows, baseline)
        drawn = values[-POINTS:]
        line = chart(drawn)
        yield SeriesRow(
            metric=name,
            state=state,
            last=shown(name, values[-1]),
            p50=shown(name, quantile(values, 0.5)),
            p95=shown(name, quantile(values, 0.95)),
            remark=remark,
            points=line.points if line is not None else "",
            limit="",
            x=line.x if line is not None else "",
            y=line.y if line is not None else "",
            label=_label(name, drawn),
        )


def _label(metric: str, values: Sequence[float]) -> str:
    """What a chart shows, for who does not see it."""
    parts = (
        f"{metric} of {plural(len(values), 'run')}",
        f"latest {shown(metric, values[-1])}",
        f"median {shown(metric, quantile(values, 0.5))}",
        f"from {shown(metric, min(values))} to {shown(metric, max(values))}",
    )
    return ", ".join(parts)


def _told(
    metric: str, values: Sequence[float], rows: Sequence[RunRow], baseline: BaselineRow | None
) -> tuple[State, str]:
    """What there is to say of a metric: against its baseline, else of its own history."""
    spent = costs(metric, values)
    before = baseline.samples.get(metric, []) if baseline is not None else []
    after = series(since(rows, baseline), metric) if baseline is not None else []
    found = compare(costs(metric, before), costs(metric, after)) if before and after else None
    words = _compared(metric, found) if found is not None else ""
    if found is not None and found.answer == "slower":
        return _WORSE, words
    change = change_point(spent)
    if change is not None:
        commit = rows[len(rows) - len(values) + change.at].commit[:12] or "no commit"
        times = change.after / change.before if change.before else 0.0
        told = f"{times_of(metric, times):.2f} times since {commit}, {len(values) - change.at} runs ago"
        worse = change.after > change.before
        return (_CHANGED if worse else _CALM), "; ".join(filter(None, (words, told)))
    creeping = trend(spent)
    if creeping is not None and creeping.slope > 0:
        return _CHANGED, "; ".join(filter(None, (words, "gets worse from run to run")))
    if found is not None and found.answer != "too few":
        return _CALM, words
    return _UNKNOWN if len(values) < _ENOUGH else _CALM, words


_ENOUGH = 10


def _compared(metric: str, found: Comparison) -> str:
    times = f"{times_of(metric, found.ratio):.2f} times the baseline"
    if found.answer == "within noise":
        return f"{times}, within noise of {found.noise:.0%}"
    if found.answer == "too few":
        return f"{times}, but so few runs tell nothing"
    return times


def _name(group: Group, latest: RunRow) -> str:
    command, machines = shorten(group.command, 60), shorten(group.environment, 80)
    return f"{command}, {group.temperature}, {plural(latest.packages, 'package')}, {machines}"


def history_rows(runs: Runs) -> tuple[HistoryRow, ...]:
    """The latest runs, the last one first, each with what it changed."""
    rows = runs.rows[-MAX_RUNS - 1 :]
    found: list[HistoryRow] = []
    for index in range(len(rows) - 1, max(-1, len(rows) - 1 - MAX_RUNS), -1):
        row = rows[index]
        before = rows[index - 1] if index else None
        found.append(
            HistoryRow(
                started=shorten(row.started, 40)[:19].replace("T", " "),
                commit=shorten(row.commit[:12], 12),
                dirty=bool(row.dirty),
                state=_verdict_state(row),
                runs_of=f"{shorten(row.command, 60)}, {row.temperature}, "
                f"{shorten(row.environment, 80)}",
                packages=row.packages,
                findings=row.findings,
                waived=row.waived,
                seconds=_number(row, "seconds.wall") or _number(row, "seconds.total"),
                memory=_number(row, "memory.peak"),
                changes=_changes(before, row) if before is not None else (),
            )
        )
    return tuple(found)


_VERDICTS = {
    "pass": ("pass", "pass"),
    "fail": ("fail", "fail"),
    "not_judged": ("not_run", "not judged"),
    "nothing": ("not_run", "nothing judged"),
    "bad_input": ("error", "input wrong"),
}


def _verdict_state(row: RunRow) -> State:
    outcome, word = _VERDICTS.get(row.verdict, ("not_run", "unknown"))
    return outcome_state(outcome, word)


def _number(row: RunRow, metric: str) -> str:
    return shown(metric, row.metrics[metric]) if metric in row.metrics else ""


def _changes(before: RunRow, row: RunRow) -> tuple[str, ...]:
    """What is another than in the run before, in whatever group that was."""
    found = [
        f"{change:+d} {name}"
        for name, change in (
            ("packages", row.packages - before.packages),
            ("findings", row.findings - before.findings),
            ("waived", row.waived - before.waived),
        )
        if change
    ]
    if before.verdict and row.verdict and before.verdict != row.verdict:
        was = _verdict_state(before).word
        found.append(f"{was} before")
    if before.version != row.version:
        found.append(f"adhere {shorten(row.version, 20)}")
    return tuple(found)
