"""``cache.equivalence``: a verdict is the same without a cache and with one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct, field

from adhere.checks.wording import decision_note, plural
from adhere.model.caching import Compared, Comparison
from adhere.model.finding import Finding, Judgement, Missing, Note
from adhere.model.location import Location
from adhere.model.need import CannotJudge, ComparisonNeed, Facts, Need, TodayNeed
from adhere.policy.quantity import Duration
from adhere.policy.rule import Code, Kind, ParamProblem, Rule


class Params(Struct, frozen=True):
    """Parameters of ``cache.equivalence``.

    Attributes:
        comparison: file that `adhere cache compare` wrote, relative to the project.
        max_age: it is at most so old, in whole days.
    """

    comparison: str = ".adhere/comparison.json"
    max_age: Duration = field(default_factory=lambda: Duration("30d"))


DIFFERS = Code("cache-differs", "A report is another one with a cache than without")

_AGAIN = "run: adhere cache compare"
_TOLD = 3


def validate(params: Params) -> Iterator[ParamProblem]:
    """A file outside of the project; an age of less than a day."""
    parts = params.comparison.split("/")
    if not params.comparison or parts[0] in ("", "~") or ".." in parts or "*" in params.comparison:
        message = f"`{params.comparison}` has to be a POSIX path inside the project"
        yield (("comparison",), message, "")
    if params.max_age.days < 1:
        message = "comparisons are of a day, so one day is the least"
        yield (("max_age",), message, 'write "1d"')


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Whether the comparison speaks of what is there now, and what it says."""
    found: Compared = facts.require(ComparisonNeed(params.comparison))
    today: date = facts.require(TodayNeed())
    comparison = found.comparison
    reason = next(_stale(found, params, today), "")
    if reason:
        raise CannotJudge(Missing(f"{found.path} {reason}", _AGAIN))
    findings = (_differing(rule, found),) if _differs(comparison) else ()
    looked_up = [run for run in comparison.runs if run.hit_rate is not None]
    runs = plural(len(comparison.runs), "run")
    return Judgement(
        findings=findings,
        judged=len(looked_up),
        observed=f"{runs} on {comparison.made}, {'not ' if findings else ''}the same",
        expected="the same report without a cache, with an empty one, and with a filled one",
        valid_until=comparison.made + timedelta(days=params.max_age.days),
    )


def _stale(found: Compared, params: Params, today: date) -> Iterator[str]:
    """Why a comparison says nothing about what is there now."""
    comparison = found.comparison
    if {run.cache for run in comparison.runs} != {"none", "empty", "filled"}:
        yield "does not hold a run without a cache, with an empty one, and with a filled one"
    if comparison.version != found.version:
        yield f"is of another adhere, {comparison.version}"
    if found.changed:
        more = len(found.changed) - _TOLD
        words = ", ".join(found.changed[:_TOLD]) + (f" and {more} more" if more > 0 else "")
        yield f"is of other inputs: {words}"
    age = (today - comparison.made).days
    if age > params.max_age.days:
        yield f"is {plural(age, 'day')} old, and {params.max_age} is the most"
    if age < 0:
        yield f"is of {comparison.made}, which is yet to come"
    for run in comparison.runs:
        if run.cache == "filled" and run.hit_rate == 0:
            yield "compares with a cache that answered nothing"


def _differs(comparison: Comparison) -> bool:
    return len({run.report for run in comparison.runs}) > 1 or bool(comparison.differences)


def _differing(rule: Rule, found: Compared) -> Finding:
    comparison = found.comparison
    notes = [Note("differs", place) for place in comparison.differences[:_TOLD]]
    notes += [Note(run.cache, run.report) for run in comparison.runs]
    return Finding(
        rule=rule.id,
        code=DIFFERS.id,
        message="the report is another one with a cache than without",
        subject=found.path,
        location=Location(found.path),
        place="compared here",
        notes=(*notes, decision_note(rule)),
        fix="adhere cache clear, then adhere cache compare; if they differ again, please report it",
    )


def needs(params: Params) -> tuple[Need, ...]:
    """The comparison, and the day that tells how old it is."""
    return (ComparisonNeed(params.comparison), TodayNeed())


KIND = Kind(
    name="cache.equivalence",
    summary="a verdict is the same without a cache and with one",
    params=Params,
    codes=(DIFFERS,),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={"max_age": "smaller"},
)
