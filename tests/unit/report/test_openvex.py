"""The document has the shape that OpenVEX 0.2.0 gives it, and says no more than people did."""

from __future__ import annotations

import json
from datetime import date
from itertools import permutations
from typing import Any
from urllib.parse import unquote

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.evidence.wire.vex import read_vex
from adhere.model.names import PackageName
from adhere.policy.waiver import Reason
from adhere.report.document import Report, ReportFinding, ReportFlaw, ReportWaiver
from adhere.report.openvex import left_out, openvex, package_url
from corpus.reports import everything, finding, waiver

WORD = {"type": "string", "minLength": 1}
MOMENT = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
}
IRI = {"type": "string", "pattern": r"^(https://[!-~]+|pkg:[!-~]+)$"}
PURL = {"type": "string", "pattern": r"^pkg:pypi/[a-z0-9.%A-F-]+(@[A-Za-z0-9._~%-]+)?$"}
COMPONENT: dict[str, Any] = {
    "@id": IRI,
    "identifiers": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"purl": PURL, "cpe22": WORD, "cpe23": WORD},
    },
    "hashes": {"type": "object", "additionalProperties": WORD},
}
IDENTIFIED = [{"required": ["@id"]}, {"required": ["identifiers"]}]
PRODUCT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **COMPONENT,
        "subcomponents": {
            "type": "array",
            "uniqueItems": True,
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": COMPONENT,
                "anyOf": IDENTIFIED,
            },
        },
    },
    "anyOf": IDENTIFIED,
}
STATEMENT: dict[str, Any] = {
    "type": "object",
    "required": ["vulnerability", "status", "products", "timestamp"],
    "additionalProperties": False,
    "properties": {
        "@id": IRI,
        "version": {"type": "integer", "minimum": 1},
        "vulnerability": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {
                "@id": IRI,
                "name": WORD,
                "description": WORD,
                "aliases": {"type": "array", "uniqueItems": True, "items": WORD},
            },
        },
        "timestamp": MOMENT,
        "last_updated": MOMENT,
        "products": {
            "type": "array",
            "uniqueItems": True,
            "minItems": 1,
            "items": PRODUCT,
        },
        "status": {"enum": ["not_affected", "affected", "fixed", "under_investigation"]},
        "supplier": WORD,
        "status_notes": WORD,
        "justification": {
            "enum": [
                "component_not_present",
                "vulnerable_code_not_present",
                "vulnerable_code_not_in_execute_path",
                "vulnerable_code_cannot_be_controlled_by_adversary",
                "inline_mitigations_already_exist",
            ]
        },
        "impact_statement": WORD,
        "action_statement": WORD,
        "action_statement_timestamp": MOMENT,
    },
    "allOf": [
        {
            "if": {"properties": {"status": {"const": "not_affected"}}},
            "then": {
                "oneOf": [{"required": ["justification"]}, {"required": ["impact_statement"]}]
            },
            "else": {
                "not": {
                    "anyOf": [{"required": ["justification"]}, {"required": ["impact_statement"]}]
                }
            },
        },
        {
            "if": {"properties": {"status": {"const": "affected"}}},
            "then": {"required": ["action_statement"]},
            "else": {"not": {"required": ["action_statement"]}},
        },
    ],
}
SHAPE: dict[str, Any] = {  # after the specification; what it only recommends is demanded
    "type": "object",
    "required": ["@context", "@id", "author", "timestamp", "version", "statements"],
    "additionalProperties": False,
    "properties": {
        "@context": {"const": "https://openvex.dev/ns/v0.2.0"},
        "@id": IRI,
        "author": WORD,
        "role": WORD,
        "timestamp": MOMENT,
        "last_updated": MOMENT,
        "version": {"type": "integer", "minimum": 1},
        "tooling": WORD,
        "statements": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": STATEMENT,
        },
    },
}

FLAW = ReportFlaw(("CVE-2026-1", "GHSA-1", "PYSEC-1"), "HIGH")


def flawed(waived_by: str = "W-1", **fields: Any) -> ReportFinding:
    about: dict[str, Any] = {
        "rule": "gate",
        "version": "1.5",
        "detail": "CVE-2026-1",
        "flaw": FLAW,
        "disposition": "waived",
        "waiver": waived_by,
        **fields,
    }
    return finding(about.pop("subject", "orders"), **about)


