"""Names that templates of users hold on to."""

from __future__ import annotations

import re

from adhere.report.pages import HTML_PAGES, MARKDOWN_PAGES, SNIPPETS
from adhere.report.render import Renderer
from adhere.report.view import VERSION

STABLE = {
    "html/base.html.j2": "title head banner content footer",
    "html/decisions.html.j2": "title content decisions each",
    "html/dependencies.html.j2": "title content faults totals evidence flaws packages",
    "html/history.html.j2": "title content runs",
    "html/index.html.j2": "title content headline changes totals problems leniencies gates rules findings",
    "html/licenses.html.j2": "title content open groups choices had",
    "html/method.html.j2": "title content reproduce inputs completeness run vocabulary",
    "html/performance.html.j2": "title content worse metrics groups",
    "html/release.html.j2": "title content headline parts releases",
    "html/released.html.j2": "title banner content headline changes parts footer",
    "html/waivers.html.j2": "title content waivers",
    "markdown/changes.md.j2": "headline changes",
    "markdown/checklist.md.j2": "headline parts",
    "markdown/decision.md.j2": "title state rules findings evidence waivers footer",
    "markdown/decisions.md.j2": "title decisions footer",
    "markdown/dependencies.md.j2": "title faults totals evidence flaws packages footer",
    "markdown/history.md.j2": "title runs footer",
    "markdown/licenses.md.j2": "title open groups choices had footer",
    "markdown/method.md.j2": "title reproduce inputs completeness run vocabulary footer",
    "markdown/overview.md.j2": "title headline changes problems leniencies gates rules findings totals footer",
    "markdown/panel.md.j2": "panel",
    "markdown/performance.md.j2": "title worse metrics groups footer",
    "markdown/release.md.j2": "title headline parts releases footer",
    "markdown/released.md.j2": "title headline changes parts footer",
    "markdown/report.md.j2": "headline problems leniencies rules findings totals",
    "markdown/waivers.md.j2": "title waivers footer",
    "snippets/gates.md.j2": "gates",
    "snippets/no-data.md.j2": "summary",
    "snippets/rules.md.j2": "rules",
    "snippets/summary.md.j2": "summary",
    "snippets/waivers.md.j2": "waivers",
}
"""Blocks of version 1 by template. New ones are added; none may go while that version lasts."""


def blocks(name: str) -> set[str]:
    return {*re.findall(r"{% block (\w+) %}", Renderer().source(name))}


def test_no_block_is_lost_within_a_version() -> None:
    assert VERSION == 1, "begin the table anew, and say in the changelog what to do"
    for name, names in STABLE.items():
        assert {*names.split()} <= blocks(name), name


def test_every_page_has_its_blocks_in_the_table() -> None:
    pages = {*MARKDOWN_PAGES.values(), *SNIPPETS.values(), *(f"html/{n}.j2" for n in HTML_PAGES)}
    assert pages <= {*STABLE}
    for name, _ in Renderer().names():
        assert blocks(name) <= {*STABLE.get(name, "").split()}, name
