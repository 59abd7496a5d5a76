"""What a report says of runs that rules about budgets judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from adhere.model.need import Need, RunsNeed
from adhere.model.runs import Group, RunRow, Runs, costs, series
from adhere.policy.statistics import change_point, quantile, trend
from adhere.report.document import Measured

if TYPE_CHECKING:
    from adhere.policy.rule import Rule

KEPT = 60
"""Values of a series that a report keeps, the latest."""

KIND = "metrics.budget"


def performance_of(rules: Iterable[Rule], answers: Mapping[Need, Any]) -> tuple[Measured, ...]:
    """Every group of runs that a rule judged, in the order of the rules.

    Args:
        rules: of the run; those of other kinds are left out.
        answers: what was answered, by need.
    """
    found: list[Measured] = []
    for rule in rules:
        runs = answers.get(RunsNeed(rule.params.ledger)) if rule.table.check == KIND else None
        if isinstance(runs, Runs):
            found.extend(_of_rule(rule, runs))
    return tuple(found)


def _of_rule(rule: Rule, runs: Runs) -> Iterator[Measured]:
    from adhere.checks import metrics_budget as budget

    params: budget.Params = rule.params
    for group, rows in budget.groups_of(params, runs).items():
        recent = rows[-params.last :] if params.last else rows
        values = series(recent, params.metric)
        if values:
            yield _measured(rule, params, runs, group, recent, values)


def _measured(
    rule: Rule, params: Any, runs: Runs, group: Group, rows: list[RunRow], values: list[float]
) -> Measured:
    from adhere.checks import metrics_budget as budget

    spent = costs(params.metric, values)
    change, rise = change_point(spent), trend(values)
    against = budget.against_baseline(params, runs, group, rows)
    compared = against if against is not None and not isinstance(against, str) else None
    measured = [row for row in rows if series([row], params.metric)][-KEPT:]
    return Measured(
        rule=rule.id,
        metric=params.metric,
        stat=params.stat,
        group=budget.name_of(group),
        values=tuple(values[-KEPT:]),
        runs=len(values),
        value=budget.stat_of(params.stat, values) if len(values) >= params.min_samples else None,
        p50=quantile(values, 0.5),
        p95=quantile(values, 0.95),
        last=values[-1],
        first=measured[0].started,
        latest=measured[-1].started,
        commit=measured[-1].commit,
        max=_limit(params.max),
        min=_limit(params.min),
        vs_baseline=params.vs_baseline,
        ratio=compared.ratio if compared is not None else None,
        answer=compared.answer if compared is not None else "",
        noise=compared.noise if compared is not None else None,
        needed=compared.needed if compared is not None else None,
        changed=len(values) - change.at if change is not None else None,
        trend=rise.slope if rise is not None else None,
    )


def _limit(value: float | str | None) -> float | None:
    from adhere.checks.metrics_budget import number

    return number(value) if value is not None else None
