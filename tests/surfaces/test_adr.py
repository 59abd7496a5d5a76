"""``adhere adr``: the register of decisions as people use it."""

from __future__ import annotations

import json

import pytest

from surfaces.world import World

DECISION = """\
---
id: ADR-001
title: Which packages come in
status: {status}
date: 2026-01-02
{more}---

# Which packages come in

## Ruled out

left-pad is gone within 7 days.
"""
RULES = """\
schema = 1
adr = "ADR-001"

[[rule]]
id = "no-left-pad"
title = "No left-pad"
check = "packages.denied"
refs = ["#ruled-out"]
with = { deny = [{ package = "left-pad", reason = "eleven lines" }] }
"""
SLO = """
[[rule]]
id = "in-time"
check = "vulnerabilities.slo"
refs = ["#ruled-out"]
with = { critical = "14d" }
"""


@pytest.fixture
def decided(world: World) -> World:
    world.write("adhere.toml", "schema = 1\n")
    world.write("docs/adr/ADR-001-packages.md", DECISION.format(status="accepted", more=""))
    world.write("docs/adr/ADR-001.rules.toml", RULES)
    world.write("requirements.txt", "left-pad==1.0\n")
    return world


def test_list(decided: World) -> None:
    ran = decided.adhere("adr", "list")
    assert ran.code == 0
    assert ran.out == "ADR-001  accepted  2026-01-02  1 rule  Which packages come in\n"
    (adr,) = json.loads(decided.adhere("adr", "list", "--format", "json").out)["adrs"]
    assert (adr["id"], adr["title"], adr["status"]) == (
        "ADR-001",
        "Which packages come in",
        "accepted",
    )
    assert adr["rules"] == ["ADR-001/no-left-pad"]


def test_list_without_any(world: World) -> None:
    ran = world.adhere("adr", "list")
    assert (ran.code, ran.out) == (0, "")
    assert "there is no decision in docs/adr" in ran.err
    ran = world.adhere("adr", "lint")
    assert ran.code == 2
    assert "error[adr-folder]" in ran.err


def test_lint_tells_why_no_decision_is_known(decided: World) -> None:
    decided.write("adhere.toml", "schema = 1\n[adr\n")
    ran = decided.adhere("adr", "lint")
    assert ran.code == 2
    assert "--> adhere.toml:2" in ran.err
    assert "adr-folder" not in ran.err


def test_list_tells_what_cannot_be_read(decided: World) -> None:
    decided.write("docs/adr/ADR-002.md", "---\nid: 010\nstatus: accepted\n---\n")
    ran = decided.adhere("adr", "list")
    assert ran.code == 2
    assert "ADR-001" in ran.out
    assert "quote the id" in ran.err


def test_show_by_number_and_with_the_last_outcome(decided: World) -> None:
    assert "ADR-001/no-left-pad  not judged yet" in decided.adhere("adr", "show", "1").out
    decided.check()
    ran = decided.adhere("adr", "show", "adr-001")
    assert "ADR-001/no-left-pad  fail" in ran.out
    assert "#ruled-out" in ran.out
    shown = json.loads(decided.adhere("adr", "show", "1", "--format", "json").out)
    assert [result["outcome"] for result in shown["results"]] == ["fail"]


def test_show_what_is_not_there(decided: World) -> None:
    ran = decided.adhere("adr", "show", "ADR-002")
    assert ran.code == 2
    assert "did you mean `ADR-001`?" in ran.err


def test_check_judges_rules_of_decisions_alone(decided: World) -> None:
    decided.write(
        "adhere.toml",
        'schema = 1\n[[rule]]\nid = "own"\ncheck = "files.present"\nwith = { files = ["no"] }\n',
    )
    ran = decided.adhere("adr", "check", "--format", "json")
    assert ran.code == 1
    assert [result["rule"] for result in json.loads(ran.out)["results"]] == ["ADR-001/no-left-pad"]
    assert not (decided / ".adhere/report.json").exists()
    ran = decided.adhere("adr", "check", "ADR-009")
    assert ran.code == 2


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        ("accepted", 1, "fail"),
        ("proposed", 0, "warn"),
        ("deprecated", 0, "warn"),
        ("rejected", 4, "not_applicable"),
        ("superseded", 4, "not_applicable"),
    ],
)
def test_status_decides(decided: World, status: str, code: int, outcome: str) -> None:
    decided.write("docs/adr/ADR-001-packages.md", DECISION.format(status=status, more=""))
    ran = decided.adhere("adr", "check", "--format", "json", "--offline")
    (result,) = json.loads(ran.out)["results"]
    assert (ran.code, result["outcome"]) == (code, outcome)


