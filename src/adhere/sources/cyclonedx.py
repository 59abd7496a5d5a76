"""CycloneDX documents, in JSON and XML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from adhere.model.inventory import Fault, Reading
from adhere.sources.cyclonedx_shape import (
    UNSUPPORTED,
    Component,
    check_version,
    part_of,
    remarks_of,
)
from adhere.sources.entry import FAULT, EntryError, decode, sort_of
from adhere.sources.files import digest, read_bytes
from adhere.sources.json_file import JsonFile
from adhere.sources.sbom import Document, Part, reading_of
from adhere.spans.text import KeyPath


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
        raise file.refuse(str(error), error.at) from None
    entries = list(_walk(value, ()))
    about = bom.metadata.component
    if about is not None:
        entries += _walk(about, ("metadata", "component"))
    depth = max((len(at) for at, _ in entries), default=1)
    parts, faults = _parts(entries, file, depth)
    root = _root(about, file, depth) if about is not None else None
    return Document(
        parts=parts,
        needs=_needs(bom.dependencies),
        root=root,
        faults=faults,
        remarks=remarks_of(remark, lost=about is not None and root is None),
    )


def _needs(dependencies: tuple[_Dependency, ...]) -> Mapping[str, tuple[str, ...]]:
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
