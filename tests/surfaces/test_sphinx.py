"""The Sphinx extension, in real builds that are strict about references."""

from __future__ import annotations

from pathlib import Path
from posixpath import dirname, normpath
from urllib.parse import unquote, urlsplit

import pytest

from readers.html import Page
from surfaces.sphinx_site import PAGES, SphinxSite

EXTENSIONS = {"rst": ["adhere.sphinx"], "md": ["myst_parser", "adhere.sphinx"]}


@pytest.fixture
def site(tmp_path: Path) -> SphinxSite:
    found = SphinxSite(tmp_path)
    found.store()
    found.index()
    found.conf()
    return found


@pytest.mark.parametrize("theme", ["alabaster", "furo", "pydata_sphinx_theme"])
@pytest.mark.parametrize("markup", ["rst", "md"])
def test_a_build_is_clean_and_every_link_leads_somewhere(
    site: SphinxSite, theme: str, markup: str
) -> None:
    site.conf(extensions=EXTENSIONS[markup], html_theme=theme)
    assert site.build(jobs=2) == ""
    assert site.sources() == {f"{name}.{markup}" for name in PAGES}
    out = site.docs / "_build" / "html"
    for name in PAGES:
        page = Page(site.page(f"compliance/{name}.html"))
        assert "_static/adhere.css" in "".join(page.values("href"))
        assert "Made by adhere" in page.text
        for href in page.values("href"):
            parts = urlsplit(href)
            if not parts.scheme and parts.path:
                leads = normpath(f"{dirname(f'compliance/{name}')}/{unquote(parts.path)}")
                assert (out / leads).exists(), f"{name} leads to {href}"
    assert {path.name for path in (out / "_adhere").iterdir()} == {
        *("badge.svg", "findings.csv", "packages.csv", "report.json")
    }
