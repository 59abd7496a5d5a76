from __future__ import annotations

import pytest

from adhere.model.finding import Judgement, Missing
from adhere.model.need import CannotJudge, InventoryNeed, ProjectsNeed
from adhere.model.project import Listed, ProjectPage, Release
from corpus.inventories import component, inventory
from corpus.judging import judge, rule_of, told, wrong

PUBLIC = "https://public.example.org/simple"
OWN = "https://index.example.org/simple"
NEED = ProjectsNeed("first-party")


def said(answer: Listed | Missing, not_on: str = "public.example.org") -> Judgement:
    rule = rule_of("sources.allowed", f'not_on = ["{not_on}"]')
    ours = component("acme-core", "1.0", first_party=True)
    return judge(rule, {InventoryNeed(): inventory(ours), NEED: {"acme-core": answer}})


def page(index: str) -> ProjectPage:
    return ProjectPage("acme-core", index, (Release("9.9"),))


def test_a_name_of_ours_on_a_public_index() -> None:
    judgement = said(Listed((page(OWN), page(PUBLIC)), (OWN, PUBLIC)))
    assert told(judgement) == ["source-confusion acme-core"]
    (finding,) = judgement.findings
    assert "newest release 9.9" in finding.notes[0].text


def test_a_name_that_only_our_own_index_has() -> None:
    judgement = said(Listed((page(OWN),), (OWN, PUBLIC)))
    assert (told(judgement), judgement.unjudged, judgement.judged) == ([], (), 1)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Missing("offline"), "offline"),
        (Listed((page(OWN),), (OWN,), ((PUBLIC, "refused"),)), f"{PUBLIC}: refused"),
        (Listed((page(OWN),), (OWN,)), "none of the configured indexes is one of `not_on`"),
    ],
)
def test_what_nobody_could_ask_is_not_judged(answer: Listed | Missing, reason: str) -> None:
    judgement = said(answer)
    assert judgement.findings == ()
    assert [one.reason for one in judgement.unjudged] == [reason]


def test_without_an_answer_there_is_no_verdict() -> None:
    rule = rule_of("sources.allowed", 'not_on = ["public.example.org"]')
    with pytest.raises(CannotJudge, match="offline"):
        judge(rule, {NEED: Missing("offline")})


def test_the_index_is_asked_only_by_a_rule_that_wants_to_know() -> None:
    rule = rule_of("sources.allowed")
    assert tuple(rule.kind.needs(rule.params)) == (InventoryNeed(),)


def test_an_index_without_a_host() -> None:
    assert wrong("sources.allowed", not_on=["https://"]) == ["not_on.0: `https://` names no host"]
