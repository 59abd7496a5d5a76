"""Whole runs while an index and an advisory service misbehave.

Whatever they do, the verdict is the right one, or it says what could not be judged; and once
they are well again, the next run is right.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adhere.app.check import Checked, Request, check
from adhere.testing import FakeIndex, FakeOsv, faults

POLICY = """\
schema = 1
[index]
retries = 1
timeout = "500ms"
rate = 1000
breaker_failures = 100
[project]
sources = ["requirements.txt"]
[[rule]]
id = "gate"
check = "vulnerabilities.gate"
[[rule]]
id = "fresh"
check = "packages.fresh"
with = { max_behind = { releases = 0 } }
[[rule]]
id = "alive"
check = "packages.maintained"
"""

RECORD = {
    "id": "PYSEC-2026-1",
    "modified": "2026-11-01T00:00:00Z",
    "published": "2026-11-01T00:00:00Z",
    "severity": [
        {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
    ],
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "shop"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}

FAULTS: dict[str, Any] = {
    "slow": faults.Slow(30.0),
    "silent": faults.Silent(),
    "drip": faults.Drip(),
    "reset": faults.ResetAfter(),
    "gone": faults.Status(404),
    "busy": faults.too_many_requests(60),
    "broken": faults.Status(500),
    "json": faults.wrong_json(),
    "types": faults.WrongTypes(),
    "huge": faults.Huge(),
    "bomb": faults.GzipBomb(),
    "redirect": faults.Redirect("https://elsewhere.example.org/"),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "adhere.toml").write_text(POLICY, "utf-8")
    (tmp_path / "requirements.txt").write_text("shop==1.0\ntill==2.0\n", "utf-8")
    return tmp_path


@pytest.fixture
def osv(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOsv]:
    with FakeOsv([RECORD]) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeIndex]:
    with FakeIndex({"shop": ["1.0", "1.1"], "till": ["2.0"]}) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


Run = Callable[..., Checked]


@pytest.fixture
def run(project: Path) -> Run:
    def judged(**about: Any) -> Checked:
        wanted = {"deadline": 3.0, "cache_dir": str(project / "cache"), **about}
        return check(Request(folder=str(project), **wanted))

    return judged


def outcomes(checked: Checked) -> dict[str, str]:
    results = {result.rule: result for result in checked.report.results}
    return {name: results[name].outcome for name in ("gate", "fresh", "alive")}


RIGHT = {"gate": "fail", "fresh": "fail", "alive": "pass"}


def is_right(checked: Checked) -> bool:
    found = {(finding.rule, finding.subject) for finding in checked.report.findings}
    return outcomes(checked) == RIGHT and found == {("gate", "shop"), ("fresh", "shop")}


def test_servers_that_are_well(run: Run, osv: FakeOsv, index: FakeIndex) -> None:
    assert is_right(run())
    asked = len(osv.log) + len(index.log)
    assert is_right(run())
    assert is_right(run(offline=True))
    assert len(osv.log) + len(index.log) == asked, "what is known is not asked again"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_service_that_misbehaves(run: Run, osv: FakeOsv, index: FakeIndex, fault: str) -> None:
    osv.fail(FAULTS[fault])
    found = run()
    assert outcomes(found) == {**RIGHT, "gate": "not_run"}
    assert found.exit_code == 1, "what is violated is violated all the same"
    osv.heal()
    assert is_right(run(deadline=10.0))


@pytest.mark.parametrize("fault", [name for name in FAULTS if name != "gone"])
def test_an_index_that_misbehaves(run: Run, osv: FakeOsv, index: FakeIndex, fault: str) -> None:
    index.fail(FAULTS[fault])
    found = run()
    assert outcomes(found) == {"gate": "fail", "fresh": "not_run", "alive": "not_run"}
    for result in found.report.results:
        if result.rule in ("fresh", "alive"):
            assert {one.subject for one in result.not_judged} == {"shop", "till"}
            assert all(one.reason for one in result.not_judged)
    index.heal()
    assert is_right(run(deadline=10.0))


def test_an_index_that_has_nothing(run: Run, osv: FakeOsv, index: FakeIndex) -> None:
    index.fail(faults.Status(404))
    found = run()
    assert outcomes(found) == {"gate": "fail", "fresh": "not_run", "alive": "not_run"}


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "https://nowhere.invalid"])
def test_servers_that_are_not_there(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("ADHERE_OSV_URL", url)
    monkeypatch.setenv("ADHERE_INDEX_URL", url)
    found = run()
    assert set(outcomes(found).values()) == {"not_run"}
    assert found.exit_code == 3
    assert found.report.gates[0].verdict == "not_judged"


def test_a_fault_that_passes_is_not_noticed(run: Run, osv: FakeOsv, index: FakeIndex) -> None:
    osv.fail(faults.Status(503), times=1)
    index.fail(faults.ResetAfter(), times=1)
    assert is_right(run(deadline=10.0))


def test_old_answers_are_judged_by_their_age(
    run: Run, project: Path, osv: FakeOsv, index: FakeIndex
) -> None:
    assert is_right(run())
    policy = (project / "adhere.toml").read_text("utf-8")
    young = policy.replace(
        'check = "vulnerabilities.gate"',
        'check = "vulnerabilities.gate"\nwith = { max_age = "1ms" }',
    )
    (project / "adhere.toml").write_text(young, "utf-8")
    found = run(offline=True)
    assert outcomes(found)["gate"] == "not_run"


def test_no_cache_asks_each_time(run: Run, osv: FakeOsv, index: FakeIndex) -> None:
    assert is_right(run(cache=False))
    asked = len(osv.log)
    assert is_right(run(cache=False))
    assert len(osv.log) == 2 * asked


def test_a_report_says_what_was_asked(run: Run, osv: FakeOsv, index: FakeIndex) -> None:
    counts = run().report.run.counts
    assert counts["network.requests"] == len(osv.log) + len(index.log)
    report = json.dumps([osv.url, index.url])
    assert "@" not in report
