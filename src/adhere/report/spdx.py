"""SPDX 2.3 in JSON: the packages of a report, with licenses declared and concluded.

What the report does not know is ``NOASSERTION``. The format has no words for known
vulnerabilities and what is done about them; CycloneDX has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from adhere.licenses.expression import ExpressionError, With, leaves, parse, render
from adhere.model.digest import bytes_digest
from adhere.report.bill import (
    Bill,
    bill_of,
    git_address,
    identifier,
    is_address,
    is_settled,
    moment,
    reference,
    usage,
    web_links,
    words,
)
from adhere.report.document import License, PackageOrigin, Report, ReportPackage
from adhere.report.json import canonical

NOTHING = "NOASSERTION"

_PROJECT = "SPDXRef-Project"
_DOCUMENT = "SPDXRef-DOCUMENT"

_CHECKSUMS = {
    "md5": ("MD5", 32),
    "sha1": ("SHA1", 40),
    "sha224": ("SHA224", 56),
    "sha256": ("SHA256", 64),
    "sha384": ("SHA384", 96),
    "sha512": ("SHA512", 128),
    "sha3-256": ("SHA3-256", 64),
    "sha3-384": ("SHA3-384", 96),
    "sha3-512": ("SHA3-512", 128),
}
"""Names of algorithms in the format, and how many digits they have."""

_AUTHORS = ("license-expression", "license-field", "classifiers")
"""Evidence in which the author declares a license, what says most first."""

_ASKED = {
    "required": "DEPENDS_ON",
    "optional": "OPTIONAL_DEPENDENCY_OF",
    "excluded": "DEV_DEPENDENCY_OF",
}
"""How the project stands to what it asks for by name."""

_HOMES = ("homepage", "home", "home page")


def spdx(report: Report, index: str = "") -> str:
    """The whole document, the same bytes for the same report.

    Args:
        report: what to write.
        index: address of the index that a package URL means when it names none.
    """
    bill = bill_of(report, index)
    ids = _ids(bill)
    packages = [_package(package, bill, ids) for package in report.packages]
    if bill.project is None:
        packages.insert(0, _project(bill))
    root = ids[reference(bill.project)] if bill.project is not None else _PROJECT
    whole: dict[str, Any] = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": _DOCUMENT,
        "name": words(f"{bill.name} {bill.version}".strip(), 200) or "project",
        "creationInfo": _creation(report),
        "packages": packages,
        "relationships": list(_relationships(bill, root, ids)),
    }
    if comment := lacking(report):
        whole["comment"] = comment
    if extracted := _extracted(packages):
        whole["hasExtractedLicensingInfos"] = extracted
    # No address of anybody's: what makes the document unique is what it says.
    whole["documentNamespace"] = f"urn:uuid:{identifier(bytes_digest(canonical(whole)))}"
    return canonical(whole).decode()


def _ids(bill: Bill) -> dict[str, str]:
    """The id of each package in the document, by its reference."""
    found: dict[str, str] = {}
    taken = {_PROJECT, _DOCUMENT}
    listed = (bill.project, *bill.parts) if bill.project is not None else bill.parts
    for package in listed:
        stem = re.sub(r"[^A-Za-z0-9.-]", "-", f"SPDXRef-{package.name}.{package.version}")
        name, count = stem, 1
        while name in taken:  # two versions that differ in a character that an id cannot have
            count += 1
            name = f"{stem}.{count}"
        taken.add(name)
        found[reference(package)] = name
    return found


def _creation(report: Report) -> dict[str, Any]:
    found: dict[str, Any] = {
        "created": moment(report),
        "creators": [f"Tool: {words(report.tool.name)}-{words(report.tool.version)}"],
    }
    if version := re.match(r"\d+\.\d+", report.tool.spdx):
        found["licenseListVersion"] = version[0]
    return found


def lacking(report: Report) -> str:
    """What is known to be left out of the document."""
    done = report.completeness
    clauses = [f"{words(f.subject)} is not listed: {f.reason}" for f in done.faults if not f.kept]
    if done.out_of_scope:
        groups = ", ".join(report.subject.scope)
        clauses.append(f"{done.out_of_scope} packages outside of the groups {groups}")
    return words("; ".join(clauses), 10_000)


def _project(bill: Bill) -> dict[str, Any]:
    """What the document is about, where no source lists it."""
    found = {
        "SPDXID": _PROJECT,
        "name": words(bill.name, 200) or "project",
        "supplier": NOTHING,
        "downloadLocation": NOTHING,
        "filesAnalyzed": False,
        "licenseConcluded": NOTHING,
        "licenseDeclared": NOTHING,
        "copyrightText": NOTHING,
        "primaryPackagePurpose": "APPLICATION",
    }
    if bill.version:
        found["versionInfo"] = words(bill.version)
    return found


def _package(package: ReportPackage, bill: Bill, ids: Mapping[str, str]) -> dict[str, Any]:
    license_ = package.license
    concluded = sayable(license_.expression) if is_settled(license_) else NOTHING
    found: dict[str, Any] = {
        "SPDXID": ids[reference(package)],
        "name": package.name,
        "supplier": NOTHING,  # names of authors in metadata say nothing of who publishes
        "downloadLocation": download(package.origin),
        "filesAnalyzed": False,
        "licenseConcluded": concluded,
        "licenseDeclared": declared(license_),
        "copyrightText": NOTHING,
        "primaryPackagePurpose": "APPLICATION" if package is bill.project else "LIBRARY",
        "comment": words(f"groups: {', '.join(package.groups)}; origin: {package.origin.kind}"),
    }
    if package.version:
        found["versionInfo"] = words(package.version)
        found["externalRefs"] = [
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": bill.package_url(package),
            }
        ]
    if concluded == NOTHING:
        found["licenseComments"] = _doubt(license_)
    if package.summary:
        found["summary"] = words(package.summary)
    if home := homepage(package):
        found["homepage"] = home
    if sums := [
        {"algorithm": name, "checksumValue": digest} for name, digest in checksums(package.hashes)
    ]:
        found["checksums"] = sums
    return found


def homepage(package: ReportPackage) -> str:
    """The address that the metadata calls so, ``""`` for none."""
    links = (address for label, address in web_links(package) if label.lower() in _HOMES)
    return next(links, "")


def download(origin: PackageOrigin) -> str:
    """An address of the package itself; that of an index is none."""
    if origin.kind == "vcs":
        return git_address(origin) or NOTHING
    return origin.url if origin.kind == "url" and is_address(origin.url) else NOTHING


def declared(license_: License) -> str:
    """What its author declares, as far as nothing contradicts that."""
    if not is_settled(license_):
        return NOTHING
    said = {
        claim.kind: claim.expression
        for claim in reversed(license_.evidence)
        if claim.expression and claim.standing in ("decides", "agrees")
    }
    return next((sayable(said[kind]) for kind in _AUTHORS if kind in said), NOTHING)


def sayable(expression: str) -> str:
    """An expression, where this version of the format has words for all of it.

    It has none for exceptions of one's own, and for a license that stands in another document
    only where it has that document's digest.
    """
    try:
        parsed = parse(expression)
    except ExpressionError:  # a report that somebody edited
        return NOTHING
    for leaf in leaves(parsed):
        text = render(leaf)
        if "DocumentRef-" in text or (isinstance(leaf, With) and "AdditionRef-" in leaf.exception):
            return NOTHING
    return render(parsed)


def _doubt(license_: License) -> str:
    """Why no license is given, and which it may be."""
    found = license_.expression or ", ".join(license_.candidates)
    may = f"; it may be {found}" if found else ""
    return words(f"{license_.state}: {license_.why}{may}")


def checksums(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Algorithm, as SPDX 2 calls it, and digest; others are left out."""
    for text in texts:
        algorithm, _, digest = text.partition(":")
        name, digits = _CHECKSUMS.get(algorithm.replace("_", "-"), ("", 0))
        if len(digest) == digits and digest.isalnum():
            yield name, digest


