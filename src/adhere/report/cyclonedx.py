"""CycloneDX 1.6: the packages of a report as a bill of materials, with their flaws.

What the report is not sure of is not in it as a fact: a license that could not be concluded is
a property, never an expression.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from adhere.licenses.expression import ExpressionError, Id, parse
from adhere.model.digest import bytes_digest
from adhere.report.bill import (
    Bill,
    bill_of,
    identifier,
    is_address,
    is_settled,
    moment,
    reference,
    usage,
    web_links,
    words,
)
from adhere.report.cyclonedx_flaws import vulnerabilities
from adhere.report.document import License, Report, ReportPackage
from adhere.report.json import canonical

VERSION = "1.6"

_UNLISTED = frozenset(
    {
        "BSD-2-Clause-pos-unchanged",
        "BSD-3-Clause-OpenWebUI",
        "BSD-Source-Code-no-disclaimer",
        "BSD-Source-alt-GPL",
        "BSD-ask-to-endorse",
        "Brian-Gladman-3-Clause-no-conversion",
        "Bugroff",
        "CC-BY-NC-3.0-IGO",
        "FDK-MPEG-H",
        "Hippocratic-3.0-core",
        "Informatica",
        "MVT-1.1",
        "atc-game",
    }
)
"""Identifiers of our SPDX list that are too young for the schema; they are expressions."""

_WRITTEN = {"license-expression": "declared", "license-field": "declared", "sbom": ""}
"""Evidence in which somebody names a license, and whether that is the author."""

_LONGEST_NAME = 200
"""Characters of a license's name; what is longer is the beginning of a text."""

_HASHES = {
    "md5": ("MD5", 32),
    "sha1": ("SHA-1", 40),
    "sha256": ("SHA-256", 64),
    "sha384": ("SHA-384", 96),
    "sha512": ("SHA-512", 128),
    "sha3-256": ("SHA3-256", 64),
    "sha3-384": ("SHA3-384", 96),
    "sha3-512": ("SHA3-512", 128),
}
"""Names of algorithms in the format, and how many digits they have."""

_REFERENCES = {
    "homepage": "website",
    "home": "website",
    "source": "vcs",
    "source code": "vcs",
    "repository": "vcs",
    "github": "vcs",
    "documentation": "documentation",
    "docs": "documentation",
    "issues": "issue-tracker",
    "bug tracker": "issue-tracker",
    "tracker": "issue-tracker",
    "changelog": "release-notes",
    "changes": "release-notes",
    "release notes": "release-notes",
    "funding": "support",
}
"""What the format calls what authors call their links."""


def cyclonedx(report: Report, index: str = "") -> str:
    """The whole document, the same bytes for the same report.

    Args:
        report: what to write.
        index: address of the index that a package URL means when it names none.
    """
    bill = bill_of(report, index)
    about = _project(bill)
    whole: dict[str, Any] = {
        "$schema": f"http://cyclonedx.org/schema/bom-{VERSION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": VERSION,
        "version": 1,
        "metadata": {
            "timestamp": moment(report),
            "tools": {
                "components": [
                    {
                        "type": "application",
                        "name": report.tool.name,
                        "version": words(report.tool.version),
                    }
                ]
            },
            "component": about,
            "properties": list(_about_all(report)),
        },
        "components": [_component(package, bill) for package in bill.parts],
        "dependencies": list(_dependencies(bill, about["bom-ref"])),
    }
    if _is_cut(report):
        whole["compositions"] = [{"aggregate": "incomplete", "assemblies": [about["bom-ref"]]}]
    flaws = vulnerabilities(report)
    if flaws:
        whole["vulnerabilities"] = flaws
    whole["serialNumber"] = f"urn:uuid:{identifier(bytes_digest(canonical(whole)))}"
    return canonical(whole).decode()


def _project(bill: Bill) -> dict[str, Any]:
    """What the document is about: a listed package where the project is one."""
    if bill.project is not None:
        return _component(bill.project, bill) | {"type": "application"}
    found = {"type": "application", "bom-ref": "project", "name": words(bill.name, 200)}
    if bill.version:
        found["version"] = words(bill.version)
    return found


def _about_all(report: Report) -> Iterator[dict[str, str]]:
    """What is known of the list as a whole; above all what is not known."""
    if report.subject.commit:
        yield _property("commit", report.subject.commit)
        if report.subject.dirty:
            yield _property("commit:dirty", "true")
    for group in report.subject.scope:
        yield _property("scope", group)
    if report.completeness.out_of_scope:
        yield _property("out-of-scope", str(report.completeness.out_of_scope))
    for fault in report.completeness.faults:
        if not fault.kept:
            yield _property("unreadable", f"{fault.subject}: {fault.reason}")
    for band, number in report.completeness.withheld.items():
        yield _property(f"withheld:{band}", str(number))
    for kind, reason in sorted(report.completeness.missing.items()):
        yield _property(f"missing:{kind}", reason)


