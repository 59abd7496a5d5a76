from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from adhere.app.check import check
from adhere.app.request import Request
from adhere.report.document import Report
from adhere.report.flaws import flaw_rows
from adhere.report.layout import Layout
from adhere.report.pages import html_pages, markdown_pages
from adhere.report.render import Renderer
from corpus.golden import made
from fakes.clock import FakeClock


@pytest.fixture
def report(tmp_path: Path) -> Report:
    project = made("vulnerabilities.slo/fails", tmp_path)
    return check(Request(folder=str(project), cache=False), clock=FakeClock()).report


def test_the_nearest_deadline_is_first(report: Report) -> None:
    rows = flaw_rows(report.packages, report.subject.today)
    assert [(row.id, row.due, row.left.word) for row in rows] == [
        ("MAL-2026-7", "2026-10-01", "53 days overdue"),
        ("CVE-2026-1003", "2026-10-30", "24 days overdue"),
        ("CVE-2026-1002", "2026-10-31", "23 days overdue"),
        ("CVE-2026-1005", "2026-10-31", "23 days overdue"),
        ("CVE-2026-1001", "2026-11-27", "4 days left"),
        ("CVE-2026-1004", "no deadline", "no deadline"),
    ]
    assert rows[4].first_seen == "2026-11-20"
    assert rows[4].severity == "CRITICAL (9.8)"


@pytest.mark.parametrize(
    ("day", "words"), [(27, "0 days left"), (26, "1 day left"), (28, "1 day overdue")]
)
def test_days(report: Report, day: int, words: str) -> None:
    rows = flaw_rows(report.packages, date(2026, 11, day))
    assert next(row.left.word for row in rows if row.id == "CVE-2026-1001") == words


@pytest.mark.parametrize("name", ["html", "markdown"])
def test_pages_list_them(report: Report, name: str) -> None:
    assert re.search(r"2026-11-27: .*4 days left", shown(report, name))
    package = next(package for package in report.packages if package.vulnerabilities)
    hostile = msgspec.structs.replace(
        package.vulnerabilities[0], id="<script>alert(1)</script>", aliases=("<b>",)
    )
    package = msgspec.structs.replace(package, vulnerabilities=(hostile,))
    changed = shown(msgspec.structs.replace(report, packages=(package,)), name)
    assert "<script>alert" not in changed
    assert "<b>" not in changed


def shown(report: Report, name: str) -> str:
    pages = {
        "html": html_pages(report, Renderer()),
        "markdown": markdown_pages(report, Renderer(), layout=Layout("c")),
    }[name]
    return next(str(text) for path, text in pages.items() if "dependencies" in path)
