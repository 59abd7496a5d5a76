"""Kinds that misbehave: the outcome of their rule is `error`, and of no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from adhere.model.finding import Finding, Judgement, Unjudged
from adhere.model.need import DataNeed, Facts, FilesNeed, InventoryNeed
from adhere.model.verdict import Result, exit_code
from adhere.policy.answer import planned
from adhere.policy.config import Policy
from adhere.policy.evaluate import Context, evaluate
from adhere.policy.rule import Kind
from adhere.policy.settings import ConfigTable
from corpus.inventories import inventory
from corpus.policies import PROBE, TODAY, decoded, the_rule
from fakes.kinds import finding, probe, saying

FACTS = Facts({InventoryNeed(): inventory()})


def result(kind: Kind) -> Result:
    """What becomes of a rule of that kind; one beside it is judged all the same."""
    rules, needs = planned([the_rule(kind=kind), the_rule(PROBE.replace('"r"', '"other"'))])
    assert set(needs) == {"r", "other"}
    verdict = evaluate(Policy(ConfigTable(), rules), FACTS, Context(today=TODAY))
    first, second = verdict.results
    assert second.outcome == "pass"
    return first


def code(found: Result) -> int:
    return exit_code([found], problems=False, packages=5, allow_empty=True)


class Custom(Judgement, frozen=True):
    """A judgement with more to it."""

    more: int = 0


def lazy() -> Iterator[Finding]:
    yield finding()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "answered with a NoneType"),
        (True, "answered with a bool"),
        ([], "answered with a list"),
        (Judgement(findings=lazy(), judged=1), "malformed"),  # type: ignore[arg-type]  # what is tried
        (Judgement(findings=("text",), judged=1), "malformed"),  # type: ignore[arg-type]  # as above
        (Judgement(findings=(finding(level="fatal"),), judged=1), "malformed"),  # type: ignore[arg-type]  # as above
        (Judgement(findings=(finding(subject=5),), judged=1), "malformed"),  # type: ignore[arg-type]  # as above
        (Judgement(judged=True), "malformed"),
        (Judgement(judged="5"), "malformed"),  # type: ignore[arg-type]  # as above
        (Judgement(judged=1, observed=5), "malformed"),  # type: ignore[arg-type]  # as above
        (Judgement(judged=1, unjudged=("x",)), "malformed"),  # type: ignore[arg-type]  # as above
        (Judgement(judged=-1), "judged -1 subjects"),
        (Judgement((finding(),), applicable=False), "calls itself not applicable"),
        (Judgement(unjudged=(Unjudged("x", "y"),), applicable=False), "not applicable"),
        (Judgement((finding(rule="other"),), judged=1), "speaks for the rule `other`"),
        (Judgement((finding(code="invented"),), judged=1), "`invented` is none of its codes"),
        (Judgement((finding(disposition="waived"),), judged=1), "waived or known"),
        (Judgement((finding(disposition="allowed"),), judged=1), "waived or known"),
        (Judgement((finding(waiver="W-1"),), judged=1), "waived or known"),
    ],
)
def test_an_answer_that_is_none_is_never_a_pass(answer: Any, words: str) -> None:
    found = result(saying(answer))
    assert (found.outcome, code(found)) == ("error", 3)
    assert words in found.message


def test_a_list_of_findings_is_as_good_as_a_tuple() -> None:
    assert result(saying(Judgement([finding()], judged=1))).outcome == "fail"  # type: ignore[arg-type]  # what is tried
    assert result(saying(Custom((finding(),), judged=1))).outcome == "fail"


class Worded(Exception):  # noqa: N818 - for this test
    def __str__(self) -> str:
        raise ValueError


@pytest.mark.parametrize("error", [SystemExit(0), SystemExit(), Worded(), AssertionError("x")])
def test_a_check_that_raises_whatever_it_is_breaks(error: BaseException) -> None:
    def judge(*_: Any) -> Judgement:
        raise error

    found = result(probe(judge))
    assert (found.outcome, code(found)) == ("error", 3)
    assert type(error).__name__ in found.message


def test_evidence_that_was_not_asked_for_is_not_there() -> None:
    def judge(_rule: Any, _params: Any, facts: Facts) -> Judgement:
        facts.require(FilesNeed("*"))
        return Judgement(judged=1)

    assert "KeyError" in result(probe(judge)).message


def raises(error: BaseException) -> Callable[[Any], Any]:
    def call(_params: Any) -> Any:
        raise error

    return call


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        (raises(ValueError("x")), "ValueError: x"),
        (raises(SystemExit(0)), "SystemExit"),
        (lambda _: None, "TypeError"),
        (lambda _: ("files",), "asks for a str"),
        (lambda _: (FilesNeed(5),), "malformed"),  # type: ignore[arg-type]  # what is tried
        (lambda _: (DataNeed(["a"]),), "malformed"),  # type: ignore[arg-type]  # as above
    ],
)
def test_one_that_cannot_say_what_it_needs_breaks(needs: Any, words: str) -> None:
    found = result(msgspec.structs.replace(probe(), needs=needs))
    assert (found.outcome, code(found)) == ("error", 3)
    assert words in found.message


@pytest.mark.parametrize(
    "validate",
    [raises(ValueError("x")), raises(SystemExit(0)), lambda _: None, lambda _: ["text"]],
)
def test_one_that_cannot_look_at_its_parameters_breaks(validate: Any) -> None:
    kind = msgspec.structs.replace(probe(), validate=validate)
    rules, problems = decoded(PROBE, kind)
    assert problems == []
    assert [rule.broken != "" for rule in rules] == [True]
    assert result(kind).outcome == "error"
