"""The document has the shape of SPDX 2.3, and asserts nothing that the report is not sure of."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import msgspec
import pytest

from adhere.report.document import Evidence, License, PackageOrigin, Report, ReportPackage
from adhere.report.spdx import spdx
from corpus.reports import everything, package, with_words

ID = {"type": "string", "pattern": r"^SPDXRef-[A-Za-z0-9.-]+$"}
LICENSE = {"type": "string", "minLength": 1}
ADDRESS = {"type": "string", "pattern": r"^(NOASSERTION|NONE|[a-z+]+://[!-~]+)$"}
WORDS = {"type": "string", "minLength": 1}
PACKAGE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["SPDXID", "name", "downloadLocation", "licenseConcluded", "licenseDeclared"],
    "properties": {
        "SPDXID": ID,
        "name": WORDS,
        "versionInfo": WORDS,
        "downloadLocation": ADDRESS,
        "filesAnalyzed": {"const": False},
        "licenseConcluded": LICENSE,
        "licenseDeclared": LICENSE,
        "licenseComments": WORDS,
        "copyrightText": {"const": "NOASSERTION"},
        "supplier": {"const": "NOASSERTION"},
        "comment": WORDS,
        "summary": WORDS,
        "homepage": ADDRESS,
        "primaryPackagePurpose": {"enum": ["APPLICATION", "LIBRARY"]},
        "externalRefs": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["referenceCategory", "referenceType", "referenceLocator"],
                "properties": {
                    "referenceCategory": {"const": "PACKAGE-MANAGER"},
                    "referenceType": {"const": "purl"},
                    "referenceLocator": {"type": "string", "pattern": "^pkg:pypi/[!-~]+$"},
                },
            },
        },
        "checksums": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["algorithm", "checksumValue"],
                "properties": {
                    "algorithm": {"type": "string", "pattern": "^(SHA|MD|BLAKE)[A-Z0-9-]+$"},
                    "checksumValue": {"type": "string", "pattern": "^[0-9a-f]+$"},
                },
            },
        },
    },
}
SHAPE = {  # after the specification, clauses 6, 7, 10 and 11, and its JSON schema
    "type": "object",
    "additionalProperties": False,
    "required": [
        *("spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo"),
        *("packages", "relationships"),
    ],
    "properties": {
        "spdxVersion": {"const": "SPDX-2.3"},
        "dataLicense": {"const": "CC0-1.0"},
        "SPDXID": {"const": "SPDXRef-DOCUMENT"},
        "name": WORDS,
        "comment": WORDS,
        "documentNamespace": {"type": "string", "pattern": "^urn:uuid:[0-9a-f-]{36}$"},
        "creationInfo": {
            "type": "object",
            "additionalProperties": False,
            "required": ["created", "creators"],
            "properties": {
                "created": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
                "creators": {"type": "array", "items": {"pattern": "^Tool: .+"}, "minItems": 1},
                "licenseListVersion": {"type": "string", "pattern": r"^\d+\.\d+$"},
            },
        },
        "packages": {"type": "array", "items": PACKAGE, "minItems": 1},
        "relationships": {
            "type": "array",
            "uniqueItems": True,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["spdxElementId", "relatedSpdxElement", "relationshipType"],
                "properties": {
                    "spdxElementId": ID,
                    "relatedSpdxElement": ID,
                    "relationshipType": {
                        "enum": [
                            *("DESCRIBES", "DEPENDS_ON"),
                            *("OPTIONAL_DEPENDENCY_OF", "DEV_DEPENDENCY_OF"),
                        ]
                    },
                },
            },
        },
        "hasExtractedLicensingInfos": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["licenseId", "extractedText"],
                "properties": {
                    "licenseId": {"type": "string", "pattern": "^LicenseRef-[A-Za-z0-9.-]+$"},
                    "extractedText": WORDS,
                    "comment": WORDS,
                },
            },
        },
    },
}


def checked(text: str) -> dict[str, Any]:
    """A document that has the shape, whose ids are unique and whose relationships lead somewhere."""
    value: dict[str, Any] = json.loads(text)
    jsonschema.validate(value, SHAPE)
    ids = [one["SPDXID"] for one in value["packages"]]
    assert len(ids) == len(set(ids))
    for one in value["relationships"]:
        assert {one["spdxElementId"], one["relatedSpdxElement"]} <= {*ids, "SPDXRef-DOCUMENT"}
    used = set(re.findall(r"LicenseRef-[A-Za-z0-9.-]+", json.dumps(value["packages"])))
    told = {one["licenseId"] for one in value.get("hasExtractedLicensingInfos", ())}
    assert told <= used
    stated = {
        one[key] for one in value["packages"] for key in ("licenseConcluded", "licenseDeclared")
    }
    assert set(re.findall(r"LicenseRef-[A-Za-z0-9.-]+", " ".join(stated))) == told
    return value


def written(*packages: ReportPackage, report: Report | None = None) -> dict[str, Any]:
    report = report or everything()
    if packages:
        report = msgspec.structs.replace(report, packages=packages)
    text = spdx(report, "https://index.example.org/simple")
    assert text == spdx(report, "https://index.example.org/simple")
    return checked(text)


def only(given: ReportPackage) -> dict[str, Any]:
    about, found = written(given)["packages"]
    assert about["SPDXID"] == "SPDXRef-Project"
    assert isinstance(found, dict)
    return found


def test_a_report_with_something_of_everything() -> None:
    value = written()
    by_name = {one["name"]: one for one in value["packages"]}
    assert list(by_name) == ["certifi", "mixed", "quiet", "shop", "winonly"]
    certifi, mixed, quiet = by_name["certifi"], by_name["mixed"], by_name["quiet"]
    assert (certifi["licenseConcluded"], certifi["licenseDeclared"]) == ("MIT", "NOASSERTION")
    assert certifi["homepage"] == "https://example.org"
    assert (mixed["licenseConcluded"], mixed["licenseDeclared"]) == ("NOASSERTION", "NOASSERTION")
    assert mixed["licenseComments"].startswith("conflicting: License says MIT, but COPYING")
    assert quiet["licenseComments"].startswith("unknown: ")
    assert "lost is not listed: no Name" in value["comment"]
    assert value["relationships"][0] == {
        "spdxElementId": "SPDXRef-DOCUMENT",
        "relationshipType": "DESCRIBES",
        "relatedSpdxElement": "SPDXRef-shop.1.0",
    }


@pytest.mark.parametrize(
    "hostile", ["\x1b[31m", "\u202e", "\ud800", "a" * 5_000, "../\n<x>", "💥", "%", "@?#"]
)
def test_hostile_words_make_no_other_document(hostile: str) -> None:
    text = spdx(with_words(everything(), lambda word: hostile + word))
    assert "\x1b" not in text
    assert "\u202e" not in text
    checked(text)


def claims(**said: str) -> tuple[Evidence, ...]:
    kinds = {"expression": "license-expression", "field": "license-field", "text": "license-text"}
    return tuple(
        Evidence(kinds.get(key, key), "METADATA", "agrees", expression=value)
        for key, value in said.items()
    )


@pytest.mark.parametrize(
    ("said", "declared"),
    [
        ({"expression": "MIT"}, "MIT"),
        ({"classifiers": "ISC", "field": "MIT"}, "MIT"),
        ({"text": "MIT"}, "NOASSERTION"),
        ({"sbom": "MIT", "index": "MIT"}, "NOASSERTION"),
        ({}, "NOASSERTION"),
    ],
)
def test_only_the_author_declares(said: dict[str, str], declared: str) -> None:
    found = only(package("alpha", License("concluded", "MIT", 0.9, claims(**said))))
    assert found["licenseDeclared"] == declared
    assert found["licenseConcluded"] == "MIT"


def test_what_was_contradicted_is_not_declared() -> None:
    said = Evidence("license-field", "METADATA", "contradicts", expression="GPL-3.0-only")
    found = only(package("alpha", License("clarified", "MIT", 1.0, (said,))))
    assert (found["licenseConcluded"], found["licenseDeclared"]) == ("MIT", "NOASSERTION")


@pytest.mark.parametrize(
    ("expression", "concluded"),
    [
        ("MIT OR LicenseRef-Acme", "MIT OR LicenseRef-Acme"),
        ("DocumentRef-x:LicenseRef-Acme", "NOASSERTION"),
        ("Apache-2.0 WITH AdditionRef-Acme", "NOASSERTION"),
        ("no expression", "NOASSERTION"),
    ],
)
def test_licenses_that_are_not_of_the_list(expression: str, concluded: str) -> None:
    found = only(package("alpha", License("concluded", expression, 0.9, ())))
    assert found["licenseConcluded"] == concluded
    assert (concluded == "NOASSERTION") == (expression in found.get("licenseComments", ""))


@pytest.mark.parametrize(
    ("origin", "download"),
    [
        (PackageOrigin("index", "https://own.example/simple"), "NOASSERTION"),
        (PackageOrigin("url", "https://x.example/a.whl"), "https://x.example/a.whl"),
        (PackageOrigin("url", "https://me:secret@x.example/a.whl"), "NOASSERTION"),
        (PackageOrigin("path", "/home/me/a"), "NOASSERTION"),
        (
            PackageOrigin("vcs", "https://x.example/a.git", "main", "f" * 40, "sub"),
            f"git+https://x.example/a.git@{'f' * 40}#subdirectory=sub",
        ),
        (PackageOrigin("vcs", "https://x.example/a", "main", "f" * 40), "NOASSERTION"),
    ],
)
def test_where_it_can_be_had(origin: PackageOrigin, download: str) -> None:
    found = only(package("alpha", origin=origin))
    assert found["downloadLocation"] == download
    assert "/home/me" not in json.dumps(found)
    assert "secret" not in json.dumps(found)


def test_how_the_project_stands_to_what_it_asks_for() -> None:
    value = written(
        package("a", requires=("d",)),
        package("b", groups=("extra:x",)),
        package("c", groups=("dev",)),
        package("d", direct=False),
    )
    assert [
        (one["spdxElementId"], one["relationshipType"], one["relatedSpdxElement"])
        for one in value["relationships"][1:]
    ] == [
        ("SPDXRef-Project", "DEPENDS_ON", "SPDXRef-a.1.0"),
        ("SPDXRef-b.1.0", "OPTIONAL_DEPENDENCY_OF", "SPDXRef-Project"),
        ("SPDXRef-c.1.0", "DEV_DEPENDENCY_OF", "SPDXRef-Project"),
        ("SPDXRef-a.1.0", "DEPENDS_ON", "SPDXRef-d.1.0"),
    ]


def test_versions_that_an_identifier_cannot_tell_apart() -> None:
    ids = [
        one["SPDXID"]
        for one in written(*(package("a", version=v) for v in ("1+a", "1!a")))["packages"]
    ]
    assert ids == ["SPDXRef-Project", "SPDXRef-a.1-a", "SPDXRef-a.1-a.2"]


def test_checksums() -> None:
    hashes = ("sha256:" + "a" * 64, "sha3_256:" + "b" * 64, "sha256:aa", "crc:1")
    found = only(package("alpha", hashes=hashes))
    assert [one["algorithm"] for one in found["checksums"]] == ["SHA256", "SHA3-256"]
