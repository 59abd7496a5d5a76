"""Check kinds that test the engine: they say what a test tells them to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

from msgspec import Struct

from adhere.model.finding import Finding, Judgement, Level
from adhere.model.need import Facts, Need
from adhere.policy.rule import Code, Kind, ParamProblem, Rule

CODE = Code("probe-failed", "The probe says so")
OTHER = Code("probe-other", "The probe says something else")


class Entry(Struct, frozen=True):
    """An element that may also be plain text."""

    package: str
    reason: str = ""


class Params(Struct, frozen=True):
    """One parameter of each sort that kinds have."""

    names: tuple[str, ...] = ()
    entries: tuple[Entry | str, ...] = ()
    limit: int = 0
    mode: Literal["strict", "mild"] = "strict"
    choices: dict[str, str] = {}


class Required(Struct, frozen=True):
    """A parameter that has to be there."""

    names: tuple[str, ...]


def validate(params: Params) -> Iterable[ParamProblem]:
    """The name `bad` is none; nothing at all is nothing."""
    for index, name in enumerate(params.names):
        if name == "bad":
            yield (("names", index), "`bad` is no name", "write `good`")
    if params.limit < 0:
        yield (("limit",), "a limit is not negative", "")


def passes(_rule: Rule, _params: Any, _facts: Facts) -> Judgement:
    """One subject, nothing wrong."""
    return Judgement(judged=1)


def probe(
    judge: Callable[[Rule, Any, Facts], Judgement] = passes,
    *,
    name: str = "probe",
    params: type[Struct] = Params,
    needs: tuple[Need, ...] = (),
) -> Kind:
    """A kind that judges as it is told."""
    return Kind(
        name=name,
        summary="for tests",
        params=params,
        codes=(CODE, OTHER),
        needs=lambda _params: needs,
        judge=judge,
        validate=validate if params is Params else lambda _params: (),
    )


def saying(judgement: Judgement) -> Kind:
    """A probe that always comes to the same judgement."""
    return probe(lambda _rule, _params, _facts: judgement)


def finding(subject: str = "package", level: Level = "error", **fields: Any) -> Finding:
    """A finding of the rule `r`, the one that `corpus.policies` makes."""
    values: dict[str, Any] = {
        "rule": "r",
        "code": CODE.id,
        "message": f"{subject} is wrong",
        "subject": subject,
        "level": level,
        **fields,
    }
    return Finding(**values)
