from __future__ import annotations

from pathlib import Path

import pytest

from adhere.model.inventory import Requirement
from adhere.model.location import Location
from adhere.model.package import Origin
from adhere.sources.pyproject import project, requirements
from readers.given import refusal, written


def every(folder: Path, text: str) -> tuple[Requirement, ...]:
    return requirements(written(folder, {"pyproject.toml": text}), "pyproject.toml")


def short(found: tuple[Requirement, ...]) -> list[tuple[str, str, str]]:
    return [(r.group, r.name, r.specifier) for r in found]


STANDARD = """\
[build-system]
requires = ["hatchling>=1"]

[project]
name = "Acme.Shop"
version = "2.0"
dynamic = ["readme"]
dependencies = [
    "Flask>=3",
    "b[x] @ git+https://git.example.org/b@main ; os_name == 'nt'",
]

[project.optional-dependencies]
"My.Extra" = ["c==1.0"]

[dependency-groups]
test = ["d"]
Dev_x = ["e", { include-group = "test" }]
"""


def test_standard_tables(tmp_path: Path) -> None:
    found = every(tmp_path, STANDARD)
    assert short(found) == [
        ("runtime", "flask", ">=3"),
        ("runtime", "b", ""),
        ("extra:my-extra", "c", "==1.0"),
        ("test", "d", ""),
        ("dev-x", "e", ""),
        ("dev-x", "d", ""),
        ("build", "hatchling", ">=1"),
    ]
    assert found[0].location == Location("pyproject.toml", 9, 5)
    assert found[5].location == Location("pyproject.toml", 17, 9)
    assert found[1].origin == Origin("vcs", "https://git.example.org/b", "main")
    assert found[1].marker == 'os_name == "nt"'
    assert found[1].extras == ("x",)
    assert {r.by for r in found} == {"Acme.Shop"}


def test_the_project(tmp_path: Path) -> None:
    found = project(written(tmp_path, {"pyproject.toml": STANDARD}), "pyproject.toml")
    assert (found.name, found.version, found.dynamic) == ("acme-shop", "2.0", ("readme",))
    assert found.problems == ()


def test_a_file_that_says_nothing(tmp_path: Path) -> None:
    found = project(written(tmp_path, {"pyproject.toml": "[tool.x]\n"}), "p/pyproject.toml")
    assert (found.name, found.version, found.dynamic, found.requirements) == ("", "", (), ())


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('[project]\ndependencies = ["a b"]', "2:17", "`a b` is no requirement"),
        ("[project]\ndependencies = 'a'", "2:1", "a string, not an array"),
        ("[project]\ndependencies = [1]", "2:17", "a number, not a string"),
        ("[project]\noptional-dependencies = []", "2:1", "a list, not a table"),
        ("[project.optional-dependencies]\nx = {}", "2:1", "a table, not an array"),
        ("project = 1", "1:1", "a number, not a table"),
        ("[project]\nname = '../x'", "2:1", "name is not valid"),
        ("[dependency-groups]\na = [{include-group = 'b'}]", "2:6", "there is no group `b`"),
        ("[dependency-groups]\na = [{include-group = 1}]", "2:6", "is a string"),
        ("[dependency-groups]\na = [{x = 'b'}]", "2:6", "include-group"),
        ("[dependency-groups]\na = 1", "2:1", "a number, not an array"),
        ("[dependency-groups]\nA-b = []\na_b = []", "3:1", "another spelling"),
        ("[dependency-groups]\n'a b' = []", "2:1", "not a valid group name"),
        ("[tool.poetry.dependencies]\na = '^x'", "2:1", "no version constraint"),
        ("[tool.poetry.dependencies]\na = {version = 1}", "2:1", "expected `str`"),
        ("[tool.poetry.dependencies]\na = {markers = 'x y'}", "2:1", "marker"),
        ("[tool.poetry]\ngroup = 1", "2:1", "not a table"),
        ("[tool.poetry.group]\nx = 1", "2:1", "expected `object`"),
    ],
)  # fmt: skip
def test_mistakes_have_a_place(tmp_path: Path, text: str, place: str, words: str) -> None:
    (problem,) = refusal(requirements, tmp_path, {"pyproject.toml": text})
    assert problem.place == f"pyproject.toml:{place}"
    assert words in problem.message
    assert problem.excerpt


def test_what_is_right_is_kept_beside_mistakes(tmp_path: Path) -> None:
    text = '[project]\ndependencies = ["a", "b c", "d", "e f"]\n'
    found = project(written(tmp_path, {"pyproject.toml": text}), "pyproject.toml")
    assert [r.name for r in found.requirements] == ["a", "d"]
    assert len(found.problems) == 2


def test_a_ring_of_groups_is_named(tmp_path: Path) -> None:
    text = """\
[dependency-groups]
a = [{include-group = "b"}, "x"]
b = [{include-group = "C"}]
c = [{include-group = "a"}]
d = [{include-group = "a"}, {include-group = "d"}]
"""
    problems = refusal(requirements, tmp_path, {"pyproject.toml": text})
    assert [(p.line, p.message) for p in problems] == [
        (4, "groups include one another: a -> b -> c -> a"),
        (5, "groups include one another: d -> d"),
    ]


