"""Rows about packages and their licenses."""

from __future__ import annotations

from collections.abc import Iterable

from adhere.report.document import Evidence, ReportPackage, RuleResult
from adhere.report.escape import shorten
from adhere.report.rows import Anchors, place
from adhere.report.summary import count, license_words
from adhere.report.view import ChoiceRow, EvidenceRow, LicenseGroup, PackageRow, State

MAX_EVIDENCE = 12
"""Pieces of evidence that a page shows of one package."""
MAX_OF_A_LICENSE = 200
"""Packages that a page lists under one license."""

_STATES = {
    "concluded": State("✔", "concluded", "good"),
    "clarified": State("✔", "clarified", "good"),
    "ambiguous": State("?", "ambiguous", "doubt"),
    "conflicting": State("✖", "conflicting", "bad"),
    "unknown": State("?", "unknown", "doubt"),
}
_STANDINGS = {"decides": 0, "contradicts": 1, "agrees": 2, "outranked": 3, "silent": 4}


def by_interest(packages: Iterable[ReportPackage]) -> list[ReportPackage]:
    """Packages that need a reader first, then direct ones, then by name; ours last."""
    order = {"conflicting": 0, "unknown": 1, "ambiguous": 2, "clarified": 3, "concluded": 3}
    return sorted(
        packages,
        key=lambda p: (p.first_party, p.elsewhere, order[p.license.state], not p.direct, p.name),
    )


def standing(package: ReportPackage) -> str:
    """In what way a package is part of the project."""
    if package.first_party:
        return "ours"
    if package.elsewhere:
        return "other environments"
    return "direct" if package.direct else "transitive"


def package_row(package: ReportPackage) -> PackageRow:
    """One package."""
    license_ = package.license
    origin = package.origin
    evidence = sorted(license_.evidence, key=lambda claim: _STANDINGS[claim.standing])
    return PackageRow(
        name=shorten(package.name, 100),
        version=shorten(package.version, 60),
        direct=standing(package),
        groups=shorten(", ".join(package.groups), 200),
        license=shorten(license_words(license_), 300),
        state=_license_state(package),
        why=shorten(license_.why, 500),
        origin=shorten(f"{origin.kind} {origin.url}".strip(), 300),
        path=shorten(" → ".join(package.paths[0]), 400) if package.paths else "",
        summary=shorten(package.summary, 300),
        link=_link(package),
        place=place(package.seen_in[0]),
        remarks=package.remarks,
        evidence=tuple(_evidence(claim) for claim in evidence[:MAX_EVIDENCE]),
        evidence_more=max(0, len(evidence) - MAX_EVIDENCE),
    )


def _evidence(claim: Evidence) -> EvidenceRow:
    source = f"{_KINDS.get(claim.kind, claim.kind)}, {claim.document}".rstrip(", ")
    return EvidenceRow(
        source=shorten(source, 200),
        says=shorten(claim.expression or " / ".join(claim.candidates) or "nothing", 300),
        standing=claim.standing,
        confidence=f"{claim.confidence:.2f}" if claim.confidence else "",
        raw=shorten(claim.raw, 300),
        note=shorten(claim.note, 300),
    )


def _license_state(package: ReportPackage) -> State:
    if package.elsewhere:
        return State("-", "not judged here", "calm")
    state = _STATES[package.license.state]
    return State(state.icon, state.word, "calm") if package.first_party else state


_LINK_LABELS = ("homepage", "home", "source", "repository", "source code", "documentation")


def _link(package: ReportPackage) -> str:
    """A web address from the package's own metadata; any other scheme is left out."""
    links = {label.lower(): address for label, address in reversed(package.links)}
    for label in (*_LINK_LABELS, *links):
        address = links.get(label, "")
        if address.startswith(("https://", "http://")) and " " not in address:
            return address if len(address) <= 500 else ""
    return ""


_KINDS = {
    "clarification": "clarification",
    "license-expression": "License-Expression",
    "license-field": "License field",
    "classifiers": "classifiers",
    "license-text": "license text",
    "sbom": "SBOM",
    "index": "index metadata",
    "curated": "curated fact",
}


def kind_words(kind: str) -> str:
    """A kind of evidence as a page calls it."""
    return _KINDS.get(kind, kind)


def license_groups(packages: Iterable[ReportPackage]) -> tuple[LicenseGroup, ...]:
    """Packages whose license is known, by license, most packages first."""
    anchors = Anchors("license")
    by_license: dict[str, list[ReportPackage]] = {}
    for package in packages:
        if package.license.expression and package.license.state in ("concluded", "clarified"):
            by_license.setdefault(package.license.expression, []).append(package)
    largest = sorted(by_license.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(_group(expression, members, anchors) for expression, members in largest)


def _group(expression: str, members: list[ReportPackage], anchors: Anchors) -> LicenseGroup:
    members = sorted(members, key=lambda package: (package.name, package.version))
    return LicenseGroup(
        expression=shorten(expression, 300),
        anchor=anchors(expression),
        category=_category(expression),
        count=count(len(members), "package"),
        packages=tuple(package_row(package) for package in members[:MAX_OF_A_LICENSE]),
        packages_more=max(0, len(members) - MAX_OF_A_LICENSE),
    )


def choice_rows(results: Iterable[RuleResult]) -> list[ChoiceRow]:
    """Which license was taken where a package offers several, by package."""
    rows = [
        ChoiceRow(
            package=shorten(f"{choice.package} {choice.version}".strip(), 160),
            offered=shorten(choice.offered, 300),
            chosen=shorten(choice.chosen, 300),
            because="the policy names it" if choice.pinned else "the fewest that are accepted",
            rule=result.rule,
        )
        for result in results
        for choice in result.choices
    ]
    return sorted(rows, key=lambda row: (row.package, row.rule))


def _category(expression: str) -> str:
    from adhere.licenses.expression import ExpressionError, category, leaves, parse

    try:
        names = {category(leaf) or "without category" for leaf in leaves(parse(expression))}
    except ExpressionError:
        return ""
    return ", ".join(sorted(names))
