"""The Sphinx extension: what is wrong, and what a build says of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sphinx.errors import ConfigError, ExtensionError

from adhere.report.document import Input
from corpus.reports import DIGEST
from readers.html import Page
from surfaces.docs_site import report
from surfaces.sphinx_site import SphinxSite


@pytest.fixture
def site(tmp_path: Path) -> SphinxSite:
    found = SphinxSite(tmp_path)
    found.store()
    found.index()
    found.always["adhere_pages"] = ["waivers"]
    found.conf()
    return found


def without_report(site: SphinxSite) -> None:
    os.unlink(site.root / ".adhere" / "report.json")


@pytest.mark.parametrize("how", ["warn", "placeholder"])
def test_without_a_report_a_page_says_so(site: SphinxSite, how: str) -> None:
    without_report(site)
    site.index(":adr:`ADR-1` :adhere-status:`x` :adhere-metric:`y`\n\n.. adhere-gates::")
    site.conf(adhere_on_missing=how)
    said = site.build()
    where = "there is no report of adhere at .adhere/report.json: run adhere check"
    assert (where in said) == (how == "warn")
    assert said.count("\n") == (how == "warn")
    assert where in said + site.log
    assert site.sources() == {"index.rst"}
    for name in ("index", "compliance/index"):
        assert "No data: there is no report." in Page(site.page(f"{name}.html")).text
    assert "no data" in Page(site.page("index.html")).text
    site.build()
    assert "no targets are out of date" in site.log


def test_without_a_report_there_may_be_no_page(site: SphinxSite) -> None:
    site.build()
    without_report(site)
    site.write("own.rst", "Own\n===\n")
    site.index("", "own")
    site.conf(adhere_on_missing="skip")
    assert site.build() == ""
    assert site.sources() == set()


def test_without_a_report_a_build_may_fail(site: SphinxSite) -> None:
    without_report(site)
    site.conf(adhere_on_missing="error")
    with pytest.raises(ExtensionError, match=r"no report of adhere at \.adhere/report"):
        site.build()


def test_a_report_that_is_gone_or_back_is_noticed_in_every_document(site: SphinxSite) -> None:
    site.index(":adhere-status:`release`")
    site.conf(adhere_on_missing="placeholder")
    site.build()
    kept = (site.root / ".adhere" / "report.json").read_bytes()
    without_report(site)
    site.build()
    assert "? no data" in Page(site.page("index.html")).text
    (site.root / ".adhere" / "report.json").write_bytes(kept)
    assert site.build() == ""
    assert "✖ fail" in Page(site.page("index.html")).text


def test_inputs_that_changed_are_said_on_every_page(site: SphinxSite) -> None:
    found = report()
    inputs = (Input("adhere.toml", "config", DIGEST),)
    site.index(":adhere-status:`release`\n\n.. adhere-summary::\n\n.. adhere-gates::")
    site.build()
    site.store(replace(found, subject=replace(found.subject, inputs=inputs)))
    assert "the report of adhere is stale: adhere.toml changed" in site.build()
    for name in ("index", "compliance/index", "compliance/waivers"):
        assert "STALE: this does not speak" in Page(site.page(f"{name}.html")).text
    assert Page(site.page("index.html")).text.count("STALE") == 1
    assert "✖ fail (stale)" in Page(site.page("index.html")).text


def test_an_old_report_is_stale(site: SphinxSite) -> None:
    site.conf(adhere_max_age="1s")
    assert "is stale: the report is older than 1s" in site.build()


def test_a_warning_can_be_suppressed_by_its_name(site: SphinxSite) -> None:
    site.conf(adhere_max_age="1s", suppress_warnings=["adhere.stale"])
    assert site.build() == ""


def test_a_report_of_another_commit_is_an_error_where_that_is_asked_for(site: SphinxSite) -> None:
    site.conf(adhere_require_commit_match=True)
    with pytest.raises(ExtensionError, match="report-commit"):
        site.build()


def test_a_report_that_cannot_be_read_is_an_error(site: SphinxSite) -> None:
    (site.root / ".adhere" / "report.json").write_text("{", "utf-8")
    with pytest.raises(ExtensionError, match=r"report-invalid.*\.adhere/report\.json"):
        site.build()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("adhere_nav", "atuo", "there is no `atuo`; did you mean `auto`?"),
        ("adhere_nav", "after:", "there is no `after:`"),
        ("adhere_nav", "after:NAME", "put the name of a document in place of NAME"),
        ("adhere_nav", False, "there is no `False`"),
        ("adhere_search", "sumary", "there is no `sumary`; did you mean `summary`?"),
        ("adhere_on_missing", "wran", "there is no `wran`; did you mean `warn`?"),
        ("adhere_pages", ["waiver"], "there is no `waiver`; did you mean `waivers`?"),
        ("adhere_charts", "png", "there is no `png`; there is `svg`, `none`"),
        ("adhere_markup", "html", "there is no `html`"),
        ("adhere_path", "../out", "is no folder of the site"),
        ("adhere_path", "_adhere/x", "is no folder of the site"),
        ("adhere_max_age", "soon", "'soon' is"),
        ("adhere_adr_dir", "nowhere", "names the folder `nowhere`: there is none"),
        ("adhere_templates", "nowhere", "names the folder `nowhere`: there is none"),
    ],
)
def test_an_option_that_no_build_can_heed(
    site: SphinxSite, name: str, value: Any, message: str
) -> None:
    site.conf(**{name: value})
    with pytest.raises(ConfigError) as caught:
        site.build()
    assert f"`{name}`" in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (":adr:`ADR-01`", "there is no decision `ADR-01` in the report; did you mean `ADR-001`?"),
        (":adhere-rule:`ADR-001/pin`", "no rule `ADR-001/pin` in the report; did you mean"),
        (":adhere-status:`relase`", "or gate `relase` in the report; did you mean `release`?"),
        (":adhere-metric:`package`", "no number `package` in the report; did you mean `packages`?"),
        (".. adhere-adr:: ADR-01", "no decision `ADR-01`; did you mean `ADR-001`?"),
        (".. adhere-rule:: ADR-001/pin", "no rule `ADR-001/pin`; did you mean"),
        (".. adhere-gates:: relase", "no gate `relase`; did you mean `release`?"),
        (".. adhere-evidence:: zzz", "no decision or rule `zzz`; there is"),
        (".. adhere-page:: zzz", "no page `zzz`; there is `index`"),
        (".. adhere-perf::\n   :metric: zz", "no metric `zz`; there is"),
        (".. adhere-dependencies::\n   :group: runtme", "did you mean `runtime`?"),
        (".. adhere-waivers::\n   :expiring: soon", "expiring: 'soon' is"),
    ],
)
def test_a_name_that_is_none_is_a_warning_with_its_line_and_the_nearest(
    site: SphinxSite, text: str, message: str
) -> None:
    site.index(text)
    said = site.build()
    assert message in said
    assert said.startswith("docs/index.rst:4: ")
    assert said.count("WARNING") + said.count("ERROR") == 1


def test_a_file_of_somebody_elses_is_not_touched(site: SphinxSite) -> None:
    site.write("compliance/waivers.rst", "Mine\n====\n")
    with pytest.raises(ExtensionError) as caught:
        site.build()
    assert "docs/compliance/waivers.rst: a page goes here, and adhere did not write it" in str(
        caught.value
    )
    assert (site.docs / "compliance" / "waivers.rst").read_text("utf-8") == "Mine\n====\n"
    assert site.sources() == {"waivers.rst"}


def test_a_document_that_was_changed_by_hand_is_not_lost(site: SphinxSite) -> None:
    site.build()
    site.write("compliance/waivers.rst", "Mine\n====\n")
    with pytest.raises(ExtensionError, match="it was changed by hand"):
        site.build()


def test_a_corrupt_list_of_documents_removes_nothing(site: SphinxSite) -> None:
    site.build()
    site.write("_adhere/sphinx.json", '{"schema": "adhere.docs/1", "files": {"../conf.py": "x"}}')
    site.conf(adhere_pages=["adrs"])
    site.build()
    assert (site.docs / "conf.py").is_file()
    assert (site.docs / "compliance" / "waivers.rst").is_file()
