from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adhere.app.check import check
from adhere.app.request import Request
from adhere.app.vulnerabilities import from_snapshot
from adhere.evidence.advisories import Snapshot, open_snapshot
from adhere.model.finding import Missing
from adhere.model.inventory import Component
from adhere.model.names import PackageName
from adhere.report.json import encode_report
from corpus.advisories import osv, snapshot_of, spans
from corpus.golden import made
from corpus.inventories import component
from corpus.obvious_matcher import ObviousMatcher, read_records
from fakes.clock import FakeClock

NOW = datetime(2026, 11, 25, tzinfo=UTC)
P = PackageName("p")
SHARES = 4
"""Of the pins, so that processes can take one each."""


def quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def opened(path: Path, folder: Path) -> Snapshot:
    return open_snapshot(str(path), path.name, str(folder), quiet)


@pytest.fixture(scope="module")
def real(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    path = shared_data / "osv-pypi-2024-10-10.zip"
    return opened(path, tmp_path_factory.mktemp("indexes"))


@pytest.fixture(scope="module")
def obvious(shared_data: Path) -> ObviousMatcher:
    return ObviousMatcher(read_records(shared_data / "osv-pypi-2024-10-10.zip"))


def test_pins_are_thousands(obvious: ObviousMatcher) -> None:
    assert len(set(obvious.pins())) > 8_000
    assert {name for name, _ in obvious.pins()} == set(obvious.by_name)
    assert any(obvious.flaws(*pin)[1] for pin in sorted(set(obvious.pins()))[:2_000])


@pytest.mark.parametrize("share", range(SHARES))
def test_exactly_what_an_obvious_matcher_finds(
    share: int, obvious: ObviousMatcher, real: Snapshot
) -> None:
    pins = sorted(set(obvious.pins()))[share::SHARES]
    answer = from_snapshot(real, [component(*pin) for pin in pins], NOW, 1.0)
    hits = doubts = 0
    for name, version in pins:
        found = answer.found[PackageName(name), version]
        doubt = answer.doubts.get((PackageName(name), version))
        if isinstance(found, Missing):
            found, doubt = (), found
        sure, unsure = obvious.flaws(name, version)
        assert {frozenset((flaw.id, *flaw.aliases)) for flaw in found} == sure, (name, version)
        assert len(found) == len(sure), "one flaw is one finding"
        assert (doubt is not None) == bool(unsure), (name, version, unsure)
        hits += len(found)
        doubts += doubt is not None
    assert hits > 1_000
    assert doubts < 100


def test_the_real_environment_has_few_hits(
    obvious: ObviousMatcher, real: Snapshot, real_site_packages: Path
) -> None:
    folders = (folder.name.removesuffix(".dist-info") for folder in real_site_packages.iterdir())
    pins = [tuple(name.rsplit("-", 1)) for name in folders if "-" in name]
    components = [component(name, version) for name, version in pins]
    answer = from_snapshot(real, components, NOW, 1.0)
    expected = {
        (c.name, c.version): obvious.flaws(c.name, c.version)[0]
        for c in components
        if obvious.flaws(c.name, c.version) != (set(), set())
    }
    found = {
        key: {frozenset((flaw.id, *flaw.aliases)) for flaw in flaws}
        for key, flaws in answer.found.items()
        if not isinstance(flaws, Missing) and flaws
    }
    assert len(components) == 741
    assert found == expected
    assert 0 < len(found) < 10


def answered(tmp_path: Path, *records: dict[str, object], version: str = "1.0") -> object:
    snapshot = opened(snapshot_of(tmp_path / "s.zip", *records), tmp_path / "i")
    return from_snapshot(snapshot, [component("p", version)], NOW, 1.0)


def test_aliases_are_joined_through_records_of_other_packages(tmp_path: Path) -> None:
    found = answered(
        tmp_path,
        osv("PYSEC-1", "CVE-1", affected=[spans("p", ("0", "2"))]),
        osv("GHSA-2", "CVE-2", affected=[spans("p", ("0", "2"))]),
        osv("X-3", "CVE-1", "CVE-2", affected=[spans("q", ("0", "2"))]),
    ).found[P, "1.0"]
    (flaw,) = found
    assert (flaw.id, flaw.aliases) == ("CVE-1", ("CVE-2", "GHSA-2", "PYSEC-1", "X-3"))


def test_a_version_without_an_order_is_not_judged(tmp_path: Path) -> None:
    records = [osv("PYSEC-1", affected=[spans("p", ("0", "2"))])]
    for version in ("", "not-a-version"):
        found = answered(tmp_path, *records, version=version).found[P, version]
        assert isinstance(found, Missing)


def test_an_unreadable_record_takes_the_judgement_of_its_package(tmp_path: Path) -> None:
    broken = osv("PYSEC-2", affected=[spans("P", ("0", "2")), spans("q", ("0", "2"))])
    broken["modified"] = "yesterday"
    answer = answered(tmp_path, broken, osv("PYSEC-1", affected=[spans("r", ("0", "2"))]))
    assert "`modified` is no time" in answer.found[P, "1.0"].reason
    assert answer.remarks == ()


def test_beside_an_unreadable_record_a_flaw_is_still_found(tmp_path: Path) -> None:
    broken = {**osv("PYSEC-2", affected=[spans("p", ("0", "2"))]), "aliases": 3}
    answer = answered(tmp_path, broken, osv("PYSEC-1", affected=[spans("p", ("0", "2"))]))
    assert [flaw.id for flaw in answer.found[P, "1.0"]] == ["PYSEC-1"]
    assert "it is no record" in answer.doubts[P, "1.0"].reason


def test_what_may_be_about_any_package_is_a_remark(tmp_path: Path) -> None:
    good = osv("PYSEC-1", affected=[spans("r", ("0", "2"))])
    answer = answered(tmp_path, good, *({"id": f"X-{number}"} for number in range(9)))
    assert len(answer.remarks) == 6
    assert answer.remarks[-1] == "and 4 more"


def test_withdrawn_records_are_known_by_every_id(tmp_path: Path) -> None:
    gone = osv(
        "PYSEC-1", "CVE-1", affected=[spans("p", ("0", "2"))], withdrawn="2026-01-01T00:00:00Z"
    )
    answer = answered(tmp_path, gone)
    assert answer.found[P, "1.0"] == ()
    assert answer.withdrawn == ("CVE-1", "PYSEC-1")


def test_our_own_packages_are_in_no_database(tmp_path: Path) -> None:
    snapshot = opened(
        snapshot_of(tmp_path / "s.zip", osv("PYSEC-1", affected=[spans("p", ("0", "2"))])), tmp_path
    )
    ours: list[Component] = [component("p", "1.0", first_party=True)]
    assert from_snapshot(snapshot, ours, NOW, 1.0).found == {}


def test_what_judged_is_an_input_of_the_report(tmp_path: Path) -> None:
    project = made("vulnerabilities.gate/fails-vex", tmp_path)
    report = check(Request(folder=str(project), cache=False), clock=FakeClock()).report
    kinds = {entry.path: entry.kind for entry in report.subject.inputs}
    assert kinds[".adhere/osv-pypi.zip"] == "advisories"
    assert kinds["vex.json"] == kinds["bom.cdx.json"] == "data"


def test_reports_alone_judge_what_they_list(tmp_path: Path) -> None:
    (tmp_path / "adhere.toml").write_text(
        "schema = 1\n"
        '[advisories]\nsource = "reports"\nreports = ["audit.json"]\n'
        '[[rule]]\nid = "flaws"\ncheck = "vulnerabilities.gate"\n'
    )
    (tmp_path / "requirements.txt").write_text("p==1.0\nq==1.0\n")
    (tmp_path / "audit.json").write_text('{"dependencies": [{"name": "p", "version": "1.0"}]}')
    clock = FakeClock()
    request = Request(sources=("requirements.txt",), folder=str(tmp_path), cache=False)
    for age, reason in ((3_600, "no report lists it"), (864_000, "")):
        made_at = clock.now().timestamp() - age
        os.utime(tmp_path / "audit.json", (made_at, made_at))
        (result, *_) = (
            one for one in check(request, clock=clock).report.results if one.rule == "flaws"
        )
        assert result.outcome == "not_run"
        if reason:
            assert [(one.subject, one.reason) for one in result.not_judged] == [("q", reason)]
        else:
            assert "10.0 days old" in result.message


def test_the_gate_is_for_what_a_baseline_does_not_have(tmp_path: Path) -> None:
    project = made("vulnerabilities.gate/fails", tmp_path)
    report = check(Request(folder=str(project), cache=False), clock=FakeClock()).report
    (project / "base.json").write_bytes(encode_report(report))
    request = Request(folder=str(project), cache=False, baseline="base.json")
    assert check(request, clock=FakeClock()).exit_code == 0
    snapshot_of(
        project / ".adhere/osv-pypi.zip",
        osv(
            "PYSEC-2026-2",
            "CVE-2026-1002",
            affected=[spans("invoices", ("0", None))],
            modified="2026-11-22T12:00:00Z",
        ),
        osv(
            "PYSEC-2026-99",
            affected=[spans("clean", ("0", None))],
            modified="2026-11-22T12:00:00Z",
            database_specific={"severity": "HIGH"},
        ),
    )
    after = check(request, clock=FakeClock())
    found = {(f.detail, f.disposition) for f in after.report.findings}
    assert after.exit_code == 1
    assert found == {("CVE-2026-1002", "baseline"), ("PYSEC-2026-99", "open")}
