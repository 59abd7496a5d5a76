"""What changed, in sentences: worded once, for a terminal, a comment and a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from adhere.report.diff_flaws import days_left
from adhere.report.differences import (
    DecisionChange,
    Diff,
    FindingChange,
    FlawChange,
    GateChange,
    InputChange,
    LicenseChange,
    PackageChange,
    RuleChange,
    SettingChange,
    WaiverChange,
)
from adhere.report.escape import shorten
from adhere.report.extract import FlawFacts, RuleFacts, Standing, WaiverFacts
from adhere.report.rows import LEVEL_WORDS
from adhere.report.summary import OUTCOME_WORDS, count
from adhere.report.trend import Trend
from adhere.report.view import ChangeRow, ChangeSection, ChangesView, State

STATES: dict[Trend, State] = {
    "worse": State("✖", "worse", "bad"),
    "better": State("✔", "better", "good"),
    "changed": State("◆", "changed", "calm"),
}
_ORDER = tuple(STATES.values())
_CALM = STATES["changed"]
_VERDICTS = {"bad_input": "input wrong", "not_judged": "not judged", "nothing": "nothing judged"}

Row = tuple[Trend, str]


def changes_view(found: Diff, what: str, limit: int = 0, worst: int = 0) -> ChangesView:
    """A comparison in words.

    Args:
        found: the comparison.
        what: it is compared with: ``the run before``, ``release 1.4.0``.
        limit: rows of a section at most; 0 for all.
        worst: rows of all sections that a page shows.
    """
    rows = [_row(title, *row) for title, some in _sections(found) for row in some]
    shown = _ordered(rows)[:worst]
    return ChangesView(
        what=what,
        since=f"Since {what} of {_when(found.old)}",
        headline=headline(found),
        state=_state(found),
        sections=tuple(
            _section(title, [_row(title, *row) for row in some], limit)
            for title, some in _sections(found)
            if some
        ),
        worst=tuple(shown),
        worst_more=len(rows) - len(shown),
    )


def _section(title: str, rows: Sequence[ChangeRow], limit: int) -> ChangeSection:
    shown = _ordered(rows)[: limit or None]
    return ChangeSection(title, tuple(shown), len(rows) - len(shown))


def _row(kind: str, trend: Trend, text: str) -> ChangeRow:
    return ChangeRow(kind, STATES[trend], shorten(text, 1_000))


def _ordered(rows: Iterable[ChangeRow]) -> list[ChangeRow]:
    """Worse first, then better."""
    return sorted(rows, key=lambda row: _ORDER.index(row.state))


def headline(found: Diff) -> str:
    """How much changed, and whether for the worse."""
    if found.is_empty:
        return "Nothing changed."
    trends = Counter(trend for _, rows in _sections(found) for trend, _ in rows)
    words = [
        f"{count(trends['worse'], 'change')} for the worse" if trends["worse"] else "",
        f"{trends['better']} for the better" if trends["better"] else "",
        f"{trends['changed']} that {'is' if trends['changed'] == 1 else 'are'} neither"
        if trends["changed"]
        else "",
    ]
    told = ", ".join(word for word in words if word)
    return f"{told[:1].upper()}{told[1:]}."


def _state(found: Diff) -> State:
    trends = {*found.trends}
    return next((STATES[trend] for trend in ("worse", "better") if trend in trends), _CALM)


def _sections(found: Diff) -> Iterator[tuple[str, list[Row]]]:
    yield "How it was judged", [("changed", text) for text in _judging(found.old, found.new)]
    yield "Verdict", [(one.trend, _gate(one)) for one in found.gates]
    yield "Rules", [(one.trend, _rule(one)) for one in found.rules]
    yield "Findings", [(one.trend, _finding(one)) for one in found.findings]
    yield (
        "Vulnerabilities",
        [
            (one.trend, _flaw(one, found.old.today, found.new.today))
            for one in found.vulnerabilities
        ],
    )
    yield "Licenses", [(one.trend, _license(one)) for one in found.licenses]
    yield "Packages", [("changed", _package(one)) for one in found.packages]
    yield "Waivers", [(one.trend, _waiver(one, found.new.today)) for one in found.waivers]
    yield "Decisions", [("changed", _decision(one)) for one in found.decisions]
    yield "Inputs", [("changed", _input(one)) for one in found.inputs]


def _when(standing: Standing) -> str:
    at = f" at commit {_name(standing.commit[:12])}" if standing.commit else ""
    return f"{standing.today}{at}{' with local changes' if standing.dirty else ''}"


def _name(text: object) -> str:
    """A name between backticks; one of its own would end it."""
    return f"`{shorten(str(text), 120).replace('`', chr(39))}`"


def _free(text: str, limit: int = 300) -> str:
    """Words of a stranger's within a sentence of ours."""
    return shorten(text, limit)