def _is_cut(report: Report) -> bool:
    """Whether something is known to be there and is not listed."""
    done = report.completeness
    return bool(done.out_of_scope) or any(not fault.kept for fault in done.faults)


def _component(package: ReportPackage, bill: Bill) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": reference(package),
        "name": package.name,
        "scope": usage(package),
        "properties": list(_properties(package)),
    }
    if package.version:
        found["version"] = words(package.version)
        found["purl"] = bill.package_url(package)
    if package.summary:
        found["description"] = words(package.summary)
    if licenses := _licenses(package.license):
        found["licenses"] = licenses
    if hashes := list(_hashes(package.hashes)):
        found["hashes"] = hashes
    if references := list(_references(package)):
        found["externalReferences"] = references
    return found


def _licenses(license_: License) -> list[dict[str, Any]]:
    """What was concluded; without that, what was written where no license can be read from it.

    Words that do name a license are left out then: they were contradicted, or were not enough,
    and who has nothing but the document would take them for the license.
    """
    if is_settled(license_):
        return [_choice(license_.expression)]
    if any(claim.expression for claim in license_.evidence):
        return []
    names: dict[str, str] = {}
    for claim in license_.evidence:
        if claim.kind in _WRITTEN and claim.raw.strip() and len(claim.raw) <= _LONGEST_NAME:
            names.setdefault(words(claim.raw), _WRITTEN[claim.kind])
    return [{"license": {"name": name} | _acknowledged(by)} for name, by in names.items()]


def _acknowledged(by: str) -> dict[str, str]:
    return {"acknowledgement": by} if by else {}


def _choice(expression: str) -> dict[str, Any]:
    try:
        parsed = parse(expression)
    except ExpressionError:  # a report that somebody edited
        return {"license": {"name": words(expression), "acknowledgement": "concluded"}}
    if isinstance(parsed, Id) and "LicenseRef-" in parsed.name:
        return {"license": {"name": parsed.name, "acknowledgement": "concluded"}}
    if isinstance(parsed, Id) and not parsed.plus and parsed.name not in _UNLISTED:
        return {"license": {"id": parsed.name, "acknowledgement": "concluded"}}
    return {"expression": expression, "acknowledgement": "concluded"}


def _hashes(texts: Iterable[str]) -> Iterator[dict[str, str]]:
    for text in texts:
        algorithm, _, digest = text.partition(":")
        name, digits = _HASHES.get(algorithm.replace("_", "-"), ("", 0))
        if len(digest) == digits and digest.isalnum():
            yield {"alg": name, "content": digest}


def _references(package: ReportPackage) -> Iterator[dict[str, Any]]:
    origin = package.origin
    if origin.kind == "vcs" and is_address(origin.url):
        # The shape in which cyclonedx-py says that a package was installed from there.
        at = f"#{origin.commit}" if origin.commit else ""
        yield {"type": "vcs", "url": origin.url + at, "comment": "PackageSource: VCS"}
    elif origin.kind == "url" and is_address(origin.url):
        yield {"type": "distribution", "url": origin.url}
    for label, address in web_links(package):
        kind = _REFERENCES.get(label.lower(), "other")
        yield {"type": kind, "url": address, "comment": label}


def _properties(package: ReportPackage) -> Iterator[dict[str, str]]:
    for group in package.groups:
        yield _property("group", group)
    yield _property("origin", package.origin.kind)  # a path would tell of a machine
    if package.first_party:
        yield _property("first-party", "true")
    if package.elsewhere:
        yield _property("elsewhere", "true")
    license_ = package.license
    if not is_settled(license_):
        yield _property("license:state", license_.state)
        yield _property("license:why", license_.why)
        for candidate in license_.candidates:
            yield _property("license:candidate", candidate)
    if reason := package.missing.get("vulnerabilities"):
        yield _property("missing:vulnerabilities", reason)


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": f"adhere:{name}", "value": words(value)}


def _dependencies(bill: Bill, root: str) -> Iterator[dict[str, Any]]:
    """The graph. What somebody asked for by name is what the project needs."""
    asked = {reference(package) for package in bill.parts if package.direct}
    own = bill.needs.get(root, ())
    yield {"ref": root, "dependsOn": sorted(asked.union(own))}
    for package in bill.parts:
        ref = reference(package)
        yield {"ref": ref, "dependsOn": list(bill.needs[ref])}
