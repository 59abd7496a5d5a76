"""The canonical report: its keys, and that the same inputs always give the same bytes."""

from __future__ import annotations

import json
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from surfaces.world import EPOCH, World

TOP = {
    "adrs",
    "completeness",
    "findings",
    "gates",
    "packages",
    "performance",
    "problems",
    "results",
    "run",
    "schema",
    "subject",
    "tool",
    "waivers",
}
OUTCOMES = {
    "pass",
    "fail",
    "warn",
    "waived",
    "error",
    "not_run",
    "not_applicable",
    "vacuous",
    "manual_ok",
    "manual_due",
}


def without_run(text: str) -> Any:
    report = json.loads(text)
    del report["run"]
    return report


@pytest.fixture
def told(bad: World) -> Any:
    assert bad.check().code == 1
    return bad.report()


def test_top_level(told: Any) -> None:
    assert set(told) == TOP
    assert told["schema"] == "adhere.report/1"
    assert told["tool"]["name"] == "adhere"


def test_package(told: Any) -> None:
    package = next(p for p in told["packages"] if p["name"] == "copyleft")
    wanted = {"name", "version", "direct", "groups", "origin", "license", "paths"}
    assert wanted <= set(package)
    assert {"expression", "state", "confidence", "evidence"} <= set(package["license"])
    assert package["paths"] == [["reviewed", "copyleft"]]
    assert package["direct"] is False
    (evidence,) = package["license"]["evidence"]
    assert evidence["digest"].startswith("sha256:")


def test_one_result_per_rule(told: Any) -> None:
    assert [r["rule"] for r in told["results"] if not r.get("builtin")] == ["licenses"]
    assert {result["outcome"] for result in told["results"]} <= OUTCOMES
    (result,) = (r for r in told["results"] if r["rule"] == "licenses")
    assert {"outcome", "observed", "expected"} <= set(result)


def test_subject_has_the_digest_of_every_input(told: Any) -> None:
    assert told["subject"]["today"] == "2026-11-23"
    assert [entry["path"] for entry in told["subject"]["inputs"]] == [".venv", "adhere.toml"]
    assert all(entry["digest"].startswith("sha256:") for entry in told["subject"]["inputs"])


def test_gate_says_why(told: Any) -> None:
    gate = told["gates"][0]
    assert (gate["verdict"], gate["exit_code"]) == ("fail", 1)


def test_keys_are_sorted(bad: World) -> None:
    bad.check()
    text = (bad / ".adhere/report.json").read_text("utf-8")
    assert json.dumps(json.loads(text), sort_keys=True) == json.dumps(json.loads(text))


def test_standard_output_and_store_are_the_same_bytes(bad: World) -> None:
    ran = bad.check("--format", "json")
    assert ran.out.encode() == (bad / ".adhere/report.json").read_bytes()
    bad.check("--format", "json", "--output", "copy.json")
    assert without_run((bad / "copy.json").read_text("utf-8")) == without_run(ran.out)


def test_two_runs_differ_in_nothing_but_the_run(bad: World) -> None:
    first = bad.check("--format", "json", env={"SOURCE_DATE_EPOCH": EPOCH})
    again = bad.check("--format", "json", "--no-cache", "--jobs", "2", "--offline")
    assert without_run(first.out) == without_run(again.out)
    text = first.out[: first.out.index('\n "run": {')]
    assert again.out.startswith(text)


def test_another_checkout_gives_the_same_report(
    bad: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bad.check("--format", "json")
    shutil.copytree(bad.folder, tmp_path / "deep" / "er" / "project")
    moved = World(tmp_path / "deep" / "er" / "project", monkeypatch)
    assert without_run(moved.check("--format", "json").out) == without_run(first.out)


def test_nothing_of_the_machine_stands_in_it(bad: World) -> None:
    ran = bad.check("--format", "json", env={"SECRET_TOKEN": "hunter2-hunter2"})
    assert str(bad.folder.parent) not in ran.out
    assert "hunter2" not in ran.out
    report = without_run(ran.out)
    assert socket.gethostname() not in json.dumps(report)
    assert os.path.expanduser("~") not in json.dumps(report).replace("~/", "")


def test_today_is_an_input(bad: World) -> None:
    later = bad.check("--format", "json", env={"SOURCE_DATE_EPOCH": str(int(EPOCH) + 86_400)})
    assert later.value["subject"]["today"] == "2026-11-24"
    assert later.value["run"]["started"].startswith("2026-11-24")


@pytest.mark.parametrize("name", ["report", "config", "waivers"])
def test_schemas_are_schemas(world: World, name: str) -> None:
    ran = world.adhere("schema", name)
    assert ran.code == 0
    jsonschema.Draft202012Validator.check_schema(ran.value)


def test_the_report_is_what_its_schema_says(bad: World) -> None:
    bad.write("adhere.waivers.toml", "[[waiver]]\n")
    report = bad.check("--format", "json").value
    jsonschema.validate(report, bad.adhere("schema", "report").value)


def test_a_line_of_history_for_every_run(bad: World) -> None:
    for _ in range(3):
        bad.check()
    lines = (bad / ".adhere/history.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert [(row["exit_code"], row["packages"], row["findings"]) for row in rows] == [(1, 3, 2)] * 3


class TestBaseline:
    def test_what_was_there_does_not_count_again(self, bad: World) -> None:
        bad.check("--format", "json", "--output", "baseline.json")
        ran = bad.check("--baseline", "baseline.json")
        assert ran.code == 0
        assert "2 findings of the baseline" in ran.out

    def test_what_is_new_does(self, bad: World) -> None:
        bad.check("--format", "json", "--output", "baseline.json")
        bad.install("newcomer", license="AGPL-3.0-only")
        ran = bad.check("--baseline", "baseline.json")
        assert ran.code == 1
        assert ran.out.count("error[") == 1
        assert "newcomer" in ran.out

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            (None, "report-invalid"),
            ("", "report-invalid"),
            ('{"schema": "adhere.report/1"', "report-invalid"),
            ('{"schema": "adhere.report/9"}', "report-schema"),
            ("[]", "report-invalid"),
        ],
    )
    def test_that_cannot_be_read_is_no_empty_one(
        self, bad: World, text: str | None, code: str
    ) -> None:
        if text is not None:
            bad.write("baseline.json", text)
        ran = bad.check("--baseline", "baseline.json")
        assert ran.code == 2
        assert ran.codes == [code]
        assert "  --> baseline.json" in ran.err
