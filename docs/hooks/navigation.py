"""Puts the pages that ``adhere docs sync`` wrote into the navigation of our site.

They are generated and not part of the repository, so ``mkdocs.yml`` cannot name them: a
build before the first check would fail for want of them.
"""

# ruff: noqa: INP001 - MkDocs loads a hook as a file, not as a package
from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

FOLDER = "compliance"
STYLE = "_adhere/adhere.css"
FIRST = (
    "index.md",
    "dependencies.md",
    "licenses.md",
    "performance.md",
    "waivers.md",
    "history.md",
    "method.md",
)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add the pages that are there, in the order in which one reads them."""
    docs = Path(config.docs_dir)
    folder = docs / FOLDER
    if not (folder / "index.md").is_file() or config.nav is None:
        return config
    others = sorted(page.name for page in folder.glob("*.md") if page.name not in FIRST)
    pages = [name for name in (*FIRST, *others) if (folder / name).is_file()]
    config.nav.append({"Compliance": [f"{FOLDER}/{name}" for name in pages]})
    if (docs / STYLE).is_file():
        config.extra_css.append(STYLE)
    return config
