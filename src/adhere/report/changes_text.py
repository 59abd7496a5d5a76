"""What changed, for a terminal."""

from __future__ import annotations

from adhere.report.escape import plain
from adhere.report.text import Painter
from adhere.report.view import ChangesView

_PAINTS = {"bad": "error", "good": "good", "calm": "dim"}


def changes_text(view: ChangesView, *, colour: bool = False) -> str:
    """Sections, a line for each change, the headline last.

    Args:
        view: the comparison.
        colour: whether escape sequences may be used.
    """
    paint = Painter(colour=colour)
    lines: list[str] = []
    for section in view.sections:
        lines.append(paint("bold", section.title))
        for row in section.rows:
            word = paint(_PAINTS[row.state.tone], f"{row.state.word:<7}")
            lines.append(f"  {word}  {plain(row.text)}")
        lines.append("")
    lines.append(f"{plain(view.since)}: {paint(_PAINTS[view.state.tone], view.headline)}")
    return "\n".join(lines) + "\n"
