"""``dependabot.covers``: somebody proposes updates, often enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from msgspec import Struct

from adhere.checks.selecting import wrong_patterns
from adhere.checks.update_configs import INTERVALS, Interval, Update, updates
from adhere.checks.wording import decision_note
from adhere.model.finding import Finding, Judgement, Note, Unjudged
from adhere.model.need import DataFile, DataFilesNeed, Facts, Need
from adhere.policy.rule import Code, Kind, ParamProblem, Rule

CONFIGURATIONS = (
    ".github/dependabot.yml",
    ".github/dependabot.yaml",
    "renovate.json",
    ".github/renovate.json",
    ".gitlab/renovate.json",
    ".renovaterc.json",
)


class Params(Struct, frozen=True):
    """Parameters of ``dependabot.covers``.

    Attributes:
        ecosystem: what is updated, in Dependabot's words: ``pip``, ``uv``, ``github-actions``.
        directory: of the manifest, from the root of the repository.
        interval: at least how often.
        branch: that has to be watched; any, where it is left out.
        files: configurations that are looked at, of either tool, told by their names.
    """

    ecosystem: str
    directory: str = "/"
    interval: Interval = "weekly"
    branch: str = ""
    files: tuple[str, ...] = CONFIGURATIONS


UNCOVERED = Code("updates-uncovered", "Nobody proposes updates, or not often enough")


def validate(params: Params) -> Iterator[ParamProblem]:
    """No ecosystem; no file."""
    if not params.ecosystem.strip():
        yield (("ecosystem",), "name what is updated: `pip`, `uv`, `github-actions`", "")
    if not params.files:
        yield (("files",), "name the configurations to look at", "")
    yield from wrong_patterns("files", params.files)


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Look for one entry that covers it."""
    found: tuple[DataFile, ...] = facts.require(needs(params)[0])
    entries = [
        update
        for data in found
        for update in updates(data, params.ecosystem, params.directory, params.branch)
    ]
    expected = f"`{params.ecosystem}` in `{params.directory}` {params.interval} or more often"
    good = [one for one in entries if not one.fault and not one.unknown and _is_often(one, params)]
    if good:
        where = good[0].where
        observed = f"{good[0].interval}, by {where.path}:{where.line}"
        return Judgement(judged=1, observed=observed, expected=expected)
    unjudged = tuple(
        Unjudged(f"{one.where.path}:{one.where.line}", one.unknown)
        for one in entries
        if one.unknown
    )
    if unjudged:
        return Judgement(unjudged=unjudged, expected=expected)
    return Judgement(
        findings=(_finding(rule, params, found, entries),),
        judged=1,
        observed="; ".join(_why(one) for one in entries) or "no entry is about it",
        expected=expected,
    )


def _is_often(update: Update, params: Params) -> bool:
    interval = update.interval
    return interval is not None and INTERVALS.index(interval) <= INTERVALS.index(params.interval)


def _why(update: Update) -> str:
    return update.fault or f"it is {update.interval}"


def _finding(
    rule: Rule, params: Params, found: tuple[DataFile, ...], entries: list[Update]
) -> Finding:
    where = entries[0].where if entries else found[0].locate(()) if found else None
    what = f"`{params.ecosystem}` in `{params.directory}`"
    files = ", ".join(params.files)
    nobody = Note(
        "looked at", ", ".join(data.path for data in found) or f"none of {files} is there"
    )
    return Finding(
        rule=rule.id,
        code=UNCOVERED.id,
        message=f"nobody proposes updates of {what} {params.interval}",
        subject=f"{params.ecosystem}:{params.directory}",
        location=where or rule.place("with", "ecosystem"),
        place="configured here" if where else "asked for here",
        notes=(
            *(Note("why", _why(one), location=one.where) for one in entries),
            *(() if entries else (nobody,)),
            decision_note(rule),
        ),
        fix=f"add an entry for {what} to .github/dependabot.yml",
    )


def needs(params: Params) -> tuple[Need, ...]:
    """The configurations that are there."""
    return (DataFilesNeed(params.files),)


KIND = Kind(
    name="dependabot.covers",
    summary="somebody proposes updates, often enough",
    params=Params,
    codes=(UNCOVERED,),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={"interval": get_args(Interval)},
)
