"""From a finding through a waiver to a document that another project takes over."""

from __future__ import annotations

import json
from typing import Any

import pytest

from corpus.advisories import osv, snapshot_of, spans
from surfaces.world import World

GATE = """\
schema = 1
[advisories]
source = "snapshot"
[[rule]]
id = "gate"
check = "vulnerabilities.gate"
"""


@pytest.fixture
def flawed(good: World) -> World:
    """One vulnerability, and no waiver."""
    record = osv("PYSEC-1", "CVE-2026-1", affected=[spans("alpha", ("0", "2"))])
    snapshot_of(good / ".adhere/osv-pypi.zip", record)
    good.write("adhere.toml", GATE)
    good.check()
    return good


def waive(world: World, **keys: str) -> None:
    text = world.adhere("waive", "gate", "alpha", "--owner", "@ana").out
    for key, value in keys.items():
        lines = text.splitlines()
        text = "\n".join(
            f"{key} = {value}" if line.startswith(f"{key} = ") else line for line in lines
        )
    world.write("adhere.waivers.toml", text)
    assert world.check().code == 0


def document(world: World, *words: str) -> dict[str, Any]:
    ran = world.adhere("report", "--format", "openvex", *words)
    assert ran.code == 0, ran.err
    value: dict[str, Any] = ran.value
    return value


def test_from_a_waiver_to_a_statement(flawed: World) -> None:
    waive(flawed, reason='"not-reachable"', note='"nothing calls it"', ticket='"SEC-1"')
    value = document(flawed)
    assert value["author"] == "@ana"
    assert value["timestamp"] == "2026-11-23T12:00:00.000+00:00"
    (statement,) = value["statements"]
    assert statement["vulnerability"] == {"name": "CVE-2026-1", "aliases": ["PYSEC-1"]}
    assert statement["status"] == "not_affected"
    assert statement["products"][0]["@id"] == "pkg:pypi/alpha@1.0"


def test_into_a_file_and_the_same_to_the_byte(flawed: World) -> None:
    waive(flawed)
    first = flawed.adhere("report", "--format", "openvex").out
    ran = flawed.adhere("report", "--format", "openvex", "--output", "vex.json")
    assert (ran.code, ran.out) == (0, "")
    assert (flawed / "vex.json").read_text("utf-8") == first
    flawed.check("--no-cache")
    assert flawed.adhere("report", "--format", "openvex").out == first


def test_another_project_takes_it_over(flawed: World) -> None:
    waive(flawed, reason='"not-reachable"')
    flawed.adhere("report", "--format", "openvex", "--output", "vex.json")
    (flawed / "adhere.waivers.toml").unlink()
    assert flawed.check().code == 1
    flawed.write("adhere.toml", GATE.replace("[[rule]]", 'vex = ["vex.json"]\n[[rule]]'))
    ran = flawed.check()
    assert ran.code == 0, ran.out
    assert "vex.json says not affected: vulnerable_code_not_in_execute_path  @ana" in ran.out


def test_where_nothing_is_to_be_stated_nothing_is_written(flawed: World) -> None:
    ran = flawed.adhere("report", "--format", "openvex", "--output", "vex.json")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err == "adhere: there is nothing to state\n"
    assert not (flawed / "vex.json").exists()


def test_a_waiver_that_has_ended_since_the_report_states_nothing(flawed: World) -> None:
    waive(flawed)
    for day, code in (("1795435200", 0), ("1811808000", 4)):
        ran = flawed.adhere("report", "--format", "openvex", env={"SOURCE_DATE_EPOCH": day})
        assert ran.code == code
    assert "has ended since the report, and is left out" in ran.err


def test_one_that_names_no_advisory_states_nothing_and_that_is_said(flawed: World) -> None:
    waive(flawed, advisory='""')
    ran = flawed.adhere("report", "--format", "openvex")
    assert ran.code == 4
    assert "names no advisory, and is left out" in ran.err


def test_hostile_words_do_nothing_to_whoever_prints_it(flawed: World) -> None:
    waive(flawed, note='"\\u001b[31m\\u202e \\" </script>"', ticket='"\\u009b"')
    text = flawed.adhere("report", "--format", "openvex").out
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "\\\\x1b[31m" in text
    json.loads(text)


def test_a_check_does_not_write_it(flawed: World) -> None:
    assert flawed.check("--format", "openvex").code == 2
