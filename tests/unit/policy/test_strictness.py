"""Which way a changed rule went; what is not known to be stricter is never called so."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.checks import BUILT_IN, KINDS
from adhere.checks.licenses_allowed import Params as Licenses
from adhere.checks.vulnerabilities_gate import Params as Gate
from adhere.policy.quantity import Duration
from adhere.policy.rule import Change, Direction
from adhere.policy.strictness import compare, compared

OTHER = {"looser": "tighter", "tighter": "looser", "changed": "changed"}
ORDER = ("deny", "warn", "allow")


@pytest.mark.parametrize(
    ("old", "new", "direction", "expected"),
    [
        (7, 5, "smaller", "tighter"),
        (7, 14, "smaller", "looser"),
        (7, None, "smaller", "looser"),
        (None, 7, "larger", "tighter"),
        (False, True, "larger", "tighter"),
        (False, True, "smaller", "looser"),
        ("10s", "1m", "smaller", "looser"),
        ("512MB", "1GB", "smaller", "looser"),
        ("60s", "1m", "smaller", "changed"),
        (Duration("7d"), Duration("1w"), "smaller", "changed"),
        (Duration("7d"), Duration("6d"), "smaller", "tighter"),
        ("some", "words", "smaller", "changed"),
        ("deny", "allow", ORDER, "looser"),
        ("warn", "deny", ORDER, "tighter"),
        ("warn", "other", ORDER, "changed"),
        (("a",), ("a", "b"), "smaller", "looser"),
        (("a", "b"), ("a",), "smaller", "tighter"),
        (("a",), ("b",), "smaller", "changed"),
        (("a", "b"), ("b", "a"), "smaller", "changed"),
        ((), ("a",), "wider", "looser"),
        (("a",), (), "wider", "tighter"),
        (("a",), ("a", "b"), "wider", "tighter"),
        ((), ("a",), "narrower", "tighter"),
        (("a", "b"), ("a",), "narrower", "tighter"),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, "smaller", "looser"),
        ({"a": 1}, {"a": 1, "b": 3}, "smaller", "tighter"),
        ({"a": 1, "b": 2}, {"a": 0, "b": 3}, "smaller", "changed"),
    ],
)
def test_which_way(old: Any, new: Any, direction: Direction, expected: Change) -> None:
    assert compare(old, new, direction) == expected


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from(ORDER),
    st.lists(st.sampled_from("abc"), max_size=3, unique=True).map(tuple),
    st.dictionaries(st.sampled_from("ab"), st.integers(0, 3), max_size=2),
)
directions = st.sampled_from(["smaller", "larger", "narrower", "wider", ORDER])


@given(values, values, directions)
def test_the_way_back_is_the_other_way(old: Any, new: Any, direction: Direction) -> None:
    if old != new:
        assert compare(new, old, direction) == OTHER[compare(old, new, direction)]


@given(*(st.lists(st.integers(0, 9), max_size=4, unique=True).map(tuple) for _ in range(2)))
def test_a_list_gets_stricter_only_when_it_allows_no_more(old: Any, new: Any) -> None:
    if old != new and compare(old, new, "smaller") == "tighter":
        assert set(new) < set(old)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"allow": ("MIT",), "review": ("MPL-2.0",)}, {"allow": ("MIT", "MPL-2.0")}, "looser"),
        ({"allow": ("MIT", "MPL-2.0")}, {"allow": ("MIT",), "review": ("MPL-2.0",)}, "tighter"),
        ({"allow": ("MIT",)}, {"allow": ("MIT",), "deny": ("GPL-3.0-only",)}, "tighter"),
        ({"allow": ("MIT", "ISC")}, {"allow": ("MIT", "Zlib")}, "changed"),
    ],
)
def test_a_license_that_moves(old: dict[str, Any], new: dict[str, Any], expected: Change) -> None:
    stricter = KINDS["licenses.allowed"].stricter
    assert callable(stricter)
    found = stricter(Licenses(**old), Licenses(**new))
    assert {found[name] for name in ("allow", "review", "deny")} == {expected}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (("CRITICAL", "HIGH"), ("CRITICAL",), "looser"),
        (("CRITICAL",), ("critical", "MEDIUM"), "tighter"),
        (("CRITICAL",), ("HIGH",), "changed"),
    ],
)
def test_a_severity_that_moves(
    old: tuple[str, ...], new: tuple[str, ...], expected: Change
) -> None:
    stricter = KINDS["vulnerabilities.gate"].stricter
    assert callable(stricter)
    assert stricter(Gate(fail_on=old), Gate(fail_on=new))["fail_on"] == expected


@pytest.mark.parametrize("kind", sorted(BUILT_IN))
def test_directions_are_of_parameters_that_there_are(kind: str) -> None:
    stricter = KINDS[kind].stricter
    names = {field.name for field in msgspec.structs.fields(KINDS[kind].params)}
    if not callable(stricter):
        assert set(stricter) <= names


def test_kinds_that_differ_in_nothing_that_is_known() -> None:
    assert compared(Gate(), Gate(), {"only_fixable": "smaller"}) == {}
