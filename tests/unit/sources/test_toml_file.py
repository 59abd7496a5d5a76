from __future__ import annotations

from pathlib import Path

import pytest

from adhere.errors import SourceError
from adhere.sources.toml_file import TomlFile

HEADERS = """# [[package]]
[[package]]
name = "a"

  [[ package ]]
name = "b"
"""


def lines(text: str) -> list[int]:
    return TomlFile("f.lock", text.encode()).tables("package")[1]


def test_lines_of_headers() -> None:
    assert lines(HEADERS) == [2, 5]
    assert lines(HEADERS.replace("\n", "\r\n")) == [2, 5]
    assert lines("") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('x = """\n[[package]]\n"""\n[[package]]\nn = 1\n', [4]),
        ("x = '''\n[[package]]\n'''\n[[\"package\"]]\nn = 1\n", [4]),
        ('[["package"]]\nn = 1\n[[package]]\nn = 2\n', [1, 3]),
        ("package = [{n = 1},\n {n = 2}]\n", [1, 2]),
    ],
)
def test_where_headers_deceive_the_exact_places_are_used(text: str, expected: list[int]) -> None:
    assert lines(text) == expected


def test_not_an_array() -> None:
    with pytest.raises(SourceError) as caught:
        lines("a = 1\npackage = 1\n")
    (problem,) = caught.value.problems
    assert (problem.place, problem.excerpt) == ("f.lock:2:1", "package = 1")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a = 1\nb = = 2\n", "f.lock:2:5"),
        ("a = 1\nb = [1,", "f.lock:2:8"),
        ("a = " + "9" * 9999, "f.lock"),
    ],
)
def test_malformed(text: str, place: str) -> None:
    with pytest.raises(SourceError) as caught:
        lines(text)
    (problem,) = caught.value.problems
    assert problem.code == "source-invalid"
    assert problem.place == place
    assert "not valid TOML" in problem.message


def test_an_excerpt_has_no_secret(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        lines('a = "https://me:hunter2@h.example.org" x\n')
    assert "hunter2" not in caught.value.problems[0].excerpt
    assert "h.example.org" in caught.value.problems[0].excerpt
