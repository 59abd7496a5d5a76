from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from adhere.checks.data_assert import Operator, holds, matchable, steps
from adhere.model.finding import Judgement, Missing
from adhere.model.location import Location
from adhere.model.need import CannotJudge, DataFile, DataNeed
from corpus.judging import judge, rule_of, told, wrong


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a", ("a",)),
        ("tool.ruff.line-length", ("tool", "ruff", "line-length")),
        ("a[0].b[12]", ("a", 0, "b", 12)),
        ("[0]", (0,)),
        ('tool."a.b"[0]', ("tool", "a.b", 0)),
        ("jobs.*.image", ("jobs", "*", "image")),
        ("jobs[*]", ("jobs", "*")),
        ('"a b".c', ("a b", "c")),
    ],
)
def test_paths(path: str, found: tuple[str | int, ...]) -> None:
    assert steps(path) == found


@pytest.mark.parametrize("path", ["", ".", "a..b", "a.", "a[", "a[x]", "a[-1]", '"a', 'a""', "a[0"])
def test_paths_that_are_none(path: str) -> None:
    with pytest.raises(ValueError, match=r"no key|empty|ends"):
        steps(path)


@pytest.mark.parametrize(
    ("operator", "value", "wanted", "right"),
    [
        ("equals", 1, 1, True),
        ("equals", 1, 1.0, True),
        ("equals", True, 1, False),
        ("equals", 1, True, False),
        ("equals", "1", 1, False),
        ("equals", [1, 2], [1, 2], True),
        ("equals", [1, 2], [2, 1], False),
        ("equals", {"a": 1}, {"a": 1}, True),
        ("not_equals", "a", "b", True),
        ("not_equals", True, 1, True),
        ("in", "a", ["a", "b"], True),
        ("in", True, [1], False),
        ("not_in", "c", ["a", "b"], True),
        ("not_in", "a", ["a", "b"], False),
        ("contains", ["a", "b"], "a", True),
        ("contains", ["a", "b"], ["a", "b"], True),
        ("contains", ["a"], ["a", "b"], False),
        ("contains", "some text", "text", True),
        ("contains", "some text", 5, False),
        ("contains", {"key": 1}, "key", True),
        ("contains", 5, 5, False),
        ("not_contains", ["a"], "b", True),
        ("not_contains", ["a"], "a", False),
        ("matches", "3.12.1", r"^3\.1[23]", True),
        ("matches", "2.7", r"^3", False),
        ("matches", 312, "12$", True),
        ("matches", "x" * 10_001, "x", False),
        ("min", 5, 5, True),
        ("min", 4.9, 5, False),
        ("min", True, 0, False),
        ("min", "9", 5, False),
        ("min", date(2026, 1, 2), date(2026, 1, 1), True),
        ("min", date(2026, 1, 2), 5, False),
        ("max", 5, 5, True),
        ("max", 6, 5, False),
        ("max", None, 5, False),
        ("exists", None, None, True),
    ],
)
def test_comparisons(operator: Operator, value: Any, wanted: Any, right: bool) -> None:
    assert compared(operator, value, wanted) is right


def compared(operator: Operator, value: Any, wanted: Any) -> bool:
    """Whether it holds, with what a matcher would say of a pattern."""
    texts = matchable(value) if operator == "matches" else ()
    return holds(operator, value, wanted, {text for text in texts if re.search(wanted, text)})


def data(value: Any) -> DataFile:
    return DataFile("a.toml", value, lambda at: Location("a.toml", len(at) + 1))


def said(parameters: str, value: Any) -> Judgement:
    rule = rule_of("data.assert", 'file = "a.toml"\n' + parameters)
    return judge(rule, {DataNeed("a.toml"): data(value)})


@pytest.mark.parametrize(
    ("parameters", "value", "found"),
    [
        ('path = "a.b"', {"a": {"b": None}}, []),
        ('path = "a.b"', {"a": {}}, ["a.b"]),
        ('path = "a.b"', {"a": 5}, ["a.b"]),
        ('path = "a[1]"', {"a": [1]}, ["a[1]"]),
        ('path = "a.b"\nop = "absent"', {"a": {}}, []),
        ('path = "a.b"\nop = "absent"', {"a": {"b": False}}, ["a.b"]),
        ('path = "*.b"\nop = "max"\nvalue = 1', {"x": {"b": 1}, "y": {"b": 2}}, ["y.b"]),
        ('path = "*.b"\nop = "max"\nvalue = 1', {"x": {"b": 1}, "y": {}}, ["y.b"]),
        ('path = "a[*].b"', {"a": [{"b": 1}, {"c": 1}]}, ["a[1].b"]),
        ('path = "a.*.*"\nop = "equals"\nvalue = 1', {"a": {"x.y": [1, 2]}}, ['a."x.y"[1]']),
    ],
)
def test_every_value_that_a_path_means_is_judged(
    parameters: str, value: Any, found: list[str]
) -> None:
    assert [finding.detail for finding in said(parameters, value).findings] == found


