"""The verdict in words: one sentence, and why the exit code is what it is."""

from __future__ import annotations

from collections import Counter

from adhere.model.finding import Outcome
from adhere.model.verdict import (
    EXIT_BAD_INPUT,
    EXIT_NOT_JUDGED,
    EXIT_NOTHING,
    EXIT_OK,
    EXIT_VIOLATION,
    HOLDS_NO_MORE,
)
from adhere.report.document import Gate, License, Report, RuleResult

WHY = {
    EXIT_OK: "every rule of level error passed or is waived",
    EXIT_VIOLATION: "a rule is violated",
    EXIT_BAD_INPUT: "an input file is wrong",
    EXIT_NOT_JUDGED: "something could not be judged",
    EXIT_NOTHING: "there was nothing to judge",
}

_ORDER: tuple[Outcome, ...] = (
    "fail",
    "vacuous",
    "manual_due",
    "error",
    "not_run",
    "warn",
    "waived",
    "manual_ok",
    "pass",
    "not_applicable",
)
OUTCOME_WORDS = {
    "fail": "failed",
    "error": "broke",
    "not_run": "not judged",
    "vacuous": "checked nothing",
    "manual_due": "wait for a person",
    "warn": "warned",
    "waived": "waived",
    "manual_ok": "attested",
    "pass": "passed",
    "not_applicable": "not applicable",
}


WITHOUT_FINDINGS: tuple[Outcome, ...] = ("not_run", "error", "vacuous", "manual_due")
"""Outcomes that are no pass and that no finding tells of."""


def is_strict(result: RuleResult) -> bool:
    """Whether the check fails where the rule cannot be judged."""
    return result.level == "error" and result.on_missing == "fail"


def rank(result: RuleResult) -> int:
    """Position in a list that begins with the worst."""
    return _ORDER.index(result.outcome)


def count(number: int, noun: str, many: str = "") -> str:
    """``1 package``, ``2 packages``."""
    return f"{number} {noun if number == 1 else many or noun + 's'}"


def license_words(license_: License) -> str:
    """The expression, or all that may be meant."""
    if license_.state in ("concluded", "clarified"):
        return license_.expression
    said = [license_.expression, *license_.candidates]
    return " / ".join(dict.fromkeys(word for word in said if word)) or "none"


def verdict_word(report: Report) -> str:
    """``PASS``, ``FAIL``, or what kept it from being either."""
    return {
        "pass": "PASS",
        "fail": "FAIL",
        "not_judged": "NOT JUDGED",
        "nothing": "NOTHING JUDGED",
        "bad_input": "INPUT WRONG",
    }[report.gates[0].verdict]


def passes_with_doubt(gate: Gate, report: Report) -> bool:
    """Whether a gate passes and no release could be made of the same: something is not judged."""
    return gate.verdict == "pass" and any(other.verdict != "pass" for other in report.gates)


def summary(report: Report) -> str:
    """What was judged, what was not, and why the exit code is what it is; one line."""
    user = [result for result in report.results if not result.builtin]
    done = report.completeness
    packages = count(done.packages, "package")
    if done.first_party:
        packages += f" ({done.first_party} ours)"
    if done.out_of_scope:
        packages += f", {done.out_of_scope} more out of scope"
    rules = count(len(user), "rule")
    if not user:
        rules += ", nothing judged"
    outcomes = Counter(result.outcome for result in user)
    told = [f"{outcomes[name]} {OUTCOME_WORDS[name]}" for name in _ORDER if outcomes[name]]
    parts = [packages, rules + (f": {', '.join(told)}" if told else "")]
    ours = sorted((r for r in report.results if r.builtin and speaks(r)), key=rank)
    parts.extend(f"{result.rule} {OUTCOME_WORDS[result.outcome]}" for result in ours)
    parts.extend(_findings(report))
    if report.problems:
        parts.append(count(len(report.problems), "problem") + " in input files")
    code = report.gates[0].exit_code
    return f"{verdict_word(report)}: {'; '.join(parts)} (exit {code}: {_why(report)})"


