"""Rules that run commands: only where somebody allows it, and within bounds."""

from __future__ import annotations

import time

import pytest

from surfaces.world import World

RULE = """\
schema = 1

[[rule]]
id = "touch"
check = "command.exit"
with = { command = ["sh", "-c", "touch ran; exit 0"] }
"""


def test_nothing_is_run_unless_somebody_says_so(world: World) -> None:
    world.write("adhere.toml", RULE)
    ran = world.check()
    assert ran.code == 3
    assert "--run-commands" in ran.out
    assert not (world / "ran").exists()


def test_no_configuration_can_allow_it(world: World) -> None:
    world.write("adhere.toml", f"run_commands = true\n{RULE}")
    assert world.check().code == 2
    assert not (world / "ran").exists()


@pytest.mark.parametrize("way", ["option", "variable"])
def test_somebody_says_so(world: World, way: str) -> None:
    world.write("adhere.toml", RULE)
    env = {"ADHERE_RUN_COMMANDS": "1"} if way == "variable" else {}
    words = ("check", "--run-commands") if way == "option" else ("check",)
    assert world.adhere(*words, env=env).code == 0
    assert (world / "ran").exists()


def test_it_is_run_each_time(world: World) -> None:
    world.write("adhere.toml", RULE.replace("touch ran", "echo x >> ran"))
    for _ in range(4):
        time.sleep(0.06)  # what was just written is never remembered anyway
        assert world.adhere("check", "--run-commands").code == 0
    assert (world / "ran").read_text("utf-8").count("x") == 4


def test_what_takes_too_long_is_ended_with_all_that_it_started(world: World) -> None:
    command = "(sleep 1; touch late) & sleep 60"
    rule = RULE.replace("touch ran; exit 0", command).replace("] }", '], within = "0.3s" }')
    world.write("adhere.toml", rule)
    assert world.adhere("check", "--run-commands").code == 3
    time.sleep(1.2)
    assert not (world / "late").exists()


def test_what_it_leaves_behind_is_ended_too(world: World) -> None:
    rule = RULE.replace("touch ran; exit 0", "(sleep 0.5; touch late) & exit 0")
    world.write("adhere.toml", rule)
    assert world.adhere("check", "--run-commands").code == 0
    time.sleep(0.8)
    assert not (world / "late").exists()


def test_much_output_is_cut(world: World) -> None:
    rule = RULE.replace(
        "touch ran; exit 0", "head -c 5000000 /dev/zero | tr '\\\\\\\\0' x; echo; echo end; exit 1"
    )
    world.write("adhere.toml", rule)
    ran = world.adhere("check", "--run-commands")
    assert ran.code == 1
    assert "said  end" in ran.out
    assert len(ran.out) < 20_000


def test_it_reads_no_input(world: World) -> None:
    world.write("adhere.toml", RULE.replace("touch ran; exit 0", "cat; exit 0"))
    assert world.adhere("check", "--run-commands").code == 0
