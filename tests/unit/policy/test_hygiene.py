from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from adhere.model.claim import Conclusion
from adhere.model.finding import Finding, Judgement, Missing
from adhere.model.need import CannotJudge, Facts, InventoryNeed, LicensesNeed
from adhere.model.package import LicenseFile
from adhere.model.verdict import Verdict, WaiverState
from adhere.policy.evaluate import Context, evaluate
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
