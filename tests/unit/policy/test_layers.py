from __future__ import annotations

import pytest

from adhere.errors import ConfigError, Problem
from adhere.spans.document import Node
from corpus.policies import layered, places


def where(root: Node, *path: str | int) -> str:
    """The file and line that a value was written in."""
    node = root.down(path)
    assert node.at != () or not path
    line, _ = node.document.position(node.at)
    return f"{node.document.path}:{line}"


def refused(files: dict[str, str], path: str = "adhere.toml") -> Problem:
    with pytest.raises(ConfigError) as caught:
        layered(files, path)
    (problem,) = caught.value.problems
    return problem


BASE = """\
[project]
first_party = ["org-*"]
groups = { runtime = "error", dev = "report" }

[[rule]]
id = "licenses"
check = "licenses.allowed"
level = "warn"
with = { allow = ["MIT"], unknown = "warn" }

[[rule]]
id = "origin"
check = "sources.allowed"
"""
LOCAL = """\
extends = ["policy/base.toml"]

[project]
first_party = ["acme-*"]
groups = { dev = "warn" }

[[rule]]
id = "own"
check = "files.present"

[[rule]]
id = "licenses"
level = "error"
with = { allow = ["MIT", "ISC"] }
"""
FILES = {"adhere.toml": LOCAL, "policy/base.toml": BASE}


def test_local_values_win_and_tables_merge() -> None:
    root = layered(FILES)
    assert root.down(("project",)).plain() == {
        "first_party": ["acme-*"],
        "groups": {"runtime": "error", "dev": "warn"},
    }


def test_rules_merge_by_their_id_and_keep_the_order_of_the_base() -> None:
    assert layered(FILES).down(("rule",)).plain() == [
        {
            "id": "licenses",
            "check": "licenses.allowed",
            "level": "error",
            "with": {"allow": ["MIT", "ISC"], "unknown": "warn"},
        },
        {"id": "origin", "check": "sources.allowed"},
        {"id": "own", "check": "files.present"},
    ]


def test_every_value_knows_its_file_and_line() -> None:
    root = layered(FILES)
    assert where(root, "project", "groups", "runtime") == "policy/base.toml:3"
    assert where(root, "project", "groups", "dev") == "adhere.toml:5"
    assert where(root, "rule", 0, "check") == "policy/base.toml:7"
    assert where(root, "rule", 0, "level") == "adhere.toml:13"
    assert where(root, "rule", 0, "with", "unknown") == "policy/base.toml:9"
    assert where(root, "rule", 0, "with", "allow", 1) == "adhere.toml:14"
    assert where(root, "rule", 1, "id") == "policy/base.toml:12"


def test_a_mistake_in_a_base_points_into_the_base() -> None:
    root = layered({**FILES, "policy/base.toml": BASE.replace('"report" }', '"loud" }')})
    node = root.down(("project", "groups", "runtime"))
    assert node.problem("c", "m").place == "policy/base.toml:3:22"
    assert node.problem("c", "m").excerpt.startswith("groups = {")


def test_several_bases_lie_over_one_another_in_their_order() -> None:
    root = layered(
        {
            "adhere.toml": 'extends = ["one.toml", "two.toml"]\nc = "local"\n',
            "one.toml": 'a = "one"\nb = "one"\nc = "one"\n',
            "two.toml": 'b = "two"\nc = "two"\n',
        }
    )
    assert {key: root.down((key,)).plain() for key in "abc"} == {
        "a": "one",
        "b": "two",
        "c": "local",
    }


def test_a_base_may_extend_another_relative_to_itself() -> None:
    root = layered(
        {
            "adhere.toml": 'extends = ["org/team/base.toml"]\n',
            "org/team/base.toml": 'extends = ["../all.toml"]\nb = 2\n',
            "org/all.toml": "a = 1\nb = 1\n",
        }
    )
    assert (root.down(("a",)).plain(), root.down(("b",)).plain()) == (1, 2)
    assert where(root, "a") == "org/all.toml:1"


def test_one_base_by_two_ways_is_no_circle() -> None:
    files = {
        "adhere.toml": 'extends = ["one.toml", "two.toml"]\n',
        "one.toml": 'extends = ["all.toml"]\n',
        "two.toml": 'extends = ["all.toml"]\n',
        "all.toml": "a = 1\n",
    }
    assert layered(files).down(("a",)).plain() == 1


