"""From facts to a verdict: every rule judged, waivers and levels applied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date

import msgspec
from msgspec import Struct

from adhere.errors import AdhereError
from adhere.model.finding import Finding, Judgement, Level, Outcome, milder
from adhere.model.need import CannotJudge, Facts
from adhere.model.verdict import Result, Verdict, WaiverUse
from adhere.policy.answer import described, judgement_of
from adhere.policy.config import Policy
from adhere.policy.exceptions import Exceptions
from adhere.policy.rule import Rule
from adhere.policy.scope import cap
from adhere.policy.settings import CodeLevel


class Context(Struct, frozen=True):
    """What a verdict depends on besides policy and facts.

    Attributes:
        today: the day of the verdict; an input, so that a report says which it was.
        levels: levels of single codes from the command line, over those of the policy.
        baseline: fingerprints of findings that do not count.
        whole: the run looks at every group, so that an unused waiver really is unused.
        measure: is told which kind is judging while it does.
    """

    today: date
    levels: Mapping[str, CodeLevel] = {}
    baseline: frozenset[str] = frozenset()
    whole: bool = True
    measure: Callable[[str], AbstractContextManager[None]] = lambda _name: nullcontext()


def evaluate(policy: Policy, facts: Facts, context: Context) -> Verdict:
    """Judge every rule.

    A check that raises is an ``error`` of its rule and never a pass; the other rules are
    judged all the same.
    """
    exceptions = _exceptions(policy, context.today)
    levels = {**policy.config.levels, **context.levels}
    results: list[Result] = []
    findings: list[Finding] = []
    for rule in policy.rules:
        with context.measure(f"check.{rule.table.check}"):
            result, found = _Judge(rule, policy, facts, context, levels, exceptions).result()
        results.append(result)
        findings.extend(found)
    waivers: tuple[WaiverUse, ...] = ()
    if policy.waivers or policy.clarifications:
        from adhere.policy.hygiene import hygiene

        waivers, rest = hygiene(
            policy, facts, exceptions, results, context.today, whole=context.whole
        )
        adjusted = tuple(_overridden(finding, levels) for finding in rest.findings)
        findings.extend(adjusted)
        results.append(_of_waivers(rest, adjusted))
    return Verdict(tuple(results), tuple(findings), waivers)


def _exceptions(policy: Policy, today: date) -> Exceptions:
    caps = policy.config.waivers.caps
    limits = {name.upper(): cap for name in caps.__struct_fields__ if (cap := getattr(caps, name))}
    bound = {waiver.table.rule for waiver in policy.waivers if waiver.table.rule_digest}
    digests: dict[str, str] = {}
    if bound:
        from adhere.policy.parameters import rule_digest

        digests = {rule.id: rule_digest(rule) for rule in policy.rules if rule.id in bound}
    return Exceptions(policy.waivers, today, limits, digests)


_BY_A_PERSON: Mapping[Outcome, Outcome] = {"pass": "manual_ok", "fail": "manual_due"}


class _Judge:
    def __init__(
        self,
        rule: Rule,
        policy: Policy,
        facts: Facts,
        context: Context,
        levels: Mapping[str, CodeLevel],
        exceptions: Exceptions,
    ) -> None:
        self.rule = rule
        self.policy = policy
        self.facts = facts
        self.context = context
        self.levels = levels
        self.exceptions = exceptions
        self.level = _rule_level(rule, context.today)

    def result(self) -> tuple[Result, list[Finding]]:
        table, today = self.rule.table, self.context.today
        if self.rule.enforced is None:
            by = self.rule.replaced_by
            reason = f"{by} replaces it" if by else "its decision is superseded or rejected"
            return self.made("not_applicable", message=reason), []
        if table.applies_until is not None and table.applies_until < today:
            return self.made("not_applicable", message=f"ended on {table.applies_until}"), []
        if self.rule.broken:
            return self.made("error", message=f"the check broke: {self.rule.broken}"), []
        try:
            answer = self.rule.kind.judge(self.rule, self.rule.params, self.facts)
            judgement = judgement_of(self.rule, answer)
        except CannotJudge as stop:
            message = f"cannot judge: {stop.missing.reason}"
            return self.made("not_run", message=message, fix=stop.missing.hint), []
        except AdhereError as error:
            return self.made("error", message=str(error)), []
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a kind may come from anywhere; one that breaks must not take the other rules with it
            return self.made("error", message=f"the check broke: {described(error)}"), []
        if not judgement.applicable:
            return self.made("not_applicable", judgement, message=judgement.reason), []
        findings = [self.placed(finding) for finding in judgement.findings]
        return self.concluded(judgement, findings), findings

    def placed(self, finding: Finding) -> Finding:
        """Level, then waiver, then baseline: each only ever takes away."""
        level = milder(finding.level, self.level)
        if finding.groups:
            level = milder(level, cap(finding.groups, self.policy.config.project.groups))
        finding = msgspec.structs.replace(
            finding, level=level, fix=self.rule.table.fix or finding.fix
        )
        finding = _overridden(finding, self.levels)
        if finding.disposition != "open":
            return finding
        finding = self.exceptions.applied(finding)
        if finding.disposition == "open" and finding.fingerprint in self.context.baseline:
            return msgspec.structs.replace(finding, disposition="baseline")
        return finding

    def concluded(self, judgement: Judgement, findings: list[Finding]) -> Result:
        counted = [finding for finding in findings if finding.disposition == "open"]
        outcome: Outcome = "pass"
        message = ""
        if any(finding.level == "error" for finding in counted):
            outcome = "fail"
        elif judgement.unjudged:
            outcome = "not_run"
            message = f"{len(judgement.unjudged)} could not be judged"
        elif not judgement.judged and not self.rule.table.allow_empty:
            # Remarks about the rule itself, an approval that nothing needs, judge nothing.
            outcome = "vacuous"
            message = "nothing matched, so nothing was checked"
        elif counted:
            outcome = "warn"
        elif any(finding.disposition == "waived" for finding in findings):
            outcome = "waived"
        elif findings:
            outcome = "warn"
            noun = "1 finding is" if len(findings) == 1 else f"{len(findings)} findings are"
            message = f"{noun} in the baseline or allowed by code"
        if judgement.manual:
            outcome = _BY_A_PERSON.get(outcome, outcome)
        return self.made(outcome, judgement, findings, message=message)

    def made(
        self,
        outcome: Outcome,
        judgement: Judgement | None = None,
        findings: list[Finding] | None = None,
        *,
        message: str = "",
        fix: str = "",
    ) -> Result:
        rule, judgement, findings = self.rule, judgement or Judgement(), findings or []
        decision = rule.decision
        return Result(
            rule=rule.id,
            title=rule.title,
            check=rule.kind.name,
            outcome=outcome,
            # `-D` makes an error of what a milder rule finds; the rule then fails as one.
            level="error" if outcome in ("fail", "manual_due") else self.level,
            message=message,
            observed=judgement.observed,
            expected=judgement.expected,
            judged=judgement.judged,
            open=sum(finding.disposition == "open" for finding in findings),
            waived=sum(finding.disposition == "waived" for finding in findings),
            suppressed=sum(finding.disposition in ("baseline", "allowed") for finding in findings),
            unjudged=judgement.unjudged,
            choices=judgement.choices,
            on_missing=rule.table.on_missing,
            adr=decision.id if decision else "",
            section=decision.section if decision else "",
            why=rule.table.why,
            fix=rule.table.fix or fix,
            location=rule.place(),
            builtin=rule.builtin,
            valid_until=judgement.valid_until,
        )


def _rule_level(rule: Rule, today: date) -> Level:
    start = rule.table.applies_from
    if start is not None and start > today:
        return "report"
    return milder(rule.table.level, rule.enforced or "report")


def _overridden(finding: Finding, levels: Mapping[str, CodeLevel]) -> Finding:
    level = levels.get(finding.code)
    if level is None:
        return finding
    if level == "allow":
        return msgspec.structs.replace(finding, disposition="allowed")
    return msgspec.structs.replace(finding, level="error" if level == "deny" else "warn")


def _of_waivers(judgement: Judgement, findings: tuple[Finding, ...]) -> Result:
    counted = [finding for finding in findings if finding.disposition == "open"]
    failed = any(finding.level == "error" for finding in counted)
    outcome: Outcome = "fail" if failed else "warn" if findings else "pass"
    return Result(
        rule="adhere/waivers",
        title="Every waiver is in force, needed and bound to what it was granted for",
        check="waivers",
        outcome=outcome,
        level="error",
        observed=judgement.observed,
        expected=judgement.expected,
        judged=judgement.judged,
        open=len(counted),
        suppressed=len(findings) - len(counted),
        builtin=True,
    )