def _judging(old: Standing, new: Standing) -> Iterator[str]:
    if old.name != new.name:
        yield f"of another project: {_name(new.name)}, {_name(old.name)} before"
    if old.scope != new.scope:
        yield f"another scope, so that packages come and go: {_scope(new)}, {_scope(old)} before"
    if old.tool != new.tool:
        yield f"by {_free(new.tool, 60)}, {_free(old.tool, 60)} before"


def _scope(standing: Standing) -> str:
    if not standing.scope:
        return "all groups"
    return f"only {', '.join(map(_name, standing.scope))}"


def _gate(one: GateChange) -> str:
    new, old = (_VERDICTS.get(word, word) or "unknown" for word in (one.new, one.old))
    return f"gate {_name(one.gate)}: {new}, {old} before"


def _rule(one: RuleChange) -> str:
    name, told = (
        _name(one.rule),
        f": {_free(one.new.message)}" if one.new and one.new.message else "",
    )
    if one.old is None or one.new is None:
        facts, word = (one.new, "is new") if one.old is None else (one.old, "is no rule any more")
        outcome = OUTCOME_WORDS[facts.outcome] if facts else ""
        return f"{name} {word}: {outcome}{' before' if one.new is None else told}"
    parts = []
    if one.old.outcome != one.new.outcome:
        was, now = OUTCOME_WORDS[one.old.outcome], OUTCOME_WORDS[one.new.outcome]
        parts.append(f"{now}, {was} before{told}")
    if one.settings:
        parts.append("it says another thing: " + "; ".join(map(_setting, one.settings)))
    if _level_alone(one.old, one.new, one.settings):
        parts.append(f"level {_name(one.new.level)}, {_name(one.old.level)} before")
    if one.old.check != one.new.check:
        parts.append(f"it is a {_name(one.new.check)}, a {_name(one.old.check)} before")
    return f"{name}: {'; '.join(parts)}"


def _level_alone(old: RuleFacts, new: RuleFacts, settings: Iterable[SettingChange]) -> bool:
    """Whether a level changed by something else than the rule: a decision, a day, an option."""
    return old.level != new.level and all(one.key != "level" for one in settings)


def _setting(one: SettingChange) -> str:
    key = _name(one.key)
    if isinstance(one.old, list) and isinstance(one.new, list):
        more = [value for value in one.new if value not in one.old]
        less = [value for value in one.old if value not in one.new]
        parts = [f"with {_values(more)}"] if more else []
        parts += [f"without {_values(less)}"] if less else []
        return f"{key} {', '.join(parts) or 'in another order'}"
    if one.old is None:
        return f"{key} is {_values([one.new])}, not written before"
    if one.new is None:
        return f"{key} is not written any more, {_values([one.old])} before"
    return f"{key} is {_values([one.new])}, {_values([one.old])} before"


_SHOWN_VALUES = 6


def _values(values: Sequence[Any]) -> str:
    shown = ", ".join(_name(_value(value)) for value in values[:_SHOWN_VALUES])
    more = len(values) - _SHOWN_VALUES
    return f"{shown} and {more} more" if more > 0 else shown


