"""SPDX 3 in JSON-LD: a graph of elements that refer to one another by their ids."""

from __future__ import annotations

import re
from typing import Any

from adhere.model.inventory import Fault
from adhere.model.location import Location
from adhere.sources.entry import FAULT, EntryError, shown, sort_of
from adhere.sources.json_file import JsonFile
from adhere.sources.sbom import Document, Part
from adhere.sources.spdx2 import UNSUPPORTED

_PACKAGE = "Package"
_RELATIONSHIP = frozenset({"Relationship", "LifecycleScopedRelationship"})
_DOCUMENT = frozenset({"SpdxDocument", "Bom", "Sbom"})
_DEPENDS = frozenset(
    {"dependsOn", "hasOptionalDependency", "hasProvidedDependency", "hasPrerequisite",
     "hasStaticLink", "hasDynamicLink"}
)  # fmt: skip
_LICENSES = frozenset({"hasDeclaredLicense", "hasConcludedLicense"})
_SILENT = ("NoAssertionLicense", "NoneLicense")
_MAX_DEPTH = 50

MAX_LENGTH = 10_000
"""Characters of a license expression that is put together from elements."""

Element = dict[str, Any]


def read_graph(file: JsonFile) -> Document:
    """Read a document.

    Raises:
        SourceError: it is no SPDX 3 document, or of a version that is not known.
    """
    elements = _elements(file)
    remark = _check_version(file, [element for element, _ in elements])
    by_id = {_id(element): element for element, _ in elements if _id(element)}
    graph = _Graph(by_id)
    for element, _ in elements:
        if _type(element) in _RELATIONSHIP:
            graph.relate(element)
    described = dict.fromkeys(graph.described)
    for element, _ in elements:
        if _type(element) in _DOCUMENT:
            described.update(dict.fromkeys(_refs(_get(element, "rootElement"))))
    parts: list[Part] = []
    faults: list[Fault] = []
    for element, location in elements:
        if _type(element) != _PACKAGE:
            continue
        try:
            parts.append(_part(element, graph, location))
        except EntryError as error:
            name = element.get("name")
            subject = name if isinstance(name, str) and name else _id(element)
            faults.append(Fault(FAULT, subject[:100] or "a package", str(error), location))
    return Document(
        parts=tuple(parts),
        needs={ref: tuple(below) for ref, below in graph.needs.items()},
        described=tuple(ref for ref in described if _type(by_id.get(ref, {})) == _PACKAGE),
        faults=tuple(faults),
        remarks=(remark,) if remark else (),
    )


def _elements(file: JsonFile) -> list[tuple[Element, Location]]:
    """Every element with its place; one element may also stand alone, without a graph."""
    value = file.value
    if not isinstance(value, dict) or "@context" not in value:
        message = "it has neither `spdxVersion` nor `@context`"
        raise file.refuse(message, (), hint="is it an SPDX document?")
    graph = value.get("@graph")
    if graph is None:
        return [(value, Location(file.label))]
    if not isinstance(graph, list):
        message = f"`@graph` is {sort_of(graph)}, not a list"
        raise file.refuse(message, ("@graph",))
    for index, element in enumerate(graph):
        if not isinstance(element, dict):
            message = f"an element is {sort_of(element)}, not an object"
            raise file.refuse(message, ("@graph", index))
    return [(element, file.location(("@graph", index))) for index, element in enumerate(graph)]


def _check_version(file: JsonFile, elements: list[Element]) -> str:
    versions = {
        version
        for element in elements
        if _type(element) == "CreationInfo"
        and isinstance(version := _get(element, "specVersion"), str)
    }
    context = file.value["@context"]
    if not versions and isinstance(context, str) and "/spdx" in context and "/3." in context:
        versions = {"3." + context.partition("/3.")[2].partition("/")[0]}
    for version in sorted(versions):
        if version.partition(".")[0] != "3":
            message = f"version {shown(version)} of SPDX is not known"
            at = ("@context",)
            raise file.refuse(message, at, hint=UNSUPPORTED, code="source-unsupported")
    if not versions:
        message = "it does not tell which version of SPDX it follows"
        raise file.refuse(message, ("@context",), hint="is it an SPDX document?")
    newer = [version for version in sorted(versions) if not version.startswith("3.0")]
    return f"SPDX {newer[0]} is newer than 3.0; what it adds was not read" if newer else ""


