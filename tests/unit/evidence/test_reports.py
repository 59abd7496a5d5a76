from __future__ import annotations

import json
from typing import Any

import pytest

from adhere.app.vulnerabilities import NOTHING, Beside, Data, answered, from_reports
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.osv import read_record
from adhere.evidence.wire.reports import Reported, read_report, together
from adhere.model.advisory import Vulnerabilities
from adhere.model.finding import Missing
from adhere.model.names import PackageName
from corpus.advisories import osv, spans
from corpus.inventories import component
from fakes.clock import START

P = PackageName("p")
AUDIT = {
    "dependencies": [
        {
            "name": "P",
            "version": "1.0",
            "vulns": [
                {
                    "id": "PYSEC-1",
                    "fix_versions": ["1.1", "2.0"],
                    "aliases": ["CVE-1", "PYSEC-1"],
                    "description": "two\nlines",
                }
            ],
        },
        {"name": "clean", "version": "2.0", "vulns": []},
        {"name": "own", "skip_reason": "Dependency not found on the index"},
    ],
    "fixes": [],
}


def scan(*vulnerabilities: dict[str, Any], ecosystem: str = "PyPI") -> dict[str, Any]:
    package = {"name": "p", "version": "1.0", "ecosystem": ecosystem}
    found = {"package": package, "vulnerabilities": list(vulnerabilities), "groups": []}
    return {"results": [{"source": {"path": "uv.lock", "type": "lockfile"}, "packages": [found]}]}


def read(value: object) -> Reported:
    return read_report(json.dumps(value).encode())


def alone(*values: object) -> Vulnerabilities:
    asked = [
        component("p", "1.0"),
        component("clean", "2.0"),
        component("own", ""),
        component("q", "1"),
    ]
    beside = Beside(together(read(value) for value in values))
    return from_reports(Data("audit.json", START), asked, START, 1.0, beside)


@pytest.mark.parametrize("value", [AUDIT, AUDIT["dependencies"]])
def test_pip_audit(value: object) -> None:
    found = alone(value).found
    (flaw,) = found[P, "1.0"]
    assert (flaw.id, flaw.aliases, flaw.fixed_in) == ("CVE-1", ("PYSEC-1",), ("1.1", "2.0"))
    assert (flaw.severity.band, flaw.summary) == ("UNKNOWN", "two lines")
    assert found[PackageName("clean"), "2.0"] == ()
    skipped = found[PackageName("own"), ""]
    assert isinstance(skipped, Missing)
    assert skipped.reason == "pip-audit skipped it: Dependency not found on the index"
    assert found[PackageName("q"), "1"] == Missing("no report lists it")


def test_osv_scanner() -> None:
    record = osv(
        "GHSA-1",
        "CVE-1",
        affected=[spans("p", ("0", "1.2"))],
        database_specific={"severity": "HIGH"},
    )
    (flaw,) = alone(scan(record)).found[P, "1.0"]
    assert (flaw.id, flaw.severity.band, flaw.fixed_in) == ("CVE-1", "HIGH", ("1.2",))
    assert alone(scan()).found[P, "1.0"] == ()
    assert alone(scan(record, ecosystem="npm")).found[P, "1.0"] == Missing("no report lists it")


def test_what_one_looked_at_counts() -> None:
    found = alone({"dependencies": [{"name": "p", "version": "1.0", "skip_reason": "x"}]}, AUDIT)
    assert len(found.found[P, "1.0"]) == 1


def test_beside_a_database_both_are_one_flaw() -> None:
    record = read_record(
        json.dumps(
            osv(
                "GHSA-9",
                "CVE-1",
                affected=[spans("p", ("0", "1.5"))],
                database_specific={"severity": "CRITICAL"},
            )
        ).encode()
    )
    arguments = (Data("s"), [component("p", "1.0")], {P: [record]}, {}, START, 1.0)
    (flaw,) = answered(*arguments, Beside(read(AUDIT))).found[P, "1.0"]
    assert (flaw.id, flaw.severity.band) == ("CVE-1", "CRITICAL")
    assert flaw.fixed_in == ("1.5", "2.0"), "1.1 is still touched by the database's record"
    assert len(answered(*arguments, NOTHING).found[P, "1.0"]) == 1


def test_a_scanner_may_know_more_than_a_database() -> None:
    arguments = (Data("s"), [component("p", "1.0")], {}, {}, START, 1.0)
    assert answered(*arguments, NOTHING).found[P, "1.0"] == ()
    assert len(answered(*arguments, Beside(read(AUDIT))).found[P, "1.0"]) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[1]",
        b"[" * 100_000,
        b'{"dependencies": 3}',
        b'{"dependencies": [{"version": "1"}]}',
        b'{"dependencies": [{"name": "p", "vulns": [{"id": "../x"}]}]}',
        json.dumps(scan({})).encode(),
    ],
)
def test_garbage(data: bytes) -> None:
    with pytest.raises(Garbage):
        read_report(data)


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adhere.evidence.wire.reports.MAX_REPORT", 10)
    with pytest.raises(Garbage, match="more than any report"):
        read(AUDIT)
