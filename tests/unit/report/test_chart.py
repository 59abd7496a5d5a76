from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adhere.report.chart import HEIGHT, WIDTH, Chart, chart

numbers = st.floats(-1e9, 1e9, allow_nan=False)


def test_a_line_and_its_limit() -> None:
    assert chart([0.0, 10.0], 5.0) == Chart("4,36 196,4", "20", "196", "4")
    assert chart([1.0, 1.0]) == Chart("4,20 196,20", "", "196", "20")
    assert chart([1.0]) == Chart("100,20", "", "100", "20")
    assert chart([]) is None


@given(st.lists(numbers, min_size=1, max_size=60), st.none() | numbers)
def test_everything_lies_within_the_frame(values: list[float], limit: float | None) -> None:
    found = chart(values, limit)
    assert found is not None
    for place in found.points.split():
        x, y = map(float, place.split(","))
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
    assert (found.limit == "") == (limit is None)
    assert found.points.endswith(f"{found.x},{found.y}")


@given(st.lists(numbers, min_size=2, max_size=60))
def test_what_is_larger_stands_higher(values: list[float]) -> None:
    found = chart(values)
    assert found is not None
    heights = [float(place.split(",")[1]) for place in found.points.split()]
    for (one, high), (other, low) in zip(
        zip(values, heights, strict=True), zip(values[1:], heights[1:], strict=True), strict=False
    ):
        if one > other:
            assert high <= low