def test_groups_that_multiply_are_bounded(tmp_path: Path) -> None:
    rows = ["[dependency-groups]", "g0 = [" + '"a",' * 400 + "]"]
    rows += [f'g{n} = [{{include-group = "g{n - 1}"}}]' for n in range(1, 400)]
    problems = refusal(requirements, tmp_path, {"pyproject.toml": "\n".join(rows)})
    assert "more than 100000" in problems[-1].message


def test_poetry(tmp_path: Path) -> None:
    text = """\
[tool.poetry]
name = "shop"
version = "1.0"

[tool.poetry.dependencies]
python = "^3.11"
Django = "^4.2.1"
b = { version = "~1.4", extras = ["X_y"], python = ">=3.12", platform = "linux" }
c = { git = "https://u:p@git.example.org/c.git", tag = "v1", subdirectory = "s" }
d = { path = "../d", develop = true }
e = [
  { version = "1.*", markers = "os_name == 'nt'" },
  { version = "2.0", markers = "os_name != 'nt'" },
]
f = { version = "*", optional = true }
g = { url = "https://h.example.org/g.whl" }
h = "<2 || >=3"

[tool.poetry.extras]
Full = ["f"]

[tool.poetry.group.docs.dependencies]
i = ">=1,<2"

[tool.poetry.dev-dependencies]
j = "*"
"""
    found = every(tmp_path, text)
    assert short(found) == [
        ("runtime", "django", ">=4.2.1,<5.0.0"),
        ("runtime", "b", ">=1.4,<1.5"),
        ("runtime", "c", ""),
        ("runtime", "d", ""),
        ("runtime", "e", "==1.*"),
        ("runtime", "e", "==2.0"),
        ("extra:full", "f", ""),
        ("runtime", "g", ""),
        ("runtime", "h", ""),
        ("dev", "j", ""),
        ("docs", "i", ">=1,<2"),
    ]
    by_name = {r.name: r for r in found}
    assert by_name["b"].marker == "python_full_version >= '3.12' and sys_platform == 'linux'"
    assert by_name["b"].extras == ("x-y",)
    assert by_name["c"].origin == Origin("vcs", "https://git.example.org/c.git", "v1", "", "s")
    assert by_name["d"].origin == Origin("editable", "../d")
    assert by_name["g"].origin == Origin("url", "https://h.example.org/g.whl")
    assert by_name["django"].location == Location("pyproject.toml", 7, 1)


def test_beside_project_poetry_only_says_where_from(tmp_path: Path) -> None:
    text = """\
[project]
name = "shop"
dependencies = ["a>=1", "b"]

[tool.poetry.dependencies]
a = { path = "../a" }
c = "*"

[tool.poetry.group.dev.dependencies]
d = "*"
"""
    found = every(tmp_path, text)
    assert short(found) == [("runtime", "a", ">=1"), ("runtime", "b", ""), ("dev", "d", "")]
    assert found[0].origin == Origin("path", "../a")


def test_uv(tmp_path: Path) -> None:
    text = """\
[project]
name = "shop"
dependencies = ["a", "b", "c", "d", "e @ https://h.example.org/e.whl", "f"]

[tool.uv]
dev-dependencies = ["g"]
constraint-dependencies = ["h<2"]

[[tool.uv.index]]
name = "ours"
url = "https://u:p@index.example.org/simple"

[tool.uv.sources]
a = { git = "https://git.example.org/a", rev = "abc" }
B = { workspace = true }
c = [{ index = "ours", marker = "os_name == 'nt'" }, { index = "other" }]
d = { path = "libs/d", editable = true }
e = { path = "ignored" }
f = { url = 5 }
"""
    found = {r.name: r for r in every(tmp_path, text)}
    assert found["a"].origin == Origin("vcs", "https://git.example.org/a", "abc")
    assert found["b"].origin == Origin("editable")
    assert found["c"].origin == Origin("index", "https://index.example.org/simple")
    assert found["d"].origin == Origin("editable", "libs/d")
    assert found["e"].origin == Origin("url", "https://h.example.org/e.whl")
    assert found["f"].origin == Origin("index")
    assert found["g"].group == "dev"
    assert found["h"].constraint


def test_pdm(tmp_path: Path) -> None:
    text = """\
[tool.pdm.dev-dependencies]
Test = ["a>=1", "-e file:///project/b#egg=b"]
"""
    found = every(tmp_path, text)
    assert [(r.group, r.name, r.origin.kind) for r in found] == [
        ("test", "a", "index"),
        ("test", "b", "editable"),
    ]


def test_unreadable(tmp_path: Path) -> None:
    (problem,) = refusal(requirements, tmp_path, {"pyproject.toml": "a = [\n"})
    assert problem.code == "source-invalid"
    assert problem.line
