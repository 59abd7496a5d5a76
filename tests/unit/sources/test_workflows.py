"""Workflows of GitHub and GitLab, as far as no golden case shows them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.model.location import Location
from adhere.model.need import DataFile
from adhere.model.workflow import Step, Trigger
from adhere.sources.data_file import read_data
from adhere.sources.github_actions import read_workflow
from adhere.sources.gitlab_ci import read_pipeline


def data(value: Any, path: str = "ci.yml") -> DataFile:
    return DataFile(path, value, lambda at: Location(path, len(at)))


def steps(job: dict[str, Any], on: Any = "push", **more: Any) -> list[Step]:
    found, _ = read_workflow(data({"on": on, "jobs": {"a": job}, **more}), lambda _path: None)
    return found


@pytest.mark.parametrize(
    ("on", "triggers"),
    [
        ("push", (Trigger("push"),)),
        (["push", "pull_request"], (Trigger("push"), Trigger("pull_request"))),
        ({"push": None}, (Trigger("push"),)),
        ({"push": {"branches": "main"}}, (Trigger("push", ("main",)),)),
        ({"push": {"branches-ignore": ["x"]}}, (Trigger("push", (), ("x",)),)),
        ({"push": {"paths": ["src/**"]}}, (Trigger("push", paths=True),)),
        ({"push": {"tags": ["v*"]}}, (Trigger("push", paths=True),)),
        (None, ()),
    ],
)
def test_triggers(on: Any, triggers: tuple[Trigger, ...]) -> None:
    (step,) = steps({"steps": [{"run": "scan"}]}, on)
    assert step.triggers == triggers


@pytest.mark.parametrize(
    ("shell", "given", "stops"),
    [
        ("", {}, False),
        ("bash", {}, True),
        ("bash -e {0}", {}, False),
        ("bash -eo pipefail {0}", {}, True),
        ("sh", {}, False),
        ("", {"defaults": {"run": {"shell": "bash"}}}, True),
    ],
)
def test_shells(shell: str, given: dict[str, Any], *, stops: bool) -> None:
    step = {"run": "scan | tee out", **({"shell": shell} if shell else {})}
    for found in (steps({"steps": [step], **given}), steps({"steps": [step]}, **given)):
        assert (found[0].fault == "") is stops


def test_a_shell_without_e_goes_on() -> None:
    (first, second) = steps({"steps": [{"run": "scan\necho", "shell": "bash {0}"}]})
    assert (bool(first.fault), bool(second.fault)) == (True, False)


@pytest.mark.parametrize(
    "job", [{"runs-on": "windows-latest"}, {"defaults": {"run": {"shell": "pwsh"}}}]
)
def test_other_shells_are_unknown(job: dict[str, Any]) -> None:
    value = {"on": "push", "jobs": {"a": {**job, "steps": [{"run": "scan"}]}}}
    found, unknown = read_workflow(data(value), lambda _path: None)
    assert found == []
    assert len(unknown) == 1


@pytest.mark.parametrize(
    ("value", "fault"),
    [(True, True), (False, False), ("${{ matrix.may }}", True), ("false", False)],
)
def test_continue_on_error(value: object, *, fault: bool) -> None:
    (step,) = steps({"steps": [{"run": "scan", "continue-on-error": value}]})
    assert bool(step.fault) is fault
    (step,) = steps({"continue-on-error": value, "steps": [{"run": "scan"}]})
    assert bool(step.fault) is fault


def test_a_workflow_that_calls_itself_ends() -> None:
    value = {"on": "workflow_call", "jobs": {"a": {"uses": "./ci.yml"}}}
    found, unknown = read_workflow(data(value), lambda _path: data(value))
    assert found == []
    assert len(unknown) == 1


def test_legs_of_a_matrix() -> None:
    matrix = {"a": [1, 2], "b": ["x"], "include": [{"a": 3}]}
    job = {"strategy": {"matrix": matrix}, "steps": [{"run": "scan ${{matrix.a}} ${{ matrix.b }}"}]}
    assert [step.words for step in steps(job)] == [("scan", str(n), "x") for n in (1, 2, 3)]


def test_gitlab_refers_and_extends_in_a_ring() -> None:
    text = ".a: {extends: .b}\n.b: {extends: .a, script: [!reference [.b, script]]}\nc: {extends: .a}\n"
    found, _ = read_pipeline(read_data(text, ".gitlab-ci.yml"), lambda _path: None)
    assert found == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from(["scan", "./x", "a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "on",
                    "jobs",
                    "steps",
                    "run",
                    "uses",
                    "if",
                    "shell",
                    "defaults",
                    "strategy",
                    "matrix",
                    "include",
                    "runs-on",
                    "needs",
                    "continue-on-error",
                    "script",
                    "extends",
                    "rules",
                    "when",
                    "changes",
                    "only",
                    "except",
                    "default",
                    "before_script",
                    "!reference",
                    "local",
                    "runs",
                    "push",
                    "branches",
                    "a",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@given(VALUES, VALUES)
def test_any_workflow_is_read(value: Any, other: Any) -> None:
    for whole in (value, {"on": value, "jobs": {"a": value, "b": {"steps": [value, other]}}}):
        read_workflow(data(whole), lambda _path: data(other))
    for whole in (value, {"a": value, "b": other, "include": value, "default": other}):
        read_pipeline(data(whole, ".gitlab-ci.yml"), lambda _path: data(other))
