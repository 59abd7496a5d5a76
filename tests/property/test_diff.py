"""Laws of comparing two reports, over any two of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from adhere.model.finding import Disposition, Level, Outcome
from adhere.report.changes import changes_view
from adhere.report.changes_text import changes_text
from adhere.report.diff import diff
from adhere.report.differences import Diff
from adhere.report.extract import (
    DecisionFacts,
    Extract,
    FindingFacts,
    FlawFacts,
    InputFacts,
    PackageFacts,
    RuleFacts,
    Standing,
    WaiverFacts,
)
from adhere.report.json import canonical

NAMES = st.sampled_from(["a", "b", "c"])
IDS = st.sampled_from(["CVE-1", "CVE-2", "GHSA-1", "GHSA-2", "PYSEC-1"])
DAYS = st.integers(-20, 20).map(lambda n: date(2026, 11, 24) + timedelta(days=n))
VERDICTS = st.sampled_from(["pass", "fail", "not_judged", "nothing", "bad_input"])
VALUES = st.one_of(st.integers(0, 2), st.booleans(), st.lists(NAMES, max_size=2))

STANDINGS = st.builds(
    Standing,
    name=st.just("shop"),
    today=DAYS,
    check=VERDICTS,
    release=VERDICTS,
    scope=st.lists(NAMES, max_size=1).map(tuple),
    tool=st.sampled_from(["adhere 1.0", "adhere 1.1"]),
)
PACKAGES = st.builds(
    PackageFacts,
    name=NAMES,
    version=st.sampled_from(["1.0", "2.0", "not-a-version"]),
    license=st.sampled_from(["MIT", "ISC", "none"]),
    state=st.sampled_from(["concluded", "clarified", "unknown"]),
    unlooked=st.booleans(),
)
FLAWS = st.builds(
    FlawFacts,
    package=NAMES,
    id=IDS,
    aliases=st.lists(IDS, max_size=2).map(tuple),
    severity=st.sampled_from(["", "LOW", "HIGH", "UNKNOWN", "MALICIOUS"]),
    due=st.one_of(st.just(""), DAYS.map(date.isoformat)),
)
RULES = st.builds(
    RuleFacts,
    rule=NAMES,
    title=NAMES,
    check=NAMES,
    outcome=st.sampled_from(get_args(Outcome)),
    level=st.sampled_from(get_args(Level)),
    settings=st.dictionaries(NAMES, VALUES, max_size=2),
)
FINDINGS = st.builds(
    FindingFacts,
    rule=NAMES,
    fingerprint=NAMES,
    code=NAMES,
    level=st.sampled_from(get_args(Level)),
    disposition=st.sampled_from(get_args(Disposition)),
    message=NAMES,
)
WAIVERS = st.builds(
    WaiverFacts,
    id=NAMES,
    kind=st.sampled_from(["waiver", "clarification"]),
    state=st.sampled_from(["active", "expiring", "expired", "unused", "lapsed"]),
    subject=NAMES,
    reason=NAMES,
    owner=NAMES,
    expires=st.one_of(st.none(), DAYS),
    covers=st.integers(0, 2),
)
DECISIONS = st.builds(DecisionFacts, id=NAMES, title=NAMES, status=NAMES)
INPUTS = st.builds(InputFacts, path=NAMES, kind=NAMES, digest=NAMES)


def some(rows: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(rows, max_size=5).map(tuple)


def single(rows: st.SearchStrategy[RuleFacts]) -> st.SearchStrategy[tuple[RuleFacts, ...]]:
    """Rules are unique by their id: a report has one result of each."""
    return st.lists(rows, max_size=4, unique_by=lambda rule: rule.rule).map(tuple)


EXTRACTS = st.builds(
    Extract,
    standing=STANDINGS,
    packages=some(PACKAGES),
    vulnerabilities=some(FLAWS),
    rules=single(RULES),
    findings=some(FINDINGS),
    waivers=some(WAIVERS),
    decisions=some(DECISIONS),
    inputs=some(INPUTS),
)
LISTS = ("gates", "rules", "findings", "vulnerabilities", "licenses", "packages")
LISTS = (*LISTS, "waivers", "decisions", "inputs")


@given(EXTRACTS)
def test_a_report_does_not_differ_from_itself(one: Extract) -> None:
    found = diff(one, one)
    assert found.is_empty
    assert not found.is_worse
    assert changes_view(found, "it").headline == "Nothing changed."
    assert changes_view(found, "it").sections == ()


@given(EXTRACTS, EXTRACTS)
def test_the_order_of_rows_changes_nothing(one: Extract, other: Extract) -> None:
    turned = msgspec.structs.replace(
        other, **{name: getattr(other, name)[::-1] for name in other.__struct_fields__[1:]}
    )
    first, second = diff(one, other), diff(one, turned)
    for name in set(LISTS) - {"waivers", "decisions", "inputs"}:  # several of one name may pair up
        assert getattr(first, name) == getattr(second, name)


_MIRRORED = {"added": "removed", "removed": "added", "upgraded": "downgraded"}
_MIRRORED |= {"downgraded": "upgraded", "changed": "changed"}


def _turned(change: Struct) -> tuple[object, ...]:
    """What a change is called, with its sides swapped; where it leads is another law."""
    fields = {name: getattr(change, name) for name in change.__struct_fields__ if name != "trend"}
    fields["old"], fields["new"] = fields["new"], fields["old"]
    if "settings" in fields:
        fields["settings"] = tuple((s.key, s.new, s.old) for s in fields["settings"])
    if "severity" in str(fields.get("kind")) or "id" in fields:
        fields.pop("kind", None)
    elif "kind" in fields:
        fields["kind"] = _MIRRORED[fields["kind"]]
    return tuple(map(repr, fields.values()))


def _as_is(change: Struct) -> tuple[object, ...]:
    fields = {name: getattr(change, name) for name in change.__struct_fields__ if name != "trend"}
    if "settings" in fields:
        fields["settings"] = tuple((s.key, s.old, s.new) for s in fields["settings"])
    if "id" in fields:
        fields.pop("kind", None)
    return tuple(map(repr, fields.values()))


@given(EXTRACTS, EXTRACTS)
@settings(max_examples=200)
def test_the_other_way_round_the_sides_are_swapped(one: Extract, other: Extract) -> None:
    there, back = diff(one, other), diff(other, one)
    assert (there.old, there.new) == (back.new, back.old)
    for name in LISTS:
        wanted = Counter(map(_turned, getattr(there, name)))
        assert wanted == Counter(map(_as_is, getattr(back, name))), name


def _key(change: Struct) -> tuple[object, ...]:
    name = next(getattr(change, f) for f in change.__struct_fields__)
    sides = sorted(map(repr, (change.old, change.new)))  # type: ignore[attr-defined]  # every change has them
    return (name, *sides)


@given(EXTRACTS, EXTRACTS)
@settings(max_examples=200)
def test_nothing_is_worse_both_ways_and_better_is_worse_the_other_way(
    one: Extract, other: Extract
) -> None:
    there, back = diff(one, other), diff(other, one)
    for name in ("gates", "rules", "findings", "vulnerabilities", "licenses", "waivers"):
        trends = {_key(change): change.trend for change in getattr(back, name)}
        for change in getattr(there, name):
            other_way = trends[_key(change)]
            assert (change.trend, other_way) != ("worse", "worse")
            if change.trend == "better":
                assert other_way == "worse"


def _sets(facts: Iterable[Any], key: Callable[[Any], Any], value: Callable[[Any], Any]) -> Any:
    found: dict[Any, set[Any]] = {}
    for fact in facts:
        found.setdefault(key(fact), set()).add(value(fact))
    return found


@given(EXTRACTS, EXTRACTS)
@settings(max_examples=200)
def test_what_there_was_and_what_changed_is_what_there_is(one: Extract, other: Extract) -> None:
    found = diff(one, other)

    packages = _sets(one.packages, lambda p: p.name, lambda p: p.version)
    for package in found.packages:
        assert packages.pop(package.name, set()) == {*package.old}
        if package.new:
            packages[package.name] = {*package.new}
    assert packages == _sets(other.packages, lambda p: p.name, lambda p: p.version)

    for name, change in (("waivers", found.waivers), ("inputs", found.inputs)):
        rows = Counter(map(repr, getattr(one, name)))
        rows.subtract(repr(c.old) for c in change if c.old)
        rows.update(repr(c.new) for c in change if c.new)
        assert {*+rows} == {*map(repr, getattr(other, name))}

    rules = {rule.rule: (rule.outcome, rule.level, rule.check) for rule in one.rules}
    for rule in found.rules:
        rules.pop(rule.rule, None)
        if rule.new is not None:
            rules[rule.rule] = (rule.new.outcome, rule.new.level, rule.new.check)
    assert rules == {rule.rule: (rule.outcome, rule.level, rule.check) for rule in other.rules}

    counting = {(f.rule, f.fingerprint) for f in one.findings if f.disposition == "open"}
    for finding in found.findings:
        facts = finding.new or finding.old
        assert facts is not None
        key = (facts.rule, facts.fingerprint)
        counting.discard(key)
        if finding.new is not None and finding.new.disposition == "open":
            counting.add(key)
    wanted = {(f.rule, f.fingerprint) for f in other.findings if f.disposition == "open"}
    assert {key for key in counting if key in wanted} == wanted
    assert counting == wanted


def _names(flaws: Iterable[FlawFacts]) -> set[tuple[str, str]]:
    return {(f.package, name) for f in flaws for name in (f.id, *f.aliases)}


@given(EXTRACTS, EXTRACTS)
@settings(max_examples=200)
def test_every_vulnerability_that_came_or_went_is_told(one: Extract, other: Extract) -> None:
    found = diff(one, other)
    told = [facts for c in found.vulnerabilities for facts in (c.old, c.new) if facts]
    for flaw in other.vulnerabilities:
        if not _names([flaw]) & _names(one.vulnerabilities):
            assert _names([flaw]) <= _names(told)
    unlooked = {p.name for p in other.packages if p.unlooked}
    for change in found.vulnerabilities:
        assert (change.kind == "new") == (change.old is None)
        assert (change.new is None) == (change.kind in ("gone", "unlooked"))
        if change.kind == "gone":
            assert change.package not in unlooked, "nobody looked: that is no good news"


@given(EXTRACTS, EXTRACTS)
def test_every_change_is_a_sentence_and_nothing_is_cut_unsaid(one: Extract, other: Extract) -> None:
    found = diff(one, other)
    whole = changes_view(found, "it")
    rows = sum(len(getattr(found, name)) for name in LISTS)
    shown = [row for s in whole.sections for row in s.rows if s.title != "How it was judged"]
    assert len(shown) == rows
    assert all(row.text and "None" not in row.text for row in shown)
    assert ("worse" in {row.state.word for row in shown}) == found.is_worse
    cut = changes_view(found, "it", limit=1)
    assert [len(s.rows) + s.more for s in cut.sections] == [len(s.rows) for s in whole.sections]
    for section, all_of_it in zip(cut.sections, whole.sections, strict=True):
        assert section.rows == all_of_it.rows[:1], "the worst is what is kept"
    assert (
        changes_text(whole).count("\n")
        == len(shown)
        + sum(2 + (len(s.rows) if s.title == "How it was judged" else 0) for s in whole.sections)
        + 1
    )


@given(EXTRACTS, EXTRACTS)
def test_the_json_of_a_comparison_can_be_read_back(one: Extract, other: Extract) -> None:
    found = diff(one, other)
    assert msgspec.json.decode(canonical(found), type=Diff) == found


@pytest.mark.parametrize("hostile", ["x\n# y", "`", "a`b", "\x1b[31m", "\u202e", "<b>", "|"])
def test_hostile_words_stay_in_their_line(hostile: str) -> None:
    one = Extract(Standing("shop", date(2026, 11, 24), "pass", "pass"))
    other = msgspec.structs.replace(
        one,
        packages=(PackageFacts(hostile, hostile, hostile, "unknown"),),
        rules=(RuleFacts(hostile, hostile, hostile, "fail", "error", hostile),),
        findings=(FindingFacts(hostile, hostile, hostile, "error", "open", hostile),),
    )
    text = changes_text(changes_view(diff(one, other), hostile))
    assert len(text.splitlines()) == 10
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_finding_that_counts_stands_for_one_that_is_set_aside() -> None:
    """Two may have one fingerprint: the mild one that is open is the one that counts."""
    waived = FindingFacts("rule", "same", "a", "error", "waived", "m")
    counting = FindingFacts("rule", "same", "a", "report", "open", "m")
    nothing = Extract(Standing("shop", date(2026, 11, 24), "pass", "pass"))
    for both in ((waived, counting), (counting, waived)):
        (change,) = diff(nothing, msgspec.structs.replace(nothing, findings=both)).findings
        assert change.new == counting