def test_a_value_that_is_huge_is_shown_in_part() -> None:
    (finding,) = said('path = "a"\nop = "equals"\nvalue = 1', {"a": "x" * 5_000}).findings
    assert len(finding.message) < 250


def test_a_value_that_json_cannot_say_is_shown_all_the_same() -> None:
    (finding,) = said('path = "a"\nop = "equals"\nvalue = 1', {"a": "\ud800"}).findings
    assert "\\ud800" in finding.message


def test_a_file_that_is_not_there_is_not_judged() -> None:
    rule = rule_of("data.assert", 'file = "a.toml"\npath = "a"')
    with pytest.raises(CannotJudge):
        judge(rule, {DataNeed("a.toml"): Missing("there is no file")})


def test_findings_of_two_values_are_two_to_a_baseline() -> None:
    found = said('path = "*"\nop = "equals"\nvalue = 0', {"a": 1, "b": 1})
    assert told(found) == ["data-wrong a.toml", "data-wrong a.toml"]
    assert len({finding.fingerprint for finding in found.findings}) == 2


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"path": "a..b"}, "path: `.b` is no key or index"),
        ({"file": "a.ini"}, "file: `a.ini` is no structured file"),
        ({"op": "exists", "value": 1}, "value: `exists` takes no value"),
        ({"op": "equals"}, "op: `equals` needs a `value`"),
        ({"op": "in", "value": "a"}, "value: `in` needs an array"),
        ({"op": "max", "value": "9"}, "value: `max` needs a number or a date"),
        ({"op": "max", "value": True}, "value: `max` needs a number or a date"),
        ({"op": "matches", "value": "["}, "value: not a regular expression"),
        ({"op": "matches", "value": 5}, "value: `matches` needs a pattern"),
    ],
)
def test_parameters_that_cannot_be(parameters: dict[str, Any], message: str) -> None:
    (problem,) = wrong("data.assert", **{"file": "a.toml", "path": "a", **parameters})
    assert message in problem


@pytest.mark.parametrize(
    ("operator", "value", "wanted", "right"),
    [
        ("equals", [True], [1], False),
        ("equals", {"a": [1]}, {"a": [True]}, False),
        ("equals", {"a": 1}, {"a": 1, "b": 2}, False),
        ("equals", [[1], {"a": False}], [[1], {"a": False}], True),
        ("in", [True], [[1]], False),
        ("not_contains", ["a"], ["a", "b"], False),
        ("not_contains", ["c"], ["a", "b"], True),
        ("not_contains", "some text", ["none", "text"], False),
        ("not_contains", {"a": 1}, "a", False),
        ("matches", True, "True", False),
        ("matches", None, ".*", False),
        ("matches", ["a"], "a", False),
        ("matches", date(2026, 1, 2), r"^2026-", True),
        ("matches", "x" * 10_000, "x$", True),
        ("min", None, 0, False),
        ("min", [9], 5, False),
        ("max", float("nan"), 5, False),
    ],
)
def test_comparisons_that_nearly_hold(
    operator: Operator, value: Any, wanted: Any, right: bool
) -> None:
    assert compared(operator, value, wanted) is right


@pytest.mark.parametrize(
    ("parameters", "value"),
    [
        ('path = "*"', {}),
        ('path = "a[*].b"\nop = "absent"', {"a": []}),
        ('path = "a.*"', {"a": 5}),
    ],
)
def test_a_star_over_nothing_judges_nothing(parameters: str, value: Any) -> None:
    judgement = said(parameters, value)
    assert (judgement.judged, judgement.findings) == (0, ())


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ('path = "a.b"', "data-absent"),
        ('path = "a"\nop = "absent"', "data-present"),
        ('path = "a"\nop = "equals"\nvalue = 1', "data-wrong"),
    ],
)
def test_a_finding_points_into_the_file_and_at_the_decision(parameters: str, code: str) -> None:
    (finding,) = said(parameters, {"a": {}}).findings
    assert finding.code == code
    assert finding.location == Location("a.toml", 3 if code == "data-absent" else 2)
    assert finding.notes[0].location is not None
    assert finding.notes[0].location.path == "adhere.toml"
