"""Places in JSON against the parser: the value that begins there is the value of the path."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adhere.spans.json import locate

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
)
styles = st.sampled_from([None, 0, 1, 3])


def paths(value: Any, at: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], Any]:
    found = {at: value}
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, child in items:
        found |= paths(child, (*at, key))
    return found


@given(values, styles, st.booleans())
def test_every_path_and_no_other(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    starts = locate(text)
    expected = paths(value)
    assert set(starts) == set(expected)
    decoder = json.JSONDecoder()
    for path, (key, begin) in starts.items():
        assert decoder.raw_decode(text, begin)[0] == expected[path]
        if path and isinstance(path[-1], str):
            assert decoder.raw_decode(text, key)[0] == path[-1]
        else:
            assert key == begin
