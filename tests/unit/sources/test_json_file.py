from __future__ import annotations

import pytest

from adhere.errors import SourceError
from adhere.model.location import Location
from adhere.sources.json_file import JsonFile, parse_json


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('{"a": 1,\n "é" 2}', "f:2:6", "':'"),
        ("[1,]", "f:1:4", "trailing comma"),
        ('{"a": [1,\n2', "f:2:2", "cut off"),
        ("", "f", "empty"),
        (" \n ", "f", "empty"),
        ('{"a": "\\ud800"}', "f:1:8", "surrogate"),
        ('{"a": "\\udc00"}', "f:1:14", "surrogate"),
        ("NaN", "f:1:1", "invalid"),
        ("[" * 100_000, "f", "deep"),
        ('{"a": ' + "9" * 9999 + "}", "f", "out of range"),
        ("[1e999]", "f", "out of range"),
    ],
)
def test_malformed(text: str, place: str, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_json(text, "f")
    (problem,) = caught.value.problems
    assert problem.code == "source-invalid"
    assert problem.place == place
    assert words in problem.message


def test_places() -> None:
    file = JsonFile("f", b'\xef\xbb\xbf{\n "a": [\n  {"b": 1}]}')
    assert file.value == {"a": [{"b": 1}]}
    assert file.location(("a", 0, "b")) == Location("f", 3, 4)
    assert file.location(("a", 0, "none")) == Location("f", 3, 3)
    assert file.location(("none",)) == Location("f")
    assert file.location(("a", 0), 2) == Location("f", 3, 3)


def test_an_error_shows_its_line() -> None:
    (problem,) = JsonFile("f", b'{\n "a": 1}').refuse("no", ("a",), hint="do").problems
    assert (problem.place, problem.excerpt, problem.hint) == ("f:2:2", ' "a": 1}', "do")
