"""``manual.attested``: what no program can see, a person stated, and states again in time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct, field

from adhere.checks.wording import decision_note, plural
from adhere.model.finding import Finding, Judgement, Level, Missing, Note
from adhere.model.need import Facts, FilesNeed, Need, TodayNeed
from adhere.policy.quantity import Duration
from adhere.policy.rule import Code, Kind, ParamProblem, Rule

_OWNER = re.compile(r"\S.{0,99}")
_MARKS = frozenset("*?[")


class Params(Struct, frozen=True):
    """Parameters of ``manual.attested``.

    Attributes:
        statement: what is so, as a sentence.
        owner: who says so, and is asked again: ``@lead``, a team, an address.
        attested: the day on which it was said; absent until it was said for the first time.
        valid: how long that holds.
        evidence: a file of the project that shows it, such as minutes; empty for none.
        remind: how long before its end a warning asks for the next time.
    """

    statement: str
    owner: str
    valid: Duration
    attested: date | None = None
    evidence: str = ""
    remind: Duration = field(default_factory=lambda: Duration("14d"))


DUE = Code("attestation-due", "A person has to state something, or to state it again")
ENDING = Code("attestation-ending", "A person's statement ends soon")
UNPROVEN = Code("attestation-unproven", "The file that shows what a person stated is not there")


def validate(params: Params) -> Iterator[ParamProblem]:
    """A statement that says nothing, or that nobody answers for."""
    if not params.statement.strip():
        yield (("statement",), "it states nothing", "say what is so, in a sentence")
    if _OWNER.fullmatch(params.owner) is None:
        yield (("owner",), "nobody answers for it", "name a person or a team: `@lead`")
    if params.valid.days < 1:
        yield (("valid",), "it would end on the day on which it was said", 'write "90d"')
    if params.remind.seconds >= params.valid.seconds > 0:
        yield (("remind",), "it would ask from the first day on", "write less than `valid`")
    parts = params.evidence.split("/")
    if params.evidence.startswith(("/", "~")) or ".." in parts or _MARKS & set(params.evidence):
        message = f"`{params.evidence}` has to be a POSIX path inside the project, without patterns"
        yield (("evidence",), message, "")


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Compare the day of the statement with today."""
    today: date = facts.require(TodayNeed())
    findings = [*_late(rule, params, today), *_unproven(rule, params, facts)]
    if params.attested is None:
        observed = "never stated"
    else:
        observed = f"stated on {params.attested} by {params.owner}"
    return Judgement(
        findings=tuple(findings),
        judged=1,
        observed=observed,
        expected=f"stated by {params.owner} within {plural(params.valid.days, 'day')}",
        manual=True,
        valid_until=_end(params),
    )


def _late(rule: Rule, params: Params, today: date) -> Iterator[Finding]:
    if params.attested is None:
        message = f"{params.owner} has to state it for the first time: {params.statement}"
        yield _finding(rule, params, DUE, message, "statement")
        return
    if params.attested > today:
        message = f"it was stated on {params.attested}, which is yet to come: {params.statement}"
        yield _finding(rule, params, DUE, message, "attested")
        return
    end = _end(params) or today
    if today > end:
        late = plural((today - end).days, "day")
        message = f"{params.owner} has to state it again, {late} ago: {params.statement}"
        yield _finding(rule, params, DUE, message, "attested")
    elif today >= end - timedelta(days=params.remind.days):
        left = plural((end - today).days, "day")
        message = f"{params.owner} has to state it again within {left}: {params.statement}"
        yield _finding(rule, params, ENDING, message, "attested", "warn")


def _end(params: Params) -> date | None:
    """The last day on which a statement holds, ``None`` for one that was not made."""
    if params.attested is None:
        return None
    return params.attested + timedelta(days=params.valid.days)


def _unproven(rule: Rule, params: Params, facts: Facts) -> Iterator[Finding]:
    if not params.evidence:
        return
    found = facts.get(FilesNeed(params.evidence))
    if isinstance(found, Missing) or not found:
        message = f"{params.evidence}, which is to show it, is not there: {params.statement}"
        yield _finding(rule, params, UNPROVEN, message, "evidence")


def _finding(
    rule: Rule, params: Params, code: Code, message: str, key: str, level: Level = "error"
) -> Finding:
    return Finding(
        rule=rule.id,
        code=code.id,
        message=message,
        subject=params.owner,
        level=level,
        location=rule.place("with", key),
        place="stated here",
        notes=(Note("statement", params.statement), decision_note(rule)),
        fix=_FIXES[code.id],
    )


_FIXES = {
    DUE.id: "see whether it is so; if it is, set `attested` to the day, in a change that is reviewed",
    ENDING.id: "see whether it still is so, and set `attested` to the day",
    UNPROVEN.id: "add the file, or name the one that shows it",
}


def needs(params: Params) -> tuple[Need, ...]:
    """The day, and the file that shows it."""
    proof = (FilesNeed(params.evidence),) if params.evidence else ()
    return (TodayNeed(), *proof)


KIND = Kind(
    name="manual.attested",
    summary="a person stated what no program can see, and states it again in time",
    params=Params,
    codes=(DUE, ENDING, UNPROVEN),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={"valid": "smaller"},
)
