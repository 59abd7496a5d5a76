from __future__ import annotations

from pathlib import Path

import pytest

from adhere.model.package import Dependency, Origin
from adhere.sources.poetry_lock import read
from readers.given import fault, package, reading, refusal

TAIL = '\n[metadata]\nlock-version = "2.1"\npython-versions = ">=3.11"\ncontent-hash = "x"\n'
ENTRY = """
[[package]]
name = "Zope.Interface"
version = "1.0"
description = "d"
optional = false
python-versions = ">=3.8"
groups = ["main", "Dev_x"]
markers = {main = "os_name == 'nt'", dev = "os_name == 'posix'"}
files = [{file = "a.whl", hash = "sha256:%s"}]

[package.dependencies]
b = "^1.2"
c = {version = "*", optional = true, markers = "extra == \\"Http_2\\" and os_name == 'nt'"}
d = [{version = "<2", markers = "python_version < '3.12'"}, {version = ">=2", extras = ["x"]}]
e = {version = ">=3", optional = true}
f = "<1 || >2"

[package.extras]
all = ["e (>=3)", "b"]
""" % ("a" * 64)  # fmt: skip


def test_an_entry_of_poetry_2(tmp_path: Path) -> None:
    found = reading(read, tmp_path, {"poetry.lock": ENTRY + TAIL})
    one = package(found, "zope-interface")
    assert one.spelled == "Zope.Interface"
    assert one.groups == ("runtime", "dev-x")
    assert one.marker == "(os_name == 'nt') or (os_name == 'posix')"
    assert one.location.line == 2
    assert one.artifacts[0].hashes == (f"sha256:{'a' * 64}",)
    assert one.requires == (
        Dependency("b", ">=1.2,<2.0"),  # type: ignore[arg-type]
        Dependency("c", extra="http-2", marker='os_name == "nt"'),  # type: ignore[arg-type]
        Dependency("d", "<2", marker='python_version < "3.12"'),  # type: ignore[arg-type]
        Dependency("d", ">=2", ("x",)),  # type: ignore[arg-type]
        Dependency("e", ">=3", extra="all"),  # type: ignore[arg-type]
        Dependency("f"),  # type: ignore[arg-type]
    )
    assert "no pyproject.toml beside it" in found.source.remarks[0]


def test_optional_packages_belong_to_the_extras_that_lead_to_them(tmp_path: Path) -> None:
    def entry(name: str, needs: str = "", optional: str = "true") -> str:
        return (
            f'[[package]]\nname = "{name}"\nversion = "1"\noptional = {optional}\n'
            f'groups = ["main"]\nmarkers = "extra == \\"cli\\""\n[package.dependencies]\n{needs}\n'
        )

    text = entry("a", 'b = "*"') + entry("b") + entry("c") + entry("d", optional="false")
    text += '[extras]\nCli = ["A"]\nfull = ["a", "b"]\n' + TAIL
    found = reading(read, tmp_path, {"poetry.lock": text})
    assert {p.name: p.groups for p in found.packages} == {
        "a": ("extra:cli", "extra:full"),
        "b": ("extra:cli", "extra:full"),
        "c": ("runtime",),  # nothing leads to it: the strictest reading
        "d": ("runtime",),
    }
    assert {p.marker for p in found.packages} == {""}


def test_poetry_1(tmp_path: Path) -> None:
    text = f"""
[[package]]
name = "a"
version = "1"
category = "main"
optional = false

[[package]]
name = "b"
version = "1"
category = "dev"
optional = false

[metadata]
lock-version = "1.1"

[metadata.files]
a = [{{file = "a.whl", hash = "sha256:{"a" * 64}"}}]
b = []
"""
    found = reading(read, tmp_path, {"poetry.lock": text})
    assert [(p.name, p.groups, len(p.artifacts)) for p in found.packages] == [
        ("a", ("runtime",), 1),
        ("b", ("dev",), 0),
    ]


def test_poetry_0(tmp_path: Path) -> None:
    text = f"""
[[package]]
name = "a"
version = "1"
category = "main"
optional = false

[metadata]
content-hash = "x"

[metadata.hashes]
a = ["{"a" * 64}"]
"""
    found = reading(read, tmp_path, {"poetry.lock": text})
    assert package(found, "a").artifacts[0].hashes == (f"sha256:{'a' * 64}",)
    assert "read as 1.0" in found.source.remarks[0]


