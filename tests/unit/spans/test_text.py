from __future__ import annotations

import pytest

from adhere.spans.text import Lines


@pytest.mark.parametrize(
    ("offset", "position"),
    [(0, (1, 1)), (2, (1, 3)), (3, (1, 4)), (4, (2, 1)), (5, (3, 1)), (8, (3, 4))],
)
def test_position_counts_from_one(offset: int, position: tuple[int, int]) -> None:
    assert Lines("abc\n\nxyz").position(offset) == position


def test_a_line_is_shown_without_its_end() -> None:
    lines = Lines("one\r\ntwo\nthree")
    assert [lines.text_of(number) for number in (1, 2, 3)] == ["one", "two", "three"]


@pytest.mark.parametrize("number", [-1, 0, 4, 10**9])
def test_there_is_nothing_outside_of_the_text(number: int) -> None:
    assert Lines("one\ntwo\n").text_of(number) == ""


def test_an_empty_text_has_one_empty_line() -> None:
    lines = Lines("")
    assert lines.position(0) == (1, 1)
    assert lines.text_of(1) == ""


def test_characters_count_once_whatever_their_size() -> None:
    assert Lines("ä😀\nx").position(2) == (1, 3)
    assert Lines("ä😀\nx").position(3) == (2, 1)
