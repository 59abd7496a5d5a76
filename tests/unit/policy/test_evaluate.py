from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from adhere.errors import Problem, SourceError
from adhere.model.finding import Disposition, Judgement, Level, Missing, Outcome, Unjudged
from adhere.model.need import CannotJudge, Facts, InventoryNeed
from adhere.model.verdict import Result, Verdict, exit_code
from adhere.policy.config import OwnedRules, Policy
from adhere.policy.evaluate import Context, evaluate
from adhere.policy.rule import Decision, Kind, Rule
from adhere.policy.settings import CodeLevel, ConfigTable
from corpus.inventories import inventory
from corpus.policies import PROBE, TODAY, policy, the_rule, waiver
from fakes.kinds import CODE, OTHER, finding, probe, saying

FACTS = Facts({InventoryNeed(): inventory()})


def judged(given: Policy, **context: Any) -> Verdict:
    return evaluate(given, FACTS, Context(today=TODAY, **context))


def outcome(
    kind: Kind, rule: str = "", config: str = "", waivers: str = "", **context: Any
) -> Result:
    return judged(policy(config + PROBE + rule, kind, waivers), **context).results[0]


def fate(
    kind: Kind, rule: str = "", config: str = "", waivers: str = "", **context: Any
) -> tuple[Level, Disposition]:
    (found,) = [
        f
        for f in judged(policy(config + PROBE + rule, kind, waivers), **context).findings
        if f.rule == "r"
    ]
    return found.level, found.disposition


def found(*levels: Level, **fields: Any) -> Kind:
    findings = tuple(finding(f"p{i}", level, **fields) for i, level in enumerate(levels))
    return saying(Judgement(findings, judged=5, observed="is", expected="should be"))


def raising(error: Exception) -> Kind:
    def judge(_rule: Rule, _params: Any, _facts: Facts) -> Judgement:
        raise error

    return probe(judge)


UNJUDGED = (Unjudged("x", "why"),)


@pytest.mark.parametrize(
    ("kind", "rule", "expected"),
    [
        (saying(Judgement(judged=1)), "", "pass"),
        (found("error"), "", "fail"),
        (found("warn", "error"), "", "fail"),
        (found("warn"), "", "warn"),
        (found("report"), "", "warn"),
        (found("error"), 'level = "warn"\n', "warn"),
        (saying(Judgement()), "", "vacuous"),
        (saying(Judgement()), "allow_empty = true\n", "pass"),
        (saying(Judgement(unjudged=UNJUDGED)), "", "not_run"),
        (saying(Judgement(judged=9, unjudged=UNJUDGED)), "", "not_run"),
        (saying(Judgement((finding(),), 1, UNJUDGED)), "", "fail"),
        (saying(Judgement((finding(level="warn"),), 1, UNJUDGED)), "", "not_run"),
        (saying(Judgement(applicable=False, reason="why")), "", "not_applicable"),
        (raising(CannotJudge(Missing("offline", "go online"))), "", "not_run"),
        (raising(ZeroDivisionError("words")), "", "error"),
        (raising(RecursionError()), "", "error"),
        (raising(SourceError(Problem("source-invalid", "words"))), "", "error"),
        (found("error"), "applies_until = 2026-11-22\n", "not_applicable"),
        (found("error"), "applies_until = 2026-11-23\n", "fail"),
        (found("error"), "applies_from = 2026-11-24\n", "warn"),
        (found("error"), "applies_from = 2026-11-23\n", "fail"),
    ],
)
def test_every_outcome(kind: Kind, rule: str, expected: Outcome) -> None:
    assert outcome(kind, rule).outcome == expected


@pytest.mark.parametrize(
    ("waivers", "expected"),
    [
        (waiver(subject='"p0"') + waiver(id='"W-2"', subject='"p1"'), "waived"),
        (waiver(subject='"p0"'), "fail"),
    ],
)
def test_waived_is_when_everything_is(waivers: str, expected: Outcome) -> None:
    assert outcome(found("error", "error"), waivers=waivers).outcome == expected


def test_findings_of_the_baseline_are_kept_and_counted() -> None:
    kind = found("error", "error")
    known = frozenset({finding("p0").fingerprint, finding("p1").fingerprint})
    result = outcome(kind, baseline=known)
    assert (result.outcome, result.open, result.suppressed) == ("warn", 0, 2)
    assert result.message == "2 findings are in the baseline or allowed by code"
    assert outcome(kind, baseline=frozenset({finding("p0").fingerprint})).outcome == "fail"


