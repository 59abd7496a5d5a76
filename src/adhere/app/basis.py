"""What a verdict rests on, and until when it is the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from adhere.app.entry import Entry
from adhere.app.recall import PREFIXES, VARIABLES
from adhere.checks import BUILT_IN
from adhere.model.need import (
    Answer,
    BaselineNeed,
    CacheSettingsNeed,
    CodeNeed,
    ComparisonNeed,
    CompatibilityNeed,
    DataFilesNeed,
    DataNeed,
    FilesNeed,
    InventoryNeed,
    LedgerNeed,
    LicensesNeed,
    Need,
    PreviousNeed,
    ProjectsNeed,
    ReadingNeed,
    RequirementsNeed,
    ResultsNeed,
    RunsNeed,
    ScansNeed,
    TextsNeed,
    TodayNeed,
    VulnerabilitiesNeed,
    WorkflowsNeed,
)
from adhere.sources.git import Commit

if TYPE_CHECKING:
    from adhere.policy.rule import Rule

LASTING: frozenset[type[Need]] = frozenset(
    {
        BaselineNeed,
        CacheSettingsNeed,
        CodeNeed,
        ComparisonNeed,
        CompatibilityNeed,
        DataFilesNeed,
        DataNeed,
        FilesNeed,
        InventoryNeed,
        LedgerNeed,
        LicensesNeed,
        PreviousNeed,
        ProjectsNeed,
        ReadingNeed,
        RequirementsNeed,
        ResultsNeed,
        RunsNeed,
        ScansNeed,
        TextsNeed,
        TodayNeed,
        VulnerabilitiesNeed,
        WorkflowsNeed,
    }
)
"""Needs whose answers rest on files, on the day, or on what a cache holds until a known time.

A rule that asks for anything else is judged anew each time.
"""


class Basis(Struct, frozen=True):
    """What a verdict rests on besides the files that this process was seen to read.

    Attributes:
        entries: what environments are made of, by absolute path of the folder and name in it.
        files: absolute paths of files that were read for rules, be it by another process.
        commit: that the project stands at.
        until: seconds since the epoch at which the verdict may be another one; 0 where it
            may be at once.
    """

    entries: Mapping[str, Mapping[str, Entry]]
    files: tuple[str, ...]
    commit: Commit
    until: float


def lasts_until(
    rules: Iterable[Rule], answers: Mapping[Need, Answer], moment: datetime, *, fixed: bool
) -> float:
    """Until when rules and answers come to the same verdict, if no file changes.

    Args:
        rules: that were judged.
        answers: that they were given.
        moment: of the verdict.
        fixed: today is whatever the environment says, and not a matter of the clock.
    """
    rules = tuple(rules)
    if any(rule.table.check not in BUILT_IN for rule in rules):
        return 0.0
    if any(type(need) not in LASTING for need in answers):
        return 0.0
    if not all(map(is_watched, variables_of(answers.get(CacheSettingsNeed())))):
        return 0.0
    if fixed:
        return math.inf
    until = end_of_day(moment)
    known = answers.get(VulnerabilitiesNeed())
    age: float | None = getattr(known, "age", None)
    if age is None:
        return until
    limits = [getattr(rule.params, "max_age", None) for rule in rules if is_about_flaws(rule)]
    youngest = min((limit.seconds for limit in limits if limit), default=math.inf)
    left = min(youngest, getattr(known, "max_age", 0.0)) - age
    return min(until, moment.timestamp() + left) if left > 0 else 0.0


def is_about_flaws(rule: Rule) -> bool:
    """Whether ``max_age`` of a rule is that of advisories."""
    return rule.table.check.startswith("vulnerabilities.")


def variables_of(settings: Answer | None) -> tuple[str, ...]:
    """Variables of the environment that the configuration of the cache names."""
    shared = getattr(settings, "shared", None)
    found: tuple[str, ...] = getattr(shared, "variables", ())
    return found


def is_watched(variable: str) -> bool:
    """Whether a change of a variable makes another run of what was the same one."""
    return variable in VARIABLES or variable.startswith(PREFIXES)


def end_of_day(moment: datetime) -> float:
    """When the day of a verdict ends, seconds since the epoch."""
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day + timedelta(days=1)).timestamp()