def granted(name: str = "W-1", **fields: Any) -> ReportWaiver:
    about: dict[str, Any] = {
        "rule": "gate",
        "subject": "orders",
        "reason": "not-reachable",
        "advisory": "GHSA-1",
        **fields,
    }
    return waiver(name, about.pop("state", "active"), 8, **about)


def with_these(
    waivers: tuple[ReportWaiver, ...], *findings: ReportFinding, report: Report | None = None
) -> Report:
    return msgspec.structs.replace(report or everything(), findings=findings, waivers=waivers)


def stated(report: Report, product: str = "") -> dict[str, Any]:
    text = openvex(report, report.waivers, product)
    value: dict[str, Any] = json.loads(text)
    jsonschema.validate(value, SHAPE)
    return value


def statements(*waivers: ReportWaiver, about: tuple[ReportFinding, ...] = ()) -> list[Any]:
    found: list[Any] = stated(with_these(waivers, *(about or (flawed(),))))["statements"]
    return found


def test_what_is_not_reachable_does_not_matter() -> None:
    (statement,) = statements(
        granted(note="nothing calls eval", approved_by="@lead", ticket="SEC-1", until_fixed=True)
    )
    assert statement == {
        "vulnerability": {"name": "CVE-2026-1", "aliases": ["GHSA-1", "PYSEC-1"]},
        "products": [
            {"@id": "pkg:pypi/orders@1.5", "identifiers": {"purl": "pkg:pypi/orders@1.5"}}
        ],
        "status": "not_affected",
        "justification": "vulnerable_code_not_in_execute_path",
        "status_notes": "Waiver W-1 of gate (not-reachable), until 2026-12-01 or a fix. "
        "Owned by @alice, approved by @lead. nothing calls eval. See SEC-1.",
        "timestamp": "2026-11-01T00:00:00+00:00",
    }


def test_what_is_a_false_positive_does_not_matter_and_says_so_in_words() -> None:
    (statement,) = statements(granted(reason="false-positive", note="it is of another orders!"))
    assert statement["status"] == "not_affected"
    assert statement["impact_statement"] == (
        "It does not apply: a false positive. it is of another orders!"
    )


@pytest.mark.parametrize(
    "reason",
    sorted({*Reason.__args__} - {"not-reachable", "false-positive"}),  # type: ignore[attr-defined]  # a Literal
)
def test_whatever_else_excuses_it_leaves_it_affected(reason: str) -> None:
    about = flawed(flaw=ReportFlaw(("CVE-2026-1",), "HIGH", ("2.0", "2.1")))
    (statement,) = statements(
        granted(reason=reason, note="behind a proxy", ticket="SEC-1"), about=(about,)
    )
    assert statement["status"] == "affected"
    assert statement["vulnerability"] == {"name": "CVE-2026-1"}
    said = statement["action_statement"]
    assert said.endswith(", until 2026-12-01. behind a proxy. Fixed in 2.0, 2.1. See SEC-1.")
    assert "nothing excuses" not in said, "a reason without words of its own"


@pytest.mark.parametrize("reason", ["not-reachable", "false-positive"])
def test_nothing_excuses_an_attack(reason: str) -> None:
    about = flawed(flaw=ReportFlaw(("MAL-1",), "MALICIOUS"), detail="MAL-1")
    (statement,) = statements(granted(reason=reason, advisory="MAL-1"), about=(about,))
    assert statement["status"] == "affected"


def test_where_two_waivers_differ_it_matters() -> None:
    """Two rules have one flaw; of the two people who looked, one did not call it harmless."""
    waivers = (granted(), granted("W-2", rule="slo", reason="fix-scheduled"))
    (statement,) = statements(*waivers, about=(flawed(), flawed("W-2", rule="slo")))
    assert statement["status"] == "affected"
    assert "Waiver W-2" in statement["status_notes"]


def test_of_versions_about_which_they_differ_only_those_matter() -> None:
    waivers = (granted(), granted("W-2", reason="fix-scheduled"))
    about = (flawed(version="1.5"), flawed(version="1.6"), flawed("W-2", version="1.6"))
    found = {s["status"]: s["products"] for s in statements(*waivers, about=about)}
    assert [product["@id"] for product in found["not_affected"]] == ["pkg:pypi/orders@1.5"]
    assert [product["@id"] for product in found["affected"]] == ["pkg:pypi/orders@1.6"]


