"""Statements about whether flaws matter: OpenVEX, and the analyses of a CycloneDX document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from adhere.evidence.wire.garbage import Garbage
from adhere.model.advisory import Statement, VexStatus
from adhere.model.names import PackageName, canonical_name

MAX_VEX = 16 * 1024 * 1024
_STATES: Mapping[str, VexStatus] = {
    "not_affected": "not_affected",
    "false_positive": "not_affected",
    "resolved": "fixed",
    "resolved_with_pedigree": "fixed",
    "exploitable": "affected",
    "in_triage": "under_investigation",
}
_STATUSES: tuple[VexStatus, ...] = ("not_affected", "fixed", "affected", "under_investigation")


class _Name(Struct):
    name: str
    aliases: list[str] = []


class _Component(Struct):
    id: str = msgspec.field(default="", name="@id")
    identifiers: dict[str, str] = {}
    subcomponents: list[_Component] = []


class _OpenStatement(Struct):
    vulnerability: _Name | str
    status: str
    products: list[_Component | str] = []
    justification: str = ""
    impact_statement: str = ""
    timestamp: str = ""


class _OpenVex(Struct):
    statements: list[_OpenStatement]
    author: str = ""
    timestamp: str = ""


class _Part(Struct):
    bom_ref: str = msgspec.field(default="", name="bom-ref")
    purl: str = ""
    components: list[_Part] = []


class _Id(Struct):
    id: str = ""


class _Analysis(Struct):
    state: str = ""
    justification: str = ""
    detail: str = ""


class _Version(Struct):
    version: str = ""
    range: str = ""
    status: str = "affected"


class _Affects(Struct):
    ref: str
    versions: list[_Version] = []


class _Flaw(Struct):
    id: str = ""
    references: list[_Id] = []
    analysis: _Analysis | None = None
    affects: list[_Affects] = []
    updated: str = ""


class _CycloneDx(Struct):
    vulnerabilities: list[_Flaw] = []
    components: list[_Part] = []


def read_vex(data: bytes, label: str) -> tuple[Statement, ...]:
    """The statements of a document, in its order.

    What is about packages of other ecosystems is left out.

    Args:
        data: of the file.
        label: what to call it.

    Raises:
        Garbage: it is none.
    """
    if len(data) > MAX_VEX:
        raise Garbage(f"it has {len(data)} bytes, more than any VEX document")
    try:
        whole: Any = msgspec.json.decode(data)
        if isinstance(whole, dict) and "statements" in whole:
            return tuple(_open(msgspec.convert(whole, _OpenVex), label))
        if isinstance(whole, dict) and whole.get("bomFormat") == "CycloneDX":
            return tuple(_cyclonedx(msgspec.convert(whole, _CycloneDx), label))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Garbage(f"it is no VEX document: {error}") from None
    raise Garbage("it is neither OpenVEX nor CycloneDX in JSON")


def _open(document: _OpenVex, label: str) -> Iterator[Statement]:
    for found in document.statements:
        if found.status not in _STATUSES:
            raise Garbage(f"`{found.status[:40]}` is no status of OpenVEX")
        flaw = found.vulnerability
        ids = (flaw,) if isinstance(flaw, str) else (flaw.name, *flaw.aliases)
        for name, version in _products(found.products):
            yield Statement(
                name=name,
                version=version,
                ids=ids,
                status=found.status,
                source=label,
                reason=found.justification or found.impact_statement[:200],
                author=document.author[:100],
                at=_moment(found.timestamp or document.timestamp),
            )


def _products(products: list[_Component | str]) -> Iterator[tuple[PackageName, str]]:
    """Packages that are meant: those within a product, where it lists any."""
    for product in products:
        if isinstance(product, str):
            yield from _package(product)
        elif product.subcomponents:
            yield from _products(list(product.subcomponents))
        else:
            yield from _package(product.identifiers.get("purl", product.id))


def _cyclonedx(document: _CycloneDx, label: str) -> Iterator[Statement]:
    purls = dict(_purls(document.components))
    for flaw in document.vulnerabilities:
        if flaw.analysis is None or not flaw.id:
            continue
        state = flaw.analysis.state
        if state and state not in _STATES:
            raise Garbage(f"`{state[:40]}` is no state of an analysis")
        for affects in flaw.affects:
            ref = unquote(affects.ref.partition("#")[2]) or affects.ref
            for name, version in _package(purls.get(ref, purls.get(affects.ref, affects.ref))):
                for status, which in _versions(affects, _STATES.get(state), version):
                    yield Statement(
                        name=name,
                        version=which,
                        ids=(flaw.id, *(one.id for one in flaw.references if one.id)),
                        status=status,
                        source=label,
                        reason=flaw.analysis.justification or flaw.analysis.detail[:200],
                        at=_moment(flaw.updated),
                    )


def _versions(
    affects: _Affects, state: VexStatus | None, version: str
) -> Iterator[tuple[VexStatus, str]]:
    """Ranges are left out: they never excuse."""
    if not affects.versions and state is not None:
        yield state, version
    for found in affects.versions:
        if found.version and found.status == "unaffected":
            yield "not_affected", found.version
        elif found.version and state is not None:
            yield state, found.version


def _purls(components: list[_Part]) -> Iterator[tuple[str, str]]:
    for component in components:
        if component.bom_ref and component.purl:
            yield component.bom_ref, component.purl
        yield from _purls(component.components)


def _package(purl: str) -> Iterator[tuple[PackageName, str]]:
    """Name and version of a purl of a Python package; nothing for any other."""
    kind, _, rest = purl.partition("/")
    if kind.lower() != "pkg:pypi":
        return
    name, _, version = rest.partition("?")[0].partition("#")[0].partition("@")
    if name:
        yield canonical_name(unquote(name)), unquote(version)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
