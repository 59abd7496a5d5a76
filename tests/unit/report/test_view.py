from __future__ import annotations

from collections import Counter

import pytest
from msgspec.structs import replace

from adhere.report.document import Gate
from adhere.report.make_view import MAX_CHOICES, MAX_OPEN, MAX_ROWS, make_view
from adhere.report.packages import MAX_EVIDENCE, MAX_OF_A_LICENSE
from adhere.report.rows import MAX_FINDINGS, MAX_OF_A_RULE, Anchors
from corpus.reports import CONFLICTING, MIT, UNKNOWN, everything, finding, package

VIEW = make_view(everything())


def test_the_worst_comes_first() -> None:
    assert [rule.id for rule in VIEW.rules] == [
        *("ADR-001/licenses", "adhere/waivers", "ADR-001/lock", "ADR-001/pins"),
    ]
    assert [row.state.word for row in VIEW.findings] == ["error", "warning"]
    assert [row.name for row in VIEW.packages] == ["mixed", "quiet", "certifi", "winonly", "shop"]


def test_what_does_not_count_is_shown_apart() -> None:
    assert [(row.state.word, row.waiver) for row in VIEW.set_aside] == [
        ("waived", "W-1"),
        ("baseline", ""),
    ]


def test_a_built_in_rule_is_shown_when_it_has_something_to_say() -> None:
    assert "adhere/waivers" in {rule.id for rule in VIEW.rules}
    assert "adhere/sources-complete" not in {rule.id for rule in VIEW.rules}


def test_a_conflicting_license_is_never_shown_as_one_license() -> None:
    mixed = VIEW.packages[0]
    assert (mixed.license, mixed.state.word, mixed.state.tone) == (
        "MIT / ISC",
        "conflicting",
        "bad",
    )
    assert [claim.standing for claim in mixed.evidence] == ["decides", "contradicts", "silent"]
    assert "mixed" not in {row.name for group in VIEW.license_groups for row in group.packages}


def test_a_license_that_was_taken_of_several_is_told_with_its_rule() -> None:
    assert [(row.package, row.offered, row.chosen, row.because) for row in VIEW.choices] == [
        ("certifi 1.0", "MPL-2.0 OR MIT", "MIT", "the policy names it"),
        ("twice 1.0", "GPL-3.0-only OR MIT", "MIT", "the fewest that are accepted"),
    ]
    assert {row.rule for row in VIEW.choices} == {"ADR-001/licenses"}
    (many,) = [result for result in everything().results if result.choices]
    many = replace(many, choices=many.choices * MAX_CHOICES)
    view = make_view(replace(everything(), results=(many,)))
    assert (len(view.choices), view.choices_more) == (MAX_CHOICES, MAX_CHOICES)


def test_a_package_for_other_platforms_is_neither_open_nor_good() -> None:
    assert [row.name for row in VIEW.open_licenses] == ["mixed", "quiet"]


def test_no_rule_hides_the_findings_of_another_and_all_are_counted() -> None:
    many = [finding(f"a{n}", rule="a") for n in range(500)]
    many += [finding(f"b{n}", rule="b", level="warn") for n in range(300)]
    many += [finding(f"c{n}", rule="c", level="report") for n in range(5)]
    view = make_view(replace(everything(), findings=tuple(many)))
    shown = Counter(row.rule for row in view.findings)
    assert shown == {"a": MAX_OF_A_RULE["error"], "b": MAX_OF_A_RULE["warn"], "c": 5}
    assert len(view.findings) <= MAX_FINDINGS
    assert [(fact.name, fact.value) for fact in view.findings_more] == [
        ("a", "440 errors more"),
        ("b", "280 warnings more"),
    ]


def test_many_rules_do_not_make_a_page_long() -> None:
    many = tuple(finding(f"p{n}", rule=f"rule-{n}") for n in range(MAX_FINDINGS + 7))
    view = make_view(replace(everything(), findings=many))
    assert len(view.findings) == MAX_FINDINGS
    assert len(view.findings_more) == 7


def test_large_tables_are_cut_and_say_so() -> None:
    packages = tuple(package(f"p{n:04}") for n in range(MAX_ROWS + 50))
    packages += tuple(package(f"u{n:04}", UNKNOWN) for n in range(MAX_OPEN + 5))
    view = make_view(replace(everything(), packages=packages))
    assert len(view.packages) == MAX_ROWS
    assert view.packages_more == len(packages) - MAX_ROWS
    assert view.packages_total == len(packages)
    assert (len(view.open_licenses), view.open_licenses_more) == (MAX_OPEN, 5)
    (group,) = view.license_groups
    assert group.count == f"{MAX_ROWS + 50} packages"
    assert len(group.packages) == MAX_OF_A_LICENSE
    assert group.packages_more == MAX_ROWS + 50 - MAX_OF_A_LICENSE


def test_evidence_is_cut_behind_what_decides() -> None:
    evidence = (*(CONFLICTING.evidence[0],) * 40, *CONFLICTING.evidence[1:])
    about = package("p", replace(CONFLICTING, evidence=evidence))
    (row,) = make_view(replace(everything(), packages=(about,))).packages
    assert len(row.evidence) == MAX_EVIDENCE
    assert [claim.standing for claim in row.evidence[:3]] == ["decides", "contradicts", "silent"]
    assert row.evidence_more == 42 - MAX_EVIDENCE


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org", "https://example.org"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.org", ""),
        ("https://example.org/ x", ""),
        ("https://example.org/" + "x" * 500, ""),
    ],
)
def test_only_a_web_address_becomes_a_link(address: str, link: str) -> None:
    about = package("p", links=(("Homepage", address),))
    assert make_view(replace(everything(), packages=(about,))).packages[0].link == link


def test_anchors_are_stable_and_never_given_twice() -> None:
    anchors = Anchors("rule")
    names = ("ADR-1/a.b", "ADR-1/a-b", "adr-1/A-B", "ADR-1/a.b", "x" * 200, "x" * 201)
    given = [anchors(name) for name in names]
    assert given[0] == given[3] == "rule-adr-1-a-b"
    assert len(set(given)) == 5


def test_what_is_long_is_cut() -> None:
    about = package("n" * 10_000, replace(MIT, why="w" * 10_000), version="1" * 10_000)
    (row,) = make_view(replace(everything(), packages=(about,))).packages
    assert max(map(len, (row.name, row.version, row.why, row.path))) <= 500


def test_how_to_judge_the_same_again() -> None:
    assert VIEW.reproduce == (
        "git checkout 0123456789abcdef0123456789abcdef01234567",
        "SOURCE_DATE_EPOCH=1795478400 adhere check uv.lock",
    )


@pytest.mark.parametrize(
    ("check", "release", "tone"),
    [("pass", "pass", "good"), ("pass", "not_judged", "doubt"), ("fail", "fail", "bad")],
)
def test_what_nobody_judged_is_not_shown_as_fine(check: str, release: str, tone: str) -> None:
    """A rule may say that lacking evidence fails no check; green it is not."""
    gates = (Gate("check", check, 0, ()), Gate("release", release, 0, ()))  # type: ignore[arg-type]  # words of the parameters
    view = make_view(replace(everything(), gates=gates))
    assert view.state.tone == view.gates[0].state.tone == tone
    assert (view.state.word == "pass") == (check == "pass")
