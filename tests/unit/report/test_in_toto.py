"""The statement has the shape that the in-toto attestation framework gives it, and no good news of its own."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import msgspec
import pytest

from adhere.report.document import Gate, Input, Report
from adhere.report.in_toto import statement
from corpus.reports import everything, result

DIGEST = "sha256:" + "0" * 64
HEX = {"type": "string", "pattern": "^[0-9a-f]+$"}
DESCRIPTOR = {
    "type": "object",
    "required": ["name", "digest"],
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "digest": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": HEX,
            "properties": {
                "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                "gitCommit": {"type": "string", "pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$"},
            },
        },
    },
    "additionalProperties": False,
}
NAMES = {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True}
SHAPE = {  # after the specification: Statement v1, ResourceDescriptor, Test Result v0.1
    "type": "object",
    "required": ["_type", "subject", "predicateType", "predicate"],
    "additionalProperties": False,
    "properties": {
        "_type": {"const": "https://in-toto.io/Statement/v1"},
        "subject": {"type": "array", "minItems": 1, "items": DESCRIPTOR},
        "predicateType": {"const": "https://in-toto.io/attestation/test-result/v0.1"},
        "predicate": {
            "type": "object",
            "required": ["result", "configuration"],
            "properties": {
                "result": {"enum": ["PASSED", "WARNED", "FAILED"]},
                "configuration": {"type": "array", "items": DESCRIPTOR},
                "passedTests": NAMES,
                "warnedTests": NAMES,
                "failedTests": NAMES,
            },
        },
    },
}


def stated(report: Report) -> dict[str, Any]:
    text = statement(report, DIGEST)
    assert text == statement(report, DIGEST)
    value: dict[str, Any] = json.loads(text)
    jsonschema.validate(value, SHAPE)
    return value


def report(*outcomes: str, release: str = "pass", **fields: Any) -> Report:
    """A report of rules with these outcomes, without any leniency."""
    whole = everything()
    gates = (Gate("check", "pass", 0, ()), Gate("release", release, 0, ()))  # type: ignore[arg-type]  # a verdict
    done = msgspec.structs.replace(
        whole.completeness, missing={}, first_party=0, elsewhere=0, out_of_scope=0
    )
    rules = tuple(result(f"r-{outcome}", outcome, **fields) for outcome in outcomes)
    return msgspec.structs.replace(
        whole, results=rules, findings=(), waivers=(), gates=gates, completeness=done
    )


def about(whole: Report, **fields: Any) -> Report:
    subject = msgspec.structs.replace(whole.subject, **fields)
    return msgspec.structs.replace(whole, subject=subject)


def test_a_report_with_something_of_everything_has_the_shape() -> None:
    value = stated(everything())
    every = [
        name for key in ("passed", "warned", "failed") for name in value["predicate"][f"{key}Tests"]
    ]
    in_force = [r.rule for r in everything().results if r.outcome != "not_applicable"]
    assert sorted(every) == sorted(in_force)


@pytest.mark.parametrize(
    ("outcome", "level", "listed"),
    [
        ("pass", "error", "passedTests"),
        ("manual_ok", "error", "passedTests"),
        ("warn", "warn", "warnedTests"),
        ("waived", "error", "warnedTests"),
        ("fail", "error", "failedTests"),
        ("manual_due", "error", "failedTests"),
        ("vacuous", "error", "failedTests"),
        ("vacuous", "warn", "warnedTests"),
        ("not_run", "error", "failedTests"),
        ("not_run", "warn", "failedTests"),
        ("error", "report", "failedTests"),
        ("not_applicable", "error", ""),
    ],
)
def test_only_what_passed_is_called_so(outcome: str, level: str, listed: str) -> None:
    predicate = stated(report(outcome, level=level))["predicate"]
    lists = {key for key in ("passedTests", "warnedTests", "failedTests") if predicate[key]}
    assert lists == ({listed} if listed else set())


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (report("pass"), "PASSED"),
        (report("pass", "warn", level="warn"), "WARNED"),
        (report("pass", "waived"), "WARNED"),
        (report("pass", "not_run", release="not_judged"), "FAILED"),
        (report("pass", release="bad_input"), "FAILED"),
        (report(release="nothing"), "FAILED"),
    ],
)
def test_the_result_is_that_of_a_release(found: Report, word: str) -> None:
    assert stated(found)["predicate"]["result"] == word


def test_leniency_is_a_warning_and_is_listed() -> None:
    lenient = report("pass")
    done = msgspec.structs.replace(lenient.completeness, missing={"index": "offline"})
    predicate = stated(msgspec.structs.replace(lenient, completeness=done))["predicate"]
    assert predicate["result"] == "WARNED"
    assert predicate["adhereVerdict"]["leniency"]


def test_subjects_are_the_report_the_commit_and_files_that_were_judged() -> None:
    inputs = tuple(
        Input(path, kind, f"sha256:{number:064x}")
        for number, (path, kind) in enumerate(
            [
                ("uv.lock", "uv.lock"),
                (".venv", "environment"),
                ("adhere.toml", "config"),
                ("osv.zip", "advisories"),
                ("src/**", "files"),
            ]
        )
    )
    value = stated(about(report("pass"), inputs=inputs, commit="a" * 40, dirty=False, name="shop"))
    assert [(s["name"], *s["digest"]) for s in value["subject"]] == [
        ("report.json", "sha256"),
        ("shop", "gitCommit"),
        ("uv.lock", "sha256"),
    ]
    names = [one["name"] for one in value["predicate"]["configuration"]]
    assert names == ["adhere.toml", "osv.zip", "src/**"]
    (environment,) = (
        i for i in value["predicate"]["adhereVerdict"]["inputs"] if i["name"] == ".venv"
    )
    assert list(environment["digest"]) == ["adhereRead1"]


@pytest.mark.parametrize(("commit", "dirty"), [("", False), ("a" * 40, True), ("a" * 40, None)])
def test_a_commit_that_the_tree_is_not_is_no_subject(commit: str, *, dirty: bool | None) -> None:
    value = stated(about(report("pass"), commit=commit, dirty=dirty))
    assert not any("gitCommit" in subject["digest"] for subject in value["subject"])
