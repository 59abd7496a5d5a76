"""The graph holds together, and asserts nothing that the report is not sure of."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from adhere.report.document import License, PackageOrigin, Report, ReportPackage
from adhere.report.spdx3 import spdx3
from corpus.reports import everything, package, with_words

NOTHING = "expandedlicensing_NoAssertionLicense"
KNOWN = {
    "CreationInfo": {"specVersion", "created", "createdBy"},
    "SoftwareAgent": {"name"},
    "SpdxDocument": {"name", "rootElement", "profileConformance"},
    "software_Sbom": {"name", "rootElement"},
    "software_Package": {"name", "software_primaryPurpose"},
    "Relationship": {"from", "to", "relationshipType"},
    "LifecycleScopedRelationship": {"from", "to", "relationshipType", "scope"},
    "simplelicensing_LicenseExpression": {"simplelicensing_licenseExpression"},
}
"""Types of elements, with what each has to have."""


def graph(text: str) -> list[dict[str, Any]]:
    """The elements of a document in which every reference leads somewhere."""
    value = json.loads(text)
    assert value["@context"] == "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
    elements: list[dict[str, Any]] = value["@graph"]
    creation, *others = elements
    assert creation["specVersion"] == "3.0.1"
    ids = [one["spdxId"] for one in others]
    assert len(ids) == len(set(ids))
    for one in elements:
        assert KNOWN[one["type"]] <= set(one)
    for one in others:
        assert one["creationInfo"] == creation["@id"]
        refs = [*one.get("to", ()), *one.get("rootElement", ())]
        assert set(refs) <= {*ids, NOTHING}
        assert one.get("from", ids[0]) in ids
        assert "to" not in one or one["to"]
    assert set(creation["createdBy"]) <= set(ids)
    return elements


def written(*packages: ReportPackage, report: Report | None = None) -> list[dict[str, Any]]:
    whole = report or everything()
    if packages:
        whole = msgspec.structs.replace(whole, packages=packages)
    text = spdx3(whole)
    assert text == spdx3(whole)
    return graph(text)


def related(elements: list[dict[str, Any]]) -> list[tuple[str, str, list[str]]]:
    """Relationships, in the short names of elements."""
    return [
        (
            one["from"].partition("#")[2],
            one.get("scope", "") + one["relationshipType"],
            [ref.partition("#")[2] or ref for ref in one["to"]],
        )
        for one in elements
        if "from" in one
    ]


def test_a_report_with_something_of_everything() -> None:
    elements = written()
    packages = [one["name"] for one in elements if one["type"] == "software_Package"]
    assert packages == ["certifi", "mixed", "quiet", "shop", "winonly"]
    found = related(elements)
    assert ("pkg:pypi/certifi@1.0", "hasConcludedLicense", ["license-1"]) in found
    assert ("pkg:pypi/mixed@1.0", "hasConcludedLicense", [NOTHING]) in found
    assert ("pkg:pypi/mixed@1.0", "hasDeclaredLicense", [NOTHING]) in found
    (document,) = (one for one in elements if one["type"] == "SpdxDocument")
    assert "lost is not listed" in document["comment"]


@pytest.mark.parametrize("hostile", ["\x1b[31m", "\u202e", "\ud800", "\n<x>", "#", "%", "@?"])
def test_hostile_words_make_no_other_document(hostile: str) -> None:
    text = spdx3(with_words(everything(), lambda word: hostile + word))
    assert "\x1b" not in text
    assert "\u202e" not in text
    graph(text)


def test_every_report_has_ids_of_its_own() -> None:
    run = msgspec.structs.replace(everything().run, started="2026-11-25T00:00:00+00:00")
    other = msgspec.structs.replace(everything(), run=run)
    assert written()[1]["spdxId"] != written(report=other)[1]["spdxId"]


def test_how_the_project_stands_to_what_it_asks_for() -> None:
    elements = written(
        package("a", requires=("d",)),
        package("b", groups=("extra:x",)),
        package("c", groups=("dev",)),
        package("d", direct=False),
    )
    assert [row for row in related(elements) if "icense" not in row[1]] == [
        ("project", "dependsOn", ["pkg:pypi/a@1.0"]),
        ("project", "hasOptionalDependency", ["pkg:pypi/b@1.0"]),
        ("project", "developmentdependsOn", ["pkg:pypi/c@1.0"]),
        ("pkg:pypi/a@1.0", "dependsOn", ["pkg:pypi/d@1.0"]),
    ]


def test_an_expression_is_one_element() -> None:
    both = License("concluded", "MIT OR ISC", 0.9, ())
    elements = written(package("a", both), package("b", both))
    kind = "simplelicensing_LicenseExpression"
    (found,) = (one for one in elements if one["type"] == kind)
    assert found["simplelicensing_licenseExpression"] == "MIT OR ISC"


def test_a_package() -> None:
    origin = PackageOrigin("vcs", "https://x.example/a.git", "main", "f" * 40)
    hashes = ("sha256:" + "a" * 64, "sha3_256:" + "b" * 64, "crc:1")
    elements = written(package("a", origin=origin, hashes=hashes, summary="One \x1b line"))
    found = next(one for one in elements if one.get("name") == "a")
    assert found["summary"] == "One \\x1b line"
    assert found["software_downloadLocation"] == f"git+https://x.example/a.git@{'f' * 40}"
    assert [one["algorithm"] for one in found["verifiedUsing"]] == ["sha256", "sha3_256"]
