"""SPDX 2: its shape, which is that of the JSON format, and that format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from adhere.model.inventory import Fault
from adhere.model.location import Location
from adhere.sources.entry import FAULT, EntryError, decode, shown, sort_of
from adhere.sources.json_file import JsonFile
from adhere.sources.sbom import SILENT, Document, Part

if TYPE_CHECKING:
    from adhere.sources.spdx_yaml import YamlFile

KNOWN = ("SPDX-2.2", "SPDX-2.3")
"""Versions 2 that are known."""

UNSUPPORTED = "adhere reads SPDX 2.2 and 2.3 (JSON, YAML, tag-value) and 3.0 (JSON-LD)"

_FORWARD = frozenset({"DEPENDS_ON", "HAS_PREREQUISITE", "STATIC_LINK", "DYNAMIC_LINK"})
_BACKWARD = frozenset(
    {
        "DEPENDENCY_OF",
        "RUNTIME_DEPENDENCY_OF",
        "BUILD_DEPENDENCY_OF",
        "DEV_DEPENDENCY_OF",
        "TEST_DEPENDENCY_OF",
        "OPTIONAL_DEPENDENCY_OF",
        "PROVIDED_DEPENDENCY_OF",
        "PREREQUISITE_FOR",
    }
)


class _Locator(Struct, frozen=True, rename="camel"):
    reference_type: str = ""
    reference_locator: str = ""


class _Checksum(Struct, frozen=True, rename="camel"):
    algorithm: str
    checksum_value: str


class SpdxPackage(Struct, frozen=True, rename={"id": "SPDXID", "version": "versionInfo",
                                               "download": "downloadLocation",
                                               "purpose": "primaryPackagePurpose",
                                               "declared": "licenseDeclared",
                                               "concluded": "licenseConcluded",
                                               "locators": "externalRefs"}):  # fmt: skip
    """A package, in the shape of the JSON format; the tag-value reader makes the same."""

    name: str
    id: str = ""
    version: str = ""
    download: str = ""
    purpose: str = ""
    declared: str = ""
    concluded: str = ""
    locators: tuple[_Locator, ...] = ()
    checksums: tuple[_Checksum, ...] = ()


class Relationship(Struct, frozen=True, rename={"source": "spdxElementId",
                                                "target": "relatedSpdxElement",
                                                "type": "relationshipType"}):  # fmt: skip
    """Who stands how to whom."""

    source: str
    target: str
    type: str


class _Extracted(Struct, frozen=True, rename="camel"):
    license_id: str
    extracted_text: str = ""


class Head(Struct, frozen=True, rename={"extracted": "hasExtractedLicensingInfos",
                                        "described": "documentDescribes"}):  # fmt: skip
    """Everything but the packages."""

    relationships: tuple[Relationship, ...] = ()
    extracted: tuple[_Extracted, ...] = ()
    described: tuple[str, ...] = ()


def check_version(version: object) -> tuple[str, str]:
    """A problem with a version and a remark about it, ``""`` for none."""
    if version in KNOWN:
        return "", ""
    if isinstance(version, str) and version.startswith("SPDX-2."):
        return "", f"{shown(version)} is not a version that is known; it was read as {KNOWN[-1]}"
    return f"version {shown(str(version))} of SPDX is not known", ""


def read_json(file: JsonFile | YamlFile) -> Document:
    """Read the JSON format of SPDX 2, also where it is written as YAML.

    Raises:
        SourceError: it is malformed, or of a version that is not known.
    """
    problem, remark = check_version(file.value["spdxVersion"])
    if problem:
        at = ("spdxVersion",)
        raise file.refuse(problem, at, hint=UNSUPPORTED, code="source-unsupported")
    entries = file.value.get("packages", [])
    if not isinstance(entries, list):
        message = f"`packages` is {sort_of(entries)}, not a list"
        raise file.refuse(message, ("packages",))
    try:
        head = decode(file.value, Head)
    except EntryError as error:
        raise file.refuse(str(error), error.at) from None
    located = [(entry, file.location(("packages", n))) for n, entry in enumerate(entries)]
    return document_of(located, head, remark)


def document_of(entries: Iterable[tuple[Any, Location]], head: Head, *remarks: str) -> Document:
    """Packages and relationships of SPDX 2 as any document.

    Args:
        entries: packages in the shape of the JSON format, with their places.
        head: everything else.
        remarks: about the document; empty ones are left out.
    """
    texts = {
        found.license_id: found.extracted_text
        for found in head.extracted
        if found.extracted_text not in SILENT
    }
    parts: list[Part] = []
    faults: list[Fault] = []
    for number, (value, location) in enumerate(entries, 1):
        try:
            parts.append(_part(decode(value, SpdxPackage), texts, location))
        except EntryError as error:
            name = value.get("name") if isinstance(value, dict) else None
            subject = name if isinstance(name, str) and name else f"package {number}"
            faults.append(Fault(FAULT, subject[:100], str(error), location))
    needs, described = _graph(head)
    return Document(
        parts=tuple(parts),
        needs=needs,
        described=described,
        faults=tuple(faults),
        remarks=tuple(filter(None, remarks)),
    )


def _part(package: SpdxPackage, texts: Mapping[str, str], location: Location) -> Part:
    stated = [text for text in (package.declared, package.concluded) if text not in SILENT]
    found = [texts[text] for text in stated if texts.get(text)]
    download = "" if package.download in SILENT else package.download
    return Part(
        ref=package.id,
        name=package.name,
        version=package.version,
        purls=tuple(
            locator.reference_locator
            for locator in package.locators
            if locator.reference_type.rpartition("/")[2] == "purl"
        ),
        location=location,
        stated=tuple(stated),
        text="\n\n".join(dict.fromkeys(found)),
        hashes=tuple(f"{c.algorithm}:{c.checksum_value}" for c in package.checksums),
        distribution=download,
        kind=package.purpose.lower().replace("_", "-"),
    )


def _graph(head: Head) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """What each package needs, and what the document describes."""
    needs: dict[str, dict[str, None]] = {}
    described = dict.fromkeys(head.described)
    for relationship in head.relationships:
        source, target = relationship.source, relationship.target
        if relationship.type in _FORWARD:
            needs.setdefault(source, {})[target] = None
        elif relationship.type in _BACKWARD:
            needs.setdefault(target, {})[source] = None
        elif relationship.type == "DESCRIBES":
            described[target] = None
        elif relationship.type == "DESCRIBED_BY":
            described[source] = None
    return {ref: tuple(below) for ref, below in needs.items()}, tuple(described)
