"""Everything about one package, for ``adhere why``."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from adhere.report.document import ReportFinding, ReportPackage
from adhere.report.escape import plain
from adhere.report.summary import count
from adhere.report.text import Painter, finding_lines, place


class RuleWord(Struct, frozen=True):
    """A rule that speaks of the package, and what it says."""

    rule: str
    outcome: str
    title: str


class WhyPackage(Struct, frozen=True):
    """What is known of one package.

    Attributes:
        package: each version, as in the report.
        paths: every way by which it is here, shortest first, as far as they were counted.
        more_paths: there are more than were listed.
        needed_by: packages that need it.
        rules: that judged it.
        findings: about it.
    """

    package: tuple[ReportPackage, ...]
    paths: tuple[tuple[str, ...], ...]
    more_paths: bool
    needed_by: tuple[str, ...]
    rules: tuple[RuleWord, ...]
    findings: tuple[ReportFinding, ...]


def why_text(told: WhyPackage, *, colour: bool) -> str:
    """The same for a terminal."""
    return "\n".join(_lines(told, Painter(colour=colour))) + "\n"


def _lines(told: WhyPackage, paint: Painter) -> Iterator[str]:
    for package in told.package:
        yield from _package_lines(package, paint)
    yield from _path_lines(told, paint)
    for package in told.package:
        yield from _license_lines(package, paint)
    yield paint("bold", "rules that judged it:")
    for rule in told.rules:
        yield f"  {rule.outcome:<14} {plain(rule.rule)}  {plain(rule.title)}"
    if not told.rules:
        yield "  none"
    for finding in told.findings:
        yield ""
        yield from finding_lines(finding, paint)


def _package_lines(package: ReportPackage, paint: Painter) -> Iterator[str]:
    name = plain(f"{package.name} {package.version}")
    yield paint("bold", name) + (f"  {plain(package.summary)}" if package.summary else "")
    kind = "ours" if package.first_party else "direct" if package.direct else "transitive"
    yield f"  {kind}, in {plain(', '.join(package.groups))}, from {_origin(package)}"
    for seen in package.seen_in:
        yield f"  listed in {place(seen)}"
    for remark in package.remarks:
        yield f"  remark: {plain(remark)}"
    yield ""


def _path_lines(told: WhyPackage, paint: Painter) -> Iterator[str]:
    more = "more than " if told.more_paths else ""
    yield paint("bold", f"{more}{count(len(told.paths), 'way')} by which it is here:")
    if not told.paths:
        yield "  nothing that is known asks for it"
    for path in told.paths:
        yield f"  {plain(' -> '.join(path))}"
    if told.more_paths:
        yield "  and more"
    yield ""


def _license_lines(package: ReportPackage, paint: Painter) -> Iterator[str]:
    license_ = package.license
    said = license_.expression or " / ".join(license_.candidates) or "none"
    head = f"license of {package.version}: {said}, {license_.state}"
    yield paint("bold", plain(head)) + f" ({license_.confidence:.2f})"
    yield f"  {plain(license_.why)}"
    for claim in license_.evidence:
        words = claim.expression or " / ".join(claim.candidates) or "nothing"
        yield plain(f"  {claim.standing:<11} {claim.kind}, {claim.document}: {words}")
        if claim.raw and claim.raw != words:
            yield plain(f"              wrote {claim.raw[:100]!r}")
    for clause in license_.missing:
        yield plain(f"  missing: {clause}")
    yield ""


def _origin(package: ReportPackage) -> str:
    origin = package.origin
    return plain(f"{origin.kind} {origin.url}".strip())