@pytest.mark.parametrize(
    ("files", "ring", "place"),
    [
        (
            {"adhere.toml": 'extends = ["adhere.toml"]\n'},
            "adhere.toml -> adhere.toml",
            "adhere.toml:1:12",
        ),
        (
            {
                "adhere.toml": 'extends = ["a/one.toml"]\n',
                "a/one.toml": 'x = 1\nextends = ["../b/two.toml"]\n',
                "b/two.toml": 'extends = ["../a/./one.toml"]\n',
            },
            "adhere.toml -> a/one.toml -> b/two.toml -> a/one.toml",
            "b/two.toml:1:12",
        ),
    ],
)
def test_a_circle_is_named(files: dict[str, str], ring: str, place: str) -> None:
    problem = refused(files)
    assert (problem.code, problem.place) == ("config-extends-cycle", place)
    assert ring in problem.message


def test_a_missing_base_is_a_mistake_of_the_line_that_names_it() -> None:
    problem = refused({"adhere.toml": 'a = 1\nextends = ["gone.toml"]\n'})
    assert (problem.code, problem.place) == ("config-extends-missing", "adhere.toml:2:12")
    assert "`gone.toml`" in problem.message


def test_a_malformed_base_is_a_mistake_of_the_base() -> None:
    problem = refused({"adhere.toml": 'extends = ["bad.toml"]\n', "bad.toml": "a = \n"})
    assert (problem.code, problem.place) == ("toml-invalid", "bad.toml:1:5")


def test_a_missing_configuration_is_no_missing_base() -> None:
    assert refused({}).code == "file-unreadable"


def test_pyproject_is_read_below_its_table() -> None:
    files = {
        "pyproject.toml": '[tool.adhere]\nextends = ["base.toml"]\n[tool.adhere.project]\n'
        'first_party = ["a"]\n[tool.ruff]\nline-length = 100\n',
        "base.toml": "[adr]\ndir = 'decisions'\n",
    }
    root = layered(files, "pyproject.toml")
    assert root.plain() == {
        "extends": ["base.toml"],
        "project": {"first_party": ["a"]},
        "adr": {"dir": "decisions"},
    }
    assert where(root, "project", "first_party") == "pyproject.toml:4"


@pytest.mark.parametrize("table", ["tool = 1", "[tool]\nadhere = []", "[tool]\nadhere = 'x'"])
def test_a_table_of_ours_that_is_none(table: str) -> None:
    problem = refused({"pyproject.toml": table + "\n"}, "pyproject.toml")
    assert problem.code == "config-type"


def test_extends_of_the_wrong_type_is_left_to_the_decoder() -> None:
    assert layered({"adhere.toml": "extends = 5\n"}).plain() == {"extends": 5}
    assert layered({"adhere.toml": "extends = [5]\n"}).plain() == {"extends": [5]}


@pytest.mark.parametrize(
    "local",
    ["rule = 5\n", "[rule]\nid = 'licenses'\n"],
)
def test_rules_of_the_wrong_type_are_left_to_be_refused(local: str) -> None:
    text = 'extends = ["policy/base.toml"]\n' + local
    assert not isinstance(layered({**FILES, "adhere.toml": text}).down(("rule",)).value, list)


def test_a_repeated_or_missing_id_stays_in_the_list() -> None:
    local = (
        'extends = ["policy/base.toml"]\n'
        '[[rule]]\nid = "licenses"\nlevel = "error"\n'
        '[[rule]]\nid = "licenses"\nlevel = "report"\n'
        '[[rule]]\nlevel = "warn"\n'
    )
    rules = layered({**FILES, "adhere.toml": local}).down(("rule",)).plain()
    assert isinstance(rules, list)
    assert [rule.get("id") for rule in rules] == ["licenses", "origin", "licenses", None]


def test_every_problem_of_a_base_is_told() -> None:
    with pytest.raises(ConfigError) as caught:
        layered({"adhere.toml": 'extends = ["b.toml"]\n', "b.toml": 'extends = ["gone.toml"]\n'})
    assert places(caught.value.problems) == ["b.toml:1:12 config-extends-missing"]


@pytest.mark.parametrize("schema", ["2", "'1'"])
def test_a_layer_of_another_schema_is_not_guessed_at(schema: str) -> None:
    """The local file's own schema would otherwise stand above it."""
    files = {
        "adhere.toml": 'schema = 1\nextends = ["base.toml"]\n',
        "base.toml": f"schema = {schema}\n",
    }
    with pytest.raises(ConfigError) as caught:
        layered(files)
    assert [problem.place for problem in caught.value.problems] == ["base.toml:1:10"]
