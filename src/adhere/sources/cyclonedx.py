"""CycloneDX documents, in JSON and XML."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from adhere.model.inventory import Fault, Reading
from adhere.model.location import Location
from adhere.sources.entry import FAULT, EntryError, decode, shown, sort_of
from adhere.sources.files import digest, read_bytes
from adhere.sources.json_file import JsonFile
from adhere.sources.sbom import Document, Part, reading_of
from adhere.spans.text import KeyPath

OLDEST, NEWEST = 2, 7
"""Minor versions of CycloneDX 1 that are read."""


class _Text(Struct, frozen=True):
    content: str = ""
    encoding: str = ""


class _License(Struct, frozen=True):
    id: str = ""
    name: str = ""
    text: _Text | None = None


class _Choice(Struct, frozen=True):
    license: _License | None = None
    expression: str = ""


class _Hash(Struct, frozen=True):
    alg: str
    content: str


class _Reference(Struct, frozen=True):
    type: str = ""
    url: str = ""
    hashes: tuple[_Hash, ...] = ()


class Component(Struct, frozen=True, rename={"ref": "bom-ref", "references": "externalReferences"}):
    """A component, in the shape of the JSON format; the XML reader makes the same.

    Its own ``components`` are read apart.
    """

    name: str
    type: str = ""
    version: str = ""
    ref: str = ""
    purl: str = ""
    scope: str = ""
    licenses: tuple[_Choice, ...] = ()
    hashes: tuple[_Hash, ...] = ()
    references: tuple[_Reference, ...] = ()


class _Dependency(Struct, frozen=True, rename={"depends_on": "dependsOn"}):
    ref: str
    depends_on: tuple[str, ...] = ()


class _Metadata(Struct, frozen=True):
    component: dict[str, Any] | None = None


class _Bom(Struct, frozen=True):
    metadata: _Metadata = field(default_factory=_Metadata)
    dependencies: tuple[_Dependency, ...] = ()


def read(path: Path, label: str) -> Reading:
    """Read a document; its first character tells JSON from XML.

    Raises:
        SourceError: it cannot be read, is no such document, or of a version that is not
            known.
    """
    data = read_bytes(path, label)
    start = data[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        from adhere.sources.cyclonedx_xml import read_xml

        document = read_xml(data, label)
    else:
        document = _read_json(JsonFile(label, data))
    return reading_of(document, "cyclonedx", label, digest(data))


def check_version(version: object) -> tuple[str, str]:
    """A problem with a version and a remark about it, ``""`` for none."""
    text = version if isinstance(version, str) else str(version)
    major, _, minor = text.partition(".")
    number = int(minor) if minor.isascii() and minor.isdigit() and len(minor) < 4 else -1
    if major != "1" or number < OLDEST:
        return f"version {shown(text)} of CycloneDX is not known", ""
    if number > NEWEST:
        return "", f"CycloneDX {text} is newer than 1.{NEWEST}; what it adds was not read"
    return "", ""


UNSUPPORTED = f"adhere reads 1.{OLDEST} to 1.{NEWEST}"


def _read_json(file: JsonFile) -> Document:
    value = file.value
    if not isinstance(value, dict) or value.get("bomFormat") != "CycloneDX":
        message = "its `bomFormat` is not CycloneDX"
        raise file.refuse(message, (), hint="is it a CycloneDX document?")
    problem, remark = check_version(value.get("specVersion"))
    if problem:
        at = ("specVersion",)
        raise file.refuse(problem, at, hint=UNSUPPORTED, code="source-unsupported")
    try:
        bom = decode(value, _Bom)
    except EntryError as error:
        raise file.refuse(str(error), ()) from None
    entries = list(_walk(value, ()))
    about = bom.metadata.component
    if about is not None:
        entries += _walk(about, ("metadata", "component"))
    depth = max((len(at) for at, _ in entries), default=1)
    parts, faults = _parts(entries, file, depth)
    root = _root(about, file, depth) if about is not None else None
    return Document(
        parts=parts,
        needs=needs_of(bom.dependencies),
        root=root,
        faults=faults,
        remarks=remarks_of(remark, lost=about is not None and root is None),
    )


def remarks_of(remark: str, *, lost: bool) -> tuple[str, ...]:
    """Remarks about a document.

    Args:
        remark: about its version, ``""`` for none.
        lost: what it is about cannot be read.
    """
    about = "the component that it is about cannot be read" if lost else ""
    return tuple(filter(None, (remark, about)))


def needs_of(dependencies: tuple[_Dependency, ...]) -> Mapping[str, tuple[str, ...]]:
    """The graph by reference; a reference that is listed twice needs both lists."""
    found: dict[str, tuple[str, ...]] = {}
    for dependency in dependencies:
        found[dependency.ref] = found.get(dependency.ref, ()) + dependency.depends_on
    return found


def _walk(value: Mapping[str, Any], at: KeyPath) -> Iterator[tuple[KeyPath, object]]:
    """Every component below, with its path; deeper ones after the list they are in."""
    pending: list[tuple[KeyPath, Any]] = [((*at, "components"), value.get("components"))]
    while pending:
        path, components = pending.pop()
        if components is None:
            continue
        if not isinstance(components, list):
            yield path, components
            continue
        for index, component in enumerate(components):
            here = (*path, index)
            yield here, component
            if isinstance(component, dict) and "components" in component:
                pending.append(((*here, "components"), component["components"]))


def _parts(
    entries: list[tuple[KeyPath, object]], file: JsonFile, depth: int
) -> tuple[tuple[Part, ...], tuple[Fault, ...]]:
    parts: list[Part] = []
    faults: list[Fault] = []
    for at, value in entries:
        location = file.location(at, depth)
        try:
            if not isinstance(value, dict):
                raise EntryError(f"a component is {sort_of(value)}, not an object")
            parts.append(part_of(decode(value, Component), location))
        except EntryError as error:
            name = value.get("name") if isinstance(value, dict) else None
            subject = name if isinstance(name, str) and name else f"component {at[-1]}"
            faults.append(Fault(FAULT, subject[:100], str(error), location))
    return tuple(parts), tuple(faults)


def _root(about: dict[str, Any], file: JsonFile, depth: int) -> Part | None:
    try:
        location = file.location(("metadata", "component"), max(depth, 2))
        return part_of(decode(about, Component), location)
    except EntryError:
        return None


def part_of(component: Component, location: Location) -> Part:
    """A component as a part of any document."""
    stated, texts = [], []
    for choice in component.licenses:
        found = choice.license
        name = choice.expression or (found.id or found.name if found else "")
        if name:
            stated.append(name)
        if found and found.text:
            texts.append(_plain(found.text))
    address = next((r for r in component.references if r.type == "distribution" and r.url), None)
    all_hashes = (*component.hashes, *(address.hashes if address else ()))
    remarks = []
    if component.scope == "excluded":
        remarks.append("the document says that it is left out of what is delivered")
    elif component.scope == "optional":
        remarks.append("the document says that it is optional")
    return Part(
        ref=component.ref,
        name=component.name,
        version=component.version,
        purls=(component.purl,) if component.purl else (),
        location=location,
        stated=tuple(stated),
        text="\n\n".join(text for text in texts if text),
        hashes=tuple(f"{h.alg.replace('SHA-', 'sha')}:{h.content}" for h in all_hashes),
        distribution=address.url if address else "",
        remarks=tuple(remarks),
    )


def _plain(text: _Text) -> str:
    """A license text without its encoding, ``""`` when that is not what it says."""
    if text.encoding != "base64":
        return text.content
    try:
        return base64.b64decode(text.content, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
