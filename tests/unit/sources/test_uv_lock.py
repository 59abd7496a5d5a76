from __future__ import annotations

from pathlib import Path

import pytest

from adhere.model.package import Dependency, Origin
from adhere.sources.uv_lock import read
from readers.given import fault, package, reading, refusal

HEAD = 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n'
PROJECT = """
[[package]]
name = "shop"
version = "1.0"
source = { editable = "." }
dependencies = [
    { name = "a" },
    { name = "b", extra = ["X_y"], marker = "sys_platform == 'win32'" },
]

[package.optional-dependencies]
Cli = [{ name = "c" }]

[package.dev-dependencies]
dev = [{ name = "d" }]

[package.metadata]
requires-dist = [
    { name = "a", specifier = ">=1" },
    { name = "b", extras = ["X_y"], marker = "sys_platform == 'win32'" },
    { name = "c", marker = "os_name == 'nt' and extra == 'Cli'", git = "https://git.example.org/c?tag=v1" },
]
provides-extras = ["cli"]

[package.metadata.requires-dev]
Dev = [{ name = "d", editable = "libs/d" }]
"""


def test_roots_of_a_project(tmp_path: Path) -> None:
    found = reading(read, tmp_path, {"uv.lock": HEAD + PROJECT})
    assert found.first_party == ("shop",)
    assert [(r.name, r.group, r.specifier, r.extras, r.marker) for r in found.roots] == [
        ("a", "runtime", ">=1", (), ""),
        ("b", "runtime", "", ("x-y",), 'sys_platform == "win32"'),
        ("c", "extra:cli", "", (), 'os_name == "nt"'),
        ("d", "dev", "", (), ""),
    ]
    assert {r.by for r in found.roots} == {"shop"}
    assert {r.location.line for r in found.roots} == {5}
    assert found.roots[2].origin == Origin("vcs", "https://git.example.org/c", "v1")
    assert found.roots[3].origin == Origin("editable", "libs/d")
    assert package(found, "shop").requires == (
        Dependency("a"),  # type: ignore[arg-type]
        Dependency("b", "", ("x-y",), "", "sys_platform == 'win32'"),  # type: ignore[arg-type]
        Dependency("c", extra="cli"),  # type: ignore[arg-type]
    )


def test_before_uv_0_3(tmp_path: Path) -> None:
    text = HEAD + PROJECT.split("[package.metadata]", maxsplit=1)[0].replace(
        "package", "distribution"
    )
    text = text.replace('extra = ["X_y"]', 'extra = "X_y"')
    found = reading(read, tmp_path, {"uv.lock": text})
    assert [(r.name, r.group, r.extras) for r in found.roots] == [
        ("a", "runtime", ()),
        ("b", "runtime", ("x-y",)),
        ("c", "extra:cli", ()),
        ("d", "dev", ()),
    ]


@pytest.mark.parametrize(
    ("source", "origin"),
    [
        ('{ registry = "https://u:p@index.example.org/simple" }', Origin("index", "https://index.example.org/simple")),
        ('{ registry = "../wheels" }', Origin("index", "../wheels")),
        (
            '{ git = "https://u:p@git.example.org/a?subdirectory=s&branch=dev#' + "a" * 40 + '" }',
            Origin("vcs", "https://git.example.org/a", "dev", "a" * 40, "s"),
        ),
        ('{ url = "https://h.example.org/a-1.zip", subdirectory = "s" }', Origin("url", "https://h.example.org/a-1.zip", subdirectory="s")),
        ('{ path = "../a-1.whl" }', Origin("path", "../a-1.whl")),
        ('{ directory = "../a" }', Origin("path", "../a")),
        ('{ editable = "../a" }', Origin("editable", "../a")),
        ('{ virtual = "../a" }', Origin("path", "../a")),
        ('"registry+https://index.example.org/simple"', Origin("index", "https://index.example.org/simple")),
        ('"git+https://git.example.org/a?rev=x#123"', Origin("vcs", "https://git.example.org/a", "x", "123")),
        ('{ moon = "x" }', Origin()),
        ("{}", Origin()),
    ],
)  # fmt: skip
def test_sources(tmp_path: Path, source: str, origin: Origin) -> None:
    text = f'{HEAD}[[package]]\nname = "a"\nversion = "1"\nsource = {source}\n'
    found = package(reading(read, tmp_path, {"uv.lock": text}), "a")
    assert found.origin == origin
    assert bool(found.remarks) is (origin.kind == "unknown")


def test_a_workspace(tmp_path: Path) -> None:
    text = (
        HEAD
        + """
[manifest]
members = ["one", "Two"]
constraints = [{ name = "k", specifier = "<2" }]
overrides = [{ name = "o", specifier = ">=3" }]

[manifest.dependency-groups]
dev = [{ name = "d" }]

[[package]]
name = "one"
source = { editable = "packages/one" }

[package.metadata]
requires-dist = [{ name = "two", editable = "packages/two" }]

[[package]]
name = "two"
version = "2"
source = { virtual = "packages/two" }

[[package]]
name = "other"
version = "2"
source = { editable = "../other" }
"""
    )
    found = reading(read, tmp_path, {"uv.lock": text})
    assert found.first_party == ("one", "two")
    assert [(r.name, r.group, r.by, r.constraint) for r in found.roots] == [
        ("two", "runtime", "one", False),
        ("d", "dev", "uv.lock", False),
        ("k", "runtime", "uv.lock", True),
        ("o", "runtime", "uv.lock", True),
    ]
    assert package(found, "one").version == ""
    assert "does not tell its version" in package(found, "one").remarks[0]


