"""What is not to be shown of vulnerabilities is not told by what changed either."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from adhere.report.checklist import checklist
from adhere.report.disclosure import Disclosure, disclosed
from adhere.report.document import Report, ReportFlaw
from adhere.report.extract import extract
from adhere.report.pages import html_pages, markdown_pages
from adhere.report.past import Past
from adhere.report.release import SCHEMA, Release
from adhere.report.render import Renderer
from adhere.report.withhold import NOT_COMPARED, withheld_extract, withheld_release
from corpus.past import flaw, flawed
from corpus.reports import DIGEST, everything, finding, package, result, waiver

SECRETS = ("CVE-2026-77", "GHSA-secret", "vulnerable-pkg 1.0 has a hole", "W-secret")


def exposed(*, gone: bool = False, fixed: bool = False) -> Report:
    """A report with a vulnerability, or the same when that is gone."""
    found = flaw("CVE-2026-77", aliases=("GHSA-secret",), fixed_in=("2.0",) if fixed else ())
    about: Any = {
        "rule": "gate",
        "code": "vulnerability-known",
        "message": "vulnerable-pkg 1.0 has a hole",
        "flaw": ReportFlaw(("CVE-2026-77",), "HIGH", ("2.0",) if fixed else ()),
    }
    waived = waiver("W-secret", "active", 9, rule="gate", subject="vulnerable-pkg")
    gate = result(
        "gate",
        "pass" if gone else "fail",
        check="vulnerabilities.gate",
        message="" if gone else "vulnerable-pkg 1.0 has a hole",
    )
    return replace(
        everything(),
        packages=(
            package("vulnerable-pkg") if gone else flawed("vulnerable-pkg", found),
            package("other"),
        ),
        results=(gate,),
        findings=() if gone else (finding("vulnerable-pkg", fingerprint="x", **about),),
        waivers=() if gone else (waived,),
    )


def release_of(report: Report, how: Disclosure) -> Release:
    return Release(SCHEMA, "1.0", DIGEST, checklist(disclosed(report, how)), extract(report), how)


def pages(before: Report, now: Report, how: Disclosure) -> str:
    """All pages of one report after another, as a documentation shows them."""
    past = Past(
        withheld_extract(extract(before), how),
        "",
        (withheld_release(release_of(before, how), how), *_later(before, how)),
        how,
    )
    shown = disclosed(now, how)
    made = html_pages(shown, Renderer(), past=past)
    made |= markdown_pages(shown, Renderer(), past=past)
    return "\n".join(
        data.decode() for name, data in made.items() if name.endswith((".html", ".md"))
    )


def _later(report: Report, how: Disclosure) -> tuple[Release, ...]:
    """Frozen when more was to be shown."""
    frozen = replace(release_of(report, "all"), version="2.0")
    return (withheld_release(frozen, how),)


@pytest.mark.parametrize("how", ["counts", "fixed-only"])
@pytest.mark.parametrize(("before", "after"), [(False, True), (True, False), (False, False)])
def test_nothing_of_it_is_told(how: Disclosure, before: bool, after: bool) -> None:
    text = pages(exposed(gone=before), exposed(gone=after), how)
    for secret in SECRETS:
        shown = secret == "W-secret"  # noqa: S105 - a waiver's id, which pages of today show
        assert shown or secret not in text, secret
    assert NOT_COMPARED in text
    assert "withheld" in text


def test_of_what_a_release_fixes_it_is_told_where_that_is_to_be_shown() -> None:
    text = pages(exposed(gone=True), exposed(fixed=True), "fixed-only")
    assert "<code>vulnerable-pkg</code> <code>CVE-2026-77</code> is new" in text
    assert "CVE-2026-77" not in pages(exposed(gone=True), exposed(fixed=True), "counts")


def test_where_all_is_shown_all_is_compared() -> None:
    text = pages(exposed(gone=True), exposed(), "all")
    assert "CVE-2026-77" in text
    assert NOT_COMPARED not in text


def test_outcomes_are_compared_all_the_same() -> None:
    text = pages(exposed(gone=True), exposed(), "counts")
    assert "<code>gate</code>: failed, passed before" in text


def test_hosts_and_names_of_people_are_not_told() -> None:
    at = "see https://git.corp.internal/x and /home/alice/x"
    before = replace(everything(), results=(result("r", "fail", message=at),))
    release = release_of(before, "all")
    for text in (
        str(withheld_extract(extract(before), "all", ("hostnames", "usernames"))),
        str(withheld_release(release, "all", ("hostnames", "usernames"))),
    ):
        assert "private-host" in text
        assert "git.corp" not in text
        assert "alice/x" not in text
    assert "git.corp" in str(withheld_extract(extract(before), "all"))
