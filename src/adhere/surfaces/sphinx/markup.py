"""Parts of documents as docutils has them: real tables, so that every builder shows them.

Words are never parsed: whatever a stranger wrote is text, whichever markup it looks like.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from docutils import nodes

from adhere.report.escape import plain
from adhere.report.view import Fact, MetricRow, SeriesRow, State
from adhere.surfaces.sphinx.elements import AssetLink, Chart, Icon, Name, Region

Part = str | nodes.Node
"""Of a paragraph; a text is shown as it is."""

Cell = Part | Sequence[nodes.Node]
"""Of a table, or an item of a list: blocks, or what becomes a paragraph."""

Row = Sequence[Cell]
"""Of a table."""


def words(text: str, *classes: str) -> nodes.inline:
    """A text as it is: typography leaves its quotes and hyphens alone."""
    return nodes.inline("", plain(text), support_smartquotes=False, classes=list(classes))


def code(text: str) -> Name:
    """A name, a path, a digest."""
    return Name("", plain(text), classes=["adhere-word"])


def prose(text: str) -> list[nodes.Node]:
    """A sentence of ours, in which backticks mark names; the names may be a stranger's."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner is one of a stranger's
        return [words(text)]
    return [code(p) if i % 2 else words(p) for i, p in enumerate(parts) if p]


def strong(*parts: Part) -> nodes.strong:
    """What counts."""
    return nodes.strong("", "", *_inline(parts))


def paragraph(*parts: Part, classes: Iterable[str] = ()) -> nodes.paragraph:
    """Parts in a row."""
    return nodes.paragraph("", "", *_inline(parts), classes=list(classes))


def heading(text: str, level: int = 3) -> nodes.rubric:
    """A heading that no table of contents holds."""
    found = nodes.rubric("", "", words(text))
    found["heading-level"] = level
    return found


def small(*parts: Part) -> nodes.paragraph:
    """What stands below something else."""
    return paragraph(*parts, classes=["adhere-small"])


def stack(first: Part, *below: Part) -> list[nodes.Node]:
    """A line, and small ones below it; what is empty is left out."""
    return [paragraph(first), *(small(part) for part in below if part != "")]


def bullets(items: Iterable[Cell]) -> nodes.bullet_list:
    """A list."""
    found = nodes.bullet_list("", bullet="-")
    found += [nodes.list_item("", *_blocks(item)) for item in items]
    return found


def state(shown: State) -> nodes.inline:
    """A state as icon, word and colour."""
    found = nodes.inline("", "", classes=["adhere-state", f"adhere-{shown.tone}"])
    found += [Icon("", f"{shown.icon} "), words(shown.word)]
    return found


def file_link(text: str, name: str) -> AssetLink:
    """A link to a file beside the pages, where the builder puts it there."""
    return AssetLink("", text, name=name)


def table(
    caption: str,
    heads: Sequence[tuple[str, int]],
    rows: Iterable[Row],
    *,
    wide: bool = True,
    first: int = 0,
) -> nodes.Node:
    """A table with a caption.

    Args:
        caption: of it.
        heads: of the columns, with their part of the width.
        rows: what each cell holds.
        wide: whether it has a width of its own where there is little room.
        first: the column that says what a row is about.
    """
    group = nodes.tgroup("", cols=len(heads))
    for number, (_, width) in enumerate(heads):
        group += nodes.colspec("", colwidth=width, **({"stub": 1} if number == first else {}))
    group += nodes.thead("", _row([name for name, _ in heads]))
    group += nodes.tbody("", *(_row(row) for row in rows))
    found = nodes.table("", nodes.title("", "", words(caption)), group, classes=["colwidths-auto"])
    kind = "adhere-table adhere-wide" if wide else "adhere-table"
    return Region("", found, label=plain(caption), kind=kind)


def facts(caption: str, rows: Iterable[Fact], name: str, value: str) -> nodes.Node:
    """Names and their values."""
    cells: list[Row] = [[fact.name, prose(fact.value)] for fact in rows]
    return table(caption, [(name, 35), (value, 65)], cells, wide=False)


def chart(row: MetricRow | SeriesRow) -> list[nodes.Node]:
    """A chart where the builder can show one; its numbers stand beside it in any case."""
    if not row.points:
        return []
    budget = ""
    if row.limit:
        budget = (
            f'<line class="adhere-budget" x1="0" x2="200" y1="{row.limit}" y2="{row.limit}"'
            ' fill="none" stroke="currentColor" stroke-dasharray="4 3"/>'
        )
    svg = (
        '<svg class="adhere-chart" viewBox="0 0 200 40" role="img"'
        f' aria-label="{escape(plain(row.label))}">{budget}<polyline class="adhere-line"'
        f' points="{row.points}" fill="none" stroke="currentColor" stroke-width="1.5"/>'
        f'<circle class="adhere-latest" cx="{row.x}" cy="{row.y}" r="3" fill="currentColor"/></svg>'
    )
    return [paragraph(Chart("", svg=svg))]


def _row(cells: Row) -> nodes.row:
    return nodes.row("", *(nodes.entry("", *_blocks(cell)) for cell in cells))


def _blocks(content: Cell) -> list[nodes.Node]:
    if isinstance(content, str):
        return [paragraph(content)] if content else []
    if isinstance(content, nodes.Node):
        content = [content]
    if not any(isinstance(one, nodes.Body) for one in content):
        return [paragraph(*content)] if content else []
    return [one if isinstance(one, nodes.Body) else paragraph(one) for one in content]


def _inline(parts: Iterable[Part]) -> list[nodes.Node]:
    return [words(part) if isinstance(part, str) else part for part in parts]
