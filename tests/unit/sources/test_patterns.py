"""Patterns looked for within a bounded time."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.model.text import Found, Match
from adhere.sources.matcher import MOST, SHOWN, find
from adhere.sources.patterns import PatternError, Patterns

ENDLESS = "(a+)+$"
TRAP = "a" * 60 + "!"


@pytest.fixture
def patterns() -> Iterator[Patterns]:
    made = Patterns(seconds=0.5)
    yield made
    made.close()


def test_where_each_matches(patterns: Patterns) -> None:
    text = "one\r\n  two ä one\n"
    assert patterns.find(text, ["one", "ä", "x"], lines=True) == [
        Found(2, (Match(1, 1, "one"), Match(2, 9, "two ä one"))),
        Found(1, (Match(2, 7, "two ä one"),)),
        Found(0, ()),
    ]


def test_lines_or_the_whole_text(patterns: Patterns) -> None:
    (lines,) = patterns.find("a\nb\n", ["^b$"], lines=True)
    (whole,) = patterns.find("a\nb\n", ["^b$"], lines=False)
    assert (lines.count, whole.count) == (1, 0)


def test_text_that_is_none_is_looked_into_all_the_same(patterns: Patterns) -> None:
    (found,) = patterns.find("\ud800\0\u2028x", ["x"], lines=True)
    assert found.count == 1


def test_one_that_tries_every_way_is_given_up(patterns: Patterns) -> None:
    with pytest.raises(PatternError, match=re.escape(f"`{ENDLESS}` takes longer than 0.5 s")):
        patterns.find(TRAP, ["a", ENDLESS], lines=True)
    with pytest.raises(PatternError, match="took too long on another text"):
        patterns.find("a", [ENDLESS], lines=True)
    assert patterns.find("a", ["a"], lines=True)[0].count == 1, "the others are still looked for"


def test_a_process_that_dies_is_noticed_and_replaced(patterns: Patterns) -> None:
    patterns.find("a", ["a"], lines=True)
    process = patterns._process
    assert process is not None
    process.kill()
    process.wait()
    with pytest.raises(PatternError, match="process"):
        patterns.find("a", ["a"], lines=True)
    assert patterns.find("a", ["a"], lines=True)[0].count == 1


def test_no_process_is_left(patterns: Patterns) -> None:
    patterns.find("a", ["a"], lines=True)
    process = patterns._process
    assert process is not None
    patterns.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


def test_very_many_matches_are_counted_up_to_a_limit() -> None:
    count, places = find("x", "x\n" * (MOST + 5), 0)
    assert (count, len(places)) == (MOST, SHOWN)
    assert places[-1][:2] == (SHOWN, 1)


@given(st.text(max_size=60), st.sampled_from(["a", "\\d+", "^.", "(?i)b", "\\s"]))
def test_places_are_those_of_the_matches(text: str, pattern: str) -> None:
    count, places = find(pattern, text, re.MULTILINE)
    starts = [match.start() for match in re.finditer(pattern, text, re.MULTILINE)]
    assert count == len(starts)
    lines = text.split("\n")
    offsets = [
        sum(len(one) + 1 for one in lines[: line - 1]) + column - 1 for line, column, _ in places
    ]
    assert offsets == starts[:SHOWN]
