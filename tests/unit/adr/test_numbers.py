"""Numbers of a section against those of the rules that enforce it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.adr.numbers import Quantity, drift, stated


def said(prose: str, **params: Any) -> dict[str, tuple[str, ...]]:
    """What the prose says otherwise, by parameter."""
    numbers = list(stated(params))
    found = {".".join(map(str, one.at)): drift(one, numbers, prose) for one in numbers}
    return {name: words for name, words in found.items() if words}


SLO = "CRITICAL within 7 days, HIGH 30, MEDIUM 90, LOW best effort."
BEHIND = (
    "What is there has to be gone within 7 days when it\nis CRITICAL, within 30 when it is HIGH "
    "and within 90 when it is MEDIUM."
)


@pytest.mark.parametrize("prose", [SLO, BEHIND])
def test_names_and_numbers_take_turns(prose: str) -> None:
    assert said(prose, critical="7d", high="30d", medium="90d") == {}
    assert said(prose, critical="P7D", high="30d") == {}
    assert said(prose, critical=7, high=30, medium=90) == {}
    assert list(said(prose, critical=14, high=30, medium=90)) == ["critical"]
    wrong = said(prose, critical="14d", high="90d", medium="90d")
    assert list(wrong) == ["critical", "high"]
    assert wrong["critical"][0].startswith("7")
    assert wrong["high"] == ("30",)


@pytest.mark.parametrize(
    ("prose", "params"),
    [
        ("Remediate critical findings within 7 days.", {"critical": "7d"}),
        ("Remediate critical findings within seven days.", {"critical": "7d"}),
        ("Remediate critical findings within a week or 168 hours.", {"critical": "7d"}),
        ("The run takes under 10 s, better under 5.", {"max": "5s"}),
        ("Peak memory stays below 512 MB.", {"max": "512MB"}),
        ("More than 80 % of lookups hit.", {"min": 0.8}),
        ("More than 80% of lookups hit.", {"min": "80%"}),
        ("L1 holds 1,000 items.", {"items": 1000}),
    ],
)
def test_both_say_the_same(prose: str, params: dict[str, Any]) -> None:
    assert said(prose, **params) == {}


@pytest.mark.parametrize(
    ("prose", "params", "words"),
    [
        ("Remediate critical findings within 7 days.", {"critical": "14d"}, "7 days"),
        ("Remediate critical findings within seven days.", {"critical": "14d"}, "seven days"),
        ("The run takes under 10 s, better under 5.", {"max": "12s"}, "10 s"),
        ("Peak memory stays below 512 MB.", {"max": "600MB"}, "512 MB"),
        ("More than 80 % of lookups hit.", {"min": 0.7}, "80 %"),
        ("L1 holds 1,000 items.", {"items": 900}, "1,000"),
        ("- critical: 7 days\n- high: 30 days", {"high": "7d"}, "30 days"),
    ],
)
def test_one_has_drifted(prose: str, params: dict[str, Any], words: str) -> None:
    (found,) = said(prose, **params).values()
    assert found[0] == words


@pytest.mark.parametrize(
    ("prose", "params"),
    [
        ("Critical findings are remediated soon.", {"critical": "7d"}),
        ("High findings are gone within 30 days.", {"critical": "7d"}),
        ("We meet in room 12 on 2026-01-01; see RFC-9110 and 3.11.", {"max": "10s"}),
        ("There are 3 tiers.", {"max": 5}),
        ("One of the critical ones waited 30 days.", {"critical": "30d"}),
        ("It keeps 5 of them.", {"enabled": True, "name": "x", "list": ["a"]}),
    ],
)
def test_what_the_prose_does_not_say_is_not_held_against_a_rule(
    prose: str, params: dict[str, Any]
) -> None:
    assert said(prose, **params) == {}


def test_numbers_among_parameters() -> None:
    found = {one.at: one.quantity for one in stated({"a": {"b": ["7d", 3]}, "c": "8MiB", "d": "x"})}
    assert found == {("c",): Quantity(8 * 1024**2, "bytes")}, "no sentence names those of a list"


@given(st.integers(1, 500), st.integers(1, 500))
def test_days_drift_exactly_when_they_differ(decided: int, enforced: int) -> None:
    found = said(f"A critical finding is gone within {decided} days.", critical=f"{enforced}d")
    assert bool(found) is (decided != enforced)


@given(st.text(max_size=200))
def test_any_prose_can_be_compared(prose: str) -> None:
    assert set(said(prose, critical="7d", max="5s", items=3)) <= {"critical", "max", "items"}