def _extracted(packages: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """An entry for every license that is not of the list: the format wants one."""
    names: set[str] = set()
    for package in packages:
        for field in ("licenseConcluded", "licenseDeclared"):
            names.update(re.findall(r"LicenseRef-[A-Za-z0-9.-]+", package[field]))
    return [
        {
            "licenseId": name,
            "extractedText": NOTHING,
            "comment": "The text is in the package, not in this document.",
        }
        for name in sorted(names)
    ]


def _relationships(bill: Bill, root: str, ids: Mapping[str, str]) -> Iterator[dict[str, str]]:
    yield _related(_DOCUMENT, "DESCRIBES", root)
    own = bill.needs[reference(bill.project)] if bill.project is not None else ()
    for ref in own:
        yield _related(root, "DEPENDS_ON", ids[ref])
    for package in bill.parts:
        if package.direct and reference(package) not in own:
            yield _asked(root, package, ids)
    for package in bill.parts:
        ref = reference(package)
        for need in bill.needs[ref]:
            yield _related(ids[ref], "DEPENDS_ON", ids[need])


def _asked(root: str, package: ReportPackage, ids: Mapping[str, str]) -> dict[str, str]:
    kind = _ASKED[usage(package)]
    own = ids[reference(package)]
    return _related(root, kind, own) if kind == "DEPENDS_ON" else _related(own, kind, root)


def _related(first: str, kind: str, second: str) -> dict[str, str]:
    return {
        "spdxElementId": first,
        "relationshipType": kind,
        "relatedSpdxElement": second,
    }
