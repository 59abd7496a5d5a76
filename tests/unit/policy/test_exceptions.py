"""Waivers of vulnerabilities: what they cover, and when they hold no more."""

from __future__ import annotations

from datetime import date

import pytest

from adhere.model.finding import Finding, Flaw
from adhere.model.location import Location
from adhere.policy.exceptions import Exceptions
from adhere.policy.quantity import Duration
from adhere.policy.waiver import Waiver, WaiverTable, parse_subject

TODAY = date(2026, 11, 25)


def waiver(**about: object) -> Waiver:
    wanted = {
        "id": "W-1",
        "rule": "gate",
        "subject": "p",
        "reason": "not-reachable",
        "owner": "@a",
        "created": date(2026, 11, 1),
        "expires": date(2026, 12, 1),
        **about,
    }
    table = WaiverTable(**wanted)  # type: ignore[arg-type]  # keys of a waiver
    return Waiver(table, parse_subject(table.subject), Location("adhere.waivers.toml", 1))


def finding(severity: str = "HIGH", *, fixed_in: tuple[str, ...] = ()) -> Finding:
    flaw = Flaw(("CVE-1", "GHSA-1"), severity, fixed_in)
    return Finding("gate", "vulnerability-known", "m", "p", "1.0", "CVE-1", flaw=flaw)


def covered(given: Waiver, found: Finding, **caps: str) -> str:
    """``yes``, or why not; ``""`` where the waiver speaks of something else."""
    limits = {name.upper(): Duration(text) for name, text in caps.items()}
    exceptions = Exceptions((given,), TODAY, limits)
    after = exceptions.applied(found)
    if after.disposition == "waived":
        assert after.waiver == "W-1"
        return "yes"
    if "W-1" not in exceptions.lapses:
        assert after == found
        return ""
    why = exceptions.lapses["W-1"].why
    assert [note.text for note in after.notes] == [f"W-1 does not cover it: {why}"]
    return why


@pytest.mark.parametrize(
    ("advisory", "answer"),
    [("", "yes"), ("CVE-1", "yes"), ("GHSA-1", "yes"), ("CVE-2", ""), ("cve-1", "")],
)
def test_an_advisory_by_any_of_its_ids(advisory: str, answer: str) -> None:
    assert covered(waiver(advisory=advisory), finding()) == answer


def test_until_a_fix_is_out() -> None:
    until = waiver(until_fixed=True)
    assert covered(until, finding()) == "yes"
    said = covered(until, finding(fixed_in=("1.1", "2.0")))
    assert said == "a fix is out, 1.1, and it was granted until then"
    assert covered(waiver(), finding(fixed_in=("1.1",))) == "yes"


@pytest.mark.parametrize(
    ("granted", "now", "holds"),
    [
        ("HIGH", "HIGH", True),
        ("HIGH", "MEDIUM", True),
        ("HIGH", "CRITICAL", False),
        ("HIGH", "MALICIOUS", False),
        ("HIGH", "UNKNOWN", False),
        ("UNKNOWN", "CRITICAL", True),
        ("UNKNOWN", "MALICIOUS", False),
        (None, "CRITICAL", True),
    ],
)
def test_a_severity_that_rose(granted: str | None, now: str, holds: bool) -> None:
    said = covered(waiver(severity=granted), finding(now))
    assert (said == "yes") is holds
    if not holds:
        assert said == f"it is {now} now, and was {granted} when this was granted"


@pytest.mark.parametrize(
    ("severity", "cap", "holds"),
    [("CRITICAL", "29d", False), ("CRITICAL", "30d", True), ("HIGH", "7d", True)],
)
def test_a_severity_caps_how_long_it_may_be_waived(severity: str, cap: str, holds: bool) -> None:
    said = covered(waiver(), finding(severity), critical=cap)
    too_long = f"it lasts 30 days, and what is CRITICAL may be waived for {cap}"
    assert said == ("yes" if holds else too_long)


def test_what_lasts_too_long_is_told_from_what_changed() -> None:
    states = {}
    for severity in ("HIGH", "CRITICAL"):
        exceptions = Exceptions((waiver(severity="HIGH"),), TODAY, {"HIGH": Duration("7d")})
        exceptions.applied(finding(severity))
        states[severity] = exceptions.lapses["W-1"].state
    assert states == {"HIGH": "too-long", "CRITICAL": "lapsed"}


@pytest.mark.parametrize(
    ("granted", "now", "holds"),
    [("", "sha256:a", True), ("sha256:a", "sha256:a", True), ("sha256:a", "sha256:b", False)],
)
def test_it_is_bound_to_what_the_rule_demands(granted: str, now: str, holds: bool) -> None:
    exceptions = Exceptions((waiver(rule_digest=granted),), TODAY, digests={"gate": now})
    after = exceptions.applied(finding())
    assert (after.disposition == "waived") is holds
    if not holds:
        why = "the parameters of gate changed since it was granted"
        assert exceptions.lapses["W-1"].why == why
        (note,) = after.notes
        assert note.text == f"W-1 does not cover it: {why}"
        assert note.location == Location("adhere.waivers.toml", 1)


def test_a_rule_that_is_not_known_is_not_the_one_that_was_looked_at() -> None:
    exceptions = Exceptions((waiver(rule_digest="sha256:a"),), TODAY)
    assert exceptions.applied(finding()).disposition == "open"


def test_of_several_waivers_the_one_that_holds_covers() -> None:
    """Those before it are no reason to say anything at the finding."""
    lapsed = waiver(id="W-0", severity="LOW")
    after = Exceptions((lapsed, waiver()), TODAY).applied(finding())
    assert (after.waiver, after.notes) == ("W-1", ())


@pytest.mark.parametrize(
    ("approver", "holds"), [("@lead", True), ("@a", False), ("A", False), ("", False)]
)
def test_what_needs_an_approver_needs_another_person(approver: str, holds: bool) -> None:
    exceptions = Exceptions((waiver(approved_by=approver),), TODAY)
    needing = Finding("gate", "c", "m", "p", "1.0", needs_approver=True)
    assert (exceptions.applied(needing).disposition == "waived") is holds
