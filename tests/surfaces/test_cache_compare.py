"""``adhere cache compare``, and the rule that believes it while nothing has changed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

import adhere.app.compare
from surfaces.world import World

RULE = """\
schema = 1

[[rule]]
id = "same"
check = "cache.equivalence"

[[rule]]
id = "licenses"
check = "licenses.allowed"
with = { allow = ["MIT"] }
"""


@pytest.fixture
def compared(world: World) -> World:
    world.write("adhere.toml", RULE)
    world.install("alpha")
    return world


def outcome(world: World) -> tuple[int, str]:
    ran = world.adhere("check", ".venv", "--format", "json")
    (same,) = [result for result in ran.value["results"] if result["rule"] == "same"]
    return ran.code, same["outcome"]


def test_a_comparison_is_believed_while_nothing_has_changed(compared: World) -> None:
    assert outcome(compared) == (3, "not_run")
    ran = compared.adhere("cache", "compare", ".venv")
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "the same: 3 runs over 2 inputs"
    assert outcome(compared) == (0, "pass")
    assert compared.adhere("cache", "compare", ".venv").code == 0  # it is no input of itself
    assert outcome(compared) == (0, "pass")
    compared.install("beta")
    assert outcome(compared) == (3, "not_run")


def test_a_rule_that_changed_makes_it_another_comparison(compared: World) -> None:
    compared.adhere("cache", "compare", ".venv")
    compared.write("adhere.toml", RULE.replace('"MIT"', '"MIT", "ISC"'))
    assert outcome(compared) == (3, "not_run")


def test_other_sources_are_other_inputs(compared: World) -> None:
    compared.write("requirements.txt", "alpha==1.0\n")
    compared.adhere("cache", "compare", ".venv", "requirements.txt")
    assert outcome(compared) == (3, "not_run")


def test_a_cache_that_lies_is_found(compared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    check = adhere.app.compare.check
    times = iter(range(9))

    def lying(*words: Any, **options: Any) -> Any:
        checked = check(*words, **options)
        if next(times) != 2:
            return checked
        (package,) = checked.report.packages
        wrong = msgspec.structs.replace(package, version="9")
        report = msgspec.structs.replace(checked.report, packages=(wrong, wrong))
        return msgspec.structs.replace(checked, report=report)

    monkeypatch.setattr(adhere.app.compare, "check", lying)
    ran = compared.adhere("cache", "compare", ".venv", "--format", "json")
    assert ran.code == 1
    assert ran.value["differences"] == ["packages[0].version", "packages[1]"]
    assert [one["cache"] for one in ran.value["runs"]] == ["none", "empty", "filled"]
    assert outcome(compared) == (1, "fail")


def test_the_cache_of_the_user_takes_no_part(compared: World) -> None:
    cache = compared / "cache"
    env = {"ADHERE_CACHE_DIR": str(cache)}
    assert compared.adhere("cache", "compare", ".venv", env=env).code == 0
    assert not cache.exists()


def test_inputs_that_are_wrong_show_nothing(compared: World) -> None:
    compared.write("adhere.toml", RULE + "more = 1\n")
    ran = compared.adhere("cache", "compare", ".venv")
    assert (ran.code, ran.codes) == (2, ["config-unknown-key"])
    assert not (compared / ".adhere/comparison.json").exists()


def test_it_can_be_written_elsewhere(compared: World) -> None:
    ran = compared.adhere("cache", "compare", ".venv", "--output", "proof/same.json")
    assert ran.code == 0
    assert (compared / "proof/same.json").is_file()