@pytest.mark.parametrize("disposition", ["open", "baseline", "allowed"])
def test_what_another_rule_has_open_is_not_said_not_to_matter(disposition: str) -> None:
    waivers = (granted(), granted("W-2", reason="accepted-risk"))
    still = flawed("", rule="slo", disposition=disposition)
    report = with_these(waivers[:1], flawed(), still)
    assert openvex(report, report.waivers) == ""
    assert left_out(report, report.waivers) == [
        "W-1 is left out: the same flaw is open, or is waived otherwise",
        "there is nothing to state",
    ]
    (statement,) = statements(*waivers, about=(flawed("W-2"), still))
    assert statement["status"] == "affected"


@pytest.mark.parametrize(
    ("reason", "state", "silent"),
    [
        ("not-reachable", "active", False),
        ("not-reachable", "expired", True),
        ("accepted-risk", "active", True),
    ],
)
def test_a_waiver_without_an_advisory_may_still_say_otherwise(
    reason: str, state: str, silent: bool
) -> None:
    waivers = (granted(), granted("W-2", advisory="", rule="slo", reason=reason, state=state))
    report = with_these(waivers, flawed(), flawed("W-2", rule="slo"))
    assert (openvex(report, report.waivers) == "") is silent


def test_one_statement_of_a_waiver_about_a_flaw() -> None:
    about = (flawed(version="1.6"), flawed(version="1.5"), flawed(version="1.5", code="other"))
    (statement,) = statements(granted(), about=about)
    assert [product["@id"] for product in statement["products"]] == [
        "pkg:pypi/orders@1.5",
        "pkg:pypi/orders@1.6",
    ]


@pytest.mark.parametrize(
    ("keys", "about"),
    [
        ({"advisory": ""}, {}),
        ({"state": "expired"}, {}),
        ({"state": "lapsed"}, {}),
        ({"state": "unused"}, {}),
        ({"state": "too-long"}, {}),
        ({}, {"flaw": None}),
        ({}, {"waiver": "", "disposition": "open"}),
        ({}, {"waiver": "W-2"}),
    ],
    ids=str,
)
def test_nothing_else_is_stated(keys: dict[str, Any], about: dict[str, Any]) -> None:
    report = with_these((granted(**keys),), flawed(**about))
    assert openvex(report, report.waivers) == ""


def test_waivers_that_state_nothing_are_named() -> None:
    waivers = (
        granted(),
        granted("W-2", advisory=""),
        granted("W-3", state="expired"),
        granted("W-4"),
    )
    about = [
        flawed(waiver.id, detail=waiver.id, flaw=ReportFlaw((waiver.id,), "HIGH"))
        for waiver in waivers[:3]
    ]
    report = with_these(waivers, *about, flawed("W-4", flaw=None))
    assert left_out(report, report.waivers) == [
        "W-2 names no advisory, and is left out",
        "W-3 has ended since the report, and is left out",
    ]


def test_what_ships_is_the_product_and_packages_are_its_parts() -> None:
    about = (flawed(version="1.6"), flawed(version="1.5"))
    report = with_these((granted(),), *about)
    (statement,) = stated(report, "pkg:pypi/shop@1.4")["statements"]
    (product,) = statement["products"]
    assert product["@id"] == product["identifiers"]["purl"] == "pkg:pypi/shop@1.4"
    assert product["subcomponents"] == [
        {"@id": f"pkg:pypi/orders@{v}", "identifiers": {"purl": f"pkg:pypi/orders@{v}"}}
        for v in ("1.5", "1.6")
    ]
    assert stated(report, "pkg:pypi/shop@1.5")["@id"] != stated(report, "pkg:pypi/shop@1.4")["@id"]


def test_a_flaw_of_the_product_itself_has_no_parts() -> None:
    report = with_these((granted(),), flawed())
    (statement,) = stated(report, "pkg:pypi/orders@1.5")["statements"]
    assert statement["products"] == [
        {"@id": "pkg:pypi/orders@1.5", "identifiers": {"purl": "pkg:pypi/orders@1.5"}}
    ]


