"""SPDX 2 in the tag-value format: ``Tag: value``, a line each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from adhere.errors import Problem, SourceError
from adhere.model.location import Location
from adhere.sources.entry import EntryError, decode
from adhere.sources.sbom import Document
from adhere.sources.spdx2 import UNSUPPORTED, Head, check_version, document_of

_TAG = re.compile(r"[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*:[ \t]*(.*)", re.DOTALL)
_PLAIN = {
    "PackageName": "name",
    "SPDXID": "SPDXID",
    "PackageVersion": "versionInfo",
    "PackageDownloadLocation": "downloadLocation",
    "PrimaryPackagePurpose": "primaryPackagePurpose",
    "PackageLicenseDeclared": "licenseDeclared",
    "PackageLicenseConcluded": "licenseConcluded",
}
_OTHER_SECTIONS = frozenset({"FileName", "SnippetSPDXID", "LicenseID"})


class _Pair(NamedTuple):
    """A tag, its value, and the line it stands on, from 1."""

    tag: str
    value: str
    line: int


def read_tag_value(text: str, label: str) -> Document:
    """Read a document.

    Raises:
        SourceError: it is no such document, malformed, or of a version that is not known.
    """
    pairs = list(_pairs(text, label))
    remark = _version(pairs, label)
    packages: list[tuple[dict[str, Any], Location]] = []
    relationships: list[dict[str, str]] = []
    extracted: list[dict[str, str]] = []
    lost = 0
    inside = False  # a package: its tags follow until another section begins
    for tag, value, line in pairs:
        if tag == "PackageName":
            location = Location(label, line, 1)
            packages.append(({"name": value, "externalRefs": [], "checksums": []}, location))
            inside = True
        elif tag == "Relationship":
            if found := _relationship(value):
                relationships.append(found)
            else:
                lost += 1
        elif tag in _OTHER_SECTIONS:
            inside = False
            if tag == "LicenseID":
                extracted.append({"licenseId": value})
        elif tag == "ExtractedText" and extracted:
            extracted[-1]["extractedText"] = value
        elif inside:
            _add(packages[-1][0], tag, value)
    try:
        head = decode(
            {"relationships": relationships, "hasExtractedLicensingInfos": extracted}, Head
        )
    except EntryError as error:  # cannot be: we made it
        raise SourceError(Problem("source-invalid", str(error), path=label)) from None
    unread = f"{lost} of its relationships cannot be read" if lost else ""
    return document_of(packages, head, remark, unread)


def _version(pairs: list[_Pair], label: str) -> str:
    found = next((pair for pair in pairs if pair.tag == "SPDXVersion"), None)
    if found is None:
        message = "it has no `SPDXVersion`"
        hint = "is it an SPDX document?"
        raise SourceError(Problem("source-invalid", message, path=label, hint=hint))
    wrong, remark = check_version(found.value)
    if wrong:
        problem = Problem(
            "source-unsupported", wrong, path=label, line=found.line, hint=UNSUPPORTED
        )
        raise SourceError(problem)
    return remark


def _pairs(text: str, label: str) -> Iterator[_Pair]:
    """Every tag with its value; ``<text>`` may go on over lines."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        number, line = at + 1, lines[at].rstrip("\r")
        at += 1
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _TAG.fullmatch(line)
        if match is None:
            message = "it is no `Tag: value`"
            problem = Problem("source-invalid", message, path=label, line=number, hint=UNSUPPORTED)
            raise SourceError(problem)
        tag, value = match[1], match[2].rstrip()
        if value.startswith("<text>"):
            pieces = [value[len("<text>") :]]
            while "</text>" not in pieces[-1] and at < len(lines):
                pieces.append(lines[at].rstrip("\r"))
                at += 1
            if "</text>" not in pieces[-1]:
                message = "its `<text>` is not closed"
                raise SourceError(Problem("source-invalid", message, path=label, line=number))
            pieces[-1] = pieces[-1].partition("</text>")[0]
            value = "\n".join(pieces)
        yield _Pair(tag, value, number)


def _relationship(value: str) -> dict[str, str] | None:
    words = value.split()
    if len(words) != 3:
        return None
    return {
        "spdxElementId": words[0],
        "relationshipType": words[1],
        "relatedSpdxElement": words[2],
    }


def _add(package: dict[str, Any], tag: str, value: str) -> None:
    if tag in _PLAIN:
        package[_PLAIN[tag]] = value
    elif tag == "ExternalRef":
        words = value.split()
        if len(words) == 3:
            package["externalRefs"].append(
                {"referenceType": words[1], "referenceLocator": words[2]}
            )
    elif tag == "PackageChecksum":
        algorithm, _, found = value.partition(":")
        package["checksums"].append(
            {"algorithm": algorithm.strip(), "checksumValue": found.strip()}
        )
