from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from adhere.model.claim import Conclusion
from adhere.model.finding import Finding, Flaw, Judgement, Missing
from adhere.model.need import CannotJudge, Facts, InventoryNeed, LicensesNeed
from adhere.model.package import LicenseFile
from adhere.model.verdict import Verdict, WaiverState
from adhere.policy.evaluate import Context, evaluate
from adhere.policy.parameters import rule_digest
from adhere.policy.rule import Kind
from corpus.inventories import component, inventory, package
from corpus.policies import PROBE, TODAY, clarification, policy, the_rule, waiver
from fakes.kinds import finding, probe, saying

DIGEST = f"sha256:{'a' * 64}"
OTHER = f"sha256:{'b' * 64}"
FILES = (LicenseFile("LICENSE", DIGEST),)
ABOUT = component("package", packages=(package("package", license_files=FILES),))
FACTS = Facts(
    {
        InventoryNeed(): inventory(ABOUT),
        LicensesNeed(): {("package", "1.0"): Conclusion("unknown")},
    }
)
ONE = {"version": "1.0", "digest": DIGEST}


def judged(
    text: str,
    *findings: Finding,
    kind: Kind | None = None,
    today: date = TODAY,
    config: str = "",
    **context: Any,
) -> Verdict:
    given = policy(config + PROBE, kind or saying(Judgement(findings, judged=1)), text)
    return evaluate(given, FACTS, Context(today=today, **context))


def state(verdict: Verdict) -> WaiverState:
    (use,) = verdict.waivers
    return use.state


def disposition(verdict: Verdict) -> str:
    return next(found.disposition for found in verdict.findings if found.rule == "r")


def codes(verdict: Verdict) -> list[tuple[str, str]]:
    return [(f.code, f.level) for f in verdict.findings if f.rule == "adhere/waivers"]


@pytest.mark.parametrize(
    ("keys", "fields", "covered"),
    [
        ({}, {}, True),
        ({"subject": '"Package"'}, {}, True),
        ({"subject": '"package@<2"'}, ONE, True),
        ({"subject": '"package@<1"'}, ONE, False),
        ({"subject": '"pkg:pypi/package@1.0"'}, ONE, True),
        ({"subject": '"package@1.0"'}, {"version": "1"}, True),
        ({"subject": '"package@1.0"'}, {"version": "1.0+evil"}, False),
        ({"subject": '"pkg:pypi/package@1.0"'}, {"version": "1.0+evil"}, False),
        ({"subject": '"package@==1.0"'}, {"version": "1.0+cpu"}, True),
        ({"subject": '"package@1.*"'}, {"version": "1.5"}, True),
        ({"subject": '"package@1.0"'}, {"version": "1.0.post1"}, False),
        ({"subject": '"other"'}, {}, False),
        ({"code": '"probe-failed"'}, {}, True),
        ({"code": '"probe-other"'}, {}, False),
        ({"advisory": '"GHSA-1"'}, {"detail": "GHSA-1"}, True),
        ({"advisory": '"GHSA-1"'}, {"detail": "GHSA-2"}, False),
        ({"digest": f'"{DIGEST}"'}, ONE, True),
        ({"digest": f'"{OTHER}"'}, ONE, False),
        ({"digest": f'"{DIGEST}"'}, {}, False),
        ({}, {"needs_approver": True}, False),
        ({"approved_by": '"@lead"'}, {"needs_approver": True}, True),
    ],
)
def test_a_waiver_covers_what_it_was_granted_for(
    keys: dict[str, str], fields: dict[str, Any], covered: bool
) -> None:
    verdict = judged(waiver(**keys), finding(**fields))
    assert (disposition(verdict) == "waived") is covered
    assert (verdict.waivers[0].covers == 1) is covered
    assert verdict.findings[0].waiver == ("W-1" if covered else "")


def test_of_another_rule_it_covers_nothing() -> None:
    kinds = [saying(Judgement((finding(rule=rule),), judged=1)) for rule in ("r", "other")]
    rules = (
        the_rule(PROBE, kinds[0]),
        the_rule(PROBE.replace('"r"', '"other"'), kinds[1]),
    )
    given = msgspec.structs.replace(policy(PROBE, kinds[0], waiver()), rules=rules)
    verdict = evaluate(given, FACTS, Context(today=TODAY))
    assert [found.disposition for found in verdict.findings] == ["waived", "open"]


@pytest.mark.parametrize(
    ("today", "expected", "covers"),
    [
        (date(2026, 12, 1), "active", True),
        (date(2027, 1, 1), "active", True),
        (date(2027, 1, 2), "expiring", True),
        (date(2027, 2, 1), "expiring", True),
        (date(2027, 2, 2), "expired", False),
    ],
)
def test_a_waiver_holds_to_the_end_of_its_last_day(
    today: date, expected: WaiverState, covers: bool
) -> None:
    verdict = judged(waiver(), finding(), today=today)
    assert state(verdict) == expected
    assert (disposition(verdict) == "waived") is covers
    assert verdict.waivers[0].covers == covers
    assert verdict.waivers[0].days_left == (date(2027, 2, 1) - today).days