def test_a_rule_that_breaks_takes_no_other_with_it() -> None:
    rules = (
        the_rule(kind=raising(ValueError("words"))),
        the_rule(kind=saying(Judgement(judged=1))),
    )
    verdict = judged(Policy(ConfigTable(), rules))
    assert [result.outcome for result in verdict.results] == ["error", "pass"]
    assert "ValueError: words (judge:" in verdict.results[0].message


def test_missing_evidence_says_what_would_provide_it() -> None:
    result = outcome(raising(CannotJudge(Missing("offline", "go online"))))
    assert (result.message, result.fix) == ("cannot judge: offline", "go online")


def test_a_result_counts_what_became_of_its_findings() -> None:
    kind = found("error", "error", "error", "warn")
    result = outcome(
        kind,
        waivers=waiver(subject='"p0"'),
        baseline=frozenset({finding("p1").fingerprint}),
    )
    assert (result.open, result.waived, result.suppressed) == (2, 1, 1)
    assert (result.judged, result.observed, result.expected) == (5, "is", "should be")


STATUS: tuple[Level | None, ...] = ("error", "warn", "report", None)


@pytest.mark.parametrize("own", ["error", "warn", "report"])
@pytest.mark.parametrize("status", STATUS)
@pytest.mark.parametrize("level", ["error", "warn", "report"])
@pytest.mark.parametrize("future", [False, True])
def test_the_mildest_of_all_that_speak_about_a_level_wins(
    own: Level, status: Level | None, level: Level, future: bool
) -> None:
    """The finding's own level, the rule's, its decision's status, and the day it begins."""
    text = PROBE + f'level = "{level}"\n'
    text += "applies_from = 2027-01-01\n" if future else ""
    owner = OwnedRules("ADR-1", (), status, {"": Decision("ADR-1", "t")})
    rule = the_rule(text, found(own, rule="ADR-1/r"), owner)
    verdict = judged(Policy(ConfigTable(), (rule,)))
    (result,) = verdict.results
    if status is None:
        assert (result.outcome, verdict.findings) == ("not_applicable", ())
        return
    order = ["report", "warn", "error"]
    expected = min(own, status, level, *(["report"] if future else []), key=order.index)
    assert verdict.findings[0].level == expected
    assert result.outcome == ("fail" if expected == "error" else "warn")
    assert result.level == min(status, level, *(["report"] if future else []), key=order.index)


CAPS = '[project]\ngroups = { dev = "warn", docs = "report" }\n'


@pytest.mark.parametrize(
    ("groups", "rule", "expected"),
    [
        (("dev",), "", "warn"),
        (("docs",), "", "report"),
        (("dev", "docs"), "", "warn"),
        (("dev", "runtime"), "", "error"),
        (("unnamed",), "", "error"),
        ((), "", "error"),
        (("dev", "runtime"), 'level = "report"\n', "report"),
        (("docs",), 'level = "warn"\n', "report"),
    ],
)
def test_groups_cap_what_a_rule_says(groups: tuple[str, ...], rule: str, expected: Level) -> None:
    assert fate(found("error", groups=groups), rule, CAPS)[0] == expected


@pytest.mark.parametrize(
    ("levels", "config", "expected"),
    [
        ({CODE.id: "deny"}, "", ("error", "open")),
        ({CODE.id: "warn"}, "", ("warn", "open")),
        ({CODE.id: "allow"}, "", ("report", "allowed")),
        ({OTHER.id: "allow"}, "", ("report", "open")),
        ({}, f'[levels]\n{CODE.id} = "deny"\n', ("error", "open")),
        ({CODE.id: "allow"}, f'[levels]\n{CODE.id} = "deny"\n', ("report", "allowed")),
        ({OTHER.id: "deny"}, f'[levels]\n{CODE.id} = "warn"\n', ("warn", "open")),
    ],
)
def test_a_level_for_a_code_beats_every_other(
    levels: dict[str, CodeLevel], config: str, expected: tuple[Level, Disposition]
) -> None:
    assert fate(found("report"), config=config, levels=levels) == expected


def test_a_code_that_is_denied_is_denied_in_a_mild_group_of_a_mild_rule() -> None:
    kind = found("report", groups=("docs",))
    assert fate(kind, 'level = "report"\n', CAPS, levels={CODE.id: "deny"})[0] == "error"


def test_waiver_before_baseline() -> None:
    known = frozenset({finding("p0").fingerprint})
    text = waiver(subject='"p0"')
    assert fate(found("error"), waivers=text, baseline=known) == ("error", "waived")
    assert fate(found("error"), baseline=known) == ("error", "baseline")


def test_what_is_allowed_by_code_needs_no_waiver() -> None:
    text = waiver(subject='"p0"')
    kind = found("error")
    verdict = judged(policy(PROBE, kind, text), levels={CODE.id: "allow"})
    assert verdict.findings[0].disposition == "allowed"
    assert verdict.waivers[0].covers == 0


