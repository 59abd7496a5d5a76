from __future__ import annotations

import json
from typing import Any

import pytest

from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.vex import read_vex
from adhere.model.advisory import Severity, Statement, Vulnerability
from adhere.model.names import PackageName
from adhere.policy.vulnerability.excuse import excused

P = PackageName("p")
FLAW = Vulnerability("CVE-1", ("GHSA-1",), Severity("HIGH"))


def openvex(*statements: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": "https://openvex.example.org/ns/v0.2.0",
        "author": "Ana",
        "timestamp": "2026-11-01T00:00:00Z",
        "statements": list(statements),
    }


def says(status: str = "not_affected", **keys: Any) -> dict[str, Any]:
    return {
        "vulnerability": {"name": "CVE-1"},
        "products": [{"@id": "pkg:pypi/P@1.0"}],
        "status": status,
        "justification": "vulnerable_code_not_in_execute_path",
        **keys,
    }


def cyclonedx(analysis: dict[str, Any] | None, *affects: dict[str, Any]) -> dict[str, Any]:
    flaw: dict[str, Any] = {
        "id": "CVE-1",
        "references": [{"id": "GHSA-1"}],
        "affects": list(affects),
    }
    if analysis is not None:
        flaw["analysis"] = analysis
    inner = {"bom-ref": "ref p", "purl": "pkg:pypi/p@1.0"}
    return {
        "bomFormat": "CycloneDX",
        "components": [{"bom-ref": "app", "components": [inner]}],
        "vulnerabilities": [flaw],
    }


def read(value: object, label: str = "vex.json") -> tuple[Statement, ...]:
    return read_vex(json.dumps(value).encode(), label)


def is_excused(*documents: object, flaw: Vulnerability = FLAW, version: str = "1.0") -> bool:
    found = [one for n, document in enumerate(documents) for one in read(document, f"{n}.json")]
    return excused(P, version, flaw, found).statement is not None


def test_openvex() -> None:
    (found,) = read(openvex(says()))
    assert (found.name, found.version, found.ids) == (P, "1.0", ("CVE-1",))
    assert (found.status, found.author, found.source) == ("not_affected", "Ana", "vex.json")
    assert found.reason == "vulnerable_code_not_in_execute_path"
    assert is_excused(openvex(says()))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (says("fixed"), True),
        (says("affected"), False),
        (says("under_investigation"), False),
        (says(justification=""), False),
        (says(justification="", impact_statement="it is not called"), True),
        (says(vulnerability="GHSA-1"), True),
        (says(vulnerability={"name": "X", "aliases": ["GHSA-1"]}), True),
        (says(vulnerability="CVE-2"), False),
        (says(products=["pkg:pypi/p"]), True),
        (says(products=["pkg:pypi/p@1.1"]), False),
        (says(products=["pkg:npm/p@1.0"]), False),
        (says(products=[]), False),
        (says(products=[{"@id": "x", "identifiers": {"purl": "pkg:pypi/p@1.0?a=b#c"}}]), True),
        (says(products=[{"@id": "app", "subcomponents": [{"@id": "pkg:pypi/p@1.0"}]}]), True),
        (says(products=[{"@id": "pkg:pypi/p", "subcomponents": [{"@id": "pkg:pypi/q"}]}]), False),
    ],
)
def test_what_excuses(statement: dict[str, Any], expected: bool) -> None:
    assert is_excused(openvex(statement)) is expected


def test_the_newest_statement_of_a_document_counts() -> None:
    old = says("affected", timestamp="2026-01-01T00:00:00Z")
    new = says(timestamp="2026-02-01T00:00:00Z")
    assert is_excused(openvex(old, new))
    assert is_excused(openvex(new, old))
    assert not is_excused(openvex(says(), says("affected"))), "the later of the same moment"


def test_documents_that_disagree_excuse_nothing() -> None:
    assert is_excused(openvex(says()), openvex(says("fixed")))
    assert not is_excused(openvex(says()), openvex(says("affected")))
    assert is_excused(openvex(says()), openvex(says("affected", vulnerability="CVE-2")))


def test_nothing_excuses_an_attack() -> None:
    attack = Vulnerability("CVE-1", (), Severity("MALICIOUS"))
    assert not is_excused(openvex(says()), flaw=attack)


WHY = {"state": "not_affected", "justification": "code_not_reachable"}
HERE = {"ref": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#ref%20p"}


@pytest.mark.parametrize(
    ("analysis", "affects", "expected"),
    [
        (WHY, HERE, True),
        (WHY, {"ref": "ref p"}, True),
        (WHY, {"ref": "pkg:pypi/p@1.0"}, True),
        (WHY, {"ref": "elsewhere"}, False),
        ({"state": "not_affected", "detail": "never called"}, HERE, True),
        ({"state": "not_affected"}, HERE, False),
        ({"state": "resolved"}, HERE, True),
        ({"state": "exploitable"}, HERE, False),
        ({"state": "in_triage"}, HERE, False),
        ({}, HERE, False),
        (None, HERE, False),
        (WHY, {**HERE, "versions": [{"version": "1.0"}]}, True),
        (WHY, {**HERE, "versions": [{"version": "0.9"}]}, False),
        (WHY, {**HERE, "versions": [{"range": "vers:pypi/>=0"}]}, False),
        (
            WHY,
            {"ref": "pkg:pypi/p", "versions": [{"version": "1.0", "status": "unaffected"}]},
            True,
        ),
    ],
)
def test_cyclonedx(
    analysis: dict[str, Any] | None, affects: dict[str, Any], expected: bool
) -> None:
    document = cyclonedx(analysis, affects)
    assert is_excused(document) is expected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"[" * 100_000,
        b'{"statements": 1}',
        b'{"statements": [{"vulnerability": "x", "status": "fine"}]}',
        b'{"bomFormat": "SPDX", "vulnerabilities": []}',
        b'{"bomFormat": "CycloneDX", "vulnerabilities": 3}',
        json.dumps(cyclonedx({"state": "great"}, HERE)).encode(),
    ],
)
def test_garbage(data: bytes) -> None:
    with pytest.raises(Garbage):
        read_vex(data, "vex.json")
