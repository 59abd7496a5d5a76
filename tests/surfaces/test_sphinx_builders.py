"""The Sphinx extension in builders of paper, terminals and books, and with hostile words."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace

from adhere.report.checklist import checklist
from adhere.report.extract import extract
from adhere.report.release import SCHEMA, Release, encode_release
from corpus.reports import DIGEST, with_words
from corpus.runs import ledger
from readers.html import Page
from surfaces.docs_site import report
from surfaces.sphinx_site import PAGES, SphinxSite, store_runs

ATTACK = (
    '<script>alert(1)</script> **b** *i* `c` ``l`` |s| _u_ x_ :adr:`y` \\ {{7*7}} "q" -- '
    "[l](u) $m$ & % # ~ ^ \u202e\n\n.. raw:: html\n\n```{raw} html\n"
)
SIGNS = "✔✖▲◆"
DIRECTIVES = """\
:adr:`ADR-001` is :adhere-status:`ADR-001`, over :adhere-metric:`packages` packages.

.. adhere-summary::
.. adhere-gates:: release
.. adhere-adr:: ADR-001
.. adhere-matrix::
   :status: accepted
.. adhere-rule:: ADR-001/licenses
.. adhere-waivers::
   :expiring: 30d
.. adhere-dependencies::
   :license: MIT
   :group: runtime
   :direct:
.. adhere-perf::
   :metric: seconds.total
