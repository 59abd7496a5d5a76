from __future__ import annotations

import json

import pytest

from adhere.spans.json import locate

TEXT = """{
  "a": {"b": [1, {"c": "x,{}"}, [], {}]},
  "d\\"\\u00e9": -1.5e3,
  "": true,
  "last":null
}"""


def at(text: str, *path: str | int) -> tuple[str, str]:
    """What stands where the key and the value of a path begin."""
    key, value = locate(text)[path]
    return text[key : key + 4], text[value : value + 4]


def test_keys_and_values() -> None:
    assert at(TEXT, "a") == ('"a":', '{"b"')
    assert at(TEXT, "a", "b", 1, "c") == ('"c":', '"x,{')
    assert at(TEXT, 'd"é') == ('"d\\"', "-1.5")
    assert at(TEXT, "") == ('"": ', "true")
    assert at(TEXT, "last") == ('"las', "null")


def test_elements_have_one_place() -> None:
    assert at(TEXT, "a", "b", 0) == ("1, {", "1, {")
    assert at(TEXT, "a", "b", 2) == ("[], ", "[], ")
    assert locate("[1]")[()] == (0, 0)
    assert locate('  "x"')[()] == (2, 2)


def test_of_a_repeated_key_the_last_one_counts() -> None:
    text = '{"a": 1, "a": 2}'
    assert at(text, "a") == ('"a":', "2}")


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_what_lies_deeper_is_left_out(depth: int) -> None:
    every = locate(TEXT)
    assert locate(TEXT, depth) == {path: s for path, s in every.items() if len(path) <= depth}


def test_depth_is_no_recursion() -> None:
    text = "[" * 200_000 + "]" * 200_000
    assert len(locate(text, 10)) == 11


def test_minified_and_indented_agree() -> None:
    value = json.loads(TEXT)
    assert set(locate(json.dumps(value))) == set(locate(json.dumps(value, indent=2)))
