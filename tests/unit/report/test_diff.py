"""What changed between two reports, as people read it, and what counts as worse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from adhere.report.changes import changes_view
from adhere.report.changes_text import changes_text
from adhere.report.diff import diff
from adhere.report.document import Report
from adhere.report.extract import extract
from adhere.report.render import Renderer
from corpus.past import earlier, flaw, flawed, later
from corpus.reports import everything, finding, package, result, waiver

GOLDEN = Path(__file__).parents[2] / "golden" / "pages"


def found(old: Report, new: Report) -> Any:
    return diff(extract(old), extract(new))


def test_in_words(golden: Callable[[Path, str], None]) -> None:
    view = changes_view(found(earlier(), later()), "release 1.0")
    golden(GOLDEN / "changes.txt", changes_text(view))
    golden(GOLDEN / "changes.md", Renderer().render("markdown/changes.md.j2", changes=view))


def one(**fields: Any) -> Report:
    nothing = {"packages": (), "results": (), "findings": (), "waivers": (), "adrs": ()}
    return replace(everything(), **{**nothing, **fields})


def rule(outcome: str, **fields: Any) -> Report:
    return one(results=(result("r", outcome, **fields),))


@pytest.mark.parametrize(
    ("old", "new", "trend"),
    [
        (rule("pass"), rule("fail"), "worse"),
        (rule("pass"), rule("not_run"), "worse"),
        (rule("pass"), rule("error"), "worse"),
        (rule("pass"), rule("vacuous"), "worse"),
        (rule("manual_ok"), rule("manual_due"), "worse"),
        (rule("pass"), rule("waived"), "worse"),
        (rule("waived"), rule("warn"), "worse"),
        (one(), rule("fail"), "worse"),
        (one(), rule("pass"), "changed"),
        (rule("fail"), rule("pass"), "better"),
        (rule("waived"), rule("pass"), "better"),
        (rule("fail"), rule("warn"), "better"),
        (rule("fail"), rule("warn", level="warn"), "changed"),
        (rule("fail"), rule("waived"), "changed"),
        (rule("fail"), rule("not_applicable"), "changed"),
        (rule("fail"), rule("not_run"), "changed"),
        (rule("pass"), rule("not_applicable"), "changed"),
        (rule("fail"), one(), "changed"),
    ],
)
def test_where_a_rule_goes(old: Report, new: Report, trend: str) -> None:
    (change,) = found(old, new).rules
    assert change.trend == trend


def holding(*findings: Any, rules: bool = True) -> Report:
    results = (result("ADR-001/licenses", "fail"),) if rules else ()
    return one(findings=findings, results=results)


@pytest.mark.parametrize(
    ("old", "new", "trend"),
    [
        (holding(), holding(finding("x")), "worse"),
        (holding(), holding(finding("x", level="warn")), "worse"),
        (holding(), holding(finding("x", level="report")), "changed"),
        (holding(), holding(finding("x", disposition="waived")), "changed"),
        (holding(finding("x", level="warn")), holding(finding("x")), "worse"),
        (holding(finding("x", disposition="baseline")), holding(finding("x")), "worse"),
        (holding(finding("x")), holding(), "better"),
        (holding(finding("x")), holding(rules=False), "changed"),
        (holding(finding("x")), holding(finding("x", disposition="waived")), "changed"),
        (holding(finding("x")), holding(finding("x", disposition="allowed")), "changed"),
    ],
)
def test_where_a_finding_goes(old: Report, new: Report, trend: str) -> None:
    (change,) = found(old, new).findings
    assert change.trend == trend


def test_a_finding_is_the_same_in_another_version() -> None:
    assert found(holding(finding("x")), holding(finding("x", version="2.0"))).is_empty


BEFORE, AFTER = date(2026, 11, 24), date(2026, 12, 4)


@pytest.mark.parametrize(
    ("old", "new", "kind", "trend"),
    [
        ({"due": "2026-12-30"}, {"due": "2026-12-20"}, "nearer", "worse"),
        ({"due": "2026-12-10"}, {"due": "2026-12-10"}, "nearer", "worse"),
        ({"due": "2026-12-01"}, {"due": "2026-12-01"}, "overdue", "worse"),
        ({"due": "2026-12-20"}, {"due": "2026-12-30"}, "later", "better"),
        ({"due": ""}, {"due": "2026-12-30"}, "nearer", "changed"),
        ({"due": "2026-12-30"}, {"due": ""}, "later", "changed"),
        ({"due": "", "severity": "LOW"}, {"due": "", "severity": "HIGH"}, "severity", "worse"),
        ({"due": "", "severity": "HIGH"}, {"due": "", "severity": "UNKNOWN"}, "severity", "worse"),
        ({"due": "", "severity": "HIGH"}, {"due": "", "severity": "LOW"}, "severity", "better"),
    ],
)
def test_where_a_vulnerability_goes(
    old: dict[str, str], new: dict[str, str], kind: str, trend: str
) -> None:
    was, now = (one(packages=(flawed("x", flaw("CVE-1", **f)),)) for f in (old, new))
    was = replace(was, subject=replace(was.subject, today=BEFORE))
    now = replace(now, subject=replace(now.subject, today=AFTER))
    (change,) = found(was, now).vulnerabilities
    assert (change.kind, change.trend) == (kind, trend)


def test_far_from_its_end_a_deadline_is_no_news_every_day() -> None:
    was, now = (one(packages=(flawed("x", flaw("CVE-1", due="2027-03-01")),)) for _ in range(2))
    was = replace(was, subject=replace(was.subject, today=BEFORE))
    assert found(was, replace(now, subject=replace(now.subject, today=AFTER))).is_empty


def test_one_vulnerability_under_two_names_is_one() -> None:
    was = one(packages=(flawed("x", flaw("CVE-1", aliases=("GHSA-1",))),))
    now = one(packages=(flawed("x", flaw("PYSEC-1", aliases=("GHSA-1",))),))
    assert found(was, now).is_empty


def test_a_vulnerability_that_nobody_looked_for_is_not_gone() -> None:
    was = one(packages=(flawed("x", flaw("CVE-1")),))
    now = one(packages=(package("x", missing={"vulnerabilities": "offline"}),))
    (change,) = found(was, now).vulnerabilities
    assert (change.kind, change.trend) == ("unlooked", "changed")


def test_a_report_that_does_not_say_what_its_rules_said_is_no_change_of_them() -> None:
    assert found(rule("pass"), rule("pass", settings={"check": "x"})).is_empty


def test_an_older_waiver_that_ended_is_worse_and_one_that_went_is_not_better() -> None:
    was, now = one(waivers=(waiver("W", "active", 1),)), one(waivers=(waiver("W", "expired", -1),))
    assert [change.trend for change in found(was, now).waivers] == ["worse"]
    assert [change.trend for change in found(now, one()).waivers] == ["changed"]
