"""What changed, the checklist of the next release, and releases that were frozen."""

from __future__ import annotations

from docutils import nodes

from adhere.app.shown import Content
from adhere.report.view import ChangesView, Checklist, ChecklistLine, ReleaseRow
from adhere.surfaces.sphinx.markup import (
    Row,
    bullets,
    code,
    paragraph,
    prose,
    small,
    state,
    strong,
    table,
    words,
)
from adhere.surfaces.sphinx.sheet import Sheet


def changed(view: ChangesView) -> list[nodes.Node]:
    """A comparison: how much, and the worst of it."""
    line = paragraph(state(view.state), " ", *prose(view.since), ": ", strong(view.headline))
    cells: list[Row] = [
        [[paragraph(state(row.state)), small(row.kind)], prose(row.text)] for row in view.worst
    ]
    if view.worst_more:
        more = [words(f"and {view.worst_more} more, which "), code("adhere diff"), words(" tells")]
        cells.append(["", more])
    if not cells:
        return [line]
    heads = [("Leads to", 25), ("Change", 75)]
    return [line, table(f"Changes since {view.what}, worse first", heads, cells)]


def changes(content: Content) -> list[nodes.Node]:
    """What changed since the run before and since the last release."""
    view = content.view
    found: list[nodes.Node] = [node for one in view.changes for node in changed(one)]
    if view.changes_missing:
        nothing = "Nothing else is compared" if view.changes else "Nothing is compared"
        found.append(paragraph(f"{nothing}: {'; '.join(view.changes_missing)}."))
    return found


def checklist_parts(sheet: Sheet, found: Checklist) -> list[nodes.Node]:
    """A section for each part of a checklist."""
    return [sheet.section(part.title, lines(part.lines, part.more)) for part in found.parts]


def lines(rows: tuple[ChecklistLine, ...], more: int) -> nodes.Node:
    """Lines of a checklist, each with its state."""
    items: list[list[nodes.Node]] = [
        [state(row.state), words(" "), *prose(row.text)] for row in rows
    ]
    if more:
        items.append([words(f"and {more} more, which the report has")])
    return bullets(items)


def release(sheet: Sheet, content: Content) -> list[nodes.Node]:
    """The checklist of the next release."""
    view = content.view
    ready = view.checklist.ready
    tone, icon = ("good", "✔") if ready else ("bad", "✖")
    said = paragraph(
        f"{icon} {view.checklist.verdict}", classes=["adhere-headline", f"adhere-{tone}"]
    )
    about = paragraph(
        *prose(view.checklist.about),
        ". A check looks at rules of level error; a release at everything that could not be judged"
        " as well.",
    )
    frozen = sheet.section("Frozen releases", *_frozen(sheet, view.releases))
    return [said, about, *checklist_parts(sheet, view.checklist), frozen]


def _frozen(sheet: Sheet, rows: tuple[ReleaseRow, ...]) -> list[nodes.Node]:
    if not rows:
        return [
            paragraph("No release is frozen. ", code("adhere release VERSION"), " freezes one.")
        ]
    cells: list[Row] = [
        [
            sheet.document_link(row.version, f"{sheet.layout.path}/release/{row.slug}.md"),
            row.today,
            code(row.commit),
            row.changes.headline if row.changes else "the first",
        ]
        for row in rows
    ]
    heads = [("Version", 15), ("Judged on", 15), ("Commit", 20), ("Since the one before", 50)]
    return [table("Releases that were frozen, the latest first", heads, cells, wide=False)]


def released(sheet: Sheet, row: ReleaseRow) -> list[nodes.Node]:
    """The page of a frozen release."""
    tone, icon = ("good", "✔") if row.checklist.ready else ("bad", "✖")
    said = paragraph(
        f"{icon} Frozen on {row.today}, at commit ",
        code(row.commit),
        classes=["adhere-headline", f"adhere-{tone}"],
    )
    about = paragraph(
        *prose(row.checklist.about),
        ". What changed since does not change this page. ",
        sheet.page("The next release", "release"),
        ".",
    )
    found: list[nodes.Node] = [said, about]
    if row.changes:
        found.append(sheet.section("What changed", *changed(row.changes)))
    found += checklist_parts(sheet, row.checklist)
    return found
