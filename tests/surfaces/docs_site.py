"""A small site of documentation with a report, built by MkDocs in this process."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from msgspec.structs import replace

from adhere.report.document import Report
from adhere.report.json import encode_report
from adhere.report.layout import PAGES
from adhere.report.release import encode_release
from corpus.past import earlier, release
from corpus.reports import everything
from readers.html import Page

MAIN = [f"compliance/{name.removesuffix('.md')}.html" for name in PAGES.values()]
DETAIL = "compliance/adrs/ADR-001.html"
NAV = ["index.md", {"Decisions": ["adr/ADR-001.md"]}]

LINKS = {"not_found": "warn", "anchors": "warn", "unrecognized_links": "warn"}
VALIDATION = {"nav": {"omitted_files": "warn", "not_found": "warn"}, "links": LINKS}
DECISION = """---
id: ADR-001
status: accepted
---

```sh
# not a title
```

# Licenses

Only these.
"""


def report(**fields: Any) -> Report:
    """A report whose inputs are as they were."""
    found = everything()
    return replace(found, **{"subject": replace(found.subject, inputs=()), **fields})


class DocsSite:
    """A project with documentation."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.docs = root / "docs"
        self.out = root / "site"
        (self.docs / "adr").mkdir(parents=True)
        (self.docs / "index.md").write_text("# Home\n", "utf-8")
        (self.docs / "adr" / "ADR-001.md").write_text(DECISION, "utf-8")
        self.records: list[logging.LogRecord] = []

    def store(self, found: Report | None = None) -> None:
        """Leave a report, as a check does."""
        (self.root / ".adhere").mkdir(exist_ok=True)
        data = encode_report(found or report())
        (self.root / ".adhere" / "report.json").write_bytes(data)

    def freeze(self, *versions: str) -> None:
        """Leave frozen releases, and the report of an earlier run."""
        folder = self.root / ".adhere" / "releases"
        folder.mkdir(exist_ok=True)
        for version in versions:
            made = encode_release(release(version, earlier()))
            (folder / f"{version}.json").write_bytes(made)
        (self.root / ".adhere" / "previous.json").write_bytes(encode_report(earlier()))

    def config(
        self, options: Mapping[str, Any] | None = None, plugins: tuple[Any, ...] = (), **site: Any
    ) -> MkDocsConfig:
        """The configuration, from a file as users write it."""
        given = {
            "site_name": "shop",
            "use_directory_urls": False,
            "validation": VALIDATION,
            "markdown_extensions": ["tables", "attr_list", "md_in_html"],
            "plugins": ["search", *plugins, {"adhere": dict(options or {})}],
            **site,
        }
        path = self.root / "mkdocs.yml"
        path.write_text(yaml.safe_dump(given, sort_keys=False), "utf-8")
        return load_config(str(path), strict=True)

    def build(
        self, options: Mapping[str, Any] | None = None, plugins: tuple[Any, ...] = (), **site: Any
    ) -> None:
        """Build it, strictly; what was logged is in `said`."""
        with self.listening():
            build(self.config(options, plugins, **site))

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Keep what is logged."""
        self.records = []
        handler = logging.Handler()
        handler.emit = self.records.append  # type: ignore[method-assign]  # all of it is kept
        logger = logging.getLogger("mkdocs")
        before = logger.level
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        try:
            yield
        finally:
            logger.removeHandler(handler)
            logger.setLevel(before)

    def said(self, level: int = logging.WARNING) -> str:
        """What was logged at a level or above."""
        return "\n".join(r.getMessage() for r in self.records if r.levelno >= level)

    def page(self, name: str) -> str:
        """A page that was built."""
        return (self.out / name).read_text("utf-8")

    def pages(self) -> set[str]:
        """All pages that were built."""
        return {path.relative_to(self.out).as_posix() for path in self.out.rglob("*.html")}


def links(site: DocsSite, name: str) -> list[str]:
    """Where the links of a page lead within the site."""
    found = []
    for href in Page(site.page(name)).values("href"):
        parts = urlsplit(href)
        if not parts.scheme and not parts.netloc and parts.path:
            found.append(normpath(f"{dirname(name)}/{unquote(parts.path)}").lstrip("/"))
    return found


def menu(site: DocsSite, name: str = "index.html") -> list[str]:
    """Pages of ours that the navigation of a page leads to, in its order."""
    return [link for link in dict.fromkeys(links(site, name)) if link.startswith("compliance/")]
