"""The document is valid by the official schema, and says as a fact only what the report is sure of."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import msgspec
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from adhere.licenses._spdx import LICENSES
from adhere.report.bill import is_address
from adhere.report.cyclonedx import cyclonedx
from adhere.report.document import (
    Evidence,
    FaultEntry,
    License,
    PackageOrigin,
    Place,
    Report,
    ReportFinding,
    ReportFlaw,
    ReportPackage,
    Vulnerability,
)
from corpus.reports import everything, finding, package, waiver, with_words

PUBLIC = "https://index.example.org/simple"


@cache
def validator() -> JsonStrictValidator:
    return JsonStrictValidator(SchemaVersion.V1_6)


def written(report: Report, index: str = PUBLIC) -> dict[str, Any]:
    """The document, valid and the same twice."""
    text = cyclonedx(report, index)
    assert text == cyclonedx(report, index)
    problem = validator().validate_str(text)
    assert problem is None, problem
    value: dict[str, Any] = json.loads(text)
    refs = [value["metadata"]["component"]["bom-ref"]]
    refs += [one["bom-ref"] for one in value["components"]]
    assert len(refs) == len(set(refs))
    assert [one["ref"] for one in value["dependencies"]] == refs
    used = {ref for one in value["dependencies"] for ref in one["dependsOn"]}
    used |= {one["ref"] for flaw in value.get("vulnerabilities", ()) for one in flaw["affects"]}
    assert used <= set(refs)
    return value


def about(*packages: ReportPackage, **fields: Any) -> Report:
    return msgspec.structs.replace(everything(), packages=packages, **fields)


def component(given: ReportPackage, **fields: Any) -> dict[str, Any]:
    (found,) = written(about(given, **fields))["components"]
    assert isinstance(found, dict)
    return found


def properties(value: dict[str, Any]) -> list[tuple[str, str]]:
    return [(p["name"].removeprefix("adhere:"), p["value"]) for p in value["properties"]]


def settled(expression: str) -> License:
    return License("concluded", expression, 0.9, ())


def test_a_report_with_something_of_everything() -> None:
    value = written(everything())
    project = value["metadata"]["component"]
    assert (project["name"], project["type"]) == ("shop", "application")
    assert [one["name"] for one in value["components"]] == ["certifi", "mixed", "quiet", "winonly"]
    assert value["metadata"]["timestamp"] == "2026-11-24T00:00:00Z"
    certifi = value["components"][0]
    assert certifi["licenses"] == [{"license": {"id": "MIT", "acknowledgement": "concluded"}}]
    assert certifi["purl"] == certifi["bom-ref"] == "pkg:pypi/certifi@1.0"


@pytest.mark.parametrize(
    "hostile", ["\x1b[31m", "\u202e", "\ud800", "a" * 5_000, "", "../\n<x>", "💥", "%", "@?#"]
)
def test_hostile_words_make_no_other_document(hostile: str) -> None:
    text = cyclonedx(with_words(everything(), lambda word: hostile + word))
    assert validator().validate_str(text) is None
    assert "\x1b" not in text
    assert "\u202e" not in text
    json.loads(text)


def test_every_run_has_its_own_serial_number() -> None:
    first = written(everything())
    run = msgspec.structs.replace(everything().run, started="2026-11-25T00:00:00+00:00")
    second = written(msgspec.structs.replace(everything(), run=run))
    assert first["serialNumber"] != second["serialNumber"]


@pytest.mark.parametrize(
    ("expression", "choice"),
    [
        ("MIT", {"license": {"id": "MIT", "acknowledgement": "concluded"}}),
        ("MIT OR ISC", {"expression": "MIT OR ISC", "acknowledgement": "concluded"}),
        ("Ruby+", {"expression": "Ruby+", "acknowledgement": "concluded"}),
        (
            "LicenseRef-Acme",
            {"license": {"name": "LicenseRef-Acme", "acknowledgement": "concluded"}},
        ),
        (
            "MIT AND LicenseRef-Acme",
            {"expression": "MIT AND LicenseRef-Acme", "acknowledgement": "concluded"},
        ),
        ("Informatica", {"expression": "Informatica", "acknowledgement": "concluded"}),
    ],
)
def test_a_license_is_an_identifier_only_where_the_schema_has_it(
    expression: str, choice: dict[str, Any]
) -> None:
    assert component(package("alpha", settled(expression)))["licenses"] == [choice]


def test_every_license_of_the_list_is_valid() -> None:
    packages = [package(f"p{n}", settled(row[0])) for n, row in enumerate(LICENSES.values())]
    assert len(written(about(*packages))["components"]) > 700


def test_what_was_not_concluded_is_not_passed_on_as_a_license() -> None:
    value = written(everything())
    mixed, quiet = value["components"][1:3]
    assert "licenses" not in mixed  # its author says MIT, and that was contradicted
    assert ("license:state", "conflicting") in properties(mixed)
    assert ("license:candidate", "ISC") in properties(mixed)
    assert "licenses" not in quiet
    assert ("license:state", "unknown") in properties(quiet)


def test_words_that_name_no_license_are_the_names_of_it() -> None:
    said = (
        Evidence("license-field", "METADATA", "silent", "BSD", candidates=("0BSD",)),
        Evidence("classifiers", "METADATA", "silent", "License :: Other"),
        Evidence("license-text", "LICENSE", "silent"),
    )
    found = component(package("alpha", License("ambiguous", "", 0.4, said)))
    assert found["licenses"] == [{"license": {"name": "BSD", "acknowledgement": "declared"}}]


@pytest.mark.parametrize(
    ("groups", "elsewhere", "scope"),
    [
        (("runtime",), False, "required"),
        (("dev", "runtime"), False, "required"),
        (("runtime",), True, "optional"),
        (("extra:pdf",), False, "optional"),
        (("dev", "extra:pdf"), False, "optional"),
        (("dev",), False, "excluded"),
        (("dev",), True, "excluded"),
    ],
)
def test_groups_are_told_and_say_whether_it_is_needed(
    groups: tuple[str, ...], *, elsewhere: bool, scope: str
) -> None:
    found = component(package("alpha", groups=groups, elsewhere=elsewhere))
    assert found["scope"] == scope
    assert [value for name, value in properties(found) if name == "group"] == list(groups)


@pytest.mark.parametrize(
    ("origin", "qualifiers"),
    [
        (PackageOrigin("index"), ""),
        (PackageOrigin("index", PUBLIC + "/"), ""),
        (PackageOrigin("index", "https://own.example/s"), "?repository_url=https%3A%2F%2Fown"),
        (PackageOrigin("url", "https://x.example/a.whl"), "?download_url=https%3A%2F%2Fx.ex"),
        (
            PackageOrigin("vcs", "https://x.example/a.git", "main", "f" * 40, "sub"),
            "?vcs_url=git%2Bhttps%3A%2F%2Fx.example%2Fa.git%40fff",
        ),
        (PackageOrigin("vcs", "https://x.example/a", "main", "f" * 40), ""),  # it may be hg
        (PackageOrigin("path", "/home/me/a"), ""),
        (PackageOrigin("url", "https://${TOKEN}@x.example/a.whl"), ""),
    ],
)
def test_where_it_comes_from(origin: PackageOrigin, qualifiers: str) -> None:
    found = component(package("alpha", version="1.0+cpu", origin=origin))
    start, question, rest = found["purl"].partition("?")
    assert start == "pkg:pypi/alpha@1.0%2Bcpu"
    assert (question + rest).startswith(qualifiers)
    assert bool(question) == bool(qualifiers)
    assert ("origin", origin.kind) in properties(found)
    assert "/home/me" not in json.dumps(found)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://x.example", True),
        ("https://x.example:8080/a%20b?c=[d]", False),
        ("https://x.example:8080/a%20b?c=d/?#e?", True),
        ("https://x.example/#a#b", False),
        ("https://x.example/%zz", False),
        ("https://me:secret@x.example/", False),
        ("ssh://git@x.example/a.git", True),
        ("https://private-host/simple", False),
        ("javascript:alert(1)", False),
        ("https://x.example/a b", False),
        ("https://x.example/\n", False),
        ("https://x.example/" + "a" * 2_000, False),
    ],
)
def test_addresses(text: str, *, good: bool) -> None:
    assert is_address(text) is good


def test_links_are_references_of_their_sort() -> None:
    links = (
        ("Home", "https://x.example"),
        ("Issues", "https://x.example/i"),
        ("Chat", "https://chat.example/#/#room"),
        ("Weird", "https://x.example/w"),
    )
    assert component(package("alpha", links=links))["externalReferences"] == [
        {"type": "website", "url": "https://x.example", "comment": "Home"},
        {"type": "issue-tracker", "url": "https://x.example/i", "comment": "Issues"},
        {"type": "other", "url": "https://x.example/w", "comment": "Weird"},
    ]


def test_hashes_of_algorithms_that_the_format_knows() -> None:
    hashes = ("sha256:" + "a" * 64, "md5:" + "b" * 32, "sha256:aa", "crc:1")
    found = component(package("alpha", hashes=hashes))
    assert [one["alg"] for one in found["hashes"]] == ["SHA-256", "MD5"]


def test_edges_lead_to_the_versions_that_are_meant() -> None:
    value = written(
        about(
            package("a", requires=("b==2.0", "c", "gone")),
            package("b", version="1.0", direct=False),
            package("b", version="2.0", direct=False),
            package("c", direct=False, requires=("a", "c")),
        )
    )
    assert {one["ref"]: one["dependsOn"] for one in value["dependencies"]} == {
        "project": ["pkg:pypi/a@1.0"],
        "pkg:pypi/a@1.0": ["pkg:pypi/b@2.0", "pkg:pypi/c@1.0"],
        "pkg:pypi/b@1.0": [],
        "pkg:pypi/b@2.0": [],
        "pkg:pypi/c@1.0": ["pkg:pypi/a@1.0"],
    }


def test_what_is_missing_is_told() -> None:
    value = written(everything())
    told = properties(value["metadata"])
    assert ("missing:vulnerabilities", "no rule asks for them") in told
    assert ("unreadable", "lost: no Name") in told
    assert ("out-of-scope", "2") in told
    assert value["compositions"] == [
        {"aggregate": "incomplete", "assemblies": ["pkg:pypi/shop@1.0"]}
    ]
    done = msgspec.structs.replace(
        everything().completeness,
        out_of_scope=0,
        faults=(FaultEntry("package-outside", "x", "odd", Place("x"), kept=True),),
    )
    assert "compositions" not in written(msgspec.structs.replace(everything(), completeness=done))


def test_what_is_withheld_is_counted() -> None:
    done = msgspec.structs.replace(everything().completeness, withheld={"HIGH": 2})
    value = written(msgspec.structs.replace(everything(), completeness=done))
    assert ("withheld:HIGH", "2") in properties(value["metadata"])


FLAW = Vulnerability(
    "CVE-2026-1",
    ("GHSA-aaaa", "PYSEC-2026-9"),
    "HIGH",
    8.1,
    ("2.0",),
    "2026-01-02",
    due="2026-12-01",
    summary="It reads \x1b what it should not",
)


def flawed(*findings: ReportFinding, reasons: tuple[str, ...] = ()) -> dict[str, Any]:
    """The only vulnerability of a document."""
    waivers = tuple(
        waiver(f"W-{n}", "active", 7, reason=reason, note="seen")
        for n, reason in enumerate(reasons)
    )
    (found,) = written(
        about(package("alpha", vulnerabilities=(FLAW,)), findings=findings, waivers=waivers)
    )["vulnerabilities"]
    assert isinstance(found, dict)
    return found


def about_flaw(disposition: str, waiver: str = "", **fields: Any) -> ReportFinding:
    flaw = ReportFlaw(("GHSA-aaaa",), "HIGH")
    return finding("alpha", flaw=flaw, disposition=disposition, waiver=waiver, **fields)


def test_a_flaw() -> None:
    found = flawed(about_flaw("open"))
    assert found == {
        "id": "CVE-2026-1",
        "source": {"name": "NVD"},
        "references": [
            {"id": "GHSA-aaaa", "source": {"name": "GitHub Advisories"}},
            {"id": "PYSEC-2026-9", "source": {"name": "PyPA Advisory Database"}},
        ],
        "ratings": [{"severity": "high", "score": 8.1}],
        "description": "It reads \\x1b what it should not",
        "recommendation": "It is fixed in 2.0.",
        "published": "2026-01-02T00:00:00Z",
        "properties": [{"name": "adhere:due", "value": "2026-12-01"}],
        "affects": [{"ref": "pkg:pypi/alpha@1.0"}],
    }


@pytest.mark.parametrize(
    ("reason", "state", "more"),
    [
        ("not-reachable", "not_affected", {"justification": "code_not_reachable"}),
        ("false-positive", "false_positive", {}),
        ("accepted-risk", "exploitable", {"response": ["will_not_fix"]}),
        ("compensating-control", "exploitable", {"response": ["workaround_available"]}),
        ("fix-scheduled", "exploitable", {"response": ["update"]}),
        ("no-fix-available", "exploitable", {"response": ["can_not_fix"]}),
        ("test-only", "exploitable", {}),
    ],
)
def test_a_waiver_in_force_is_an_analysis(reason: str, state: str, more: dict[str, Any]) -> None:
    analysis = flawed(about_flaw("waived", "W-0"), reasons=(reason,))["analysis"]
    assert analysis.pop("detail") == f"waiver W-0 until 2026-12-01, {reason}: seen"
    assert analysis == {"state": state, "firstIssued": "2026-11-01T00:00:00Z", **more}


@pytest.mark.parametrize("disposition", ["open", "baseline", "allowed"])
def test_what_is_waived_for_one_rule_only_is_not_excused(disposition: str) -> None:
    findings = (about_flaw("waived", "W-0"), about_flaw(disposition, rule="other"))
    assert "analysis" not in flawed(*findings, reasons=("false-positive",))


def test_of_two_waivers_the_one_that_says_less_counts() -> None:
    findings = (about_flaw("waived", "W-0"), about_flaw("waived", "W-1", rule="other"))
    found = flawed(*findings, reasons=("false-positive", "accepted-risk"))
    assert found["analysis"]["state"] == "exploitable"


def test_one_entry_for_all_packages_of_which_the_same_is_said() -> None:
    packages = [package(name, vulnerabilities=(FLAW,)) for name in ("alpha", "beta", "gamma")]
    value = written(
        about(
            *packages,
            findings=(about_flaw("waived", "W-0"),),
            waivers=(waiver("W-0", "active", 7, reason="false-positive"),),
        )
    )
    assert [
        ([one["ref"] for one in flaw["affects"]], "analysis" in flaw)
        for flaw in value["vulnerabilities"]
    ] == [
        (["pkg:pypi/alpha@1.0"], True),
        (["pkg:pypi/beta@1.0", "pkg:pypi/gamma@1.0"], False),
    ]


def test_an_attack_is_told_as_such() -> None:
    flaw = Vulnerability("MAL-2026-1", severity="MALICIOUS")
    (found,) = written(about(package("alpha", vulnerabilities=(flaw,))))["vulnerabilities"]
    assert found["ratings"] == [{"severity": "critical"}]
    assert {"name": "adhere:malicious", "value": "true"} in found["properties"]
