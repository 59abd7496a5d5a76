from __future__ import annotations

from itertools import permutations
from typing import Any

import msgspec
import pytest

from adhere.model.finding import Outcome
from adhere.model.verdict import WAIVERS, Result, exit_code


def result(outcome: Outcome, **fields: Any) -> Result:
    fields.setdefault("level", "error")
    return Result("rule", "title", "kind", outcome, **fields)


def code(*results: Result, problems: bool = False, packages: int | None = 5) -> int:
    return exit_code(results, problems=problems, packages=packages, allow_empty=False)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("pass", 0),
        ("fail", 1),
        ("warn", 0),
        ("waived", 0),
        ("error", 3),
        ("not_run", 3),
        ("not_applicable", 4),
        ("vacuous", 1),
        ("manual_ok", 0),
        ("manual_due", 1),
    ],
)
def test_each_outcome_at_level_error(outcome: Outcome, expected: int) -> None:
    assert code(result(outcome)) == expected
    among = 0 if outcome == "not_applicable" else expected
    assert code(result("pass"), result(outcome), result("pass")) == among


@pytest.mark.parametrize("level", ["warn", "report"])
@pytest.mark.parametrize("outcome", ["fail", "vacuous", "manual_due", "not_run"])
def test_a_mild_rule_does_not_fail_the_check(outcome: Outcome, level: str) -> None:
    assert code(result(outcome, level=level)) == 0


@pytest.mark.parametrize("level", ["error", "warn", "report"])
def test_a_check_that_broke_is_never_fine(level: str) -> None:
    assert code(result("error", level=level)) == 3


@pytest.mark.parametrize(("on_missing", "expected"), [("fail", 3), ("warn", 0), ("report", 0)])
def test_missing_evidence_means_what_the_rule_says(on_missing: str, expected: int) -> None:
    assert code(result("not_run", on_missing=on_missing)) == expected


def test_input_that_is_wrong_comes_before_everything() -> None:
    assert code(result("fail"), result("not_run"), problems=True) == 2
    assert code(problems=True) == 2
    assert code(result("pass"), problems=True, packages=0) == 2


def test_a_violation_comes_before_what_was_not_judged() -> None:
    for order in permutations([result("fail"), result("not_run"), result("pass")]):
        assert code(*order) == 1


def test_what_was_not_judged_comes_before_a_rule_that_checked_nothing() -> None:
    assert code(result("not_run"), result("vacuous")) == 3


def test_no_rule_of_the_users_is_no_verdict() -> None:
    assert code() == 4
    assert code(result("pass", builtin=True)) == 4
    assert code(result("fail", builtin=True)) == 4


def test_rules_of_which_none_applies_are_no_verdict() -> None:
    ended = result("not_applicable")
    assert code(ended, ended) == 4
    assert code(ended, result("pass", builtin=True)) == 4
    assert code(ended, result("vacuous")) == 1
    assert exit_code((ended,), problems=False, packages=5, allow_empty=True) == 0


def test_a_waiver_that_has_ended_is_wrong_without_its_rule_too() -> None:
    ended = msgspec.structs.replace(result("fail", builtin=True), rule=WAIVERS)
    assert code(ended) == 1
    assert code(ended, result("not_applicable")) == 1


def test_no_package_is_no_verdict_where_rules_ask_for_packages() -> None:
    assert code(result("pass"), packages=0) == 4
    assert code(result("vacuous"), packages=0) == 4
    assert code(result("pass"), packages=None) == 0


def test_a_violation_without_any_package_is_a_violation() -> None:
    assert code(result("fail"), packages=0) == 1


@pytest.mark.parametrize(
    ("results", "packages", "expected"),
    [
        ((), 0, 0),
        ((result("pass"),), 0, 0),
        ((result("fail"),), 0, 1),
        ((result("vacuous"),), 0, 1),
        ((result("fail", builtin=True),), 3, 1),
    ],
)
def test_allow_empty_only_admits_emptiness(
    results: tuple[Result, ...], packages: int, expected: int
) -> None:
    assert exit_code(results, problems=False, packages=packages, allow_empty=True) == expected


def test_a_built_in_rule_can_fail_a_check() -> None:
    assert code(result("pass"), result("fail", builtin=True)) == 1
