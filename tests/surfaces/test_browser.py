"""Pages in a real browser: what a reader sees, in each size and colour, with and without scripts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from itertools import product
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from msgspec.structs import replace

from adhere.report.document import Report
from adhere.report.pages import html_pages
from adhere.report.render import Renderer
from corpus.reports import package, with_words
from corpus.runs import ledger
from readers.browser import Browser
from surfaces.docs_site import DETAIL, MAIN, NAV, DocsSite, report

THEMES: dict[str, dict[str, Any]] = {
    "material": {"name": "material", "font": False},
    "slate": {"name": "material", "font": False, "palette": {"scheme": "slate"}},
    "mkdocs": {"name": "mkdocs", "highlightjs": False},
    "readthedocs": {"name": "readthedocs", "highlightjs": False},
    "terminal": {"name": "terminal"},
}
NOT_OURS = ("/site/img/favicon", "/site/img/android-chrome")
"""Pictures that the theme terminal asks for and does not bring."""
SITES = (*THEMES, "hostile")
PAGES = (*MAIN, DETAIL, "adr/ADR-001.html")
WIDTHS, SCHEMES = (360, 1400), ("light", "dark")
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ATTACK = "<script>alert(1)</script>\u202e{{7*7}}|`**" + "n" * 10_000

CONTRAST = """
(() => {
  const parts = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = (c) => c.slice(0, 3).map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const paper = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const c = parts(getComputedStyle(at).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const e of document.querySelectorAll(".adhere-state, .adhere-headline, .state, .headline")) {
    const [a, b] = [light(parts(getComputedStyle(e).color)), light(paper(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) bad.push(`${e.className}: ${e.textContent}`);
  }
  return bad;
})()
"""
SCHEME = "document.documentElement.dataset.bsTheme = '%s'"
"""What the menu of MkDocs' own theme does when a reader chooses."""

AXE = """
axe.run(%s, {resultTypes: ["violations"], rules: {"landmark-unique": {enabled: false}}}).then(
  (found) => found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ").slice(0, 300)}`))
"""


def large() -> Report:
    """A report whose tables are long enough to be filtered."""
    found = report()
    more = tuple(package(f"package-{n}") for n in range(12))
    return replace(found, packages=(*found.packages, *more))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    found = Browser(tmp_path_factory.mktemp("profile"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of all sites: one a theme, and one with a stranger's words."""
    root = tmp_path_factory.mktemp("sites")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        for name in SITES:
            site = DocsSite(root / name)
            found = large()
            site.store(found if name in THEMES else with_words(found, hostile))
            site.build(theme=THEMES.get(name, THEMES["material"]), nav=NAV, site_url="")
    handler = partial(Quiet, directory=str(root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def hostile(text: str) -> str:
    """A stranger's words, but for those that are paths and ids."""
    return text if "/" in text or text.startswith("ADR") else f"{text[:9]}{ATTACK}"


def keep(browser: Browser, name: str) -> None:
    """Leave a picture where the variable SCREENSHOTS says, for a person to look at."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name.replace('/', '-')}.png").write_bytes(browser.picture())


class Quiet(SimpleHTTPRequestHandler):
    """Says nothing of who asks."""

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.mark.parametrize("site", SITES)
def test_pages_fit_are_readable_and_ask_nobody_else(
    browser: Browser, sites: str, site: str
) -> None:
    for page, scheme in product(PAGES, SCHEMES if site == "mkdocs" else SCHEMES[:1]):
        browser.look(WIDTHS[0], scheme)
        browser.open(f"{sites}/{site}/site/{page}")
        if site == "mkdocs":
            browser.run(SCHEME % scheme)
        for width in WIDTHS:
            browser.look(width, scheme)
            where = f"{site}, {page}, {width} px, {scheme}"
            assert browser.run(WIDER) <= 0, where
            assert browser.run(CONTRAST) == [], where
            keep(browser, f"{site}-{page}-{width}-{scheme}")
        ours = [t for t in browser.troubles() if not any(name in t for name in NOT_OURS)]
        assert ours == [], page
        assert [a for a in browser.requests() if not a.startswith((sites, "data:"))] == []


@pytest.mark.parametrize("site", ["material", "mkdocs"])
def test_pages_say_the_same_without_scripts(browser: Browser, sites: str, site: str) -> None:
    browser.look(360)
    count = "document.querySelectorAll('.adhere-table tbody tr').length"
    hidden = "[...document.querySelectorAll('.adhere-table *')].filter((e) => !e.checkVisibility()).length"
    for page in (MAIN[0], MAIN[1], DETAIL):
        browser.open(f"{sites}/{site}/site/{page}")
        rows = browser.run(count)
        with browser.without_scripts():
            browser.open(f"{sites}/{site}/site/{page}")
            assert browser.run(count) == rows > 0
            assert browser.run(hidden) == 0
            assert browser.run("document.querySelectorAll('.adhere-table button').length") == 0
            assert browser.run(WIDER) <= 0


@pytest.mark.parametrize("site", ["material", "mkdocs"])
def test_a_table_is_sorted_and_filtered_by_keyboard_and_says_so(
    browser: Browser, sites: str, site: str
) -> None:
    browser.look(1400)
    browser.open(f"{sites}/{site}/site/compliance/dependencies.html")
    browser.run(
        "window.region = [...document.querySelectorAll('.adhere-table')].at(-1);"
        "window.names = () => [...region.querySelectorAll('tbody tr:not([hidden]) th')]"
        ".map((e) => e.firstChild.textContent); 1"
    )
    before = browser.run("names()")
    browser.run("region.querySelector('thead button').focus()")
    for state, names in (
        ("ascending", sorted(before, key=natural)),
        ("descending", sorted(before, key=natural, reverse=True)),
        (None, before),
    ):
        browser.key("Enter", 13, "\r")
        assert browser.run("names()") == names
        assert browser.run("region.querySelector('th').getAttribute('aria-sort')") == state
        assert browser.run("document.querySelectorAll('[aria-sort]').length") == bool(state)
        said = browser.run("region.nextElementSibling.textContent")
        assert said == (f"Sorted by Package, {state}" if state else "In the order of the page")
    assert browser.run("region.nextElementSibling.getAttribute('role')") == "status"
    browser.run("document.querySelector('.adhere-filter input').focus()")
    browser.ask("Input.insertText", text="PACKAGE-1")
    assert browser.run("names()") == ["package-1", "package-10", "package-11"]
    assert browser.run("region.nextElementSibling.textContent") == f"3 of {len(before)} rows"
    assert browser.troubles() == []


def natural(name: str) -> tuple[str, int]:
    """The order that people expect of numbers in names."""
    stem, _, number = name.partition("-")
    return stem, int(number or -1)


def test_a_wide_table_does_not_widen_a_theme_that_is_a_grid(browser: Browser, sites: str) -> None:
    browser.look(360)
    browser.open(f"{sites}/mkdocs/site/compliance/dependencies.html")
    browser.run("document.querySelector('[role=main]').parentElement.style.display = 'grid'")
    assert browser.run(WIDER) <= 0
    browser.run(
        "document.querySelectorAll('.adhere-table').forEach((e) => e.style.contain = 'none')"
    )
    assert browser.run(WIDER) > 0


def test_paper_has_all_rows_and_nothing_to_press(
    browser: Browser, sites: str, tmp_path: Path
) -> None:
    dict(folder(tmp_path))
    for address in (
        f"{sites}/material/site/compliance/dependencies.html",
        f"{sites}/mkdocs/site/compliance/dependencies.html",
        (tmp_path / "dependencies.html").as_uri(),
    ):
        browser.look(720, media="print")
        browser.open(address)
        assert browser.run(WIDER) <= 0, address
        for shown in (".adhere-filter", ".adhere-status", "nav", ".skip"):
            visible = (
                f"[...document.querySelectorAll('{shown}')].filter((e) => e.checkVisibility())"
            )
            assert browser.run(f"{visible}.length") == 0, f"{shown} of {address}"
        clipped = "[...document.querySelectorAll('.adhere-table, .scroll')]"
        overflow = f"{clipped}.map((e) => getComputedStyle(e).overflowX)"
        assert {*browser.run(overflow)} == {"visible"}


def test_the_script_starts_anew_when_a_theme_replaces_the_page(
    browser: Browser, sites: str
) -> None:
    browser.open(f"{sites}/mkdocs/site/compliance/index.html")
    browser.run(
        "fetch('dependencies.html').then((r) => r.text()).then((text) => {"
        "window.document$ = { subscribe: (f) => { window.replaced = f; } };"
        "const script = document.querySelector('script[src*=\"adhere.js\"]').src;"
        "document.body.innerHTML = new DOMParser().parseFromString(text, 'text/html').body.innerHTML;"
        "return import(script); })"
    )
    buttons = "document.querySelectorAll('.adhere-table button').length"
    assert browser.run(buttons) == 0
    browser.run("replaced()")
    found = browser.run(buttons)
    browser.run("replaced()")
    assert browser.run(buttons) == found > 0


def test_axe_finds_nothing_in_what_is_ours(browser: Browser, sites: str, tmp_path: Path) -> None:
    axe = (files("axe_core_python") / "axe.min.js").read_text("utf-8")
    ours = '{include: [".md-content"]}'
    browser.look(1400)
    for page in PAGES:
        browser.open(f"{sites}/material/site/{page}")
        browser.run(f"{axe}; 1")
        assert browser.run(AXE % ours) == [], page
    browser.run("document.querySelector('.md-content').append(document.createElement('button'))")
    assert "button-name" in browser.run(AXE % ours)[0]
    for page, data in folder(tmp_path):
        browser.open((tmp_path / page).as_uri())
        browser.run(f"{axe}; 1")
        assert browser.run(AXE % "document") == [], data[:0]


def folder(root: Path, found: Report | None = None) -> Iterator[tuple[str, bytes]]:
    """The folder of HTML, written; its pages."""
    made = html_pages(found or large(), Renderer(), ledger=ledger())
    for name, data in made.items():
        (root / name).write_bytes(data)
    yield from ((name, data) for name, data in made.items() if name.endswith(".html"))


def test_the_folder_of_html_opens_from_a_disk_under_its_own_policy(
    browser: Browser, tmp_path: Path
) -> None:
    pages = dict(folder(tmp_path, with_words(large(), hostile)))
    browser.look(WIDTHS[0])
    for page in pages:
        browser.open((tmp_path / page).as_uri())
        for width, scheme in product(WIDTHS, SCHEMES):
            browser.look(width, scheme)
            assert browser.run(WIDER) <= 0, f"{page}, {width} px"
            assert browser.run(CONTRAST) == [], f"{page}, {scheme}"
            keep(browser, f"folder-{page}-{width}-{scheme}")
        assert (
            browser.run("getComputedStyle(document.querySelector('.skip')).position") == "absolute"
        )
        assert browser.troubles() == [], page
        assert [a for a in browser.requests() if not a.startswith(tmp_path.as_uri())] == []
        assert browser.run("document.querySelectorAll('script').length") == 0


def test_the_policy_of_the_folder_stops_what_a_template_might_let_in(
    browser: Browser, tmp_path: Path
) -> None:
    dict(folder(tmp_path))
    page = tmp_path / "index.html"
    attack = "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'>"
    page.write_text(page.read_text("utf-8").replace("<main", f"{attack}<main"), "utf-8")
    browser.open(page.as_uri())
    assert browser.run("window.ran") is None
    assert any("Content Security Policy" in trouble for trouble in browser.troubles())
