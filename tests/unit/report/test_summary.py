"""The words of a verdict."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from adhere.report.document import Gate, Report
from adhere.report.leniency import leniencies
from adhere.report.summary import headline, summary
from corpus.reports import everything, finding, result, waiver


def report(verdict: str = "pass", code: int = 0, **fields: Any) -> Report:
    """A report with nothing in it but what a test names."""
    given: dict[str, Any] = {
        "gates": (Gate("check", verdict, code, ()), Gate("release", verdict, code, ())),  # type: ignore[arg-type]  # one of them
        "results": (),
        "findings": (),
        "waivers": (),
        "problems": (),
    }
    return replace(everything(), **given | fields)


PASSED = result("a", "pass")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (report(results=(PASSED,)), "PASS: the rule holds for 5 packages."),
        (report(results=(PASSED, PASSED)), "PASS: all 2 rules hold for 5 packages."),
        (
            report(results=(PASSED, result("b", "warn")), findings=(finding("x", level="warn"),)),
            "PASS: 1 of 2 rules hold for 5 packages; 1 warning.",
        ),
        (
            report(
                results=(PASSED,), waivers=(waiver("W", "active", 90), waiver("V", "expiring", 1))
            ),
            "PASS: the rule holds for 5 packages; 2 waivers in force, the next ends in 1 day.",
        ),
        (
            report("fail", 1, results=(PASSED, result("b", "fail"))),
            "FAIL: 1 of 2 rules violated.",
        ),
        (
            report(
                "fail",
                1,
                results=(PASSED, result("adhere/waivers", "fail", builtin=True)),
                waivers=(waiver("W", "expired", -3),),
            ),
            "FAIL: adhere/waivers failed; 1 waiver ended.",
        ),
        (
            report("fail", 1, results=(PASSED, result("b", "vacuous"))),
            "FAIL: 1 rule checked nothing.",
        ),
        (
            report("fail", 1, results=(result("b", "manual_due"),)),
            "FAIL: 1 rule waits for a person.",
        ),
        (
            report("not_judged", 3, results=(PASSED, result("b", "not_run"))),
            "NOT JUDGED: 1 rule could not be judged.",
        ),
        (
            report("bad_input", 2, problems=everything().problems),
            "INPUT WRONG: 1 problem in the input files.",
        ),
        (report("nothing", 4), "Nothing was judged: no rule is configured."),
        (report("nothing", 4, results=(PASSED,)), "Nothing was judged: no package was found."),
    ],
)
def test_headline(given: Report, sentence: str) -> None:
    assert headline(given) == sentence


def test_the_summary_counts_everything_that_is_open_or_set_aside() -> None:
    assert summary(everything()) == (
        "FAIL: 5 packages (1 ours), 2 more out of scope; 3 rules: 1 failed, 1 not judged, "
        "1 warned; adhere/waivers failed; 1 error; 1 warning; 1 waived finding; "
        "1 finding of the baseline; 1 problem in input files (exit 1: a rule is violated)"
    )


def test_everything_that_makes_a_verdict_milder_is_told() -> None:
    told = "\n".join(leniencies(everything()))
    for clause in (
        "waiver W-1 covers certifi until 2026-12-01, owned by @alice",
        "clarification C-1 covers certifi without an end",
        "rule ADR-001/pins has level warn",
        "rule ADR-001/pins has on_missing warn",
        "1 finding of the baseline not counted",
        "`vulnerabilities` was not gathered: no rule asks for them",
        "1 package of our own not judged",
        "1 package locked for other platforms",
        "2 packages outside of the groups",
    ):
        assert clause in told
    assert "W-0" not in told, "what ended covers nothing"


def test_a_strict_rule_whose_findings_only_warn_is_lenient() -> None:
    given = report(results=(result("r", "warn"),), findings=(finding("x", rule="r", level="warn"),))
    assert "rule r: 1 finding of level warn or report, because of a group or a code" in leniencies(
        given
    )


def test_a_rule_that_may_match_nothing_and_does_is_lenient() -> None:
    given = report(results=(result("r", "pass", judged=0),))
    assert "rule r matched nothing, which its allow_empty lets pass" in leniencies(given)
