"""Lists of accepted licenses: which line decides, and what an OR comes to."""

from __future__ import annotations

import pytest

from adhere.licenses.expression import ExpressionError, parse
from adhere.licenses.satisfy import CATEGORIES, ListName, Lists, Satisfaction, read_entry, satisfy


def judge(
    expression: str,
    allow: tuple[str, ...] = (),
    review: tuple[str, ...] = (),
    deny: tuple[str, ...] = (),
    exceptions: tuple[str, ...] = (),
    pinned: str = "",
) -> Satisfaction:
    rows: list[tuple[ListName, tuple[str, ...]]] = [
        ("allow", allow),
        ("review", review),
        ("deny", deny),
    ]
    entries = [read_entry(text, name, at) for name, row in rows for at, text in enumerate(row)]
    lists = Lists(tuple(entries), frozenset(item.lower() for item in exceptions))
    return satisfy(parse(expression), lists, pinned)


def test_nothing_is_accepted_by_no_list() -> None:
    assert judge("MIT").acceptance == "denied"


def test_every_leaf_has_its_verdict_and_its_line() -> None:
    found = judge("MIT AND ISC AND Zlib", allow=("Zlib", "MIT"), review=("ISC",))
    assert [(leaf.leaf, leaf.acceptance) for leaf in found.leaves] == [
        ("MIT", "allowed"),
        ("ISC", "review"),
        ("Zlib", "allowed"),
    ]
    assert found.leaves[0].entry is not None
    assert (found.leaves[0].entry.list, found.leaves[0].entry.index) == ("allow", 1)
    assert found.acceptance == "review"


def test_an_or_takes_the_best_and_says_which() -> None:
    found = judge("GPL-3.0-only OR MIT OR ISC AND Zlib", allow=("MIT", "ISC", "Zlib"))
    assert (found.acceptance, found.choice) == ("allowed", "MIT")
    assert judge("GPL-3.0-only OR MIT", review=("GPL-3.0-only",)).choice == "GPL-3.0-only"


def test_a_denied_whole_has_no_choice() -> None:
    assert judge("MIT AND ISC", allow=("MIT",)).choice == ""


def test_a_line_about_the_license_beats_one_about_its_category() -> None:
    assert judge("MIT", allow=("category:permissive",), deny=("MIT",)).acceptance == "denied"
    assert judge("MIT", allow=("MIT",), deny=("category:permissive",)).acceptance == "allowed"


def test_deny_beats_review_beats_allow_at_the_same_closeness() -> None:
    assert judge("MIT", allow=("MIT",), review=("MIT",)).acceptance == "review"
    assert judge("MIT", allow=("MIT",), review=("MIT",), deny=("MIT",)).acceptance == "denied"


@pytest.mark.parametrize(
    ("listed", "leaf", "admitted"),
    [
        ("GPL-2.0-or-later", "GPL-3.0-only", True),
        ("GPL-2.0-or-later", "GPL-2.0-only", True),
        ("GPL-3.0-or-later", "GPL-2.0-only", False),
        ("GPL-2.0-only", "GPL-2.0-or-later", False),
        ("GPL-2.0-or-later", "LGPL-3.0-only", False),
        ("Apache-1.1+", "Apache-2.0", True),
        ("Apache-2.0", "Apache-2.0+", False),
        ("CC-BY-3.0+", "CC-BY-SA-4.0", False),
    ],
)
def test_a_listed_or_later_admits_the_later_versions(
    listed: str, leaf: str, *, admitted: bool
) -> None:
    assert (judge(leaf, allow=(listed,)).acceptance == "allowed") is admitted


def test_an_exception_has_to_be_listed_or_excused() -> None:
    expression = "GPL-2.0-only WITH Classpath-exception-2.0"
    assert judge(expression, allow=("GPL-2.0-only",)).acceptance == "denied"
    assert judge(expression, allow=(expression,)).acceptance == "allowed"
    excused = judge(expression, ("GPL-2.0-only",), exceptions=("Classpath-exception-2.0",))
    assert excused.acceptance == "allowed"
    assert judge(expression, ("GPL-2.0-only",), exceptions=("*",)).acceptance == "allowed"
    assert "exceptions" in judge(expression, ("GPL-2.0-only",)).leaves[0].reason


def test_a_denied_license_stays_denied_with_an_exception() -> None:
    found = judge("GPL-2.0-only WITH Classpath-exception-2.0", deny=("GPL-2.0-only",))
    assert found.acceptance == "denied"
    assert found.leaves[0].entry is not None


def test_a_choice_can_be_pinned() -> None:
    found = judge("MIT OR GPL-3.0-only", allow=("MIT",), pinned="GPL-3.0-only")
    assert found.acceptance == "denied"
    with pytest.raises(ExpressionError, match="is not offered"):
        judge("MIT OR ISC", pinned="Zlib")


def test_a_list_names_single_licenses() -> None:
    with pytest.raises(ExpressionError):
        read_entry("MIT OR ISC", "allow", 0)
    with pytest.raises(ExpressionError):
        read_entry("category:nonsense", "allow", 0)
    assert "permissive" in CATEGORIES


@pytest.mark.parametrize(
    ("expression", "choice"),
    [
        ("(MIT OR ISC) AND (MIT OR Zlib)", "MIT"),
        ("(MIT OR ISC) AND ISC", "ISC"),
        ("MIT AND (MIT OR GPL-3.0-only)", "MIT"),
        ("(MIT AND Zlib) OR ISC", "ISC"),
        ("GPL-3.0-only AND MIT OR Zlib AND ISC", "Zlib AND ISC"),
        ("(ISC OR MIT) AND (Zlib OR GPL-3.0-only)", "ISC AND Zlib"),
    ],
)
def test_the_smallest_choice_is_recorded(expression: str, choice: str) -> None:
    assert judge(expression, allow=("MIT", "ISC", "Zlib")).choice == choice


def test_a_choice_is_no_better_than_it_has_to_be() -> None:
    """Two licenses that are allowed are better than one that needs a review."""
    found = judge("MPL-2.0 OR MIT AND ISC", allow=("MIT", "ISC"), review=("MPL-2.0",))
    assert (found.acceptance, found.choice) == ("allowed", "MIT AND ISC")


def test_a_choice_inside_an_and_can_be_pinned() -> None:
    text = "MPL-2.0 AND (Apache-2.0 OR MIT)"
    found = judge(text, allow=("MPL-2.0", "MIT", "Apache-2.0"), pinned="MIT AND MPL-2.0")
    assert (found.acceptance, found.choice) == ("allowed", "MIT AND MPL-2.0")
    for pinned in ("MIT", "MPL-2.0", "MIT AND Apache-2.0 AND MPL-2.0", "MIT OR MPL-2.0"):
        with pytest.raises(ExpressionError, match="is not offered"):
            judge(text, allow=("MPL-2.0", "MIT"), pinned=pinned)


def test_an_expression_of_too_many_alternatives_is_still_judged() -> None:
    pairs = [f"(LicenseRef-a{at} OR LicenseRef-b{at})" for at in range(40)]
    text = " AND ".join(pairs)
    allow = tuple(f"LicenseRef-b{at}" for at in range(40))
    found = judge(text, allow=allow)
    assert (found.acceptance, found.choice) == ("allowed", " AND ".join(allow))
    assert judge(text, allow=allow[:-1]).acceptance == "denied"


def test_a_count_of_clauses_is_no_version() -> None:
    assert judge("BSD-3-Clause", allow=("BSD-2-Clause+",)).acceptance == "denied"
    assert judge("BSD-4-Clause", allow=("BSD-3-Clause+",)).acceptance == "denied"
