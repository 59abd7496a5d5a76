"""Software bills of materials, whatever their format: parts, edges and what is ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from adhere.model.inventory import Fault, Reading, Requirement, Source, SourceKind
from adhere.model.location import Location
from adhere.model.names import PackageName, canonical_name, is_valid_name
from adhere.model.package import Artifact, Declared, Dependency, Origin, Package
from adhere.sources.addresses import file_name, is_archive, is_local, without_credentials
from adhere.sources.entry import (
    FAULT,
    collect,
    hashes,
    package_name,
    package_version,
    shown,
    spelled,
)
from adhere.sources.purl import Purl, parse_purl

SILENT = frozenset({"", "NOASSERTION", "NONE"})
"""What a document writes where it says nothing about a license."""

NO_PACKAGES = frozenset(
    {"file", "operating-system", "operatingsystem", "device", "device-driver", "devicedriver",
     "firmware", "container", "platform", "data", "machine-learning-model", "model",
     "cryptographic-asset", "diskimage", "filesystemimage", "bom", "documentation", "evidence",
     "manifest", "patch", "requirement", "specification", "test"}
)  # fmt: skip
"""Kinds of parts that no package manager installs."""

TAKEN = "it has no package URL, and counts as a Python package as all others here are"

MAX_TEXT = 256 * 1024
"""Characters of a license text that are kept; the longest license has a fifth of it."""


class Part(Struct, frozen=True):
    """A component or package of a document.

    Attributes:
        ref: its id in the document, ``""`` for none.
        name: as the document calls it.
        version: as the document says.
        purls: package URLs that the document gives for it.
        location: where it begins.
        stated: licenses, as identifiers, expressions or names.
        text: a license text that came with it.
        hashes: ``algorithm:digest``.
        distribution: address it can be had from.
        kind: what it is, lower-case, in the words of its format: ``library``, ``file``,
            ...; ``""`` when the document does not say.
        origin: where it comes from, when the document says so in a way of its own.
        remarks: peculiarities.
    """

    ref: str
    name: str
    version: str
    purls: tuple[str, ...]
    location: Location
    stated: tuple[str, ...] = ()
    text: str = ""
    hashes: tuple[str, ...] = ()
    distribution: str = ""
    kind: str = ""
    origin: Origin | None = None
    remarks: tuple[str, ...] = ()

    @property
    def purl(self) -> Purl | None:
        """The first package URL of a Python package, else the first of any."""
        found = [purl for purl in map(parse_purl, self.purls) if purl]
        return next((purl for purl in found if purl.type == "pypi"), found[0] if found else None)


class Document(Struct, frozen=True):
    """What a document says.

    Attributes:
        parts: in the order of the document.
        needs: ids of what each part needs, by its id.
        described: ids of what the document is about.
        root: the part that it is about, when that is no part of the list.
        faults: what could not be read.
        remarks: for its reader.
    """

    parts: tuple[Part, ...]
    needs: Mapping[str, tuple[str, ...]] = {}
    described: tuple[str, ...] = ()
    root: Part | None = None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()


def reading_of(document: Document, kind: SourceKind, label: str, digest: str) -> Reading:
    """A document as a reading: its Python packages, and what it says of their licenses."""
    ours, others, unknown = _sorted(document)
    names = {part.ref: canonical_name(_name(part)) for part in ours if part.ref and _name(part)}
    packages, faults = collect(
        ours,
        lambda n: ours[n].location,
        lambda part, _: _package(part, document, names, (label, digest)),
        lambda part, _: _called(part),
    )
    project = _project(document)
    return Reading(
        source=Source(kind, label, digest, remarks=(*document.remarks, *_left_out(others))),
        packages=tuple(packages),
        roots=tuple(_roots(document, ours, project)),
        first_party=(canonical_name(_name(project)),) if project and _name(project) else (),
        faults=(*document.faults, *faults, *unknown),
    )


def _sorted(document: Document) -> tuple[list[Part], Counter[str], list[Fault]]:
    """Python packages, how many other parts there are of each sort, and what is neither.

    Tools give no package URL to a package that was installed from a folder or a
    repository. Where every other part is a Python package, so is that one.
    """
    kinds = {purl.type for part in document.parts if (purl := part.purl)}
    ours: list[Part] = []
    others = Counter[str]()
    unknown: list[Fault] = []
    for part in document.parts:
        purl = part.purl
        if purl is not None and purl.type == "pypi":
            ours.append(part)
        elif part.ref and part.ref in document.described:
            continue
        elif purl is not None:
            others[purl.type] += 1
        elif part.kind in NO_PACKAGES:
            others[""] += 1
        elif kinds == {"pypi"} and not part.purls:
            ours.append(msgspec.structs.replace(part, remarks=(*part.remarks, TAKEN)))
        else:
            unknown.append(Fault(FAULT, _called(part), _nameless(part), part.location))
    return ours, others, unknown


def _nameless(part: Part) -> str:
    if part.purls:
        return f"its package URL {shown(part.purls[0])} cannot be read"
    return "it has no package URL, so whether it is a Python package is not known"


def _called(part: Part) -> str:
    return part.name[:100] or part.ref[:100] or "a part without a name"


def _left_out(others: Counter[str]) -> Iterable[str]:
    """Remarks about parts that are no Python packages as far as the document tells."""
    nameless = others.pop("", 0)
    if others:
        counts = ", ".join(f"{count} {shown(kind)}" for kind, count in sorted(others.items()))
        yield f"packages of other ecosystems are not judged: {counts}"
    if nameless:
        yield f"{nameless} of its parts are files, devices and the like, and no packages"


def _package(
    part: Part,
    document: Document,
    names: Mapping[str, PackageName],
    written_in: tuple[str, str],
) -> Package:
    purl = part.purl or Purl("pypi", part.name)
    remarks = list(part.remarks)
    name = package_name(purl.name)
    version = purl.version or part.version
    if version or part.purl:
        version = package_version(version, remarks)
    else:
        remarks.append("the document does not tell its version, which its build works out")
    if part.version and purl.version and part.version != purl.version:
        remarks.append(f"the document also calls its version {shown(part.version)}")
    stated = tuple(dict.fromkeys(text for text in part.stated if text.strip() not in SILENT))
    text = part.text[:MAX_TEXT]
    found = hashes(part.hashes, remarks)
    file = file_name(part.distribution) if is_archive(part.distribution) else ""
    label, digest = written_in
    needed = (names[ref] for ref in document.needs.get(part.ref, ()) if ref in names)
    return Package(
        name=name,
        version=version,
        location=part.location,
        spelled=spelled(purl.name, name),
        origin=purl.origin or part.origin or _origin(part),
        requires=tuple(Dependency(name) for name in dict.fromkeys(needed)) if part.ref else (),
        artifacts=(Artifact(file, found),) if found or file else (),
        declared=Declared(text=text, stated=stated, digest=digest, document=label),
        remarks=tuple(remarks),
    )


def _origin(part: Part) -> Origin:
    """The address it can be had from; whether that is an index, the document does not say."""
    url = without_credentials(part.distribution)
    return Origin("path" if is_local(url) else "unknown", url)


def _name(part: Part) -> str:
    purl = part.purl
    name = purl.name if purl is not None and purl.type == "pypi" else part.name
    return name if is_valid_name(name) else ""


def _project(document: Document) -> Part | None:
    """The part that the document is about: one, that needs others."""
    if document.root is not None:
        return document.root
    if len(document.described) == 1:
        ref = document.described[0]
        if document.needs.get(ref):
            return next((part for part in document.parts if part.ref == ref), None)
    return None


def _roots(document: Document, ours: list[Part], project: Part | None) -> Iterable[Requirement]:
    """What the project needs by itself, as requirements of exactly what is listed."""
    asked = set(document.needs.get(project.ref, ()) if project else document.described)
    by = project.name if project else ""
    for part in ours:
        if part.ref and part.ref in asked and _name(part):
            purl = part.purl
            version = purl.version if purl is not None and purl.version else part.version
            yield Requirement(
                name=canonical_name(_name(part)),
                raw=f"{_name(part)}=={version}" if version else _name(part),
                location=part.location,
                specifier=f"=={version}" if version else "",
                by=by,
            )
