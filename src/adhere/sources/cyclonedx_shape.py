"""What CycloneDX documents have in common, whatever they are written in."""

from __future__ import annotations

import base64
import binascii

from msgspec import Struct

from adhere.model.location import Location
from adhere.model.package import Origin
from adhere.sources.addresses import vcs_origin
from adhere.sources.entry import shown
from adhere.sources.sbom import Part

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
    comment: str = ""
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


def remarks_of(remark: str, *, lost: bool) -> tuple[str, ...]:
    """Remarks about a document.

    Args:
        remark: about its version, ``""`` for none.
        lost: what it is about cannot be read.
    """
    about = "the component that it is about cannot be read" if lost else ""
    return tuple(filter(None, (remark, about)))


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
        kind=component.type.lower(),
        origin=_installed_from(component),
        remarks=tuple(remarks),
    )


def _installed_from(component: Component) -> Origin | None:
    """The repository that a package was installed from, as cyclonedx-py says it.

    Without that comment, a ``vcs`` reference is where a project is developed.
    """
    for reference in component.references:
        if reference.type == "vcs" and reference.comment.startswith("PackageSource"):
            url, _, commit = reference.url.partition("#")
            return vcs_origin(url, commit=commit)
    return None


def _plain(text: _Text) -> str:
    """A license text without its encoding, ``""`` when that is not what it says."""
    if text.encoding != "base64":
        return text.content
    try:
        return base64.b64decode(text.content, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
