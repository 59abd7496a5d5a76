"""Pages of the Sphinx extension in a real browser, in the themes that people use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from readers.browser import Browser
from surfaces.sphinx_site import PAGES, SphinxSite
from surfaces.test_browser import CONTRAST, WIDER

THEMES = ("furo", "pydata_sphinx_theme")
SCHEME = "document.body.dataset.theme = document.documentElement.dataset.theme = '%s'"
"""What the menu of a theme does when a reader chooses."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    found = Browser(tmp_path_factory.mktemp("profile"))
    yield found
    found.close()


@pytest.fixture(scope="module", params=THEMES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SphinxSite:
    found = SphinxSite(tmp_path_factory.mktemp(request.param))
    found.store()
    found.index(".. adhere-summary::\n\n.. adhere-checklist::")
    found.conf(html_theme=request.param)
    assert found.build() == ""
    return found


def addresses(site: SphinxSite) -> list[str]:
    out = site.docs / "_build" / "html"
    names = ("index", *(f"compliance/{name}" for name in PAGES))
    return [(out / f"{name}.html").as_uri() for name in names]


def test_no_page_is_wider_than_a_window_or_hard_to_read(browser: Browser, site: SphinxSite) -> None:
    for address, width, scheme in product(addresses(site), (360, 1400), ("light", "dark")):
        browser.look(width, scheme)
        browser.open(address)
        assert browser.run(WIDER) <= 0, (address, width)
        assert browser.run(CONTRAST) == [], (address, scheme)
        keep(browser, f"{address.rpartition('/html/')[2]}-{width}-{scheme}", site)
        browser.run(SCHEME % scheme)
        assert browser.run(CONTRAST) == [], (address, f"{scheme}, chosen")


def test_tables_are_regions_that_can_be_sorted_and_nothing_is_fetched(
    browser: Browser, site: SphinxSite
) -> None:
    browser.look(1400)
    browser.open(addresses(site)[1])
    assert browser.run("document.querySelectorAll('.adhere-table[role=region]').length") > 3
    assert browser.run("document.querySelectorAll('.adhere-table caption').length") > 3
    browser.run("document.querySelector('.adhere-wide th button').click()")
    assert browser.run("document.querySelectorAll('th[aria-sort=ascending]').length") == 1
    ours = [asked for asked in browser.requests() if "adhere" in asked]
    assert all(asked.startswith("file:") for asked in ours)
    assert not [said for said in browser.troubles() if "adhere" in said]
    assert browser.run("document.querySelectorAll('.adhere-table [style]').length") == 0


def keep(browser: Browser, name: str, site: SphinxSite) -> None:
    """A picture for whoever wants to look, in the folder that ``SCREENSHOTS`` names."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        target = Path(folder) / f"{site.root.name}-{name.replace('/', '-')}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(browser.picture())
