"""The pages of the Sphinx extension tell what those in Markdown tell."""

from __future__ import annotations

import re
from html import unescape

import pytest
from msgspec.structs import replace

from adhere.app.past import read_past
from adhere.app.project import find_project
from adhere.policy.settings import ConfigTable
from adhere.report.document import Report, Vulnerability
from adhere.report.json import encode_report
from adhere.report.layout import Layout
from adhere.report.pages import markdown_pages
from adhere.report.past import Past
from adhere.report.release import encode_release
from adhere.report.render import Renderer
from corpus.past import earlier, release
from corpus.reports import with_words
from corpus.runs import ledger
from readers.html import Page
from surfaces.docs_site import report
from surfaces.sphinx_site import PAGES, SphinxSite, store_runs

OTHERWISE = {
    "method": {"pages"},
    "adrs/ADR-001": {"every", "first", "these", "worst"},
    "adrs/ADR-002": {"rules"},
    "release/index": {"checklist"},
}
"""Words that stand there in another sentence."""


def marked() -> Report:
    """A report in which each text is another word, so that one sees where it is shown."""
    found = report()
    flaw = Vulnerability("PYSEC-1", ("CVE-1",), "HIGH", 7.0, ("2.0",), "2026-01-01", "2026-02-01")
    packages = tuple(replace(one, vulnerabilities=(flaw,)) for one in found.packages)
    waivers = tuple(replace(one, advisory="advisory") for one in found.waivers)
    count = iter(range(100_000))
    made = with_words(
        replace(found, packages=packages, waivers=waivers),
        lambda text: text if re.search(r"[/\d]", text) else f"qz{next(count):05}",
    )
    done = replace(made.completeness, withheld={"critical": 3})
    return replace(made, completeness=done)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SphinxSite:
    found = SphinxSite(tmp_path_factory.mktemp("parity"))
    found.store(marked())
    (found.root / ".adhere" / "previous.json").write_bytes(encode_report(earlier()))
    (found.root / ".adhere" / "releases").mkdir()
    frozen = encode_release(release("1.0", earlier()))
    (found.root / ".adhere" / "releases" / "1.0.json").write_bytes(frozen)
    store_runs(found.root, ledger())
    found.index()
    found.conf()
    assert found.build() == ""
    return found


def past(site: SphinxSite) -> Past:
    report = str(site.root / ".adhere" / "report.json")
    return read_past(find_project(str(site.root), None), ConfigTable(), report)


def words(text: str) -> set[str]:
    return {*re.findall(r"qz\d{5}|[a-z]{5,}", text.lower())}


@pytest.mark.parametrize("name", [*PAGES, "release/1.0"])
def test_every_word_of_a_page_is_on_that_of_sphinx(site: SphinxSite, name: str) -> None:
    made = markdown_pages(marked(), Renderer(), layout=Layout(), ledger=ledger(), past=past(site))
    page = made[f"compliance/{name}.md"].decode().partition("---\n\n")[2]
    page = re.sub(r"\]\([^)]*\)|<svg.*?</svg>|<[^>]*>", " ", page)
    ours = words(Page(site.page(f"compliance/{name}.html")).text)
    assert words(unescape(page)) - ours == OTHERWISE.get(name, set())
