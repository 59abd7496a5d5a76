"""SARIF and JUnit XML: what other programs read of a verdict."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from surfaces.world import World

POLICY = """\
schema = 1

[[rule]]
id = "licenses"
check = "licenses.allowed"
with = { allow = ["MIT"] }

[[rule]]
id = "gate"
check = "vulnerabilities.gate"
on_missing = "warn"
"""
WAIVER = """\
[[waiver]]
id = "W-1"
rule = "licenses"
subject = "copyleft"
reason = "legal-approved"
owner = "@alice"
created = 2026-11-01
expires = 2026-12-31
"""


def sarif(world: World, *more: str) -> dict[str, Any]:
    ran = world.adhere("report", "--format", "sarif", *more)
    assert ran.code == 0
    (run,) = json.loads(ran.out)["runs"]
    found: dict[str, Any] = run
    return found


def suites(world: World) -> ET.Element:
    ran = world.adhere("report", "--format", "junit")
    assert ran.code == 0
    return ET.fromstring(ran.out)  # noqa: S314 - we wrote it


def test_a_finding_has_its_place_its_rule_and_a_fingerprint(bad: World) -> None:
    bad.check()
    findings = bad.report()["findings"]
    run = sarif(bad)
    assert len(run["results"]) == len(findings) > 0
    result = run["results"][0]
    (finding,) = [f for f in findings if f["fingerprint"] in result["partialFingerprints"].values()]
    assert result["ruleId"] == finding["code"]
    assert result["level"] == "error"
    assert finding["message"] in result["message"]["text"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == finding["location"]["path"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"]
    assert "suppressions" not in result


def test_the_same_findings_are_the_same_bytes(bad: World) -> None:
    bad.check()
    first = bad.adhere("report", "--format", "sarif").out
    bad.check("--no-cache")
    assert bad.adhere("report", "--format", "sarif").out == first


def test_what_is_waived_is_suppressed_and_says_why(bad: World) -> None:
    bad.check()
    finding = next(f for f in bad.report()["findings"] if f["level"] == "error")
    waiver = WAIVER.replace('"licenses"', f'"{finding["rule"]}"')
    bad.write("adhere.waivers.toml", waiver.replace("copyleft", finding["subject"]))
    bad.check()
    suppressed = [r for r in sarif(bad)["results"] if "suppressions" in r]
    assert [r["properties"]["subject"] for r in suppressed] == [finding["subject"]]
    (how,) = suppressed[0]["suppressions"]
    assert how == {
        "justification": "W-1: legal-approved",
        "kind": "external",
        "status": "accepted",
    }


def test_what_a_baseline_knows_is_unchanged(bad: World) -> None:
    bad.check()
    bad.write("baseline.json", json.dumps(bad.report()))
    ran = bad.adhere("check", "--baseline", "baseline.json", "--format", "sarif")
    (run,) = json.loads(ran.out)["runs"]
    assert {result["baselineState"] for result in run["results"]} == {"unchanged"}


def test_what_was_not_judged_is_never_silent(good: World) -> None:
    good.write("adhere.toml", POLICY)
    good.check("--offline")
    (invocation,) = sarif(good)["invocations"]
    notes = invocation["toolExecutionNotifications"]
    assert [note["descriptor"]["id"] for note in notes] == ["not-run"]
    assert notes[0]["level"] == "warning"
    (case,) = suites(good).findall("testsuite/testcase[@name='gate']/skipped")
    assert case.attrib["message"]
    good.write("adhere.toml", POLICY.replace('on_missing = "warn"\n', ""))
    good.check("--offline")
    assert sarif(good)["invocations"][0]["executionSuccessful"] is False
    assert suites(good).attrib["errors"] == "1"


def test_input_that_is_wrong(good: World) -> None:
    good.write("adhere.toml", POLICY + 'typo = "x"\n')
    good.check("--offline")
    (note,) = sarif(good)["invocations"][0]["toolConfigurationNotifications"]
    assert note["descriptor"]["id"] == "config-unknown-key"
    assert note["locations"][0]["physicalLocation"]["region"]["startLine"] == 12
    (case,) = suites(good).findall("testsuite[@name='input']/testcase/error")
    assert case.attrib["type"] == "config-unknown-key"


def test_nothing_to_judge_is_no_suite_that_passed(world: World) -> None:
    world.check()
    assert suites(world).attrib["errors"] == "1"
    assert sarif(world)["invocations"][0]["executionSuccessful"] is False


def test_a_rule_is_a_test_case(bad: World) -> None:
    bad.check()
    results = {r["rule"]: r["outcome"] for r in bad.report()["results"]}
    root = suites(bad)
    cases = list(root.iter("testcase"))
    assert len(cases) == len(results) == int(root.attrib["tests"])
    failed = [name for name, outcome in results.items() if outcome == "fail"]
    assert [c.attrib["name"] for c in cases if c.find("failure") is not None] == failed
    assert int(root.attrib["failures"]) == len(failed) > 0


@pytest.mark.parametrize("hostile", ["\x1b[31m", "]]>", "<a&b>", "\ufffe", "\u202e"])
def test_hostile_words_stay_words(world: World, hostile: str) -> None:
    policy = POLICY.partition('\n[[rule]]\nid = "gate"')[0]
    world.write(
        "adhere.toml", policy + f"why = {json.dumps(hostile)}\ntitle = {json.dumps(hostile)}\n"
    )
    world.check()
    assert "\x1b" not in world.adhere("report", "--format", "junit").out
    assert suites(world).tag == "testsuites"
    assert sarif(world)["tool"]["driver"]["name"] == "adhere"


def test_a_statement_is_bound_to_the_bytes_of_the_report(bad: World) -> None:
    bad.check()
    stored = bad / ".adhere/report.json"
    stored.write_text(json.dumps(json.loads(stored.read_text("utf-8"))), "utf-8")  # other bytes
    ran = bad.adhere("report", "--format", "in-toto", "--output", "verdict.json")
    assert ran.code == 0
    value = json.loads((bad / "verdict.json").read_text("utf-8"))
    digest = hashlib.sha256(stored.read_bytes()).hexdigest()
    assert value["subject"][0] == {"name": "report.json", "digest": {"sha256": digest}}
    assert value["predicate"]["result"] == "FAILED"
    assert bad.adhere("report", "--format", "in-toto").out == (bad / "verdict.json").read_text(
        "utf-8"
    )
    assert bad.adhere("check", "--format", "in-toto").code == 2  # there is no file to speak of yet


def test_each_related_place_is_named_once_with_what_it_says(world: World) -> None:
    """The schema of SARIF takes no location twice; two parts of an expression may say the same."""
    world.install("mixed", license="MIT AND GPL-3.0-only AND MIT AND GPL-2.0-only")
    world.write(
        "adhere.toml",
        'schema = 1\n[[rule]]\nid = "ok"\ncheck = "licenses.allowed"\nwith = { allow = ["MIT"] }\n',
    )
    world.check()
    (result,) = sarif(world)["results"]
    related = [json.dumps(place, sort_keys=True) for place in result["relatedLocations"]]
    assert len(related) == len(set(related)) > 1
    words = [place["message"]["text"] for place in result["relatedLocations"]]
    assert "MIT: accepted: `MIT` is in `allow`" in words
    assert not [text for text in words if text.startswith(":")]
