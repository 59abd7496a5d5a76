from __future__ import annotations

import pytest

from adhere.model.assemble import assemble
from adhere.model.finding import Judgement
from adhere.model.inventory import Reading
from adhere.model.need import InventoryNeed
from corpus.inventories import package, reading
from corpus.judging import judge, rule_of, told

ENVIRONMENT = {"kind": "environment", "python": "3.12", "platform": "linux"}


def said(*readings: Reading, parameters: str = "") -> Judgement:
    return judge(rule_of("sources.agree", parameters), {InventoryNeed(): assemble(readings)})


@pytest.mark.parametrize(
    "readings",
    [
        (),
        (reading(package("web")),),
        (reading(package("web")), reading(package("web"), kind="uv.lock")),
        (reading(package("web"), kind="environment"),),
        (reading(package("web")), reading(package("web"), kind="cyclonedx")),
    ],
)
def test_without_a_lock_beside_an_environment_there_is_nothing_to_compare(
    readings: tuple[Reading, ...],
) -> None:
    judgement = said(*readings)
    assert (judgement.applicable, judgement.judged) == (False, 0)


@pytest.mark.parametrize("lock", ["pylock", "uv.lock", "poetry.lock", "pdm.lock", "requirements"])
@pytest.mark.parametrize("installed", ["environment", "pip-list", "pip-inspect"])
def test_every_lock_is_compared_with_every_environment(lock: str, installed: str) -> None:
    where = {**ENVIRONMENT, "kind": installed}
    judgement = said(reading(package("a"), kind=lock), reading(package("b"), **where))  # type: ignore[arg-type]  # a kind by name
    assert told(judgement) == ["lock-extra b", "lock-missing a"]


def test_several_locks_share_the_work_but_not_the_versions() -> None:
    judgement = said(
        reading(package("web", "1"), path="app.lock"),
        reading(package("tool", "1"), package("web", "2"), path="tools.lock"),
        reading(package("web", "1"), package("tool", "1"), package("more"), **ENVIRONMENT),  # type: ignore[arg-type]  # as above
    )
    assert told(judgement) == ["lock-extra more", "lock-version web"]
    assert judgement.findings[1].detail == "tools.lock"
    assert judgement.observed == "2 differences"


def test_one_difference_is_told_once() -> None:
    locks = [reading(package("web"), path=f"{n}.lock") for n in range(3)]
    judgement = said(*locks, reading(**ENVIRONMENT))  # type: ignore[arg-type]  # as above
    assert told(judgement) == ["lock-missing web"]


def test_what_need_not_be_locked() -> None:
    given = (reading(package("web")), reading(package("web"), package("uv"), **ENVIRONMENT))  # type: ignore[arg-type]  # as above
    assert told(said(*given)) == []
    assert told(said(*given, parameters="ignore = []")) == ["lock-extra uv"]


def test_a_marker_that_nobody_can_evaluate_is_told_once() -> None:
    maybe = package("maybe", marker="sys_platform == 'linux'")
    locks = [reading(package("web"), maybe, path=f"{n}.lock") for n in range(2)]
    judgement = said(*locks, reading(package("web"), kind="pip-list"))
    assert [entry.subject for entry in judgement.unjudged] == ["maybe"]
