from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from adhere.model.finding import Judgement, Missing
from adhere.model.inventory import Source
from adhere.model.need import CannotJudge, InventoryNeed, ProjectsNeed, TodayNeed
from adhere.model.project import Listed, ProjectPage, Projects, Release
from corpus.inventories import component, inventory
from corpus.judging import judge, rule_of, told, wrong

TODAY = date(2026, 11, 25)


def release(version: str, day: str = "2026-01-01", **about: object) -> Release:
    uploaded = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    return Release(version, uploaded, **about)  # type: ignore[arg-type]  # fields of a release


def listed(*releases: Release, unanswered: tuple[tuple[str, str], ...] = ()) -> Listed:
    page = ProjectPage("p", "index.example.org", releases)
    return Listed((page,), ("index.example.org",), unanswered)


def said(
    parameters: str,
    answer: Listed | Missing,
    version: str = "1.0",
    python: str = "",
) -> Judgement:
    rule = rule_of("packages.fresh", parameters)
    given = inventory(component("p", version))
    if python:
        source = Source("environment", ".venv", "sha256:0", python)
        given = type(given)((source,), given.components)
    projects: Projects = {"p": answer}
    answers = {InventoryNeed(): given, TodayNeed(): TODAY, ProjectsNeed("all"): projects}
    return judge(rule, answers)


OLD = release("1.0", "2025-01-01")


@pytest.mark.parametrize(
    ("limit", "newer", "found"),
    [
        ("releases = 1", ["1.1"], []),
        ("releases = 1", ["1.1", "1.2"], ["package-behind p"]),
        ("releases = 0", ["1.1"], ["package-behind p"]),
        ("releases = 0", ["0.9", "1.0"], []),
        ("releases = 0", ["1.0.0"], []),
        ("releases = 0", ["2.0rc1", "2.0.dev1"], []),
        ("releases = 0", ["weird"], []),
        ("days = 30", ["1.1"], ["package-behind p"]),
        ("days = 400", ["1.1"], []),
    ],
)
def test_how_far_behind(limit: str, newer: list[str], found: list[str]) -> None:
    judgement = said(f"max_behind = {{ {limit} }}", listed(OLD, *map(release, newer)))
    assert told(judgement) == found
    assert (judgement.judged, judgement.unjudged) == (1, ())


def test_days_are_counted_from_the_first_newer_release() -> None:
    late = release("2.0", "2026-11-20")
    assert told(said("max_behind = { days = 30 }", listed(OLD, late))) == []
    judgement = said("max_behind = { days = 30 }", listed(OLD, release("1.1"), late))
    (finding,) = judgement.findings
    assert finding.message == "p 1.0 is 2 releases behind 2.0, the first of them for 328 days"
    assert finding.fix == "update it to 2.0"


@pytest.mark.parametrize(
    ("newer", "python", "behind"),
    [
        (release("2.0", yanked=True), "", False),
        (release("2.0", requires_python=">=3.13"), "3.12", False),
        (release("2.0", requires_python=">=3.13"), "3.13", True),
        (release("2.0", requires_python=">=3.13"), "", True),
        (release("2.0", requires_python="nonsense"), "3.12", True),
    ],
)
def test_what_is_not_admissible_is_not_newer(newer: Release, python: str, behind: bool) -> None:
    judgement = said("max_behind = { releases = 0 }", listed(OLD, newer), python=python)
    assert bool(judgement.findings) is behind


def test_a_pre_release_is_newer_where_one_is_in_use() -> None:
    answer = listed(release("2.0a1"), release("2.0a2"))
    assert told(said("max_behind = { releases = 0 }", answer, "2.0a1")) == ["package-behind p"]


def test_what_is_too_young_to_come_in_is_not_missed() -> None:
    young = release("2.0", "2026-11-20")
    answer = listed(OLD, young)
    both = 'max_behind = { releases = 0 }\ncooldown = "7d"'
    assert told(said(both, answer)) == []
    assert told(said(both, answer, "2.0")) == ["package-too-new p"]
    assert told(said('cooldown = "5d"', answer, "2.0")) == []


@pytest.mark.parametrize(
    ("parameters", "answer", "version", "reason"),
    [
        ("max_behind = { releases = 0 }", Missing("offline"), "1.0", "offline"),
        ("max_behind = { releases = 0 }", Listed(), "1.0", "no configured index has it"),
        (
            "max_behind = { releases = 0 }",
            Listed(unanswered=(("one", "refused"),)),
            "1.0",
            "one: refused",
        ),
        (
            "max_behind = { releases = 0 }",
            listed(OLD, unanswered=(("two", "deadline"),)),
            "1.0",
            "an index did not answer: two: deadline",
        ),
        ("max_behind = { releases = 0 }", listed(OLD), "weird", "`weird` is no PEP 440 version"),
        (
            "max_behind = { days = 9 }",
            listed(OLD, release("2.0", "")),
            "1.0",
            "the index does not say when releases came",
        ),
        ('cooldown = "1d"', listed(release("2.0")), "1.0", "no index has this release"),
        ('cooldown = "1d"', listed(release("1.0", "")), "1.0", "the index does not say when"),
        (
            'cooldown = "1d"',
            listed(OLD, unanswered=(("two", "deadline"),)),
            "1.0",
            "an index did not answer: two: deadline",
        ),
    ],
)
def test_what_nobody_knows_is_not_judged(
    parameters: str, answer: Listed | Missing, version: str, reason: str
) -> None:
    judgement = said(parameters, answer, version)
    assert judgement.findings == ()
    (unjudged,) = judgement.unjudged
    assert unjudged.reason.startswith(reason)
    assert judgement.judged == 0


def test_being_behind_is_known_even_when_an_index_is_silent() -> None:
    answer = listed(OLD, release("2.0"), unanswered=(("two", "deadline"),))
    assert told(said("max_behind = { releases = 0 }", answer)) == ["package-behind p"]


@pytest.mark.parametrize("days", [("2025-01-01", "2026-11-24"), ("2026-11-24", "2025-01-01")])
def test_a_release_is_as_young_as_the_index_says_that_got_it_last(days: tuple[str, str]) -> None:
    pages = tuple(
        ProjectPage("p", f"{day}.example.org", (release("1.0", day),)) for day in (*days, "")
    )
    judgement = said('cooldown = "7d"', Listed(pages, tuple(one.index for one in pages)))
    assert [finding.message for finding in judgement.findings] == ["p 1.0 came out 1 day ago"]


def test_only_and_direct() -> None:
    rule = rule_of("packages.fresh", 'max_behind = { releases = 0 }\nonly = ["P*"]\ndirect = true')
    given = inventory(component("p", "1.0"), component("q", "1.0"))
    need = ProjectsNeed("direct", ("P*",))
    projects: Projects = {"p": listed(OLD, release("2.0"))}
    answers = {InventoryNeed(): given, TodayNeed(): TODAY, need: projects}
    assert tuple(rule.kind.needs(rule.params))[2] == need
    assert {finding.subject for finding in judge(rule, answers).findings} <= {"p"}


def test_no_index_at_all() -> None:
    rule = rule_of("packages.fresh", "max_behind = { releases = 0 }")
    missing = {TodayNeed(): TODAY, ProjectsNeed("all"): Missing("offline")}
    with pytest.raises(CannotJudge, match="offline"):
        judge(rule, missing)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, ": nothing is limited, so nothing would be checked"),
        ({"max_behind": {"days": -1}}, "max_behind.days: -1 is less than none"),
    ],
)
def test_parameters_that_cannot_be(parameters: dict[str, object], message: str) -> None:
    assert message in wrong("packages.fresh", **parameters)
