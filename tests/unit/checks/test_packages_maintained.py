from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from adhere.model.finding import Judgement
from adhere.model.need import InventoryNeed, ProjectsNeed, TodayNeed
from adhere.model.project import Listed, ProjectPage, Release
from adhere.policy.quantity import Duration
from corpus.inventories import component, inventory
from corpus.judging import judge, rule_of, told, wrong

TODAY = date(2026, 11, 25)
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def page(index: str = "one", **about: object) -> ProjectPage:
    wanted = {"releases": (Release("1.0", DAY),), "status": "active", **about}
    return ProjectPage("p", index, **wanted)  # type: ignore[arg-type]  # fields of a page


def said(parameters: str, *pages: ProjectPage, silent: bool = False) -> Judgement:
    rule = rule_of("packages.maintained", parameters)
    unanswered = (("three", "refused"),) if silent else ()
    projects = {"p": Listed(pages, tuple(one.index for one in pages), unanswered)}
    answers = {
        InventoryNeed(): inventory(component("p", "1.0")),
        TodayNeed(): TODAY,
        ProjectsNeed("all"): projects,
    }
    return judge(rule, answers)


def levels(judgement: Judgement) -> list[str]:
    return [f"{finding.code} {finding.level}" for finding in judgement.findings]


def test_what_is_alive_is_fine() -> None:
    judgement = said("", page())
    assert (judgement.findings, judgement.unjudged, judgement.judged) == ((), (), 1)


@pytest.mark.parametrize(
    ("parameters", "level"),
    [("", "error"), ('yanked = "warn"', "warn"), ('yanked = "allow"', None)],
)
def test_a_withdrawn_release(parameters: str, level: str | None) -> None:
    gone = page(releases=(Release("1.0", DAY, yanked=True, yanked_reason="broken"),))
    judgement = said(parameters, gone)
    assert levels(judgement) == ([f"package-yanked {level}"] if level else [])
    if level:
        assert judgement.findings[0].message == "p 1.0 was withdrawn: broken"


@pytest.mark.parametrize(
    ("status", "level"),
    [("quarantined", "error"), ("archived", "warn"), ("deprecated", "warn")],
)
def test_a_closed_project(status: str, level: str) -> None:
    closed = page(status=status, status_reason="use q")
    judgement = said("", closed)
    assert levels(judgement) == [f"package-closed {level}"]
    assert judgement.findings[0].message == f"the project of p 1.0 is {status}: use q"
    assert told(said(f'{status} = "allow"', closed)) == []


def test_the_worst_word_of_several_indexes_counts() -> None:
    pages = (page("one"), page("two", status="quarantined"))
    assert told(said("", *pages)) == told(said("", *pages[::-1])) == ["package-closed p"]


@pytest.mark.parametrize(("limit", "found"), [("300d", ["package-silent p"]), ("400d", [])])
def test_a_silent_project(limit: str, found: list[str]) -> None:
    assert told(said(f'last_release = "{limit}"', page())) == found


def test_any_release_breaks_the_silence() -> None:
    recent = Release("0.9.1", datetime(2026, 11, 1, tzinfo=UTC))
    pages = page(releases=(Release("1.0", DAY), recent))
    assert told(said('last_release = "90d"', pages)) == []


@pytest.mark.parametrize(
    ("parameters", "about", "silent", "reason"),
    [
        ("", {"status": None}, False, "the index does not tell the status of projects"),
        ("", {"releases": ()}, False, "no index has this release"),
        (
            "",
            {"releases": (Release("1.0", DAY, yanked=None),)},
            False,
            "the index does not tell what was withdrawn",
        ),
        ("", {"releases": ()}, True, "an index did not answer: three: refused"),
        ("", {}, True, "an index did not answer: three: refused"),
        ('yanked = "allow"', {}, True, "an index did not answer: three: refused"),
        ('last_release = "9d"', {"releases": (Release("1.0"),)}, False, "the index does not say"),
        ('last_release = "9d"', {}, True, "an index did not answer: three: refused"),
    ],
)
def test_what_nobody_knows_is_not_judged(
    parameters: str, about: dict[str, object], silent: bool, reason: str
) -> None:
    judgement = said(parameters, page(**about), silent=silent)
    assert judgement.findings == ()
    (unjudged,) = judgement.unjudged
    assert unjudged.reason.startswith(reason)
    assert judgement.judged == 0


def test_a_release_that_one_of_several_indexes_withdrew() -> None:
    gone = page("two", releases=(Release("1.0", DAY, yanked=True, yanked_reason="broken"),))
    assert told(said("", page(), gone)) == told(said("", gone, page())) == ["package-yanked p"]


def test_one_index_that_tells_withdrawals_is_enough() -> None:
    files = page("two", releases=(Release("1.0", DAY, yanked=None),))
    assert said("", page(), files).unjudged == said("", files, page()).unjudged == ()


def test_what_is_wrong_is_told_though_an_index_is_silent() -> None:
    assert told(said("", page(status="archived"), silent=True)) == ["package-closed p"]


def test_an_index_without_status_is_enough_where_status_does_not_matter() -> None:
    words = "\n".join(f'{name} = "allow"' for name in ("quarantined", "archived", "deprecated"))
    judgement = said(words, page(status=None))
    assert (judgement.unjudged, judgement.judged) == ((), 1)


def test_a_rule_that_allows_everything_is_none() -> None:
    words = ("yanked", "quarantined", "archived", "deprecated")
    found = wrong("packages.maintained", **dict.fromkeys(words, "allow"))
    assert found == [": everything is allowed, so nothing would be checked"]


def test_silence_that_is_allowed_is_not_looked_for() -> None:
    limit = Duration("9d")
    words = dict.fromkeys(("yanked", "quarantined", "archived", "deprecated"), "allow")
    found = wrong("packages.maintained", last_release=limit, silent="allow", **words)
    assert found == [": everything is allowed, so nothing would be checked"]
    assert not wrong("packages.maintained", last_release=limit, **words)
