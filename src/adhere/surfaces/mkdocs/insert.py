"""Where a panel stands on somebody's page."""

from __future__ import annotations

import re

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_TITLE = re.compile(r" {0,3}# *[^#\s]")
_UNDERLINE = re.compile(r"=+\s*")


def below_title(markdown: str, panel: str) -> str:
    """The page with a panel below its title, or above everything where it has none.

    Args:
        markdown: of the page, without its front matter.
        panel: Markdown.
    """
    lines = markdown.split("\n")
    at = _after_title(lines)
    return "\n".join([*lines[:at], "", panel.strip("\n"), "", *lines[at:]])


def _after_title(lines: list[str]) -> int:
    fence = ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        elif mark:
            fence = mark[1]
        elif _TITLE.match(line) or (
            number and _UNDERLINE.fullmatch(line) and lines[number - 1].strip()
        ):
            return number + 1
    return 0
