"""Keys of structured files are the words that were written."""

from __future__ import annotations

import pytest

from adhere.errors import ConfigError
from adhere.sources.data_file import read_data


def test_keys_that_yaml_reads_as_something_else() -> None:
    text = "on:\n  push:\n010: 1\nyes: 2\n1.0: 3\nnull: 4\n2026-01-02: 5\n~: 6\n"
    assert read_data(text, "a.yaml").value == {
        "on": {"push": None},
        "010": 1,
        "yes": 2,
        "1.0": 3,
        "null": 4,
        "2026-01-02": 5,
        "~": 6,
    }


def test_what_is_merged_in_is_there_and_what_stands_beside_it_wins() -> None:
    text = "base: &b {on: 1, off: 2}\nown:\n  <<: *b\n  off: 3\n"
    assert read_data(text, "a.yaml").value["own"] == {"on": 1, "off": 3}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.yaml", "a: 1\nb: 1\na: 2\n"),
        ("a.yaml", "x:\n  - {a: 1, a: 1}\n"),
        ("a.yaml", 'on: 1\n"on": 2\n'),
        ("a.json", '{"a": 1, "a": 1}'),
        ("a.json", '[{"x": {"a": 1, "b": {}, "a": 2}}]'),
        ("a.toml", "a = 1\na = 2\n"),
    ],
)
def test_a_key_that_is_there_twice_is_no_answer(path: str, text: str) -> None:
    with pytest.raises(ConfigError, match=r"twice|overwrite"):
        read_data(text, path)


@pytest.mark.parametrize("text", ["? [a, b]\n: 1\n", "? {a: 1}\n: 1\n"])
def test_a_key_that_is_no_word(text: str) -> None:
    with pytest.raises(ConfigError, match="a key is a list or a table"):
        read_data(text, "a.yaml")
