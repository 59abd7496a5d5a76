"""``vulnerabilities.gate``: no known vulnerability of a severity that blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from adhere.checks.flaws import Hit, counted, flaw_finding, looked_up, rated, unread, usable
from adhere.model.advisory import BANDS
from adhere.model.finding import Finding, Flaw, Judgement, Level
from adhere.model.need import Facts, InventoryNeed, Need, VulnerabilitiesNeed
from adhere.policy.decode import nearest
from adhere.policy.quantity import Duration
from adhere.policy.rule import Change, Code, Direction, Kind, ParamProblem, Rule
from adhere.policy.vulnerability.severity import Source

Word = Literal["fail", "warn", "report"]
_LEVEL: dict[Word, Level] = {"fail": "error", "warn": "warn", "report": "report"}
_NAMES = tuple(band for band in BANDS if band not in ("MALICIOUS", "UNKNOWN"))


class Params(Struct, frozen=True):
    """Parameters of ``vulnerabilities.gate``.

    Attributes:
        fail_on: severities that block: ``CRITICAL``, ``HIGH``, ``MEDIUM``, ``LOW``,
            ``NONE``. A package that is an attack always does.
        warn_on: severities that warn. What stands in neither list is reported.
        unknown: what a vulnerability means that nobody rated.
        severity_source: which statement wins where several differ: the worst, the worst of
            CVSS v4 or of v3, or a person's label.
        only_fixable: let only those block or warn that a release fixes; the others are
            reported.
        max_age: older data cannot judge; that of ``[advisories]`` when it is not given.
    """

    fail_on: tuple[str, ...] = ("CRITICAL", "HIGH")
    warn_on: tuple[str, ...] = ("MEDIUM",)
    unknown: Word = "fail"
    severity_source: Source = "max"
    only_fixable: bool = False
    max_age: Duration | None = None


KNOWN = Code("vulnerability-known", "A known vulnerability")
MALICIOUS = Code("package-malicious", "A package that is an attack")


def validate(params: Params) -> Iterator[ParamProblem]:
    """Severities that are none; one in two lists."""
    seen: dict[str, str] = {}
    for name in ("fail_on", "warn_on"):
        for index, text in enumerate(getattr(params, name)):
            band = text.upper()
            if band not in _NAMES:
                hint = nearest(band, _NAMES) or f"known are {', '.join(_NAMES)}"
                if band == "UNKNOWN":
                    hint = "the parameter `unknown` speaks of these"
                yield ((name, index), f"`{text}` is no severity", hint)
            elif band in seen:
                yield ((name, index), f"`{text}` already stands in `{seen[band]}`", "")
            seen[band] = name


_DIRECTIONS: Mapping[str, Direction] = {
    "unknown": ("fail", "warn", "report"),
    "only_fixable": "smaller",
    "max_age": "smaller",
}


def stricter(old: Params, new: Params) -> Mapping[str, Change]:
    """A severity that has moved from one list to another changes both of them."""
    from adhere.policy.strictness import by_list

    return by_list(old, new, {"fail_on": 0, "warn_on": 1}, 2, _DIRECTIONS, str.upper)


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Look every package up."""
    known = usable(facts, params.max_age)
    findings: list[Finding] = []
    unjudged = unread(facts, known)
    count = 0
    for answer in looked_up(rule, facts, known, params.severity_source):
        findings.extend(_finding(rule, params, facts, hit) for hit in answer.hits)
        if answer.unjudged is not None:
            unjudged.append(answer.unjudged)
        else:
            count += 1
    blocked = ", ".join(text.upper() for text in params.fail_on) or "none but attacks"
    return Judgement(
        findings=tuple(findings),
        judged=count,
        unjudged=tuple(unjudged),
        observed=counted(len(findings), count),
        expected=f"none that is {blocked}, by {known.source}",
    )


def _finding(rule: Rule, params: Params, facts: Facts, hit: Hit) -> Finding:
    component, found = hit.component, hit.flaw
    ids = tuple(sorted((found.id, *found.aliases)))
    attack = found.severity.band == "MALICIOUS"
    about = f"{component.name} {component.version}"
    message = (
        f"{about} is an attack: {found.id}"
        if attack
        else f"{about} has {found.id}, {rated(found.severity)}"
    )
    return flaw_finding(
        rule,
        facts,
        hit,
        MALICIOUS if attack else KNOWN,
        message,
        level=_level(params, hit),
        flaw=Flaw(ids, found.severity.band, found.fixed_in),
    )


def _level(params: Params, hit: Hit) -> Level:
    band = hit.flaw.severity.band
    if band == "MALICIOUS":
        return "error"
    if hit.flaw.statement is not None:
        return "report"
    if params.only_fixable and not hit.flaw.fixed_in:
        return "report"
    if band == "UNKNOWN":
        return _LEVEL[params.unknown]
    if band in {text.upper() for text in params.fail_on}:
        return "error"
    return "warn" if band in {text.upper() for text in params.warn_on} else "report"


def needs(_params: Params) -> tuple[Need, ...]:
    """Inventory and advisories."""
    return (InventoryNeed(), VulnerabilitiesNeed())


KIND = Kind(
    name="vulnerabilities.gate",
    summary="no known vulnerability of a severity that blocks",
    params=Params,
    codes=(KNOWN, MALICIOUS),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter=stricter,
)