@pytest.mark.parametrize(
    ("source", "origin"),
    [
        ("", Origin("index")),
        ('type = "legacy"\nurl = "https://u:p@index.example.org/simple"\nreference = "ours"', Origin("index", "https://index.example.org/simple")),
        ('type = "git"\nurl = "https://u:p@git.example.org/a.git"\nreference = "main"\nresolved_reference = "abc"\nsubdirectory = "s"', Origin("vcs", "https://git.example.org/a.git", "main", "abc", "s")),
        ('type = "url"\nurl = "https://h.example.org/a.zip"', Origin("url", "https://h.example.org/a.zip")),
        ('type = "file"\nurl = "../a.whl"', Origin("path", "../a.whl")),
        ('type = "directory"\nurl = "../a"', Origin("path", "../a")),
        ('type = "moon"\nurl = "x"', Origin("unknown", "x")),
    ],
)  # fmt: skip
def test_sources(tmp_path: Path, source: str, origin: Origin) -> None:
    text = f'[[package]]\nname = "a"\nversion = "1"\n[package.source]\n{source}\n' + TAIL
    found = package(reading(read, tmp_path, {"poetry.lock": text}), "a")
    assert found.origin == origin
    assert bool(found.remarks) is (origin.kind == "unknown")


def test_a_folder_that_is_developed_in_place(tmp_path: Path) -> None:
    text = '[[package]]\nname = "a"\nversion = "1"\ndevelop = true\n[package.source]\ntype = "directory"\nurl = "/srv/a"\n'
    found = package(reading(read, tmp_path, {"poetry.lock": text + TAIL}), "a")
    assert found.origin == Origin("editable", "/srv/a")
    assert "absolute path" in found.remarks[0]


def test_roots_are_those_of_the_project_beside_it(tmp_path: Path) -> None:
    project = '[build-system]\nrequires = ["x"]\n[project]\nname = "shop"\ndependencies = ["b"]\n'
    found = reading(
        read, tmp_path, {"sub/poetry.lock": ENTRY + TAIL, "sub/pyproject.toml": project}
    )
    assert [(r.name, r.location.path) for r in found.roots] == [("b", "sub/pyproject.toml")]
    assert found.first_party == ("shop",)
    assert found.source.remarks == ()


@pytest.mark.parametrize("project", ["[project]\ndependencies = ['a b']\n", "[\n"])
def test_a_project_that_cannot_be_read_is_told(tmp_path: Path, project: str) -> None:
    found = reading(read, tmp_path, {"poetry.lock": ENTRY + TAIL, "pyproject.toml": project})
    assert fault(found).code == "project-unreadable"
    assert fault(found).kept
    assert fault(found).location.path == "pyproject.toml"
    assert len(found.packages) == 1


def test_what_cannot_be_read_of_an_edge_is_said(tmp_path: Path) -> None:
    text = '[[package]]\nname = "a"\nversion = "1"\nmarkers = "x y"\n[package.dependencies]\n'
    text += 'b = "nope"\nc = {version = "1", markers = "x y"}\n'
    found = package(reading(read, tmp_path, {"poetry.lock": text + TAIL}), "a")
    assert [(e.name, e.specifier, e.marker) for e in found.requires] == [
        ("b", "", ""),
        ("c", "==1", ""),
    ]
    assert len(found.remarks) == 3
    assert found.marker == ""


@pytest.mark.parametrize(
    "entry", ['name = "a"', 'name = "a"\nversion = ""', 'name = 1\nversion = "1"', 'name = "a"\nversion = "1"\n[package.dependencies]\nb = 1']
)  # fmt: skip
def test_a_wrong_entry_is_a_fault(tmp_path: Path, entry: str) -> None:
    found = reading(read, tmp_path, {"poetry.lock": f"{ENTRY}[[package]]\n{entry}\n{TAIL}"})
    assert [p.name for p in found.packages] == ["zope-interface"]
    assert fault(found).location.line == 21


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[[package]]\nname = 'a'\n", "source-invalid"),
        ("metadata = 1\n", "source-invalid"),
        ("[metadata]\nlock-version = '3.0'\n", "source-unsupported"),
        ("[metadata]\nlock-version = 2.1\n", "source-unsupported"),
    ],
)
def test_refusals(tmp_path: Path, text: str, code: str) -> None:
    (problem,) = refusal(read, tmp_path, {"poetry.lock": text})
    assert problem.code == code
    assert problem.hint


def test_a_newer_minor_version_is_read_and_said(tmp_path: Path) -> None:
    text = ENTRY + TAIL.replace("2.1", "2.9")
    found = reading(read, tmp_path, {"poetry.lock": text})
    assert len(found.packages) == 1
    assert "`2.9`" in found.source.remarks[0]
