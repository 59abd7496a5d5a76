"""Comparisons of a run with and without a cache, as a file holds them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.errors import ConfigError
from adhere.sources.comparison import read_comparison

WHOLE: dict[str, Any] = {
    "schema": "adhere.comparison/1",
    "version": "1",
    "made": "2026-11-24",
    "commit": "",
    "inputs": {"uv.lock": "sha256:0"},
    "runs": [{"cache": "none", "report": "sha256:0", "hit_rate": None}],
    "differences": [],
}


def read(value: object) -> object:
    return read_comparison(json.dumps(value), "c.json")


def test_what_was_written_is_read() -> None:
    found = read_comparison(json.dumps(WHOLE), "c.json")
    assert (found.made, found.runs[0].cache) == (date(2026, 11, 24), "none")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("schema", "adhere.comparison/2"),
        ("schema", None),
        ("made", "yesterday"),
        ("inputs", ["uv.lock"]),
        ("runs", [{"cache": "warm", "report": "sha256:0"}]),
        ("runs", [{"cache": "none"}]),
        ("version", None),
    ],
)
def test_what_is_no_comparison_is_refused(key: str, value: object) -> None:
    with pytest.raises(ConfigError) as caught:
        read({**WHOLE, key: value})
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("comparison-invalid", "c.json")


@given(st.text(max_size=60), st.integers(0, 200))
def test_whatever_stands_in_the_file_is_read_or_refused(noise: str, at: int) -> None:
    text = json.dumps(WHOLE)
    try:
        read_comparison(text[:at] + noise + text[at:], "c.json")
    except ConfigError as refused:
        (problem,) = refused.problems
        assert problem.code == "comparison-invalid"