def test_an_expired_waiver_fails_and_names_its_owner() -> None:
    verdict = judged(waiver(), finding(), today=date(2027, 3, 1))
    assert codes(verdict) == [("waiver-expired", "error")]
    assert verdict.results[-1].outcome == "fail"
    about = verdict.findings[-1]
    assert [note.text for note in about.notes] == ["@alice", "2027-02-01"]
    assert "ended on 2027-02-01" in about.message


def test_how_early_an_end_is_announced_is_configured() -> None:
    today = date(2027, 1, 20)
    assert state(judged(waiver(), finding(), today=today)) == "expiring"
    config = '[waivers]\nwarn = "7d"\n'
    assert state(judged(waiver(), finding(), today=today, config=config)) == "active"


@pytest.mark.parametrize(
    ("keys", "fields", "reason"),
    [
        ({"subject": '"package@<1"'}, ONE, "package is now 1.0, which `package@<1` excludes"),
        ({"digest": f'"{OTHER}"'}, ONE, "license texts of package changed"),
        ({}, {"needs_approver": True}, "needs an approver"),
        (
            {"approved_by": '"alice"'},
            {"needs_approver": True},
            "this needs an approver, and alice is its owner",
        ),
        ({"rule_digest": f'"{DIGEST}"'}, {}, "the parameters of r changed since it was granted"),
    ],
)
def test_one_that_was_granted_for_less_lapses_and_says_why(
    keys: dict[str, str], fields: dict[str, Any], reason: str
) -> None:
    verdict = judged(waiver(**keys), finding(**fields))
    assert state(verdict) == "lapsed"
    assert codes(verdict) == [("waiver-lapsed", "warn")]
    assert reason in verdict.findings[-1].message
    assert verdict.results[0].outcome == "fail"


def test_unused() -> None:
    verdict = judged(waiver())
    assert (state(verdict), codes(verdict)) == ("unused", [("waiver-unused", "warn")])


@pytest.mark.parametrize("context", [{"whole": False}], ids=["only some groups were looked at"])
def test_in_a_narrower_run_nothing_is_called_unused(context: dict[str, Any]) -> None:
    assert state(judged(waiver(), **context)) == "active"


def test_of_a_rule_that_was_not_judged_nothing_is_called_unused() -> None:
    def judge(*_: Any) -> Judgement:
        raise CannotJudge(Missing("offline"))

    assert state(judged(waiver(), kind=probe(judge))) == "active"


def test_a_second_waiver_takes_over_when_the_first_ended() -> None:
    text = waiver(id='"W-1"', expires="2026-11-22") + waiver(id='"W-2"')
    verdict = judged(text, finding())
    assert verdict.findings[0].waiver == "W-2"
    assert {use.id: use.state for use in verdict.waivers} == {"W-1": "expired", "W-2": "active"}


def test_one_waiver_may_cover_several_findings() -> None:
    verdict = judged(waiver(), finding(detail="a"), finding(detail="b"))
    assert verdict.waivers[0].covers == 2
    assert verdict.results[0].outcome == "waived"


def test_the_most_urgent_comes_first() -> None:
    text = "".join(
        waiver(id=f'"W-{days}"', expires=str(TODAY + timedelta(days))) for days in (90, -5, 10)
    )
    uses = judged(text + clarification(sha256=f'["{DIGEST}"]')).waivers
    assert [use.id for use in uses] == ["W--5", "W-10", "W-90", "C-1"]


@pytest.mark.parametrize(
    ("keys", "expected", "covers"),
    [
        ({}, "active", 1),
        ({"sha256": f'["{OTHER}"]'}, "lapsed", 0),
        ({"subject": '"other"'}, "unused", 0),
        ({"expires": "2026-12-01"}, "expiring", 1),
        ({"created": "2026-01-01", "expires": "2026-11-22"}, "expired", 0),
        ({"expires": "2027-11-01"}, "active", 1),
    ],
)
def test_a_clarification_is_kept_up_too(
    keys: dict[str, str], expected: WaiverState, covers: int
) -> None:
    verdict = judged(clarification(**{"sha256": f'["{DIGEST}"]', **keys}))
    assert state(verdict) == expected
    assert verdict.waivers[0].covers == covers
    levels = {"expired": "error"}
    expected_codes = [(f"clarification-{expected}", levels.get(expected, "warn"))]
    assert codes(verdict) == ([] if expected == "active" else expected_codes)


def test_a_clarification_is_not_called_unused_in_a_narrower_run() -> None:
    text = clarification(subject='"other"', sha256=f'["{DIGEST}"]')
    assert state(judged(text, whole=False)) == "active"


FLAW = {"version": "1.0", "detail": "CVE-1", "flaw": Flaw(("CVE-1", "GHSA-1"), "CRITICAL")}
NAMED = {"advisory": '"CVE-1"'}


def test_one_that_is_bound_to_its_rule_holds_until_that_demands_something_else() -> None:
    kind = saying(Judgement((finding(),), judged=1))
    digest = rule_digest(the_rule(PROBE + "with = { limit = 1 }\n", kind))
    text = waiver(rule_digest=f'"{digest}"')
    for limit, expected in ((1, "active"), (2, "lapsed")):
        given = policy(f"{PROBE}with = {{ limit = {limit} }}\n", kind, text)
        verdict = evaluate(given, FACTS, Context(today=TODAY))
        assert state(verdict) == expected
        assert (verdict.results[0].outcome == "waived") is (expected == "active")


