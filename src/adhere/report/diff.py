"""Two reports compared: what is there in one and not in the other, or is another there.

A pure function over two extracts. Every entry holds both sides; how it is called follows from
them, so that comparing the other way round swaps the sides and turns worse into better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any, Literal, TypeVar

from packaging.version import InvalidVersion, Version

from adhere.model.verdict import HOLDS_NO_MORE
from adhere.report.diff_flaws import flaw_changes
from adhere.report.differences import (
    SCHEMA,
    DecisionChange,
    Diff,
    FindingChange,
    GateChange,
    InputChange,
    LicenseChange,
    PackageChange,
    Presence,
    RuleChange,
    SettingChange,
    WaiverChange,
)
from adhere.report.extract import (
    Extract,
    FindingFacts,
    PackageFacts,
    RuleFacts,
    Standing,
    WaiverFacts,
)
from adhere.report.trend import Trend, by_rank


def diff(old: Extract, new: Extract) -> Diff:
    """What changed.

    Args:
        old: what there was.
        new: what there is.
    """
    before, after = old.standing, new.standing
    return Diff(
        schema=SCHEMA,
        old=before,
        new=after,
        gates=tuple(_gates(before, after)),
        rules=tuple(_rules(old.rules, new.rules)),
        findings=tuple(_findings(old, new)),
        vulnerabilities=tuple(flaw_changes(old, new)),
        licenses=tuple(_licenses(old.packages, new.packages)),
        packages=tuple(_packages(old.packages, new.packages)),
        waivers=tuple(_waivers(old.waivers, new.waivers)),
        decisions=tuple(
            DecisionChange(key, _presence(was, now), was, now)
            for key, was, now in _pairs(old.decisions, new.decisions, lambda one: one.id)
        ),
        inputs=tuple(
            InputChange(key[1], _presence(was, now), was, now)
            for key, was, now in _pairs(old.inputs, new.inputs, lambda one: (one.kind, one.path))
        ),
    )


Facts = TypeVar("Facts")


def _pairs(
    old: Iterable[Facts], new: Iterable[Facts], key: Callable[[Facts], Any]
) -> Iterator[tuple[Any, Facts | None, Facts | None]]:
    """What is not the same on both sides, by what it is called, which is nearly always unique."""
    was, now = _grouped(old, key), _grouped(new, key)
    for name in sorted({*was, *now}):
        before, after = was.get(name, []), now.get(name, [])
        gone = [one for one in before if one not in after]
        come = [one for one in after if one not in before]
        for first, second in zip_longest(gone, come):
            yield name, first, second


def _grouped(facts: Iterable[Facts], key: Callable[[Facts], Any]) -> dict[Any, list[Facts]]:
    found: dict[Any, list[Facts]] = {}
    for one in facts:
        found.setdefault(key(one), []).append(one)
    return found


def _presence(old: object, new: object) -> Presence:
    return "added" if old is None else "removed" if new is None else "changed"


def _gates(old: Standing, new: Standing) -> Iterator[GateChange]:
    for gate in ("check", "release"):
        was, now = getattr(old, gate), getattr(new, gate)
        if was != now:
            yield GateChange(gate, was, now, by_rank(int(was != "pass"), int(now != "pass")))


_BLOCKING = ("fail", "error", "not_run", "vacuous", "manual_due")
_MILD = {"waived": 1, "warn": 2}


def _outcome_rank(facts: RuleFacts | None) -> int:
    """How bad an outcome is: among those that may block, none is better than another."""
    if facts is None:
        return 0
    return 3 if facts.outcome in _BLOCKING else _MILD.get(facts.outcome, 0)


def _rule_trend(old: RuleFacts | None, new: RuleFacts | None) -> Trend:
    """A rule that is gone, waived, milder or out of force is no better for that."""
    trend = by_rank(_outcome_rank(old), _outcome_rank(new))
    if trend != "better" or (new and new.outcome in ("pass", "manual_ok")):
        return trend
    held = old and new and new.outcome == "warn" and new.level == old.level
    return "better" if held else "changed"


def _rules(old: Iterable[RuleFacts], new: Iterable[RuleFacts]) -> Iterator[RuleChange]:
    for key, was, now in _pairs(old, new, lambda one: one.rule):
        settings = tuple(_settings(was, now))
        other = (was and (was.outcome, was.level, was.check)) != (
            now and (now.outcome, now.level, now.check)
        )
        if settings or other:
            yield RuleChange(key, _presence(was, now), was, now, settings, _rule_trend(was, now))


def _settings(old: RuleFacts | None, new: RuleFacts | None) -> Iterator[SettingChange]:
    if old is None or new is None or not (old.settings and new.settings):
        return  # a report of an older adhere does not say what its rules said
    for key in sorted({*old.settings, *new.settings}):
        was, now = old.settings.get(key), new.settings.get(key)
        if was != now:
            yield SettingChange(key, was, now)


_FINDING_RANK: Mapping[str, int] = {"error": 2, "warn": 1, "report": 0}


def _finding_rank(facts: FindingFacts | None) -> int:
    if facts is None or facts.disposition != "open":
        return 0
    return _FINDING_RANK[facts.level]


def _findings(old: Extract, new: Extract) -> Iterator[FindingChange]:
    """By fingerprint; of several with one, the worst stands for all."""
    rules = {rule.rule for rule in new.rules}
    for key, before, after in _pairs(
        _worst(old.findings), _worst(new.findings), lambda one: (one.rule, one.fingerprint)
    ):
        same = (before and (before.disposition, before.level)) == (
            after and (after.disposition, after.level)
        )
        if same:
            continue
        trend = by_rank(_finding_rank(before), _finding_rank(after))
        aside = after.disposition != "open" if after else key[0] not in rules
        if trend == "better" and aside:  # it is still there, or nobody looks any more
            trend = "changed"
        yield FindingChange(key[0], _presence(before, after), before, after, trend)


def _worst(findings: Iterable[FindingFacts]) -> Iterable[FindingFacts]:
    found = sorted(
        findings,
        key=lambda f: (
            f.disposition == "open",
            _finding_rank(f),
            f.disposition,
            f.level,
            f.message,
        ),
    )
    return {(one.rule, one.fingerprint): one for one in found}.values()


_SETTLED = ("concluded", "clarified")


def _name(package: PackageFacts) -> str:
    return package.name


def _licenses(old: Iterable[PackageFacts], new: Iterable[PackageFacts]) -> Iterator[LicenseChange]:
    was, now = _grouped(old, _name), _grouped(new, _name)
    for name in sorted(was.keys() & now.keys()):
        before, after = _terms(was[name]), _terms(now[name])
        if before != after:
            trend = by_rank(_open(was[name]), _open(now[name]))
            yield LicenseChange(name, before, after, trend)


def _terms(packages: Iterable[PackageFacts]) -> tuple[str, ...]:
    """Licenses, each with the state of one that is not settled."""
    return tuple(
        sorted({p.license if p.state in _SETTLED else f"{p.license} ({p.state})" for p in packages})
    )


def _open(packages: Iterable[PackageFacts]) -> int:
    return int(any(package.state not in _SETTLED for package in packages))


def _packages(old: Iterable[PackageFacts], new: Iterable[PackageFacts]) -> Iterator[PackageChange]:
    was, now = _grouped(old, _name), _grouped(new, _name)
    for name in sorted({*was, *now}):
        before, after = _versions(was.get(name, ())), _versions(now.get(name, ()))
        if before != after:
            yield PackageChange(name, _direction(before, after), before, after)


def _versions(packages: Iterable[PackageFacts]) -> tuple[str, ...]:
    return tuple(sorted({package.version for package in packages}))


def _direction(
    old: tuple[str, ...], new: tuple[str, ...]
) -> Literal["added", "removed", "upgraded", "downgraded", "changed"]:
    if not old or not new:
        return "added" if new else "removed"
    try:
        was, now = max(map(Version, old)), max(map(Version, new))
    except InvalidVersion:
        return "changed"
    return "upgraded" if was < now else "downgraded" if now < was else "changed"


def _waivers(old: Iterable[WaiverFacts], new: Iterable[WaiverFacts]) -> Iterator[WaiverChange]:
    for key, was, now in _pairs(old, new, lambda one: (one.kind, one.id)):
        # One that is gone, ended or not, is no better for that.
        trend = by_rank(_ended(was), _ended(now)) if now else "changed"
        yield WaiverChange(key[1], _presence(was, now), was, now, trend)


def _ended(waiver: WaiverFacts | None) -> int:
    return int(waiver is not None and waiver.state in HOLDS_NO_MORE)