def test_a_rule_that_another_decision_replaces_is_skipped_alone(decided: World) -> None:
    more = 'superseded_by: ["ADR-002#no-left-pad"]\n'
    decided.write("docs/adr/ADR-001-packages.md", DECISION.format(status="accepted", more=more))
    second = RULES.partition("\n\n")[2].replace("no-left-pad", "still")
    decided.write("docs/adr/ADR-001.rules.toml", f"{RULES}\n{second}")
    text = '---\nid: ADR-002\nstatus: {}\nsupersedes: ["ADR-001#no-left-pad"]\n---\n# Two\n'
    for status, outcome in (("accepted", "not_applicable"), ("proposed", "fail")):
        decided.write("docs/adr/ADR-002.md", text.format(status))
        ran = decided.adhere("adr", "check", "--format", "json")
        results = {r["rule"]: r for r in json.loads(ran.out)["results"]}
        assert results["ADR-001/no-left-pad"]["outcome"] == outcome
        assert results["ADR-001/still"]["outcome"] == "fail"
        if outcome == "not_applicable":
            assert results["ADR-001/no-left-pad"]["message"] == "ADR-002 replaces it"


def test_rules_may_stand_in_the_front_matter(decided: World) -> None:
    (decided / "docs/adr/ADR-001.rules.toml").unlink()
    more = (
        "adhere:\n  rules:\n    - id: no-left-pad\n      check: packages.denied\n"
        '      refs: ["#ruled-out"]\n      with:\n        deny:\n'
        "          - { package: left-pad, reason: eleven lines }\n"
    )
    path = "docs/adr/ADR-001-packages.md"
    decided.write(path, DECISION.format(status="accepted", more=more))
    ran = decided.adhere("adr", "check", "--format", "json")
    assert ran.code == 1
    assert [r["rule"] for r in json.loads(ran.out)["results"]] == ["ADR-001/no-left-pad"]
    decided.write(path, DECISION.format(status="accepted", more=more.replace("denied", "denid")))
    ran = decided.adhere("adr", "lint")
    assert ran.code == 2
    assert f"--> {path}:9:14" in ran.err
    assert "did you mean `packages.denied`?" in ran.err


def test_lint(decided: World) -> None:
    ran = decided.adhere("adr", "lint")
    assert (ran.code, ran.err) == (0, "adhere: 1 decision: nothing is wrong\n")
    decided.write(
        "docs/adr/ADR-001-packages.md",
        DECISION.format(status="accepted", more="review_by: 2020-01-01\n"),
    )
    ran = decided.adhere("adr", "lint")
    assert ran.code == 1
    assert "error[adr-review-due]: ADR-001 was to be reviewed by 2020-01-01" in ran.err
    assert "--> docs/adr/ADR-001-packages.md:6" in ran.err


def test_lint_holds_prose_and_rules_together(decided: World) -> None:
    path = "docs/adr/ADR-001-packages.md"
    text = DECISION.format(status="accepted", more="").replace("left-pad is", "Critical ones are")
    decided.write(path, text)
    decided.write("docs/adr/ADR-001.rules.toml", RULES + SLO)
    ran = decided.adhere("adr", "lint", "--format", "json")
    assert ran.code == 2
    (problem,) = json.loads(ran.out)["problems"]
    assert problem["code"] == "adr-number"
    assert problem["message"] == (
        "ADR-001/in-time has `critical = 14d`, and the section it enforces says `7 days`"
    )
    assert problem["location"]["path"] == "docs/adr/ADR-001.rules.toml"
    assert problem["hint"] == f"change the sentence at {path}:10, or the rule"
    decided.write("docs/adr/ADR-001.rules.toml", RULES + SLO.replace("14d", "7d"))
    assert decided.adhere("adr", "lint").code == 0


def test_lint_for_a_pull_request(decided: World) -> None:
    decided.write("docs/adr/ADR-002.md", "---\nid: ADR-002\nstatus: nope\n---\n")
    ran = decided.adhere("adr", "lint", "--format", "github")
    assert ran.code == 2
    assert ran.out.startswith("::error file=docs/adr/ADR-002.md,line=3,")


def test_a_circle_is_never_green(decided: World) -> None:
    one = DECISION.format(status="superseded", more="superseded_by: [ADR-002]\n")
    decided.write("docs/adr/ADR-001-packages.md", one)
    two = "---\nid: ADR-002\nstatus: superseded\nsuperseded_by: [ADR-001]\n---\n# Two\n"
    decided.write("docs/adr/ADR-002.md", two)
    ran = decided.check()
    assert ran.code == 2
    assert "error[adr-supersession]" in ran.err


def test_matrix(decided: World) -> None:
    assert decided.adhere("adr", "matrix").code == 2
    decided.write("docs/adr/0002-prose.md", "# 2. Prose\n\n## Status\n\nAccepted\n")
    decided.check()
    lines = decided.adhere("adr", "matrix").out.splitlines()
    assert lines[0].split() == (
        [
            "Decision",
            "Status",
            "Pass",
            "Warn",
            "Waived",
            "Fail",
            "Not",
            "judged",
            "Skipped",
            "State",
            "Title",
        ]
    )
    assert lines[1].split()[:3] == ["ADR-0002", "accepted", "prose"]
    assert lines[2].split()[:4] == ["ADR-001", "accepted", "1", "fail"]
    rows = json.loads(decided.adhere("adr", "matrix", "--format", "json").out)["adrs"]
    assert [(row["id"], row["state"]) for row in rows] == [
        ("ADR-0002", "prose only"),
        ("ADR-001", "fail"),
    ]
    assert "| ADR-001 | accepted |" in decided.adhere("adr", "matrix", "--format", "markdown").out


