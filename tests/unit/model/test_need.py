from __future__ import annotations

import pytest

from adhere.model.finding import Missing
from adhere.model.need import (
    CannotJudge,
    Facts,
    FilesNeed,
    InventoryNeed,
    LicensesNeed,
    RequirementsNeed,
)
from corpus.inventories import inventory

FACTS = Facts({InventoryNeed(): inventory(), FilesNeed("a"): (), FilesNeed("b"): Missing("why")})


def test_an_empty_answer_is_an_answer() -> None:
    assert FACTS.require(FilesNeed("a")) == ()
    assert FACTS.has(FilesNeed("a"))


def test_missing_evidence_stops_the_check() -> None:
    assert not FACTS.has(FilesNeed("b"))
    with pytest.raises(CannotJudge) as caught:
        FACTS.require(FilesNeed("b"))
    assert caught.value.missing.reason == "why"


def test_a_need_that_was_not_declared_is_a_defect_of_the_check() -> None:
    for ask in (FACTS.get, FACTS.require):
        with pytest.raises(KeyError):
            ask(LicensesNeed())
    assert not FACTS.has(LicensesNeed())


def test_needs_of_two_kinds_never_meet() -> None:
    assert FilesNeed("a") != RequirementsNeed("a")
    facts = Facts({FilesNeed("a"): ("file",), RequirementsNeed("a"): ()})
    assert facts.get(FilesNeed("a")) == ("file",)
    assert facts.get(RequirementsNeed("a")) == ()
