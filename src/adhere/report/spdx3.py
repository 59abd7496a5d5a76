"""SPDX 3.0 in JSON-LD: the same packages as a graph of elements.

It says what `adhere.report.spdx` says, with its words for licenses, addresses and checksums.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adhere.model.digest import bytes_digest
from adhere.report.bill import (
    Bill,
    bill_of,
    identifier,
    is_settled,
    moment,
    reference,
    usage,
    words,
)
from adhere.report.document import Report, ReportPackage
from adhere.report.json import canonical
from adhere.report.spdx import NOTHING, checksums, declared, download, homepage, lacking, sayable

VERSION = "3.0.1"

_CONTEXT = f"https://spdx.org/rdf/{VERSION}/spdx-context.jsonld"
_NOTHING = "expandedlicensing_NoAssertionLicense"
_CREATION = "_:creation"

Element = dict[str, Any]


def spdx3(report: Report, index: str = "") -> str:
    """The whole document, the same bytes for the same report.

    Args:
        report: what to write.
        index: address of the index that a package URL means when it names none.
    """
    bill = bill_of(report, index)
    # The ids of elements begin with what makes the document unique, which is what it says.
    digest = bytes_digest(canonical(_graph(report, bill, "urn:uuid:")))
    space = f"urn:uuid:{identifier(digest)}#"
    return canonical({"@context": _CONTEXT, "@graph": _graph(report, bill, space)}).decode()


def _graph(report: Report, bill: Bill, space: str) -> list[Element]:
    made = _Graph(space, bill)
    tool = f"{words(report.tool.name)} {words(report.tool.version)}"
    creation = {
        "type": "CreationInfo",
        "@id": _CREATION,
        "specVersion": VERSION,
        "created": moment(report),
        "createdBy": [made.id("tool")],
    }
    made.add("SoftwareAgent", "tool", name=tool)
    name = words(f"{bill.name} {bill.version}".strip(), 200) or "project"
    missing = lacking(report)
    made.add(
        "SpdxDocument",
        "document",
        name=name,
        rootElement=[made.id("sbom")],
        profileConformance=["core", "software", "simpleLicensing"],
        **({"comment": missing} if missing else {}),
    )
    made.add("software_Sbom", "sbom", name=name, rootElement=[made.root])
    if bill.project is None:
        made.project()
    for package in report.packages:
        made.package(package)
    for package in report.packages:
        made.licenses(package)
    made.needs()
    return [creation, *made.elements]


class _Graph:
    def __init__(self, space: str, bill: Bill) -> None:
        self._space = space
        self._bill = bill
        self._expressions: dict[str, str] = {}
        self.elements: list[Element] = []
        project = bill.project
        self.root = self.id(reference(project) if project is not None else "project")

    def id(self, name: str) -> str:
        """The id of an element in this document."""
        return self._space + name

    def add(self, kind: str, own: str, **fields: Any) -> str:
        """An element; its id comes back."""
        found = {"type": kind, "spdxId": self.id(own), "creationInfo": _CREATION, **fields}
        self.elements.append(found)
        return self.id(own)

    def project(self) -> None:
        """What the document is about, where no source lists it."""
        bill = self._bill
        about = {"software_packageVersion": words(bill.version)} if bill.version else {}
        name = words(bill.name, 200) or "project"
        self.add(
            "software_Package", "project", name=name, software_primaryPurpose="application", **about
        )

    def package(self, package: ReportPackage) -> None:
        """A package, without what it has to do with others."""
        self.add("software_Package", reference(package), **dict(self._about(package)))

    def _about(self, package: ReportPackage) -> Iterator[tuple[str, Any]]:
        yield "name", package.name
        is_project = package is self._bill.project
        yield "software_primaryPurpose", "application" if is_project else "library"
        groups = ", ".join(package.groups)
        yield "comment", words(f"groups: {groups}; origin: {package.origin.kind}")
        if package.version:
            yield "software_packageVersion", words(package.version)
            yield "software_packageUrl", self._bill.package_url(package)
        if package.summary:
            yield "summary", words(package.summary)
        if (address := download(package.origin)) != NOTHING:
            yield "software_downloadLocation", address
        if home := homepage(package):
            yield "software_homePage", home
        if hashes := [
            {"type": "Hash", "algorithm": name.lower().replace("-", "_"), "hashValue": digest}
            for name, digest in checksums(package.hashes)
        ]:
            yield "verifiedUsing", hashes

    def licenses(self, package: ReportPackage) -> None:
        """What it is under; what is not known is said, too."""
        license_ = package.license
        concluded = sayable(license_.expression) if is_settled(license_) else NOTHING
        self._license(package, "hasConcludedLicense", concluded)
        self._license(package, "hasDeclaredLicense", declared(license_))

    def _license(self, package: ReportPackage, kind: str, expression: str) -> None:
        target = _NOTHING if expression == NOTHING else self._expression(expression)
        self._relate(reference(package), kind, [target])

    def _expression(self, text: str) -> str:
        """The element of an expression, one for all packages that are under it."""
        if text not in self._expressions:
            self._expressions[text] = self.add(
                "simplelicensing_LicenseExpression",
                f"license-{len(self._expressions) + 1}",
                simplelicensing_licenseExpression=text,
            )
        return self._expressions[text]

    def needs(self) -> None:
        """Who needs whom; what the project needs for development alone is told as such."""
        bill = self._bill
        project = reference(bill.project) if bill.project is not None else "project"
        own = bill.needs[project] if bill.project is not None else ()
        asked = [p for p in bill.parts if p.direct and reference(p) not in own]
        refs: dict[str, list[str]] = {"required": list(own), "optional": [], "excluded": []}
        for package in asked:
            refs[usage(package)].append(reference(package))
        self._depend(project, "dependsOn", refs["required"])
        self._depend(project, "hasOptionalDependency", refs["optional"])
        self._depend(project, "dependsOn", refs["excluded"], scope="development")
        for package in bill.parts:
            self._depend(reference(package), "dependsOn", list(bill.needs[reference(package)]))

    def _depend(self, source: str, kind: str, refs: list[str], **scope: str) -> None:
        if refs:
            self._relate(source, kind, [self.id(ref) for ref in refs], **scope)

    def _relate(self, source: str, kind: str, targets: list[str], **scope: str) -> None:
        self.add(
            "LifecycleScopedRelationship" if scope else "Relationship",
            f"relationship-{len(self.elements)}",
            **{"from": self.id(source), "relationshipType": kind, "to": targets, **scope},
        )
