from __future__ import annotations

import pytest

from adhere.errors import ConfigError, Problem
from adhere.report.text import Painter, problem_lines
from adhere.spans.document import MAX_DEPTH, Document, Node


def shown(problem: Problem) -> list[str]:
    """The excerpt and the caret line below it, without their gutter."""
    lines = list(problem_lines(problem, Painter(colour=False)))
    gutter = next(index for index, line in enumerate(lines) if line.endswith(" |"))
    return [line.partition(" | ")[2] for line in lines[gutter + 1 : gutter + 3]]


def refused(text: str) -> Problem:
    with pytest.raises(ConfigError) as caught:
        Document("a.toml", text)
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("toml-invalid", "a.toml")
    return problem


@pytest.mark.parametrize(
    ("text", "excerpt", "caret"),
    [
        ('name = "x"\nlevel = "high"\n', 'level = "high"', "        ^^^^^^"),
        ('name = "x"\r\nlevel = "high"\r\n', 'level = "high"', "        ^^^^^^"),
        ('\ufeffname = "x"\nlevel = "high"\n', 'level = "high"', "        ^^^^^^"),
        ('name = "x"\n\tlevel\t=\t"high"\n', ' level = "high"', "         ^^^^^^"),
        ('"ä😀" = 1\nlevel = "hïgh"\n', 'level = "hïgh"', "        ^^^^^^"),
    ],
)
def test_the_caret_stands_under_the_value(text: str, excerpt: str, caret: str) -> None:
    node = Document("a.toml", text).root.child("level")
    assert node is not None
    assert shown(node.problem("code", "wrong")) == [excerpt, caret]


def test_the_caret_stands_under_the_key_when_the_key_is_wrong() -> None:
    node = Document("a.toml", 'levle = "high"\n').root.child("levle")
    assert node is not None
    assert shown(node.problem("code", "wrong", on_key=True)) == ['levle = "high"', "^^^^^"]


def test_a_control_character_moves_neither_excerpt_nor_caret_apart() -> None:
    node = Document("a.toml", 'a = "\u202ex"\n').root.child("a")
    assert node is not None
    excerpt, caret = shown(node.problem("code", "wrong"))
    assert excerpt == 'a = "\\u202ex"'
    assert excerpt[caret.index("^")] == '"'


def test_a_value_over_several_lines_is_underlined_to_the_end_of_its_first() -> None:
    node = Document("a.toml", "a = [\n  1,\n]\n").root.child("a")
    assert node is not None
    assert shown(node.problem("code", "wrong")) == ["a = [", "    ^"]


def test_what_is_absent_is_pointed_at_where_it_belongs() -> None:
    document = Document("a.toml", "[project]\nname = 'x'\n")
    assert document.position(("project", "version")) == (1, 1)
    assert document.position(("project", "name")) == (2, 1)
    assert document.position(("other",)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 1\nb = \n", 2, 5),
        ("a = 1\na = 2\n", 2, 6),
        ('a = "x\n', 1, 7),
        ("a = [1,\n", 1, 8),
        ("= 1\n", 1, 1),
    ],
)
def test_a_syntax_error_has_its_place(text: str, line: int, column: int) -> None:
    problem = refused(text)
    assert (problem.line, problem.column) == (line, column)
    assert problem.excerpt == text.splitlines()[line - 1]
    assert "line" not in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5_000 + "]" * 5_000,
        "a = " + "{b=" * 500 + "1" + "}" * 500,
        ".".join(["a"] * 5_000) + " = 1",
        "[" + ".".join(["a"] * 5_000) + "]",
        "a = " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
    ],
    ids=["arrays", "inline tables", "dotted key", "header", "one too deep"],
)
def test_endless_nesting_is_refused(text: str) -> None:
    assert "nested" in refused(text).message


def test_a_number_of_very_many_digits_is_refused() -> None:
    assert "digits" in refused(f"a = {'9' * 5_000}").message


def test_the_deepest_document_can_be_walked() -> None:
    depth = MAX_DEPTH - 1
    document = Document("a.toml", "a = " + "[" * depth + "]" * depth)
    assert document.root.plain() == document.value
    assert document.position(("a", *[0] * (depth - 1)))[0] == 1


def test_a_tree_knows_where_each_part_was_written() -> None:
    root = Document("a.toml", "a = { b = [10, 20] }\n").root
    node = root.down(("a", "b", 1))
    assert node.value == 20
    assert node.at == ("a", "b", 1)
    assert root.down(("a", "nothing", "below")).at == ("a",)
    assert root.plain() == {"a": {"b": [10, 20]}}


@pytest.mark.parametrize("part", ["b", 0, -1, 2])
def test_a_child_that_is_not_there_is_none(part: str | int) -> None:
    root = Document("a.toml", "a = [1, 2]\n").root
    assert root.child(part) is None
    array = root.child("a")
    assert array is not None
    assert (array.child(part) is not None) is (part == 0)


def test_a_merged_tree_names_every_file_it_comes_from() -> None:
    first, second = Document("a.toml", "a = 1\n"), Document("b.toml", "b = [1]\n")
    merged = Node(
        {**first.root.value, **second.root.value},  # type: ignore[dict-item]  # both are tables
        second,
        (),
    )
    assert {document.path for document in merged.files()} == {"a.toml", "b.toml"}
