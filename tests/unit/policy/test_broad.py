from __future__ import annotations

from datetime import date

import pytest

from adhere.model.finding import Finding, Flaw
from adhere.model.location import Location
from adhere.policy.broad import too_broad
from adhere.policy.waiver import Waiver, WaiverTable, parse_subject


def waiver(subject: str = "p", **about: str) -> Waiver:
    table = WaiverTable(
        id="W-1",
        rule="gate",
        subject=subject,
        reason="accepted-risk",
        owner="@a",
        created=date(2026, 11, 1),
        expires=date(2026, 12, 1),
        **about,  # type: ignore[arg-type]  # keys of a waiver
    )
    return Waiver(table, parse_subject(subject), Location("adhere.waivers.toml", 1))


def finding(code: str = "c", detail: str = "", flaw: str = "") -> Finding:
    about = Flaw((flaw,), "HIGH") if flaw else None
    return Finding("gate", code, "m", "p", "1.0", detail or flaw, flaw=about)


@pytest.mark.parametrize("subject", ["p", "p@<2", "p@1.0"])
def test_of_a_vulnerability_an_advisory_has_to_be_named(subject: str) -> None:
    """A version that is named says nothing about the flaws that are found in it tomorrow."""
    covered = [finding(flaw="CVE-1")]
    assert too_broad(waiver(subject), covered, 10) == (
        "it names no `advisory`, so that it covers every vulnerability of p, "
        "also those that nobody knows yet"
    )
    assert too_broad(waiver(subject, advisory="CVE-1"), covered, 10) == ""


def test_of_anything_else_no_advisory_has_to_be_named() -> None:
    assert too_broad(waiver(), [finding()], 10) == ""


def test_of_several_codes_one_has_to_be_named() -> None:
    covered = [finding("b"), finding("a"), finding("a", "x")]
    assert too_broad(waiver(), covered, 10) == "it names no `code`, and covers `a` and `b`"
    assert too_broad(waiver(), covered[1:], 10) == ""
    assert too_broad(waiver(code="a"), covered[1:], 10) == ""


@pytest.mark.parametrize(("count", "broad"), [(0, False), (3, False), (4, True)])
def test_it_covers_so_many_findings_at_most(count: int, broad: bool) -> None:
    covered = [finding(detail=str(n)) for n in range(count)]
    said = too_broad(waiver(), covered, 3)
    assert said == ("it covers 4 findings, and `broad` in `[waivers]` is 3" if broad else "")


@pytest.mark.parametrize(
    ("subject", "broad"), [("*", True), ("**", True), ("?", True), ("docs/**/*.md", False)]
)
def test_a_pattern_that_means_everything_names_nothing(subject: str, broad: bool) -> None:
    said = too_broad(waiver(subject), [], 10)
    expected = f"`{subject}` is no pattern and names nothing; name what is meant"
    assert said == (expected if broad else "")
