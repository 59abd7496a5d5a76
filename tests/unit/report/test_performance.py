"""Runs that rules about budgets judged, in a report and on its page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adhere.app.check import check
from adhere.app.request import Request
from adhere.report.document import Measured
from adhere.report.metrics import metric_rows
from adhere.report.rows import Anchors
from corpus.golden import CASES
from corpus.reports import everything, measured

RULE = "ADR-001/licenses"


def rows(*found: Measured) -> Any:
    import msgspec

    return metric_rows(msgspec.structs.replace(everything(), performance=found), Anchors("rule"))


@pytest.mark.parametrize(
    ("fields", "word", "tone"),
    [
        ({"max": 0.2}, "within its budget", "good"),
        ({"max": 0.1}, "beyond its budget", "bad"),
        ({"min": 0.2}, "beyond its budget", "bad"),
        ({"value": None}, "too few runs", "doubt"),
        ({"vs_baseline": 1.2, "ratio": 1.3, "answer": "slower"}, "worse than its baseline", "bad"),
        ({"vs_baseline": 1.2, "ratio": 1.1, "answer": "slower"}, "within its budget", "good"),
        ({"vs_baseline": 1.2, "ratio": 1.3, "answer": "within noise"}, "within its", "good"),
        ({"vs_baseline": 1.2, "ratio": 1.3, "answer": "too few"}, "not compared", "doubt"),
        ({"vs_baseline": 1.2}, "not compared", "doubt"),
    ],
)
def test_what_became_of_each_group(fields: dict[str, Any], word: str, tone: str) -> None:
    (row,) = rows(measured(RULE, **fields))
    assert row.state.word.startswith(word)
    assert row.state.tone == tone


def test_the_worst_come_first() -> None:
    found = rows(measured(RULE, max=1.0), measured(RULE, value=None), measured(RULE, max=0.1))
    assert [row.state.tone for row in found] == ["bad", "doubt", "good"]


def test_a_chart_says_in_words_what_it_shows() -> None:
    (row,) = rows(measured(RULE, max=0.2))
    assert row.label == "seconds.total: 4 runs, latest 120 ms, budget at most 200 ms"
    assert row.points
    assert row.limit


@pytest.mark.parametrize(("case", "rules"), [("passes", 6), ("fails", 6)])
def test_a_report_has_what_its_rules_judged(case: str, rules: int) -> None:
    folder = CASES / "metrics.budget" / case
    report = check(Request(folder=str(folder), cache=False)).report
    assert len({one.rule for one in report.performance}) == rules
    for one in report.performance:
        assert one.runs == 12
        assert one.last == one.values[-1]
        assert one.first < one.latest


def test_without_such_a_rule_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "adhere.toml").write_text("schema = 1\n", "utf-8")
    assert check(Request(folder=str(tmp_path), cache=False)).report.performance == ()
