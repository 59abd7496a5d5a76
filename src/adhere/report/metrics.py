"""Rows about runs that were measured, the worst first."""

from __future__ import annotations

from collections.abc import Mapping

from adhere.report.chart import chart
from adhere.report.document import Measured, Report, RuleResult
from adhere.report.rows import Anchors, outcome_state
from adhere.report.summary import count
from adhere.report.view import MetricRow, State

_MOST_RUNS = 10_000
_ORDER = {"bad": 0, "doubt": 1, "calm": 2, "good": 3}


def metric_rows(report: Report, anchors: Anchors) -> tuple[MetricRow, ...]:
    """A row for each group of runs of each rule about a budget.

    Args:
        report: with its measured runs.
        anchors: of rules on the pages.
    """
    results = {result.rule: result for result in report.results}
    rows = [_row(one, results, anchors) for one in report.performance]
    return tuple(sorted(rows, key=lambda row: _ORDER[row.state.tone]))


def _row(one: Measured, results: Mapping[str, RuleResult], anchors: Anchors) -> MetricRow:
    result = results.get(one.rule)
    limit = one.max if one.max is not None else one.min
    line = chart(one.values, limit)
    value = amount(one.metric, one.value) if one.value is not None else "too few runs"
    budget = _budget(one)
    remarks = tuple(_remarks(one))
    words = [f"{count(len(one.values), 'run')}, latest {amount(one.metric, one.last)}"]
    if limit is not None:
        words.append(f"budget {budget}")
    return MetricRow(
        rule=one.rule,
        anchor=anchors(one.rule),
        title=result.title if result is not None else "",
        metric=one.metric,
        group=one.group,
        state=_state(one),
        value=f"{one.stat} {value}" if one.value is not None else value,
        budget=budget,
        remarks=remarks,
        runs=one.runs,
        p50=amount(one.metric, one.p50),
        p95=amount(one.metric, one.p95),
        last=amount(one.metric, one.last),
        latest=one.latest[:16].replace("T", " "),
        commit=one.commit[:12],
        points=line.points if line is not None else "",
        limit=line.limit if line is not None else "",
        x=line.x if line is not None else "",
        y=line.y if line is not None else "",
        label=f"{one.metric}: {', '.join(words)}",
    )


def _state(one: Measured) -> State:
    """Of this group alone: the rule may have failed over another one."""
    if one.value is None:
        return outcome_state("not_run", "too few runs")
    over = one.max is not None and one.value > one.max
    under = one.min is not None and one.value < one.min
    if over or under:
        return outcome_state("fail", "beyond its budget")
    limit = one.vs_baseline
    if limit is not None and one.answer == "slower" and (one.ratio or 0.0) > limit:
        return outcome_state("fail", "worse than its baseline")
    if limit is not None and one.answer in ("", "too few"):
        return outcome_state("not_run", "not compared")
    return outcome_state("pass", "within its budget")


def _budget(one: Measured) -> str:
    parts = []
    if one.max is not None:
        parts.append(f"at most {amount(one.metric, one.max)}")
    if one.min is not None:
        parts.append(f"at least {amount(one.metric, one.min)}")
    if one.vs_baseline is not None:
        parts.append(f"at most {one.vs_baseline:g} times the baseline")
    return ", ".join(parts)


def _remarks(one: Measured) -> list[str]:
    remarks = []
    if one.ratio is not None and one.answer:
        words = f"{one.ratio:.2f} times the cost of the baseline: {one.answer}"
        if one.answer == "within noise" and one.noise is not None:
            words += f" ({one.noise:.0%})"
        if one.answer in ("within noise", "too few") and one.needed and one.needed < _MOST_RUNS:
            words += f"; {count(one.needed, 'run')} would show a fifth more"
        remarks.append(words)
    elif one.vs_baseline is not None:
        remarks.append("there is no baseline to compare with, or no run since")
    if one.changed is not None:
        remarks.append(f"it changed {count(one.changed, 'run')} ago")
    if one.trend is not None:
        remarks.append(f"it {'rises' if one.trend > 0 else 'falls'} from run to run")
    return remarks


def amount(metric: str, value: float) -> str:
    """A value of a metric with its unit."""
    from adhere.checks.metrics_budget import shown

    return shown(metric, value)