@pytest.mark.parametrize(
    ("rule", "fix"), [("", "the check's"), ('fix = "the rule\'s"\n', "the rule's")]
)
def test_the_words_of_the_rule_stand_above_those_of_the_check(rule: str, fix: str) -> None:
    verdict = judged(policy(PROBE + rule, found("error", fix="the check's")))
    assert verdict.findings[0].fix == fix


def test_a_result_names_the_decision_and_its_section() -> None:
    owner = OwnedRules("ADR-1", (), "error", {"": Decision("ADR-1", "Title", "Section")})
    rule = the_rule(PROBE + 'title = "T"\nwhy = "W"\nfix = "F"\n', saying(Judgement()), owner)
    (result,) = judged(Policy(ConfigTable(), (rule,))).results
    assert (result.rule, result.title, result.adr, result.section) == (
        "ADR-1/r",
        "T",
        "ADR-1",
        "Section",
    )
    assert (result.why, result.fix, result.check) == ("W", "F", "probe")
    assert result.location is not None


def test_without_waivers_nothing_is_said_about_them() -> None:
    assert [result.check for result in judged(policy()).results] == ["probe"]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({}, "warn"),
        ({"waiver-unused": "deny"}, "fail"),
        ({"waiver-unused": "allow"}, "warn"),
        ({"waiver-unused": "warn"}, "warn"),
    ],
)
def test_levels_of_codes_hold_for_waivers_too(
    levels: dict[str, CodeLevel], expected: Outcome
) -> None:
    verdict = judged(policy(waivers=waiver()), levels=levels)
    result = verdict.results[-1]
    assert (result.rule, result.outcome) == ("adhere/waivers", expected)
    assert result.open == (0 if levels.get("waiver-unused") == "allow" else 1)


def test_every_waiver_in_force_and_used_is_a_pass() -> None:
    verdict = judged(policy(PROBE, found("error"), waiver(subject='"p0"')))
    assert verdict.results[-1].outcome == "pass"
    assert verdict.results[-1].observed == "1 of 1 in force and used"


def test_the_order_of_findings_is_that_of_the_rules() -> None:
    kinds = [saying(Judgement((finding(name),), judged=1)) for name in ("z", "a")]
    verdict = judged(Policy(ConfigTable(), tuple(the_rule(kind=kind) for kind in kinds)))
    assert [f.subject for f in verdict.findings] == ["z", "a"]


def test_today_is_an_input() -> None:
    given = policy(PROBE + "applies_from = 2027-01-01\n", found("error"))
    for today, expected in ((date(2026, 12, 31), "warn"), (date(2027, 1, 1), "fail")):
        assert evaluate(given, FACTS, Context(today=today)).results[0].outcome == expected


@pytest.mark.parametrize("rule", ["", 'level = "warn"\n', 'level = "report"\n'])
def test_a_code_that_is_denied_fails_the_check(rule: str) -> None:
    result = outcome(found("report"), rule, levels={CODE.id: "deny"})
    assert (result.outcome, result.level) == ("fail", "error")
    assert exit_code([result], problems=False, packages=1, allow_empty=False) == 1


@pytest.mark.parametrize("level", ["warn", "report"])
@pytest.mark.parametrize(
    ("rule", "waivers", "context", "expected"),
    [
        ("", "", {}, "vacuous"),
        ("allow_empty = true\n", "", {}, "warn"),
        ("", waiver(subject='"package"'), {}, "vacuous"),
        ("", "", {"levels": {CODE.id: "allow"}}, "vacuous"),
        ("", "", {"baseline": frozenset({finding().fingerprint})}, "vacuous"),
        ("", "", {"levels": {CODE.id: "deny"}}, "fail"),
    ],
)
def test_a_remark_does_not_stand_for_what_was_not_checked(
    level: Level, rule: str, waivers: str, context: dict[str, Any], expected: Outcome
) -> None:
    """An approval that nothing needs is a finding, and still no package was judged."""
    kind = saying(Judgement((finding(level=level),), judged=0))
    assert outcome(kind, rule, waivers=waivers, **context).outcome == expected


@pytest.mark.parametrize("missing", ["fail", "warn", "report"])
@pytest.mark.parametrize("level", ["error", "warn", "report"])
def test_missing_evidence_never_passes(missing: str, level: str) -> None:
    keys = f'on_missing = "{missing}"\nlevel = "{level}"\nallow_empty = true\n'
    assert outcome(saying(Judgement(judged=5, unjudged=UNJUDGED)), keys).outcome == "not_run"
