"""What a report says its outcomes rest on, and until when."""

from __future__ import annotations

from typing import Any

import pytest

from surfaces.world import World

RULES = """\
schema = 1

[cache]
file = { bytes = "100MB" }

[[rule]]
id = "tested"
check = "tests.passed"
with = { results = "junit.xml", tests = ["t"], max_age = "3d" }

[[rule]]
id = "stated"
check = "manual.attested"
with = { statement = "it is so", owner = "@lead", attested = 2026-11-01, valid = "60d" }

[[rule]]
id = "configured"
check = "cache.configured"
with = { file_bytes = "100MB" }

[[rule]]
id = "named"
check = "data.assert"
with = { file = "project.json", path = "name" }

[[rule]]
id = "licenses"
check = "licenses.allowed"
with = { allow = ["MIT"] }

[[rule]]
id = "absent"
check = "files.present"
with = { absent = ["setup.py"] }
"""
RESULTS = '<testsuite timestamp="2026-11-22T09:00:00"><testcase name="t"/></testsuite>'
DAY = "1795435200"
"""2026-11-23."""


@pytest.fixture
def proven(world: World) -> World:
    world.write("adhere.toml", RULES)
    world.write("junit.xml", RESULTS)
    world.write("project.json", '{"name": "demo"}')
    world.install("alpha")
    assert world.adhere("check", ".venv", env={"SOURCE_DATE_EPOCH": DAY}).code == 0
    return world


def results(world: World) -> dict[str, Any]:
    return {result["rule"]: result for result in world.report()["results"]}


@pytest.mark.parametrize(
    ("rule", "evidence"),
    [
        ("tested", [("junit.xml", "2026-11-25")]),
        ("stated", []),
        ("configured", [("adhere.toml", "")]),
        ("named", [("project.json", "")]),
        ("licenses", [(".venv", "")]),
        ("absent", []),
    ],
)
def test_a_rule_names_what_it_rests_on_and_nothing_else(
    proven: World, rule: str, evidence: list[tuple[str, str]]
) -> None:
    found = results(proven)[rule]["evidence"]
    assert [(one["path"], one.get("valid_until", "")) for one in found] == evidence
    inputs = {entry["path"]: entry["digest"] for entry in proven.report()["subject"]["inputs"]}
    assert all(one["digest"] == inputs[one["path"]] for one in found)
    assert all(one["producer"].startswith("adhere ") for one in found)


def test_an_outcome_that_ends_by_itself_says_when(proven: World) -> None:
    ends = {
        rule: result["valid_until"]
        for rule, result in results(proven).items()
        if "valid_until" in result
    }
    assert ends == {"tested": "2026-11-25", "stated": "2026-12-31"}


@pytest.mark.parametrize(
    ("days", "ended"),
    [(0, []), (2, []), (3, ["tested"]), (38, ["tested"]), (39, ["tested", "stated"])],
)
def test_a_verdict_does_not_outlive_what_it_rests_on(
    proven: World, days: int, ended: list[str]
) -> None:
    epoch = str(int(DAY) + days * 86_400)
    ran = proven.adhere("verify", "--format", "json", env={"SOURCE_DATE_EPOCH": epoch})
    assert [clause.partition(" ")[0] for clause in ran.value["ended"]] == ended
    assert (ran.code, ran.value["holds"]) == (int(bool(ended)), not ended)
    text = proven.adhere("verify", env={"SOURCE_DATE_EPOCH": epoch}).out
    assert text.count("ended     ") == len(ended)


def test_a_waiver_that_has_ended_ends_the_verdict(bad: World) -> None:
    bad.write(
        "adhere.waivers.toml",
        '[[waiver]]\nid = "W-1"\nrule = "licenses"\nsubject = "copyleft"\n'
        'reason = "legal-approved"\nowner = "@a"\ncreated = 2026-11-01\nexpires = 2026-12-01\n',
    )
    bad.adhere("check", ".venv", env={"SOURCE_DATE_EPOCH": DAY})
    assert bad.adhere("verify", env={"SOURCE_DATE_EPOCH": DAY}).code == 0
    ran = bad.adhere("verify", env={"SOURCE_DATE_EPOCH": str(int(DAY) + 9 * 86_400)})
    assert ran.code == 1
    assert "ended     waiver W-1 covered something until 2026-12-01" in ran.out