.. adhere-checklist::
.. adhere-evidence:: ADR-001
"""
MYST_DIRECTIVES = re.sub(
    r"^\.\. ([\w-]+):: ?(.*)\n((?:   .*\n)*)",
    r"```{\1} \2\n\3```\n",
    DIRECTIVES,
    flags=re.MULTILINE,
).replace(":adr:", "{adr}")
MYST_DIRECTIVES = re.sub(r":(adhere-\w+):`", r"{\1}`", MYST_DIRECTIVES).replace("   :", ":")


@pytest.fixture
def site(tmp_path: Path) -> SphinxSite:
    found = SphinxSite(tmp_path)
    found.store()
    found.index(DIRECTIVES.replace("\n..", "\n\n.."))
    found.conf()
    return found


def text_of(site: SphinxSite) -> str:
    return Page(site.page("index.html")).text


@pytest.mark.parametrize("markup", ["rst", "md"])
def test_every_directive_and_role_shows_its_part(site: SphinxSite, markup: str) -> None:
    if markup == "md":
        (site.docs / "index.rst").unlink()
        menu = "```{toctree}\ncompliance/index\n```\n"
        site.write("index.md", f"# Shop\n\n{MYST_DIRECTIVES}\n{menu}")
        site.conf(extensions=["myst_parser", "adhere.sphinx"])
    assert site.build(jobs=2) == ""
    text = text_of(site)
    for words in (
        "ADR-001 is ✖ failed, over 5 packages.",
        "FAIL: 1 of 3 rules violated",
        "ADR-001/lock was not judged",
        "What became of the rules of ADR-001",
        "Decisions and what became of their rules, worst first",
        "a rule of level error",
        "it was only for a month",
        "Packages: license MIT, group runtime, direct yes",
        "1.05 times the cost of the baseline: within noise",
        "Not ready for a release: 5 things stand in the way.",
        "What the outcomes rest on",
    ):
        assert words in text
    matrix = text[text.index("Decisions and what") : text.index("a rule of level error")]
    assert "Nobody holds it" in matrix
    assert "superseded" not in matrix
    packages = text[text.index("Packages: license") : text.index("Budgets")]
    assert "certifi" in packages
    assert "quiet" not in packages


def test_a_release_that_was_frozen_is_shown_with_and_without_a_report(site: SphinxSite) -> None:
    folder = site.root / ".adhere" / "releases"
    folder.mkdir()
    made = Release(SCHEMA, "1.0", DIGEST, checklist(report()), extract(report()))
    (folder / "1.0.json").write_bytes(encode_release(made))
    site.index(".. adhere-checklist::\n   :version: 1.0\n")
    assert site.build() == ""
    assert "Not ready for a release" in text_of(site)
    site.store(report(waivers=()))
    (site.root / ".adhere" / "report.json").unlink()
    site.conf(adhere_on_missing="placeholder")
    assert site.build() == ""
    assert "Not ready for a release" in text_of(site)
    site.index(".. adhere-checklist::\n   :version: 1.O\n")
    assert "there is no frozen release `1.O`; did you mean `1.0`?" in site.build()


def test_what_a_filter_leaves_nothing_of_is_said(site: SphinxSite) -> None:
    site.index(
        ".. adhere-matrix::\n   :status: rejected\n\n.. adhere-waivers::\n   :expiring: 1h\n\n"
        ".. adhere-dependencies::\n   :license: GPL-*\n\n.. adhere-evidence:: ADR-003\n"
    )
    site.store(report(waivers=()))
    assert site.build() == ""
    text = text_of(site)
    assert "There is no such decision record." in text
    assert "No waiver ends within 1h." in text
    assert "There is no such package." in text
    assert "No evidence was recorded for these rules." in text


def test_all_packages_can_be_filtered_though_a_page_shows_the_first(site: SphinxSite) -> None:
    found = report()
    one = found.packages[0]
    many = tuple(replace(one, name=f"p{n:04}", groups=("runtime",)) for n in range(500))
    last = replace(one, name="zz-last", direct=False, groups=("odd",))
    site.store(replace(found, packages=(*many, last)))
    site.index(".. adhere-dependencies::\n   :group: odd\n")
    assert site.build() == ""
    assert "zz-last" in text_of(site)
    assert "These are 400 of 501" in Page(site.page("compliance/dependencies.html")).text


def test_runs_that_are_committed_have_their_charts(site: SphinxSite) -> None:
    store_runs(site.root, ledger())
    assert site.build() == ""
    assert 'class="adhere-chart"' in site.page("compliance/performance.html")
    assert "The latest of" in Page(site.page("compliance/history.html")).text


def test_paper_has_tables_with_widths_and_no_sign_that_its_fonts_lack(site: SphinxSite) -> None:
    assert site.build("latex") == ""
    text = site.page("shop.tex", "latex")
    assert text.count(r"\sphinxcaption") + text.count(r"\caption{") > 15
    assert r"\begin{tabulary}" not in text
    assert r"\X{15}{100}" in text
    assert "svg" not in text.replace("badge.svg", "")
    assert not {*SIGNS} & {*text}
    assert r"\hyperref[\detokenize{compliance/adrs/ADR-001:rule-adr-001-licenses}]" not in text
    assert r"\label{\detokenize{compliance/adrs/ADR-001:adr-decision-adr-001}}" in text
    for words in ("beyond its budget", "at most 100 ms", "Nobody holds it", "latest 120 ms"):
        assert words in text


def test_text_and_manual_pages_have_the_numbers(site: SphinxSite) -> None:
    assert site.build("text") == ""
    text = site.page("compliance/performance.txt", "text")
    assert "beyond its budget" in text
    assert "svg" not in text
    assert "+----" in text
    assert site.build("man") == ""
    page = site.docs / "_build" / "man" / "shop.1"
    assert "beyond its budget" in page.read_text("utf-8")
    groff = shutil.which("groff")
    if groff:
        command = [groff, "-t", "-man", "-Tutf8", "-Kutf8", "-ww", str(page)]
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
        assert re.sub(".\b", "", done.stdout.decode()).split()[3:7] == ["NAME", "shop", "-", "Shop"]


def test_a_book_is_well_formed_and_has_no_drawing(site: SphinxSite) -> None:
    assert site.build("epub") == ""
    for name in PAGES:
        page = site.page(f"compliance/{name}.xhtml", "epub")
        ET.fromstring(page)  # noqa: S314 - this test built it
        assert "<svg" not in page
    assert "packages.csv" in site.page("compliance/dependencies.xhtml", "epub")
    assert "_adhere/" not in site.page("compliance/dependencies.xhtml", "epub")


@pytest.mark.parametrize("markup", ["rst", "md"])
def test_words_of_strangers_are_words(site: SphinxSite, markup: str) -> None:
    extensions = ["myst_parser", "adhere.sphinx"] if markup == "md" else ["adhere.sphinx"]
    site.conf(extensions=extensions)
    hostile = with_words(report(), lambda text: text if "/" in text else f"{text[:9]}{ATTACK}")
    adrs = tuple(
        replace(adr, id=f"ADR-00{n}", path=f"docs/adr/{n}.md")
        for n, adr in enumerate(hostile.adrs, 1)
    )
    site.store(replace(hostile, adrs=adrs))
    site.index(":adr:`ADR-001`\n\n.. adhere-matrix::")
    assert site.build(jobs=2) == ""
    for path in (site.docs / "_build" / "html" / "compliance").rglob("*.html"):
        page = path.read_text("utf-8")
        assert "<script>alert" not in page, path
        assert "\u202e" not in page
    title = Page(site.page("compliance/adrs/ADR-001.html")).text
    assert '**b** *i* `c` ``l`` |s| _u_ x_ :adr:`y` \\ {{7*7}} "q" -- [l](u) $m$ &' in title
    assert r".. raw:: html\x0a\x0a```{raw} html" in title
    for builder in ("latex", "man", "text", "epub"):
        assert site.build(builder) == ""
    latex = site.page("shop.tex", "latex")
    assert r"\textless{}script\textgreater{}alert" in latex
    assert r"\textbackslash{} \{\{7*7\}\}" in latex
