from __future__ import annotations

import pytest

from adhere.model.location import Location


@pytest.mark.parametrize(
    ("location", "words"),
    [
        (Location("uv.lock"), "uv.lock"),
        (Location("uv.lock", 12), "uv.lock:12:1"),
        (Location("uv.lock", 12, 5), "uv.lock:12:5"),
    ],
)
def test_is_what_an_editor_opens(location: Location, words: str) -> None:
    assert str(location) == words


def test_places_of_a_file_sort_from_top_to_bottom() -> None:
    places = [Location("b", 1), Location("a", 10), Location("a", 2), Location("a")]
    assert sorted(places) == [Location("a"), Location("a", 2), Location("a", 10), Location("b", 1)]
