"""Whole runs while an index and an advisory service misbehave.

Whatever they do, the verdict is the right one, or it says what could not be judged; and once
they are well again, the next run is right.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adhere.app.check import acheck, check
from adhere.app.request import Checked, Request
from adhere.app.wiring import SystemClock
from adhere.testing import Authority, FakeIndex, FakeOsv, faults
from fakes.clock import FakeClock

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


def said(checked: Checked, rule: str) -> str:
    """Why a rule was not judged."""
    result = next(result for result in checked.report.results if result.rule == rule)
    return " ".join((result.message, *(one.reason for one in result.not_judged)))


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


HALF = {
    "reset": faults.ResetAfter(),
    "gone": faults.Status(404),
    "broken": faults.Status(500),
    "json": faults.wrong_json(),
    "types": faults.WrongTypes(),
    "empty": faults.Body(b"{}"),
    "portal": faults.Body(b"<html><body>Please log in</body></html>", "text/html"),
    "another": faults.Body(json.dumps({**RECORD, "id": "PYSEC-2026-2"}).encode()),
}
MANY = [f"shop-{number}" for number in range(8)]


@pytest.mark.parametrize("fault", HALF)
def test_half_of_the_answers_are_wrong(
    run: Run, project: Path, osv: FakeOsv, index: FakeIndex, fault: str
) -> None:
    """Every package is right or said to be unjudged, rule by rule; none is green by a fault."""
    (project / "requirements.txt").write_text("".join(f"{n}==1.0\n" for n in MANY), "utf-8")
    for number, name in enumerate(MANY):
        index.add(name, ["1.0", "1.1"])
        part = {**RECORD["affected"][0], "package": {"ecosystem": "PyPI", "name": name}}
        osv.add({**RECORD, "id": f"PYSEC-2026-{number + 10}", "affected": [part]})
    index.fail(HALF[fault], every=2)
    osv.fail(HALF[fault], path="/v1/vulns/*", every=2)
    policy = (project / "adhere.toml").read_text("utf-8").replace("retries = 1", "retries = 0")
    (project / "adhere.toml").write_text(policy, "utf-8")
    checked = run(deadline=10.0)
    for rule in ("gate", "fresh"):
        result = next(one for one in checked.report.results if one.rule == rule)
        found = {f.subject for f in checked.report.findings if f.rule == rule}
        unjudged = {one.subject for one in result.not_judged}
        assert found | unjudged == set(MANY), f"{rule} took a package for good"
        assert len(found) == len(unjudged) == len(MANY) / 2
        assert result.outcome == "fail"
    alive = next(one for one in checked.report.results if one.rule == "alive")
    assert alive.outcome != "pass"
    osv.heal()
    index.heal()
    again = run(deadline=10.0)
    if fault != "gone":  # that there is no such page is an answer, and kept for a while
        assert [r.not_judged for r in again.report.results if not r.builtin] == [()] * 3
        found = {(f.rule, f.subject) for f in again.report.findings}
        assert found == {(rule, name) for rule in ("gate", "fresh") for name in MANY}


@pytest.mark.parametrize("host", ["", "elsewhere.example.org"])
def test_a_certificate_that_nobody_trusts(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    authority = Authority()
    if host:  # it is trusted, and somebody else's
        monkeypatch.setenv("SSL_CERT_FILE", authority.write_pem(str(tmp_path / "ca.pem")))
    with (
        FakeOsv([RECORD], tls=authority, certificate_host=host) as osv,
        FakeIndex({"shop": ["1.0"]}, tls=authority, certificate_host=host) as index,
    ):
        for name, value in {**osv.environment, **index.environment}.items():
            monkeypatch.setenv(name, value)
        found = run()
        assert osv.log == index.log == []
    assert set(outcomes(found).values()) == {"not_run"}
    assert "certificate" in said(found, "gate")


def test_both_are_slow_and_one_deadline_is_for_both(
    run: Run, osv: FakeOsv, index: FakeIndex
) -> None:
    osv.fail(faults.Slow(60.0))
    index.fail(faults.Slow(60.0))
    clock = SystemClock()
    start = clock.elapsed()
    found = run(deadline=1.0)
    assert clock.elapsed() - start < 30.0, "it waited for an answer"
    assert set(outcomes(found).values()) == {"not_run"}


def test_what_is_past_its_time_is_asked_again_and_judged_by_its_age_offline(
    project: Path, osv: FakeOsv, index: FakeIndex
) -> None:
    clock = FakeClock()
    request = Request(folder=str(project), cache_dir=str(project / "cache"))
    assert is_right(check(request, clock=clock))
    osv.clear_log()
    clock.pass_time(hours=36)
    offline = Request(folder=str(project), cache_dir=str(project / "cache"), offline=True)
    assert is_right(check(offline, clock=clock)), "a day and a half is young enough"
    assert is_right(check(request, clock=clock))
    assert osv.counts["/v1/querybatch"] == 1, "past its time to live it is asked again"
    clock.pass_time(days=20)
    old = check(offline, clock=clock)
    assert outcomes(old)["gate"] == "not_run"
    assert "20.0 days old" in said(old, "gate")
    osv.fail(faults.Status(503))
    assert outcomes(check(request, clock=clock))["gate"] == "not_run"


@pytest.mark.parametrize("is_touched", [True, False])
def test_a_service_whose_parts_do_not_agree(
    project: Path, osv: FakeOsv, index: FakeIndex, *, is_touched: bool
) -> None:
    """It has announced a change of a record, and hands out what was there before it."""
    osv.add(RECORD if is_touched else {**RECORD, "withdrawn": RECORD["modified"]})
    osv.announced[RECORD["id"]] = "2026-11-02T00:00:00Z"
    clock = FakeClock()
    request = Request(folder=str(project), cache_dir=str(project / "cache"))
    for _ in range(2):
        found = check(request, clock=clock)
        assert outcomes(found)["gate"] == ("fail" if is_touched else "not_run")
        assert is_touched or "says that it changed on 2026-11-02" in said(found, "gate")
    record = f"/v1/vulns/{RECORD['id']}"
    assert osv.counts[record] == 1
    osv.add({**RECORD, "modified": "2026-11-02T00:00:00Z"})
    clock.pass_time(minutes=11)
    assert is_right(check(request, clock=clock))
    assert (osv.counts[record], osv.counts["/v1/querybatch"]) == (2, 1)
    clock.pass_time(minutes=11)
    assert is_right(check(request, clock=clock))
    assert osv.counts[record] == 2


def test_a_clock_that_is_set_back_harms_nothing(
    project: Path, osv: FakeOsv, index: FakeIndex
) -> None:
    clock = FakeClock(SystemClock().now() + timedelta(days=3))
    request = Request(folder=str(project), cache_dir=str(project / "cache"))
    assert is_right(check(request, clock=clock))
    clock.set_back(days=2)
    assert is_right(check(request, clock=clock))


def test_a_program_that_has_an_event_loop(project: Path, osv: FakeOsv, index: FakeIndex) -> None:
    request = Request(folder=str(project), cache=False)

    async def main() -> tuple[Checked, Checked]:
        return await acheck(request), check(request)

    assert all(is_right(checked) for checked in asyncio.run(main()))


def test_a_report_says_what_was_asked(run: Run, osv: FakeOsv, index: FakeIndex) -> None:
    counts = run().report.run.counts
    assert counts["network.requests"] == len(osv.log) + len(index.log)
    report = json.dumps([osv.url, index.url])
    assert "@" not in report
