from __future__ import annotations

from typing import Any

import msgspec
import pytest

from adhere.model.finding import LEVELS, Finding, Level, milder, stricter
from adhere.model.location import Location

FINDING = Finding("rule", "license-denied", "words", "package", version="1.0", detail="MIT")


@pytest.mark.parametrize(
    "change",
    [
        {"message": "other words"},
        {"version": "2.0"},
        {"location": Location("uv.lock", 99)},
        {"level": "warn"},
        {"groups": ("dev",)},
        {"disposition": "waived"},
        {"digest": "sha256:0"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_baseline_knows_a_finding_again(change: dict[str, Any]) -> None:
    assert msgspec.structs.replace(FINDING, **change).fingerprint == FINDING.fingerprint


@pytest.mark.parametrize("field", ["rule", "code", "subject", "detail"])
def test_another_finding_has_another_fingerprint(field: str) -> None:
    other = msgspec.structs.replace(FINDING, **{field: "other"})
    assert other.fingerprint != FINDING.fingerprint


def test_parts_do_not_run_together() -> None:
    first = Finding("a", "bc", "", "d")
    second = Finding("ab", "c", "", "d")
    assert first.fingerprint != second.fingerprint


def test_half_a_character_has_a_fingerprint() -> None:
    assert len(Finding("rule", "code", "", "\ud800").fingerprint) == 32


@pytest.mark.parametrize("first", LEVELS)
@pytest.mark.parametrize("second", LEVELS)
def test_of_two_levels_one_is_the_milder(first: Level, second: Level) -> None:
    assert {milder(first, second), stricter(first, second)} == {first, second}
    assert LEVELS.index(milder(first, second)) <= LEVELS.index(stricter(first, second))
    assert milder(first, second) == milder(second, first)


def test_an_error_is_the_strictest() -> None:
    assert stricter("error", "report") == "error"
    assert milder("warn", "report") == "report"
