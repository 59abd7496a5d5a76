"""How pages lie in somebody's documentation: which there are, where, and what they carry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import dirname, relpath
from typing import Literal
from urllib.parse import quote

from msgspec import Struct

Search = Literal["content", "summary", "off"]
"""What a search of the documentation finds of the pages: all, the overview alone, or nothing."""

PAGES: Mapping[str, str] = {
    "overview": "index.md",
    "dependencies": "dependencies.md",
    "licenses": "licenses.md",
    "performance": "performance.md",
    "adrs": "adrs/index.md",
    "waivers": "waivers.md",
    "release": "release/index.md",
    "history": "history.md",
    "method": "method.md",
}
"""Files of the pages by the name that options have for them, in the order in which one reads."""

ASSETS = "_adhere"
"""Folder of what pages link to, in the documentation's."""


_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


def wrong_folder(text: str) -> str:
    """What is wrong with a folder of pages, ``""`` for nothing.

    Args:
        text: relative to the documentation's folder, without slashes around it.
    """
    if _FOLDER.fullmatch(text) is None or ".." in text:
        return (
            "is no folder of the site: write letters, digits, hyphens and slashes, such as"
            " `compliance`"
        )
    return ""


class Layout(Struct, frozen=True):
    """What a documentation wants of the pages.

    Attributes:
        path: folder of the pages, relative to the documentation's, POSIX.
        pages: names of `PAGES` that are wanted; the overview always is.
        charts: whether charts are drawn.
        search: what a search finds.
        decisions: pages of the documentation that are decision records, relative to its
            folder, by the path that the report has for them.
    """

    path: str = "compliance"
    pages: tuple[str, ...] = tuple(PAGES)
    charts: bool = True
    search: Search = "content"
    decisions: dict[str, str] = {}

    def shows(self, name: str) -> bool:
        """Whether a page is wanted, by its name."""
        return name == "overview" or name in self.pages


class SiteView(Struct, frozen=True):
    """Where a Markdown page stands, and which others there are.

    ``up`` leads from the page to the folder of the pages, ``assets`` to that of the files that
    pages link to; ``files`` are the other pages, relative to the folder of the pages, and
    ``decisions`` lead to decision records. All of them are quoted as addresses are.
    """

    up: str
    assets: str
    files: tuple[str, ...]
    decisions: dict[str, str]
    charts: bool
    searched: bool


NOWHERE = SiteView("", "", (), {}, charts=True, searched=True)
"""Of a document that stands alone."""


def site_view(layout: Layout, page: str, files: tuple[str, ...]) -> SiteView:
    """What a page is told of where it stands.

    Args:
        layout: of the documentation.
        page: relative to the folder of the pages.
        files: every page, relative to that folder.
    """
    here = dirname(f"{layout.path}/{page}")
    return SiteView(
        up="../" * page.count("/"),
        assets=quote(relpath(ASSETS, here)),
        files=files,
        decisions={path: quote(relpath(to, here)) for path, to in layout.decisions.items()},
        charts=layout.charts,
        searched=layout.search == "content" or (layout.search == "summary" and page == "index.md"),
    )
