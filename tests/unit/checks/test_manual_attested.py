from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.model.finding import Judgement
from adhere.model.need import FilesNeed, TodayNeed
from corpus.judging import judge, rule_of, told

DAY = date(2026, 11, 24)
WITH = 'statement = "it is so"\nowner = "@lead"\nvalid = "30d"\nremind = "7d"\n'


def said(attested: date | None, more: str = "", files: tuple[str, ...] = ()) -> Judgement:
    day = f"attested = {attested}\n" if attested else ""
    answers = {TodayNeed(): DAY, FilesNeed("minutes.md"): files}
    return judge(rule_of("manual.attested", WITH + day + more), answers)  # type: ignore[arg-type]  # needs of several sorts


@pytest.mark.parametrize(
    ("days", "codes"),
    [
        (-1, ["attestation-due"]),
        (0, []),
        (22, []),
        (23, ["attestation-ending"]),
        (30, ["attestation-ending"]),
        (31, ["attestation-due"]),
        (3000, ["attestation-due"]),
    ],
)
def test_a_statement_holds_for_its_time(days: int, codes: list[str]) -> None:
    found = said(DAY - timedelta(days=days))
    assert [finding.code for finding in found.findings] == codes
    assert found.manual


def test_one_that_was_never_made_is_due() -> None:
    assert told(said(None)) == ["attestation-due @lead"]
    assert said(None).observed == "never stated"


def test_the_file_that_shows_it() -> None:
    evidence = 'evidence = "minutes.md"\n'
    assert told(said(DAY, evidence)) == ["attestation-unproven @lead"]
    assert told(said(DAY, evidence, ("minutes.md",))) == []


@given(st.integers(-4000, 4000))
def test_it_is_due_ending_or_fine(days: int) -> None:
    codes = [finding.code for finding in said(DAY - timedelta(days=days)).findings]
    assert codes in ([], ["attestation-due"], ["attestation-ending"])
    assert (codes == []) == (0 <= days < 23)