def _why(report: Report) -> str:
    """What the exit code rests on; a rule that checked nothing was not violated."""
    failed = [result for result in report.results if result.level == "error"]
    if report.gates[0].exit_code == EXIT_VIOLATION and not any(
        result.outcome in ("fail", "manual_due") for result in failed
    ):
        return "a rule checked nothing, which is never a pass"
    if passes_with_doubt(report.gates[0], report):
        return "no rule of level error failed, and what was not judged need not be"
    return WHY[report.gates[0].exit_code]


def speaks(result: RuleResult) -> bool:
    """Whether a rule of ours has something to say."""
    return result.outcome not in ("pass", "not_applicable", "vacuous")


def _findings(report: Report) -> list[str]:
    open_ = [finding for finding in report.findings if finding.disposition == "open"]
    levels = Counter(finding.level for finding in open_)
    other = Counter(f.disposition for f in report.findings if f.disposition != "open")
    words = [
        (levels["error"], "error", "errors"),
        (levels["warn"], "warning", "warnings"),
        (levels["report"], "note", "notes"),
        (other["waived"], "waived finding", "waived findings"),
        (other["baseline"], "finding of the baseline", "findings of the baseline"),
        (other["allowed"], "finding allowed by code", "findings allowed by code"),
    ]
    return [count(number, one, many) for number, one, many in words if number]


def headline(report: Report) -> str:
    """The verdict as a sentence for the top of a page."""
    gate = report.gates[0]
    user = [result for result in report.results if not result.builtin]
    if gate.verdict == "nothing":
        what = "no rule is configured" if not user else "no package was found"
        return f"Nothing was judged: {what}."
    ours = [result for result in report.results if result.builtin and speaks(result)]
    rules = count(len(user), "rule")
    strict = Counter(result.outcome for result in user if result.level == "error")
    parts: list[str] = []
    if gate.verdict == "bad_input":
        parts.append(f"{count(len(report.problems), 'problem')} in the input files")
    if strict["fail"]:
        parts.append(f"{strict['fail']} of {rules} violated")
    elif gate.verdict == "pass":
        parts.append(_holding(user, report))
    if strict["vacuous"]:
        parts.append(f"{count(strict['vacuous'], 'rule')} checked nothing")
    if strict["manual_due"]:
        many = strict["manual_due"]
        parts.append(f"{count(many, 'rule')} {'waits' if many == 1 else 'wait'} for a person")
    gaps = sum(result.outcome in ("not_run", "error") for result in user)
    if gaps:
        parts.append(f"{count(gaps, 'rule')} could not be judged")
    parts.extend(
        f"{result.rule} {OUTCOME_WORDS[result.outcome]}" for result in sorted(ours, key=rank)
    )
    parts.extend(_waivers(report))
    warnings = sum(f.level == "warn" and f.disposition == "open" for f in report.findings)
    if warnings:
        parts.append(count(warnings, "warning"))
    return f"{verdict_word(report)}: {'; '.join(parts) or WHY[gate.exit_code]}."


def _holding(rules: list[RuleResult], report: Report) -> str:
    """What holds when the gate passes; rules that only warn may still be violated."""
    packages = count(report.completeness.packages, "package")
    held = sum(result.outcome in ("pass", "waived", "manual_ok") for result in rules)
    if held < len(rules):
        return f"{held} of {count(len(rules), 'rule')} hold for {packages}"
    return (
        f"the rule holds for {packages}" if held == 1 else f"all {held} rules hold for {packages}"
    )


def _waivers(report: Report) -> list[str]:
    """Waivers that hide something, and those that no longer may."""
    waivers = [waiver for waiver in report.waivers if waiver.kind == "waiver"]
    ended = sum(waiver.state in HOLDS_NO_MORE for waiver in waivers)
    parts = [f"{count(ended, 'waiver')} ended"] if ended else []
    covering = [waiver for waiver in waivers if waiver.covers]
    if covering:
        left = [waiver.days_left for waiver in covering if waiver.days_left is not None]
        soonest = f", the next ends in {count(min(left), 'day')}" if left else ""
        parts.append(f"{count(len(covering), 'waiver')} in force{soonest}")
    return parts