def test_new_takes_the_next_number_and_the_manner_of_the_others(decided: World) -> None:
    ran = decided.adhere("adr", "new", "Use  PostgreSQL: why?", "--with-rules")
    assert ran.code == 0
    assert ran.out.split() == [
        "docs/adr/ADR-002-use-postgresql-why.md",
        "docs/adr/ADR-002.rules.toml",
    ]
    assert decided.adhere("adr", "lint").code == 0
    decided.write("docs/adr/0041-x.md", "# 41. X\n\n## Status\n\nAccepted\n")
    ran = decided.adhere("adr", "new", "Next", "--supersedes", "41", "--status", "accepted")
    assert ran.out == "docs/adr/0042-next.md\n"
    text = (decided / "docs/adr/0042-next.md").read_text("utf-8")
    assert 'supersedes: ["ADR-0041"]' in text
    assert "status: accepted" in text


def test_new_in_an_empty_project(world: World) -> None:
    assert world.adhere("adr", "new", "First").out == "docs/adr/ADR-001-first.md\n"
    assert world.adhere("adr", "lint").code == 0


def test_new_refuses_what_says_nothing(world: World) -> None:
    assert world.adhere("adr", "new", "???").code == 2
    assert world.adhere("adr", "new", "It", "--supersedes", "ADR-5").code == 2


WAIVER = """\
[[waiver]]
id = "{id}"
rule = "ADR-001/no-left-pad"
subject = "left-pad"
reason = "accepted-risk"
owner = "@alice"
created = 2026-11-01
expires = {day}
"""


def test_waivers_that_end_first_are_above(decided: World) -> None:
    decided.check()
    ran = decided.adhere("adr", "waivers")
    assert (ran.code, ran.out, ran.err) == (0, "", "adhere: there is no waiver\n")
    late, soon = (
        WAIVER.format(id="W-1", day="2026-12-31"),
        WAIVER.format(id="W-2", day="2026-11-30"),
    )
    decided.write("adhere.waivers.toml", f"{late}\n{soon}")
    decided.check()
    ran = decided.adhere("adr", "waivers")
    assert [line.split()[0] for line in ran.out.splitlines()] == [
        "Ends",
        "2026-11-30",
        "2026-12-31",
    ]
    found = json.loads(decided.adhere("adr", "waivers", "--format", "json").out)["waivers"]
    assert [waiver["id"] for waiver in found] == ["W-2", "W-1"]
    assert found[0] == {
        "adr": "ADR-001",
        "advisory": "",
        "also": [],
        "approved_by": "",
        "covers": 0,
        "created": "2026-11-01",
        "days_left": 7,
        "expires": "2026-11-30",
        "id": "W-2",
        "kind": "waiver",
        "location": {"column": 1, "line": 10, "path": "adhere.waivers.toml"},
        "note": "",
        "owner": "@alice",
        "reason": "accepted-risk",
        "rule": "ADR-001/no-left-pad",
        "state": "unused",
        "subject": "left-pad",
        "ticket": "",
        "until_fixed": False,
    }
    assert "| 2026-11-30 |" in decided.adhere("adr", "waivers", "--format", "markdown").out


def test_how_long_waivers_last_is_told_of_today(decided: World) -> None:
    """A scheduled job hears that one has ended, with nothing having been judged since."""
    decided.write("adhere.waivers.toml", WAIVER.format(id="W-1", day="2026-12-31"))
    decided.check()
    for day, code, said in (
        ("1795435200", 0, "2026-12-31  active, 38 days left"),
        ("1798632000", 0, "2026-12-31  expiring, 1 day left"),
        ("1798718400", 0, "2026-12-31  expiring, 0 days left"),
        ("1798804800", 1, "2026-12-31  expired, 1 day ago"),
    ):
        env = {"SOURCE_DATE_EPOCH": day}
        ran = decided.adhere("adr", "waivers", env=env)
        assert said in ran.out
        assert ran.code == code
        ran = decided.adhere("adr", "waivers", "--format", "json", env=env)
        assert ran.code == code
        (waiver,) = ran.value["waivers"]
        assert f"{waiver['state']}, {abs(waiver['days_left'])} day" in said
    assert decided.adhere("adr", "waivers", env=env).err == "adhere: 1 waiver; 1 ended\n"


def test_waivers_need_a_report(decided: World) -> None:
    ran = decided.adhere("adr", "waivers")
    assert (ran.code, ran.codes) == (2, ["report-missing"])
