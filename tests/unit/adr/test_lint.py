from __future__ import annotations

from datetime import date

import pytest

from adhere.adr.lint import lint
from unit.adr.test_register import adr

TODAY = date(2026, 11, 25)


def said(*adrs: object, texts: dict[str, str] | None = None) -> list[tuple[str, str]]:
    found = lint(adrs, (), texts or {}, TODAY)  # type: ignore[arg-type]  # they are decisions
    return [(problem.code, problem.message) for problem in found]


def test_nothing_is_wrong_with_two_that_agree() -> None:
    old = adr("ADR-001", "superseded", superseded_by="[ADR-002]")
    assert said(old, adr("ADR-002", supersedes="[ADR-001]")) == []


def test_the_newer_one_does_not_know() -> None:
    old = adr("ADR-001", "superseded", superseded_by="[ADR-002]")
    message = "ADR-001 is superseded by ADR-002, which does not say that it supersedes it"
    assert said(old, adr("ADR-002")) == [("adr-supersession", message)]


def test_the_older_one_does_not_know() -> None:
    found = said(adr("ADR-001"), adr("ADR-002", supersedes="[ADR-001]"))
    assert found == [
        ("adr-supersession", "ADR-002 supersedes ADR-001, which does not say so"),
        ("adr-supersession", "ADR-002 supersedes ADR-001, which is accepted all the same"),
    ]


def test_a_proposal_supersedes_nothing_yet() -> None:
    assert said(adr("ADR-001"), adr("ADR-002", "proposed", supersedes="[ADR-001]")) == []


def test_superseded_by_what_nobody_took() -> None:
    old = adr("ADR-001", "superseded", superseded_by="[ADR-002]")
    new = adr("ADR-002", "proposed", supersedes="[ADR-001]")
    message = "ADR-001 is superseded by ADR-002, which is proposed"
    assert said(old, new) == [("adr-supersession", message)]


def test_a_part_that_is_not_there() -> None:
    old = adr("ADR-001", superseded_by='["ADR-002#nothing"]')
    new = adr("ADR-002", supersedes='["ADR-001#decision"]')
    assert said(old, new) == [("adr-dangling", "ADR-001 has no rule and no section `nothing`")]


@pytest.mark.parametrize(
    ("status", "day", "due"),
    [
        ("accepted", "2026-11-24", True),
        ("accepted", "2026-11-25", False),
        ("proposed", "2020-01-01", True),
        ("superseded", "2020-01-01", False),
    ],
)
def test_a_review_that_is_due(status: str, day: str, due: bool) -> None:
    found = said(adr("ADR-001", status, review_by=day))
    assert found == ([("adr-review-due", f"ADR-001 was to be reviewed by {day}")] if due else [])


def test_a_file_that_is_named_like_a_decision_and_is_none() -> None:
    texts = {"docs/adr/0007-x.md": "# X\n", "docs/adr/readme.md": "# R\n"}
    (found,) = said(texts={**texts, "docs/adr/0000-template.md": ""})
    assert found == ("adr-invalid", "it is named like a decision and says no status")