def test_one_that_lasts_too_long_for_its_severity_is_an_error_of_its_own() -> None:
    config = '[waivers]\ncaps = { critical = "30d" }\n'
    verdict = judged(waiver(**NAMED), finding(**FLAW), config=config)
    assert state(verdict) == "too-long"
    assert codes(verdict) == [("waiver-too-long", "error")]
    assert verdict.findings[-1].message == (
        "waiver W-1 for package lasts too long: it lasts 92 days, "
        "and what is CRITICAL may be waived for 30d"
    )
    assert [result.outcome for result in verdict.results] == ["fail", "fail"]
    within = waiver(**NAMED, expires="2026-12-01")
    assert disposition(judged(within, finding(**FLAW), config=config)) == "waived"


@pytest.mark.parametrize(
    ("keys", "fields"),
    [
        ({}, [FLAW]),
        ({}, [{"code": "probe-failed"}, {"code": "probe-other"}]),
        ({}, [{"detail": str(n)} for n in range(11)]),
    ],
    ids=["no advisory", "no code", "many"],
)
def test_one_that_is_broad_covers_and_warns(
    keys: dict[str, str], fields: list[dict[str, Any]]
) -> None:
    verdict = judged(waiver(**keys), *(finding(**about) for about in fields))
    assert state(verdict) == "broad"
    assert codes(verdict) == [("waiver-broad", "warn")]
    assert verdict.waivers[0].covers == len(fields)
    assert [result.outcome for result in verdict.results] == ["waived", "warn"]


def test_how_much_is_broad_is_configured() -> None:
    about = [finding(detail=str(n)) for n in range(11)]
    assert state(judged(waiver(), *about, config="[waivers]\nbroad = 11\n")) == "active"


def test_a_subject_of_everything_is_said_to_be_no_pattern() -> None:
    verdict = judged(waiver(subject='"*"'), finding())
    assert codes(verdict) == [("waiver-unused", "warn"), ("waiver-broad", "warn")]
    assert (state(verdict), verdict.waivers[0].also) == ("unused", ("broad",))
    assert state(judged(waiver(subject='"*"'), finding(), whole=False)) == "broad"


def test_that_an_owner_approved_it_is_said_where_nobody_has_to_approve() -> None:
    verdict = judged(waiver(approved_by='"Alice"'), finding())
    assert codes(verdict) == [("waiver-self-approved", "warn")]
    assert disposition(verdict) == "waived"
    assert codes(judged(waiver(approved_by='"@lead"'), finding())) == []


def test_everything_that_is_to_be_said_is_said() -> None:
    """One state does not hide another; the most urgent is the one that tables sort by."""
    verdict = judged(
        waiver(approved_by='"alice"'), finding(**FLAW), today=date(2027, 1, 20), config=""
    )
    assert state(verdict) == "expiring"
    assert verdict.waivers[0].also == ("broad", "self-approved")
    assert [code for code, _ in codes(verdict)] == [
        "waiver-expiring",
        "waiver-broad",
        "waiver-self-approved",
    ]
    assert verdict.results[-1].observed == "1 of 1 in force and used"


def test_of_one_that_has_ended_nothing_else_is_said() -> None:
    verdict = judged(waiver(approved_by='"alice"'), finding(**FLAW), today=date(2027, 3, 1))
    assert codes(verdict) == [("waiver-expired", "error")]
    assert verdict.waivers[0].also == ()


def test_one_that_ends_with_a_fix_says_so_and_lapses_with_it() -> None:
    text = waiver(**NAMED, until_fixed="true")
    assert judged(text, finding(**FLAW)).waivers[0].until_fixed
    fixed = {**FLAW, "flaw": Flaw(("CVE-1",), "CRITICAL", ("1.1",))}
    verdict = judged(text, finding(**fixed))
    assert codes(verdict) == [("waiver-lapsed", "warn")]
    assert "a fix is out, 1.1, and it was granted until then" in verdict.findings[-1].message
    assert disposition(verdict) == "open"


def test_where_it_covers_some_findings_the_others_say_why_they_are_open() -> None:
    """The waiver itself is in force: that it does not cover all is said where it matters."""
    text = waiver(subject='"package@<2"')
    verdict = judged(text, finding(version="1.0"), finding(version="2.0", detail="x"))
    assert state(verdict) == "active"
    assert [found.disposition for found in verdict.findings] == ["waived", "open"]
    assert [note.text for note in verdict.findings[1].notes] == [
        "W-1 does not cover it: package is now 2.0, which `package@<2` excludes"
    ]


def test_a_clarification_that_its_owner_approved_says_so() -> None:
    text = clarification(sha256=f'["{DIGEST}"]', approved_by='"alice"')
    verdict = judged(text)
    assert codes(verdict) == [("clarification-self-approved", "warn")]
    assert verdict.waivers[0].covers == 1
