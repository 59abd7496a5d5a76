"""What a build relies on: the exit code, and the summary line that says why."""

from __future__ import annotations

import msgspec
import pytest

from adhere.checks import KINDS
from surfaces.world import LICENSES, Ran, World


def last(ran: Ran) -> str:
    return ran.out.splitlines()[-1]


def test_0_when_every_rule_holds(good: World) -> None:
    ran = good.check()
    assert ran.code == 0
    assert last(ran) == (
        "PASS: 1 package; 1 rule: 1 passed (exit 0: every rule of level error passed or is waived)"
    )


def test_0_counts_what_only_warns(bad: World) -> None:
    bad.write("adhere.toml", LICENSES + 'level = "warn"\n')
    ran = bad.check()
    assert ran.code == 0
    assert last(ran).startswith("PASS: 3 packages; 1 rule: 1 warned; 2 warnings (exit 0")


def test_1_when_a_rule_is_violated(bad: World) -> None:
    ran = bad.check()
    assert ran.code == 1
    assert last(ran) == (
        "FAIL: 3 packages; 1 rule: 1 failed; 2 errors (exit 1: a rule is violated)"
    )


def test_1_when_a_rule_checks_nothing(good: World) -> None:
    good.write("adhere.toml", LICENSES + 'groups = ["nobody"]\n')
    ran = good.check()
    assert ran.code == 1
    assert last(ran).endswith("(exit 1: a rule checked nothing, which is never a pass)")


def test_2_when_a_file_is_wrong_and_the_rest_is_judged(bad: World) -> None:
    bad.write("adhere.toml", LICENSES + '[[rule]]\nid = "other"\ncheck = "no.such"\n')
    ran = bad.check()
    assert ran.code == 2
    assert ran.codes == ["rule-unknown-kind"]
    assert ran.out.count("error[license-") == 2, "the rule that is right was judged"
    assert last(ran) == (
        "INPUT WRONG: 3 packages; 1 rule: 1 failed; 2 errors; 1 problem in input files "
        "(exit 2: an input file is wrong)"
    )


def test_3_when_evidence_is_missing(good: World) -> None:
    good.write("requirements.txt", "beta==1.0\n")
    ran = good.check("requirements.txt")
    assert ran.code == 3
    assert last(ran) == (
        "NOT JUDGED: 1 package; 1 rule: 1 not judged (exit 3: something could not be judged)"
    )


@pytest.mark.parametrize("meaning", ["warn", "report"])
def test_missing_evidence_that_may_be_missing_is_no_3(good: World, meaning: str) -> None:
    good.write("adhere.toml", LICENSES + f'on_missing = "{meaning}"\n')
    good.write("requirements.txt", "beta==1.0\n")
    ran = good.check("requirements.txt")
    assert ran.code == 0
    assert "1 not judged" in last(ran), "it is never counted as passed"


def test_4_without_a_rule_shows_the_inventory_and_the_way_on(world: World) -> None:
    world.install("alpha", license="MIT")
    ran = world.check()
    assert ran.code == 4
    assert ran.out.splitlines() == [
        "alpha  1.0  MIT",
        "",
        "no rule is configured: run adhere init to write some",
        "NOTHING JUDGED: 1 package; 0 rules, nothing judged (exit 4: there was nothing to judge)",
    ]


def test_4_without_a_package(world: World) -> None:
    world.write("adhere.toml", LICENSES)
    ran = world.check()
    assert ran.code == 4
    assert ran.codes == ["nothing-found"]
    assert "name a source: adhere check .venv" in ran.err


def test_0_when_nothing_is_fine(world: World) -> None:
    ran = world.check("--allow-empty")
    assert ran.code == 0
    assert "nothing judged" in last(ran), "it does not claim to have judged"


def test_rules_about_files_need_no_package(world: World) -> None:
    rule = '[[rule]]\nid = "files"\ncheck = "files.present"\nwith = { files = ["LICENSE"] }\n'
    world.write("adhere.toml", rule)
    world.write("LICENSE", "MIT")
    ran = world.check()
    assert ran.code == 0
    assert ran.err == "", "that there is no source is nothing to tell"


class TestPrecedence:
    def test_wrong_input_before_violation(self, bad: World) -> None:
        assert bad.check(".venv", "no-such.lock").code == 2

    def test_wrong_input_before_nothing(self, world: World) -> None:
        assert world.check("no-such.lock").code == 2

    def test_violation_before_missing_evidence(self, bad: World) -> None:
        bad.write("requirements.txt", "beta==1.0\n")
        ran = bad.check("requirements.txt", ".venv")
        assert ran.code == 1
        assert "- beta: it is not installed here" in ran.out


def test_70_for_a_defect_with_a_trace_to_send(good: World, monkeypatch: pytest.MonkeyPatch) -> None:
    import adhere.surfaces.cli.check as module

    def broken(*_given: object, **_more: object) -> None:
        raise ZeroDivisionError("a defect\x1b[31m")

    monkeypatch.setattr(module, "check", broken)
    ran = good.check()
    assert ran.code == 70
    assert ran.out == ""
    assert "in broken" in ran.err
    assert "ZeroDivisionError: a defect\\x1b[31m" in ran.err
    assert "Please report it with the lines above. adhere " in ran.err.splitlines()[-1]


def test_70_is_also_endless_recursion(good: World, monkeypatch: pytest.MonkeyPatch) -> None:
    import adhere.surfaces.cli.check as module

    def endless(*given: object, **more: object) -> None:
        endless(*given, **more)

    monkeypatch.setattr(module, "check", endless)
    ran = good.check()
    assert ran.code == 70
    assert len(ran.err.splitlines()) < 120, "the terminal is not filled"


def test_a_check_that_breaks_is_3_and_the_others_are_judged(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("broken\x1b[31m")

    kind = msgspec.structs.replace(KINDS["files.present"], judge=broken)
    monkeypatch.setattr("adhere.app.check.KINDS", {**KINDS, "files.present": kind})
    rule = '[[rule]]\nid = "files"\ncheck = "files.present"\nwith = { files = ["LICENSE"] }\n'
    good.write("adhere.toml", LICENSES + rule)
    ran = good.check()
    assert ran.code == 3
    line = broken.__code__.co_firstlineno + 1
    assert ran.out.splitlines() == [
        f"broke   files     the check broke: RuntimeError: broken\\x1b[31m (broken:{line})",
        "passed  licenses  1 of 1 package accepted",
        "NOT JUDGED: 1 package; 2 rules: 1 broke, 1 passed (exit 3: something could not be judged)",
    ]