class _Graph:
    """Relationships, by the id of where they begin.

    Attributes:
        needs: ids of what each package needs.
        described: ids of what the document describes.
    """

    def __init__(self, by_id: dict[str, Element]) -> None:
        self.needs: dict[str, dict[str, None]] = {}
        self.described: list[str] = []
        self._by_id = by_id
        self._licenses: dict[str, list[str]] = {}
        self._expressions: dict[str, str] = {}

    def relate(self, element: Element) -> None:
        kind = _last(_get(element, "relationshipType"))
        source = _ref(_get(element, "from"))
        targets = _refs(_get(element, "to"))
        if kind in _DEPENDS:
            self.needs.setdefault(source, {}).update(dict.fromkeys(targets))
        elif kind in _LICENSES:
            for target in _get_list(element, "to"):
                self._licenses.setdefault(source, []).append(self._expression(target, 0))
        elif kind == "describes":
            self.described += targets

    def licenses(self, ref: str) -> tuple[str, ...]:
        """Expressions that are stated of a package."""
        return tuple(dict.fromkeys(text for text in self._licenses.get(ref, ()) if text))

    def _expression(self, value: object, depth: int) -> str:
        """A license element, or a reference to one, as an expression; ``""`` for none."""
        ref = _ref(value)
        if ref and ref in self._expressions:
            return self._expressions[ref]
        self._expressions[ref] = ""  # a set that contains itself says nothing
        found = self._read_license(value, ref, depth)
        # Sets of sets may grow without bound, and no real expression is that long.
        found = found if len(found) <= MAX_LENGTH else ""
        self._expressions[ref] = found
        return found

    def _read_license(self, value: object, ref: str, depth: int) -> str:
        element = value if isinstance(value, dict) else self._by_id.get(ref)
        if depth > _MAX_DEPTH:
            return ""
        if element is None or _type(element) in _SILENT:
            known = "/licenses/" in ref or "LicenseRef" in ref
            return _tail(ref) if known else ""
        text = _get(element, "licenseExpression")
        if isinstance(text, str):
            return text
        kind = _type(element)
        if kind in ("ConjunctiveLicenseSet", "DisjunctiveLicenseSet"):
            parts = [self._expression(p, depth + 1) for p in _get_list(element, "member")]
            word = " AND " if kind.startswith("Con") else " OR "
            return word.join(f"({part})" if " " in part else part for part in parts if part)
        if kind == "OrLaterOperator":
            inner = self._expression(_get(element, "subjectLicense"), depth + 1)
            return f"{inner}+" if inner else ""
        if kind == "WithAdditionOperator":
            license_ = self._expression(_get(element, "subjectExtendableLicense"), depth + 1)
            addition = _tail(_ref(_get(element, "subjectAddition")))
            return f"{license_} WITH {addition}" if license_ and addition else license_
        name = _get(element, "name")
        return _tail(ref) if "/licenses/" in ref else name if isinstance(name, str) else ""


def _part(element: Element, graph: _Graph, location: Location) -> Part:
    name = element.get("name")
    if not isinstance(name, str) or not name:
        raise EntryError("it has no name")
    version = _get(element, "packageVersion")
    purls = [_get(element, "packageUrl")]
    for identifier in _get_list(element, "externalIdentifier"):
        if isinstance(identifier, dict) and _last(
            _get(identifier, "externalIdentifierType")
        ) == "packageUrl":  # fmt: skip
            purls.append(_get(identifier, "identifier"))
    download = _get(element, "downloadLocation")
    hashes = [
        f"{_last(_get(found, 'algorithm'))}:{_get(found, 'hashValue')}"
        for found in _get_list(element, "verifiedUsing")
        if isinstance(found, dict) and _type(found) == "Hash"
    ]
    return Part(
        ref=_id(element),
        name=name,
        version=version if isinstance(version, str) else "",
        purls=tuple(dict.fromkeys(purl for purl in purls if isinstance(purl, str))),
        location=location,
        stated=graph.licenses(_id(element)),
        hashes=tuple(hashes),
        distribution=download if isinstance(download, str) else "",
        kind=_last(_get(element, "primaryPurpose")).lower(),
    )


def _get(element: Element, key: str) -> Any:
    """A property by its plain name, whatever profile prefix it is written with."""
    if key in element:
        return element[key]
    for name, value in element.items():
        if _last(name) == key:
            return value
    return None


def _get_list(element: Element, key: str) -> list[Any]:
    value = _get(element, key)
    return value if isinstance(value, list) else [] if value is None else [value]


def _type(element: Element) -> str:
    kind = element.get("type", element.get("@type", ""))
    return _last(kind[0] if isinstance(kind, list) and kind else kind)


def _id(element: Element) -> str:
    found = element.get("spdxId", element.get("@id", ""))
    return found if isinstance(found, str) else ""


def _ref(value: object) -> str:
    """The id that a value refers to."""
    if isinstance(value, dict):
        return _id(value)
    return value if isinstance(value, str) else ""


def _refs(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [ref for ref in map(_ref, values) if ref]


def _last(name: object) -> str:
    """``software_Package``, ``software:Package`` and the full address: ``Package``."""
    if not isinstance(name, str):
        return ""
    for mark in ("/", "#", ":", "_"):
        name = name.rpartition(mark)[2]
    return name


def _tail(ref: str) -> str:
    """The name of a license or an exception, out of its address."""
    return re.split(r"[/#]", ref)[-1]
