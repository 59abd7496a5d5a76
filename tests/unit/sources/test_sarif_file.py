"""SARIF as other scanners write it."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.errors import ConfigError
from adhere.model.scan import Scan, ScanResult
from adhere.sources.sarif_file import read_scans


def scan(**run: Any) -> Scan:
    whole = {"tool": {"driver": {"name": "T"}}, "results": [], **run}
    (found,) = read_scans(json.dumps({"version": "2.1.0", "runs": [whole]}), "a.sarif")
    return found


def result(**given: Any) -> ScanResult:
    rules = [{"id": "R1"}, {"id": "R2", "defaultConfiguration": {"level": "note"}}]
    driver = {"driver": {"name": "T", "rules": rules}}
    (found,) = scan(tool=driver, results=[{"message": {"text": "m"}, **given}]).results
    return found


@pytest.mark.parametrize(
    ("given", "rule", "level"),
    [
        ({}, "", "warning"),
        ({"ruleId": "R1"}, "R1", "warning"),
        ({"ruleId": "R2"}, "R2", "note"),
        ({"ruleIndex": 1}, "R2", "note"),
        ({"rule": {"index": 1}}, "R2", "note"),
        ({"rule": {"id": "R2"}}, "R2", "note"),
        ({"ruleId": "R2", "level": "error"}, "R2", "error"),
        ({"ruleId": "R9", "ruleIndex": 99}, "R9", "warning"),
    ],
)
def test_rule_and_level(given: dict[str, Any], rule: str, level: str) -> None:
    found = result(**given)
    assert (found.rule, found.level) == (rule, level)


@pytest.mark.parametrize(
    ("suppressions", "suppressed"),
    [
        ([], False),
        ([{"kind": "inSource"}], True),
        ([{"kind": "external", "status": "accepted"}], True),
        ([{"kind": "external", "status": "underReview"}], False),
        ([{"kind": "external", "status": "rejected"}], False),
    ],
)
def test_suppressed(suppressions: list[Any], *, suppressed: bool) -> None:
    assert result(suppressions=suppressions).suppressed is suppressed


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("src/a.py", "src/a.py"),
        ("./src/a%20b.py", "src/a b.py"),
        ("file:///home/alice/project/src/a.py", ".../src/a.py"),
        ("/home/alice/a.py", ".../alice/a.py"),
        ("C:/alice/a.py", ".../alice/a.py"),
    ],
)
def test_paths(uri: str, path: str) -> None:
    place = {"artifactLocation": {"uri": uri}, "region": {"startLine": 3}}
    assert result(locations=[{"physicalLocation": place}]).path == path


@pytest.mark.parametrize(
    "location", [{}, {"physicalLocation": None}, {"physicalLocation": {"region": 3}}, None, 5]
)
def test_places_that_say_nothing(location: object) -> None:
    found = result(locations=[location])
    assert (found.path, found.line, found.column) == ("", 0, 0)


@pytest.mark.parametrize("kind", ["pass", "notApplicable", "informational"])
def test_what_is_no_finding_is_none(kind: str) -> None:
    assert scan(results=[{"message": {"text": "m"}, "kind": kind}]).results == ()
    assert scan(results=[{"message": {"text": "m"}, "kind": "review"}]).results


@pytest.mark.parametrize(
    ("run", "fault"),
    [
        ({}, ""),
        ({"invocations": [{"executionSuccessful": True}]}, ""),
        ({"invocations": [{"executionSuccessful": False}]}, "the scanner says that it failed"),
        ({"results": None}, "it holds no results"),
    ],
)
def test_runs_that_cannot_be_relied_on(run: dict[str, Any], fault: str) -> None:
    found = scan(**run).fault
    assert found.startswith(fault)
    assert bool(found) is bool(fault)


def test_when_it_ended() -> None:
    ends = [{"endTimeUtc": "2026-01-01T00:00:00Z"}, {"endTimeUtc": "2026-01-02T00:00:00"}, {}]
    assert scan(invocations=ends).ended == datetime(2026, 1, 2, tzinfo=UTC)
    assert scan().ended is None


KEYS = (
    "version runs tool driver name results message text level ruleId rules ruleIndex rule"
    " locations suppressions invocations"
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_any_json_is_read_or_refused(value: object) -> None:
    for whole in (value, {"version": "2.1.0", "runs": [value]}):
        try:
            read_scans(json.dumps(whole), "a.sarif")
        except ConfigError as error:
            paths = {problem.path for problem in error.problems}
        else:
            paths = {"a.sarif"}
        assert paths == {"a.sarif"}


@given(VALUES)
def test_any_result_is_read_or_refused(value: object) -> None:
    driver = {"driver": {"name": "T", "rules": [value]}}
    for made in (
        value,
        {"message": {"text": "m"}, "locations": [value], "suppressions": [value]},
        {"message": {"text": "m"}, "rule": value, "ruleId": value, "ruleIndex": 0},
    ):
        with suppress(ConfigError):
            scan(results=[made], tool=driver)