def test_who_says_so() -> None:
    waivers = (granted(approved_by="@lead"), granted("W-2", owner="@bob"))
    report = with_these(waivers, flawed(), flawed("W-2"))
    assert stated(report)["author"] == "@bob, @lead"


def test_the_same_report_is_the_same_bytes_in_whatever_order_it_has_them() -> None:
    waivers = (granted(), granted("W-2"), granted("W-3", reason="accepted-risk"))
    about = (flawed(), flawed(version="1.6"), flawed("W-3", subject="other"))
    texts = {
        openvex(with_these((), *order), turned)
        for order in permutations(about)
        for turned in (waivers, waivers[::-1])
    }
    assert len(texts) == 1


def test_another_word_is_another_document() -> None:
    first, second = (
        stated(with_these((granted(note=note),), flawed()))["@id"] for note in ("a", "b")
    )
    assert first != second
    assert first.startswith("https://openvex.dev/docs/adhere/vex-")


def test_when_it_was_said() -> None:
    report = with_these((granted(created=date(2026, 10, 5)),), flawed())
    value = stated(report)
    assert value["timestamp"] == report.run.started
    assert value["statements"][0]["timestamp"] == "2026-10-05T00:00:00+00:00"


@given(st.text(min_size=1), st.text(min_size=1), st.booleans())
def test_whatever_strangers_write(word: str, version: str, known: bool) -> None:
    """Ids and versions come from an index, words from whoever may write a waiver."""
    flaw = ReportFlaw((word, "CVE-1"), "HIGH")
    about = flawed(version=version, detail=word, flaw=flaw)
    waivers = (granted(advisory=word, note=word, owner=word, ticket=word, approved_by=word),)
    report = with_these(waivers, about)
    text = openvex(report, report.waivers, package_url("shop", version) if known else "")
    jsonschema.validate(json.loads(text), SHAPE)
    assert all(
        character.isprintable() or character == "\n" for character in text if character < "\x80"
    )
    (product,) = json.loads(text)["statements"][0]["products"]
    if known:
        (product,) = product["subcomponents"]
    assert product["@id"].startswith("pkg:pypi/orders@")
    if version.isprintable() and version.isascii():
        assert unquote(product["@id"]).removeprefix("pkg:pypi/orders@") == version


@pytest.mark.parametrize("product", ["", "pkg:pypi/shop@1.4", "pkg:pypi/other@1.5"])
def test_adhere_reads_what_it_writes(product: str) -> None:
    """`vex` of `[advisories]`: a project may take over what another one has found out."""
    about = (flawed(version="1.5+cpu"), flawed("W-2", subject="other"))
    report = with_these((granted(), granted("W-2", reason="accepted-risk")), *about)
    read = read_vex(openvex(report, report.waivers, product).encode(), "vex.json")
    assert [(s.name, s.version, s.status, s.ids) for s in read] == [
        (PackageName("orders"), "1.5+cpu", "not_affected", FLAW.ids),
        (PackageName("other"), "1.5", "affected", FLAW.ids),
    ]
    assert read[0].reason == "vulnerable_code_not_in_execute_path"
    assert read[0].author == "@alice"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["orders", "labels", "shop"]),
            st.sampled_from(["1.5", "1.6+cpu", ""]),
            st.sampled_from(["CVE-2026-1", "CVE-2026-2"]),
            st.sampled_from(["W-1", "W-2", "W-3", ""]),
        ),
        min_size=1,
    )
)
def test_a_product_changes_nothing_of_what_is_said_of_its_packages(
    rows: list[tuple[str, str, str, str]],
) -> None:
    about = [
        flawed(by, subject=name, version=version, detail=i, flaw=ReportFlaw((i,), "HIGH"))
        for name, version, i, by in rows
    ]
    waivers = (
        granted(),
        granted("W-2", reason="accepted-risk"),
        granted("W-3", reason="false-positive"),
    )
    report = with_these(waivers, *about)
    plain, within = (
        openvex(report, report.waivers, product) for product in ("", "pkg:pypi/shop@1.5")
    )
    assert bool(plain) == bool(within)
    if plain:
        jsonschema.validate(json.loads(within), SHAPE)
        known = {(s.name, s.version, s.ids, s.status) for s in read_vex(plain.encode(), "a")}
        assert known == {
            (s.name, s.version, s.ids, s.status) for s in read_vex(within.encode(), "a")
        }
