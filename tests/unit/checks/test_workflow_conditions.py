"""Whether a step of CI runs on an event."""

from __future__ import annotations

import pytest

from adhere.checks.workflow_conditions import why_not
from adhere.model.location import Location
from adhere.model.workflow import Rule, Step, Trigger

HERE = Location("ci.yml", 1)
PULL = "pull_request"


def github(*conditions: str, trigger: Trigger | None = None, event: str = PULL) -> str | None:
    step = Step(HERE, "job", triggers=(trigger or Trigger(event),), conditions=conditions)
    return why_not(step, event, "main")


@pytest.mark.parametrize(
    "condition",
    [
        "always()",
        "${{ always() }}",
        "success()",
        "github.event_name == 'pull_request'",
        "${{ github.event_name != 'push' }}",
        "github.base_ref == 'main'",
        "github.event_name == 'push' || github.event_name == 'pull_request'",
        "always() && github.event_name == 'pull_request'",
        "github.repository == 'a/b' || always()",
    ],
)
def test_it_surely_runs(condition: str) -> None:
    assert github(condition) == ""


@pytest.mark.parametrize(
    "condition",
    [
        "false",
        "failure()",
        "github.event_name == 'push'",
        "github.ref == 'refs/heads/main'",
        "false && github.actor == 'x'",
    ],
)
def test_it_surely_does_not(condition: str) -> None:
    assert github(condition) is None


@pytest.mark.parametrize(
    "condition",
    [
        "github.repository == 'a/b'",
        "!github.event.pull_request.draft",
        "(always())",
        "needs.x.outputs.changed == 'true'",
        "always() && github.actor != 'bot'",
        "false || github.actor != 'bot'",
    ],
)
def test_nobody_can_tell(condition: str) -> None:
    assert github(condition) == f"it runs only if `{condition}`"


@pytest.mark.parametrize(
    ("trigger", "runs"),
    [
        (Trigger(PULL), True),
        (Trigger(PULL, branches=("main",)), True),
        (Trigger(PULL, branches=("m*",)), True),
        (Trigger(PULL, branches=("**",)), True),
        (Trigger(PULL, branches=("**", "!main")), False),
        (Trigger(PULL, branches=("develop",)), False),
        (Trigger(PULL, ignored=("main",)), False),
        (Trigger(PULL, ignored=("docs/**",)), True),
        (Trigger(PULL, paths=True), False),
    ],
)
def test_branches_and_paths(trigger: Trigger, *, runs: bool) -> None:
    assert (github(trigger=trigger) == "") is runs


def test_one_of_several_triggers_is_enough() -> None:
    triggers = (Trigger(PULL, paths=True), Trigger(PULL), Trigger("push"))
    assert why_not(Step(HERE, "job", triggers=triggers), PULL, "main") == ""
    assert why_not(Step(HERE, "job", triggers=triggers), "schedule", "main") is None


def gitlab(*rules: Rule, event: str = PULL, branch: str = "main") -> str | None:
    return why_not(Step(HERE, "job", rules=rules, gitlab=True), event, branch)


MERGE = '$CI_PIPELINE_SOURCE == "merge_request_event"'
LAST = Rule(runs=False)


@pytest.mark.parametrize(
    ("rules", "pull", "push"),
    [
        ((), True, True),
        ((Rule(MERGE), LAST), True, False),
        ((Rule("$CI_COMMIT_BRANCH == 'main'"), LAST), False, True),
        ((Rule("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"), LAST), False, True),
        ((Rule("$CI_COMMIT_BRANCH"), LAST), True, True),
        ((Rule("$CI_COMMIT_TAG"), LAST), False, False),
        ((Rule("$CI_COMMIT_TAG == null"), LAST), True, True),
        ((Rule(MERGE, runs=False), Rule()), True, True),
        ((Rule('$CI_PIPELINE_SOURCE == "push"', runs=False), Rule()), True, False),
        ((Rule(f'{MERGE} && $CI_COMMIT_BRANCH == "x"'), LAST), False, False),
        ((Rule(f'{MERGE} || $CI_COMMIT_BRANCH == "main"'), LAST), True, True),
    ],
)
def test_rules_of_gitlab(rules: tuple[Rule, ...], *, pull: bool, push: bool) -> None:
    assert (gitlab(*rules) == "") is pull
    assert (gitlab(*rules, event="push") == "") is push


@pytest.mark.parametrize("condition", ["$OURS", "$CI_COMMIT_BRANCH =~ /^release/", "1 == 1", "?"])
def test_rules_that_nobody_can_tell(condition: str) -> None:
    reason = gitlab(Rule(condition), LAST, event="push")
    assert reason
    assert "runs only" in reason


def test_a_rule_that_lets_it_fail() -> None:
    assert gitlab(Rule(MERGE, fault="a person"), Rule("$CI_COMMIT_TAG"), LAST) == "a person"
