"""The pages about packages and their licenses."""

from __future__ import annotations

from docutils import nodes

from adhere.app.shown import Content
from adhere.report.view import PackageRow
from adhere.surfaces.sphinx import parts
from adhere.surfaces.sphinx.markup import (
    Row,
    bullets,
    code,
    facts,
    file_link,
    heading,
    paragraph,
    prose,
    state,
    table,
    words,
)
from adhere.surfaces.sphinx.sheet import Sheet

FIRST = "Packages without a concluded license first, then direct dependencies"


def dependencies(sheet: Sheet, content: Content) -> list[nodes.Node]:
    """Every package, its license, where it comes from and why it is here."""
    view = content.view
    found: list[nodes.Node] = []
    if view.faults:
        caption = "What a source holds and could not be read"
        faults = facts(caption, view.faults, "What", "Why")
        found.append(sheet.section("Could not be read, or not be trusted", faults))
    found.insert(0, facts("Packages in numbers", view.totals, "What", "How many"))
    missing: nodes.Node = paragraph("None: everything that a rule can ask for was had.")
    title = "Evidence that was not gathered"
    if view.evidence_missing:
        missing = facts(f"{title}, and why", view.evidence_missing, "Evidence", "Why not")
    found.append(sheet.section(title, missing))
    if view.flaws or view.flaws_withheld:
        found.append(sheet.section("Known vulnerabilities", *parts.flaws(view)))
    link = file_link(*parts.PACKAGES_CSV)
    told = "The same as a table for other programs: "
    if view.packages_more:
        told = f"These are {len(view.packages)} of {view.packages_total}; all of them are in "
    rows = parts.packages(view.packages, FIRST)
    return [*found, sheet.section("Packages", rows, paragraph(told, link, "."))]


def licenses(sheet: Sheet, content: Content) -> list[nodes.Node]:
    """Packages by license, and the evidence for each."""
    view = content.view
    had = facts("Evidence by kind", view.evidence_had, "Evidence", "Of how many")
    return [
        sheet.section("Not concluded", *_open(content)),
        sheet.section("By license", _groups(content), *_members(content)),
        *([sheet.section("Taken of several", *_choices(content))] if view.choices else []),
        sheet.section("Evidence that was had", had),
    ]


def _open(content: Content) -> list[nodes.Node]:
    view = content.view
    if not view.open_licenses:
        return [paragraph("Every license was concluded.")]
    about = paragraph(
        "Nobody should rely on these until a person has read the files: the evidence contradicts"
        " itself, leaves several licenses open, or says nothing."
    )
    more = paragraph(f"{view.open_licenses_more} more are in ", file_link(*parts.PACKAGES_CSV), ".")
    each = [part for row in view.open_licenses for part in _package(row)]
    return [about, *([more] if view.open_licenses_more else []), *each]


def _package(row: PackageRow) -> list[nodes.Node]:
    said = paragraph(state(row.state), f": {row.license}; ", *prose(row.why))
    found: list[nodes.Node] = [heading(f"{row.name} {row.version}"), said]
    cells: list[Row] = [
        [claim.source, claim.says, claim.standing, claim.confidence, claim.raw]
        for claim in row.evidence
    ]
    names = ("Evidence", "Says", "Standing", "Confidence", "In its author's words")
    heads = list(zip(names, (24, 22, 14, 12, 28), strict=True))
    if cells:
        found.append(table(f"Evidence for {row.name}", heads, cells))
    if row.evidence_more:
        link = file_link("report.json", "_adhere/report.json")
        found.append(paragraph(f"{row.evidence_more} more pieces are in ", link, "."))
    return found


def _groups(content: Content) -> nodes.Node:
    cells: list[Row] = [
        [group.expression, group.category, group.count] for group in content.view.license_groups
    ]
    heads = [("License", 40), ("Category", 40), ("Packages", 20)]
    return table("Licenses by number of packages", heads, cells, wide=False)


def _members(content: Content) -> list[nodes.Node]:
    found: list[nodes.Node] = []
    for group in content.view.license_groups:
        items = [[words(f"{row.name} {row.version}: "), *prose(row.why)] for row in group.packages]
        if group.packages_more:
            link = file_link(*parts.PACKAGES_CSV)
            items.append([words(f"and {group.packages_more} more, in "), link])
        found += [heading(group.expression), bullets(items)]
    return found


def _choices(content: Content) -> list[nodes.Node]:
    view = content.view
    about = paragraph(
        "These packages leave the choice to whoever uses them. A rule takes what it accepts; a"
        " choice can be pinned in the policy."
    )
    cells: list[Row] = [
        [row.package, row.offered, row.chosen, row.because, code(row.rule)] for row in view.choices
    ]
    names = ("Package", "Offered", "Taken", "Because", "Rule")
    heads = list(zip(names, (20, 25, 15, 20, 20), strict=True))
    more = paragraph(f"{view.choices_more} more are in the report.")
    rows = table("Licenses taken of several", heads, cells)
    return [about, rows, *([more] if view.choices_more else [])]
