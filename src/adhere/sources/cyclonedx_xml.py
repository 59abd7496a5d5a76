"""CycloneDX in XML, without document types: no entity is ever expanded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

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

MAX_DEPTH = 200
"""Deepest nesting of elements that is read."""

_NAMESPACE = "http://cyclonedx.org/schema/bom/"


class _Element:
    """An element of the document.

    Attributes:
        tag: without its namespace.
        attributes: by name.
        children: elements in it.
        text: in it, blanks at both ends removed.
        line: where it begins, from 1.
        column: where it begins, from 1.
    """

    __slots__ = ("_pieces", "attributes", "children", "column", "line", "tag")

    def __init__(self, tag: str, attributes: dict[str, str], line: int, column: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[_Element] = []
        self.line = line
        self.column = column
        self._pieces: list[str] = []

    @property
    def text(self) -> str:
        return "".join(self._pieces).strip()

    def add(self, text: str) -> None:
        self._pieces.append(text)

    def child(self, tag: str) -> _Element | None:
        return next((child for child in self.children if child.tag == tag), None)

    def value(self, tag: str) -> str:
        found = self.child(tag)
        return found.text if found is not None else ""

    def inside(self, tag: str) -> list[_Element]:
        found = self.child(tag)
        return found.children if found is not None else []


class _Builder:
    """Builds the tree of a document from what the parser reports."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.root: _Element | None = None
        self.namespace = ""
        self._open: list[_Element] = []
        self._parser = expat.ParserCreate(namespace_separator="\n")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype

    def build(self, data: bytes) -> _Element:
        try:
            self._parser.Parse(data, True)  # noqa: FBT003 - the parser takes it by position
        except expat.ExpatError as error:
            reason = expat.errors.messages.get(error.code, "it is malformed")
            message = f"not valid XML: {reason}"
            raise self._refuse(message, error.lineno, error.offset + 1) from None
        except (ValueError, LookupError):  # an encoding that nobody has
            raise self._refuse("not valid XML: its encoding is not known", 1, 1) from None
        if self.root is None:
            raise self._refuse("not valid XML: it has no element", 1, 1)
        return self.root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, tag = name.rpartition("\n")
        if len(self._open) >= MAX_DEPTH:
            raise self._refuse("its elements are nested too deeply", *self._here())
        element = _Element(tag, attributes, *self._here())
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root, self.namespace = element, namespace
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].add(text)

    def _doctype(self, *_: object) -> None:
        message = "it has a document type, which could make it say anything"
        raise self._refuse(message, *self._here())

    def _here(self) -> tuple[int, int]:
        return self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1

    def _refuse(self, message: str, line: int, column: int) -> SourceError:
        return SourceError(
            Problem("source-invalid", message, path=self.label, line=line, column=column, hint=MEND)
        )


def read_xml(data: bytes, label: str) -> Document:
    """Read a document.

    Raises:
        SourceError: it is not XML, has a document type, is no CycloneDX document, or of
            a version that is not known.
    """
    builder = _Builder(label)
    bom = builder.build(data)
    if bom.tag != "bom" or not builder.namespace.startswith(_NAMESPACE):
        message = "it is no CycloneDX document: its first element is not that of one"
        problem = Problem("source-invalid", message, path=label, line=bom.line, column=bom.column)
        raise SourceError(problem)
    wrong, remark = check_version(builder.namespace.removeprefix(_NAMESPACE))
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


def _root(about: _Element, label: str) -> Part | None:
    try:
        return part_of(_component(about), Location(label, about.line, about.column))
    except EntryError:
        return None


def _walk(element: _Element) -> Iterator[_Element]:
    """Every component below."""
    pending = [element]
    while pending:
        for child in pending.pop().inside("components"):
            if child.tag == "component":
                yield child
                pending.append(child)


def _component(element: _Element) -> Component:
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


def _hashes(element: _Element) -> list[dict[str, str]]:
    return [
        {"alg": found.attributes.get("alg", ""), "content": found.text}
        for found in element.inside("hashes")
    ]


def _license(choice: _Element) -> dict[str, Any]:
    if choice.tag == "expression":
        return {"expression": choice.text}
    value: dict[str, Any] = {"id": choice.value("id"), "name": choice.value("name")}
    text = choice.child("text")
    if text is not None:
        value["text"] = {"content": text.text, "encoding": text.attributes.get("encoding", "")}
    return {"license": value}
