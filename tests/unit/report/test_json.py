"""The canonical report as bytes."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from adhere.app.check import check
from adhere.app.request import Request
from adhere.app.schema import schema as json_schema
from adhere.errors import ReportError
from adhere.report.document import Report
from adhere.report.json import decode_report, encode_report
from corpus.reports import everything, with_words
from fakes.clock import FakeClock
from repo.sample import PROJECTS, make_project

SAMPLES = sorted(
    folder.name for folder in PROJECTS.iterdir() if folder.is_dir() and folder.name[0] not in "_a"
)
LATER = datetime(2126, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    found = json_schema("report")
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def judged(name: str, folder: Path) -> Report:
    project = make_project(name, folder / name)
    return check(Request(folder=str(project), cache=False), clock=FakeClock(LATER)).report


@pytest.mark.parametrize("name", SAMPLES)
def test_reports_of_real_runs_are_as_the_schema_says(
    name: str, tmp_path: Path, schema: Draft202012Validator
) -> None:
    data = encode_report(judged(name, tmp_path))
    schema.validate(json.loads(data))
    assert encode_report(decode_report(data, "report.json")) == data


def test_the_schema_refuses_what_is_no_report(schema: Draft202012Validator) -> None:
    data = json.loads(encode_report(everything()))
    schema.validate(data)
    for key in data:
        if key not in ("performance", "problems"):
            assert not schema.is_valid({k: v for k, v in data.items() if k != key}), key
    assert not schema.is_valid(data | {"schema": "adhere.report/2"})
    data["packages"][0]["license"]["state"] = "fine"
    assert not schema.is_valid(data)


def test_keys_are_sorted_everywhere() -> None:
    def look(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        assert names == sorted(names)
        return dict(pairs)

    json.loads(encode_report(everything()), object_pairs_hook=look)


@pytest.mark.parametrize("name", ["broken", "decided", "locked", "origins", "waived"])
def test_another_machine_gives_the_same_bytes(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folder, user, host and variables are other ones; nothing but `run` may differ."""
    told = []
    for place, secret in (("one", "s3cret-one"), ("two/below", "s3cret-two")):
        monkeypatch.setenv("SECRET_TOKEN", secret)
        monkeypatch.setenv("USER", f"user-{secret}")
        monkeypatch.setenv("HOSTNAME", f"host-{secret}")
        data = encode_report(judged(name, tmp_path / place))
        assert str(tmp_path).encode() not in data
        assert b"s3cret" not in data
        assert not re.search(rb'"path": "(/|[A-Za-z]:|.*\\\\)', data)
        report = json.loads(data)
        report.pop("run")
        told.append(json.dumps(report))
    assert all(one == other for one, other in pairwise(told))


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "report-invalid", "it is no report"),
        (b"\xff\xfe", "report-invalid", "it is no report"),
        (b'{"schema": "adhere.report/1"', "report-invalid", "it is no report"),
        (b"[" * 100_000, "report-invalid", "it is no report"),
        (b"{}", "report-schema", "no report of adhere's"),
        (b'{"schema": "cyclonedx"}', "report-schema", "no report of adhere's"),
        (b'{"schema": "adhere.report/0"}', "report-schema", "this version reads `adhere.report/1`"),
        (b'{"schema": "adhere.report/2"}', "report-schema", "this version reads `adhere.report/1`"),
        (b'{"schema": "adhere.report/1"}', "report-invalid", "required field"),
        (b'{"schema": 1}', "report-invalid", "it is no report"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, code: str, words: str) -> None:
    with pytest.raises(ReportError) as caught:
        decode_report(data, "old.json")
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == (code, "old.json")
    assert words in problem.message


def test_a_newer_adhere_may_have_added_keys() -> None:
    data = json.loads(encode_report(everything()))
    data["new"] = data["packages"][0]["new"] = {"x": 1}
    assert decode_report(json.dumps(data).encode(), "x") == everything()


def test_half_a_surrogate_pair_does_not_stop_a_report() -> None:
    data = encode_report(with_words(everything(), lambda text: text + "\ud800"))
    assert json.loads(data)["subject"]["name"] == "shop\\ud800"