def _value(value: Any) -> str:
    """As TOML has it, nearly."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(child)}" for key, child in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)


def _finding(one: FindingChange) -> str:
    facts = one.new or one.old
    message = f"{_free(facts.message) if facts else ''} ({_name(one.rule)})"
    if one.new is None:
        return f"gone: {message}"
    if one.new.disposition != "open":
        words = {"baseline": "in the baseline", "allowed": "allowed by code"}
        return f"{words.get(one.new.disposition, one.new.disposition)}: {message}"
    if one.old is None:
        return f"new: {message}"
    if one.old.disposition != "open":
        return f"counts again: {message}"
    return f"{LEVEL_WORDS[one.new.level]}, {LEVEL_WORDS[one.old.level]} before: {message}"


def _flaw(one: FlawChange, before: date, after: date) -> str:
    head = f"{_name(one.package)} {_name(one.id)}"
    if one.kind == "unlooked":
        return f"{head}: nobody looked this time whether it is still there"
    if one.new is None:
        return f"{head} is gone"
    new, old = _deadline(one.new, after), _deadline(one.old, before) if one.old else ""
    parts = [_free(one.new.severity.lower(), 20) if one.kind == "new" else "", new]
    if one.kind == "new":
        fixed = ", ".join(one.new.fixed_in)
        parts.append(f"fixed in {_free(fixed, 100)}" if fixed else "no release fixes it yet")
    told = ", ".join(part for part in parts if part)
    if one.old is not None:
        told += f"; {old} before" if old != new else ""
        if one.old.severity != one.new.severity:
            new, old = (_free(flaw.severity.lower(), 20) for flaw in (one.new, one.old))
            told += f"; {new}, {old} before"
    return f"{head}{' is new' if one.kind == 'new' else ''}: {told}"


def _deadline(flaw: FlawFacts, today: date) -> str:
    left = days_left(flaw, today)
    if left is None:
        return "no deadline"
    days = count(abs(left), "day")
    return f"due {flaw.due}, {days} {'left' if left >= 0 else 'overdue'}"


def _license(one: LicenseChange) -> str:
    new, old = (_free(" and ".join(terms), 200) for terms in (one.new, one.old))
    return f"{_name(one.package)}: {new}, {old} before"


def _package(one: PackageChange) -> str:
    new, old = (_free(", ".join(versions), 100) for versions in (one.new, one.old))
    if one.kind in ("added", "removed"):
        return f"{one.kind} {_name(one.name)} {new or old}"
    return f"{one.kind} {_name(one.name)} from {old} to {new}"


_FIELDS = ("state", "subject", "rule", "reason", "owner", "approved_by", "expires", "covers")


def _waiver(one: WaiverChange, today: date) -> str:
    facts = one.new or one.old
    if facts is None:
        return _name(one.id)
    name = f"{facts.kind} {_name(one.id)}"
    if one.new is None:
        return f"{name} for {_name(facts.subject)} is gone"
    if one.old is None:
        of = f" of {_name(facts.rule)}" if facts.rule else ""
        why = f"owned by {_free(facts.owner, 80)}: {_free(facts.reason, 120)}"
        return f"{name} is new, for {_name(facts.subject)}{of}, {_end(facts, today)}, {why}"
    parts = []
    for field in _FIELDS:
        new, old = getattr(one.new, field), getattr(one.old, field)
        if field == "state" and new != old:
            parts.append(f"{new}, {old} before, {_end(facts, today)}")
        elif new != old:
            parts.append(f"{field.replace('_', ' ')} {_said(new)}, {_said(old)} before")
    return f"{name} for {_name(facts.subject)}: {'; '.join(parts)}"


def _said(value: object) -> str:
    if value in ("", None):
        return "none"
    return _name(value) if isinstance(value, str) else str(value)


def _end(waiver: WaiverFacts, today: date) -> str:
    if waiver.expires is None:
        return "without an end"
    days = (waiver.expires - today).days
    return f"until {waiver.expires}, {count(abs(days), 'day')} {'left' if days >= 0 else 'ago'}"


def _decision(one: DecisionChange) -> str:
    if one.old is None or one.new is None:
        facts, word = (one.new, "is new") if one.old is None else (one.old, "is gone")
        status = f"{_free(facts.title, 120)}, {_free(facts.status, 40)}" if facts else ""
        return f"{_name(one.id)} {word}: {status}"
    if one.old.status == one.new.status:
        return f"{_name(one.id)}: {_free(one.new.title, 120)}, {_free(one.old.title, 120)} before"
    return f"{_name(one.id)}: {_free(one.new.status, 40)}, {_free(one.old.status, 40)} before"


def _input(one: InputChange) -> str:
    word = {"added": "is new", "removed": "is gone", "changed": "changed"}[one.kind]
    return f"{_name(one.path)} {word}"