def test_choices_that_exclude_one_another_are_all_there(tmp_path: Path) -> None:
    text = (
        HEAD
        + """
conflicts = [[{ package = "shop", extra = "cpu" }, { package = "shop", extra = "gpu" }]]
[[package]]
name = "a"
version = "1"
source = { registry = "https://index.example.org/simple" }
dependencies = [
    { name = "t", version = "1", marker = "(os_name == 'nt' and extra == 'extra-4-shop-cpu') or extra == 'extra-4-shop-gpu'" },
    { name = "t", version = "2", marker = "os_name == 'nt' and extra == 'extra-4-shop-gpu'" },
]
"""
    )
    found = package(reading(read, tmp_path, {"uv.lock": text}), "a")
    assert [(e.specifier, e.marker) for e in found.requires] == [
        ("==1", ""),
        ("==2", 'os_name == "nt"'),
    ]


def test_forks(tmp_path: Path) -> None:
    text = (
        HEAD
        + """
[[package]]
name = "a"
version = "1"
source = { registry = "x" }
resolution-markers = ["os_name == 'nt'", "os_name == 'java'"]
dependencies = [{ name = "b" }]

[[package]]
name = "a"
version = "2"
source = { registry = "x" }
resolution-markers = ["os_name == 'posix'"]
"""
    )
    first, second = reading(read, tmp_path, {"uv.lock": text}).packages
    assert first.marker == "(os_name == 'nt') or (os_name == 'java')"
    assert second.marker == "os_name == 'posix'"
    # What only the first version needs is not needed where the second one is.
    assert first.requires == (Dependency("b", marker=first.marker),)  # type: ignore[arg-type]


def test_files_and_hashes(tmp_path: Path) -> None:
    text = (
        HEAD
        + f"""
[[package]]
name = "a"
version = "1"
source = {{ registry = "x" }}
sdist = {{ url = "https://h.example.org/a-1.tar.gz", hash = "sha256:{"a" * 64}", size = 3 }}
wheels = [{{ path = "wheels/a-1-py3-none-any.whl", hash = "md5:oops" }}, {{ filename = "x.whl" }}, {{ hash = "" }}]
"""
    )
    found = package(reading(read, tmp_path, {"uv.lock": text}), "a")
    assert [(a.name, a.hashes) for a in found.artifacts] == [
        ("a-1.tar.gz", (f"sha256:{'a' * 64}",)),
        ("a-1-py3-none-any.whl", ()),
        ("x.whl", ()),
    ]
    assert "`md5:oops`" in found.remarks[0]


@pytest.mark.parametrize(
    ("entry", "subject", "words"),
    [
        ('name = "a"\nversion = 1', "a", "`version`: expected `str`, got `int`"),
        ('version = "1"', "entry 2", "missing required field `name`"),
        ('name = "../a"\nversion = "1"', "../a", "is not a valid name"),
        ('name = "a"\nsource = { registry = "x" }', "a", "it has no version"),
        ('name = "a"\nversion = "1 2"\nsource = { registry = "x" }', "a", "cannot be one"),
        ('name = "a"\nversion = "1"\ndependencies = ["b"]', "a", "`dependencies[0]`"),
        ('name = "a"\nversion = "1"\ndependencies = [{ name = "b c" }]', "a", "`b c`"),
    ],
)
def test_a_wrong_entry_is_a_fault_with_its_line(
    tmp_path: Path, entry: str, subject: str, words: str
) -> None:
    good = '[[package]]\nname = "good"\nversion = "1"\nsource = { registry = "x" }\n'
    found = reading(read, tmp_path, {"uv.lock": f"{HEAD}{good}[[package]]\n{entry}\n"})
    assert [p.name for p in found.packages] == ["good"]
    assert (fault(found).subject, fault(found).location.line) == (subject, 8)
    assert words in fault(found).reason


def test_an_unreadable_list_of_what_was_asked_for_is_told(tmp_path: Path) -> None:
    text = PROJECT.replace('specifier = ">=1"', "specifier = 1")
    found = reading(read, tmp_path, {"uv.lock": HEAD + text})
    assert (fault(found).code, fault(found).kept) == ("project-unreadable", True)
    assert package(found, "shop").version == "1.0"
    found = reading(read, tmp_path, {"uv.lock": HEAD + "[manifest]\nrequirements = 1\n"})
    assert fault(found).location.line == 4


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "source-invalid", "no `version`"),
        ("version = 2\n", "source-unsupported", "version `2`"),
        ("version = true\n", "source-unsupported", "version `True`"),
        ("version = 1\npackage = 3\n", "source-invalid", "not an array"),
        ("version = [\n", "source-invalid", "not valid TOML"),
    ],
)
def test_refusals(tmp_path: Path, text: str, code: str, words: str) -> None:
    (problem,) = refusal(read, tmp_path, {"uv.lock": text})
    assert problem.code == code
    assert words in problem.message


def test_a_newer_revision_is_read_and_said(tmp_path: Path) -> None:
    found = reading(read, tmp_path, {"uv.lock": "version = 1\nrevision = 99\n"})
    assert "99" in found.source.remarks[0]
    assert reading(read, tmp_path, {"uv.lock": "version = 1\n"}).source.remarks == ()
