"""CycloneDX in XML, without document types: no entity is ever expanded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adhere.errors import Problem, SourceError
from adhere.model.inventory import Fault
from adhere.model.location import Location
from adhere.sources.cyclonedx_shape import (
    UNSUPPORTED,
    Component,
    check_version,
    part_of,
    remarks_of,
)
from adhere.sources.entry import FAULT, EntryError, decode
from adhere.sources.sbom import Document, Part
from adhere.sources.toml_file import MEND
from adhere.sources.xml_file import Element, parse_xml

_NAMESPACE = "http://cyclonedx.org/schema/bom/"


def read_xml(data: bytes, label: str) -> Document:
    """Read a document.

    Raises:
        SourceError: it is not XML, has a document type, is no CycloneDX document, or of
            a version that is not known.
    """

    def refuse(message: str, line: int, column: int) -> SourceError:
        place = {"path": label, "line": line, "column": column}
        return SourceError(Problem("source-invalid", message, hint=MEND, **place))  # type: ignore[arg-type]  # the keys are those of the parameters

    bom, namespace = parse_xml(data, refuse)
    if bom.tag != "bom" or not namespace.startswith(_NAMESPACE):
        message = "it is no CycloneDX document: its first element is not that of one"
        problem = Problem("source-invalid", message, path=label, line=bom.line, column=bom.column)
        raise SourceError(problem)
    wrong, remark = check_version(namespace.removeprefix(_NAMESPACE))
    if wrong:
        place = {"path": label, "line": bom.line, "column": bom.column}
        raise SourceError(Problem("source-unsupported", wrong, hint=UNSUPPORTED, **place))  # type: ignore[arg-type]  # the keys are those of the parameters
    metadata = bom.child("metadata")
    about = metadata.child("component") if metadata is not None else None
    elements = list(_walk(bom))
    elements += _walk(about) if about is not None else ()
    parts: list[Part] = []
    faults: list[Fault] = []
    for element in elements:
        location = Location(label, element.line, element.column)
        try:
            parts.append(part_of(_component(element), location))
        except EntryError as error:
            subject = element.value("name") or "a component"
            faults.append(Fault(FAULT, subject[:100], str(error), location))
    needs: dict[str, tuple[str, ...]] = {}
    for dependency in bom.inside("dependencies"):
        ref = dependency.attributes.get("ref", "")
        below = tuple(child.attributes.get("ref", "") for child in dependency.children)
        needs[ref] = needs.get(ref, ()) + below
    root = _root(about, label) if about is not None else None
    return Document(
        parts=tuple(parts),
        needs=needs,
        root=root,
        faults=tuple(faults),
        remarks=remarks_of(remark, lost=about is not None and root is None),
    )


def _root(about: Element, label: str) -> Part | None:
    try:
        return part_of(_component(about), Location(label, about.line, about.column))
    except EntryError:
        return None


def _walk(element: Element) -> Iterator[Element]:
    """Every component below."""
    pending = [element]
    while pending:
        for child in pending.pop().inside("components"):
            if child.tag == "component":
                yield child
                pending.append(child)


def _component(element: Element) -> Component:
    """An element in the shape of the JSON format."""
    value: dict[str, Any] = {
        tag: element.value(tag) for tag in ("version", "purl", "scope") if element.child(tag)
    }
    if (name := element.child("name")) is not None:
        value["name"] = name.text
    value["bom-ref"] = element.attributes.get("bom-ref", "")
    value["type"] = element.attributes.get("type", "")
    value["licenses"] = [_license(choice) for choice in element.inside("licenses")]
    value["hashes"] = _hashes(element)
    value["externalReferences"] = [
        {
            "type": reference.attributes.get("type", ""),
            "url": reference.value("url"),
            "comment": reference.value("comment"),
            "hashes": _hashes(reference),
        }
        for reference in element.inside("externalReferences")
    ]
    return decode(value, Component)


def _hashes(element: Element) -> list[dict[str, str]]:
    return [
        {"alg": found.attributes.get("alg", ""), "content": found.text}
        for found in element.inside("hashes")
    ]


def _license(choice: Element) -> dict[str, Any]:
    if choice.tag == "expression":
        return {"expression": choice.text}
    value: dict[str, Any] = {"id": choice.value("id"), "name": choice.value("name")}
    text = choice.child("text")
    if text is not None:
        value["text"] = {"content": text.text, "encoding": text.attributes.get("encoding", "")}
    return {"license": value}
