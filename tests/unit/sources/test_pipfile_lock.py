from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adhere.model.package import Origin
from adhere.sources.pipfile import project
from adhere.sources.pipfile_lock import read
from readers.given import package, reading, refusal, written

INDEX = {"name": "ours", "url": "https://u:p@index.example.org/simple", "verify_ssl": True}


def lock(default: object, sources: list[Any] | None = None, **categories: object) -> str:
    meta = {"pipfile-spec": 6, "requires": {"python_version": "3.12"}}
    meta["sources"] = [INDEX] if sources is None else sources  # type: ignore[assignment]
    return json.dumps({"_meta": meta, "default": default, **categories}, indent=1)


def test_categories_are_groups_and_join(tmp_path: Path) -> None:
    text = lock(
        {
            "Foo.Bar": {
                "version": "==1.0",
                "markers": "os_name == 'nt'",
                "hashes": ["sha256:" + "a" * 64],
            }
        },
        develop={"foo-bar": {"version": "==1.0"}, "b": {"version": "===2"}},
        docs={"c": {"version": "3"}},
    )
    found = reading(read, tmp_path, {"Pipfile.lock": text})
    assert {p.name: (p.version, p.groups) for p in found.packages} == {
        "foo-bar": ("1.0", ("runtime", "dev")),
        "b": ("2", ("dev",)),
        "c": ("3", ("docs",)),
    }
    one = package(found, "foo-bar")
    assert one.marker == ""  # in another category it has none
    assert one.spelled == "Foo.Bar"
    assert one.origin == Origin("index", "https://index.example.org/simple")
    assert one.artifacts[0].hashes == ("sha256:" + "a" * 64,)
    assert text.splitlines()[one.location.line - 1].strip().startswith('"Foo.Bar"')
    assert found.source.python == "3.12"
    assert found.faults == ()


@pytest.mark.parametrize("version", ["*", ">=1", "==>=1", "==1.*", "==1,<2", "~=1", ""])
def test_what_is_not_locked_is_a_fault(tmp_path: Path, version: str) -> None:
    found = reading(read, tmp_path, {"Pipfile.lock": lock({"a": {"version": version}})})
    assert found.packages == ()
    assert [(f.code, f.subject, f.kept) for f in found.faults] == [
        ("requirement-unresolved", "a", False)
    ]


@pytest.mark.parametrize(
    ("entry", "origin", "version"),
    [
        ({"git": "https://u:p@git.example.org/a", "ref": "a" * 40}, Origin("vcs", "https://git.example.org/a", "a" * 40, "a" * 40), ""),
        ({"path": "./a"}, Origin("path", "./a"), "7"),
        ({"path": ".", "editable": True, "version": "==2"}, Origin("editable", "."), "2"),
        ({"file": "https://h.example.org/a-1.5.zip"}, Origin("url", "https://h.example.org/a-1.5.zip"), "1.5"),
        ({"path": "./a-3.0-py3-none-any.whl"}, Origin("path", "./a-3.0-py3-none-any.whl"), "3.0"),
        ({"path": "./gone"}, Origin("path", "./gone"), ""),
    ],
)  # fmt: skip
def test_direct_references(
    tmp_path: Path, entry: dict[str, Any], origin: Origin, version: str
) -> None:
    files: dict[str, str | bytes] = {
        "Pipfile.lock": lock({"a": entry}),
        "a/pyproject.toml": "[project]\nname = 'a'\nversion = '7'\n",
    }
    found = package(reading(read, tmp_path, files), "a")
    assert (found.origin, found.version) == (origin, version)
    assert bool(found.remarks) is not bool(version)


def test_several_indexes(tmp_path: Path) -> None:
    other = {"name": "other", "url": "https://other.example.org/simple"}
    text = lock(
        {"a": {"version": "==1"}, "b": {"version": "==1", "index": "other"}}, [INDEX, other]
    )
    found = reading(read, tmp_path, {"Pipfile.lock": text})
    assert package(found, "a").origin == Origin("index")
    assert "any of" in package(found, "a").remarks[0]
    assert package(found, "b").origin == Origin("index", "https://other.example.org/simple")


@pytest.mark.parametrize(
    "entry",
    [1, None, [], {"version": 1}, {"version": "==1 2"}, {"version": "==1", "markers": "x y"}],
)
def test_a_wrong_entry_is_a_fault_with_its_line(tmp_path: Path, entry: object) -> None:
    text = lock({"good": {"version": "==1"}, "bad": entry}, extra=5)
    found = reading(read, tmp_path, {"Pipfile.lock": text})
    assert [p.name for p in found.packages] == ["good"]
    assert [f.subject for f in found.faults] == ["bad", "extra"]
    assert '"bad"' in text.splitlines()[found.faults[0].location.line - 1]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("{}", "source-invalid", "Pipfile.lock"),
        ("[]", "source-invalid", "Pipfile.lock"),
        ('{"_meta": {\n"pipfile-spec": 7}}', "source-unsupported", "Pipfile.lock:2:1"),
        ('{"_meta": {}}', "source-unsupported", "Pipfile.lock:1:2"),
        ('{"_meta": ', "source-invalid", "Pipfile.lock:1:10"),
    ],
)
def test_refusals(tmp_path: Path, text: str, code: str, place: str) -> None:
    (problem,) = refusal(read, tmp_path, {"Pipfile.lock": text})
    assert (problem.code, problem.place) == (code, place)


PIPFILE = """\
[[source]]
name = "ours"
url = "https://index.example.org/simple"

[packages]
Django = ">=4,<5"
a = "*"
b = {version = "==1.0", extras = ["X"], markers = "os_name == 'nt'"}
c = {git = "https://git.example.org/c", ref = "v1", editable = true}
d = {path = ".", editable = true}
e = {version = "*", sys_platform = "== 'win32'"}

[dev-packages]
f = "*"

[docs]
g = "*"

[requires]
python_version = "3.12"

[scripts]
x = "y"
"""


def test_roots_are_those_of_the_pipfile_beside_it(tmp_path: Path) -> None:
    found = reading(read, tmp_path, {"Pipfile.lock": lock({}), "Pipfile": PIPFILE})
    assert [(r.name, r.group, r.specifier, r.marker, r.location.line) for r in found.roots] == [
        ("django", "runtime", ">=4,<5", "", 6),
        ("a", "runtime", "", "", 7),
        ("b", "runtime", "==1.0", "os_name == 'nt'", 8),
        ("c", "runtime", "", "", 9),
        ("d", "runtime", "", "", 10),
        ("e", "runtime", "", "sys_platform == 'win32'", 11),
        ("f", "dev", "", "", 14),
        ("g", "docs", "", "", 17),
    ]
    assert found.roots[3].origin == Origin("vcs", "https://git.example.org/c", "v1")
    assert found.roots[4].origin == Origin("editable", ".")
    assert found.first_party == ()
    without = reading(read, tmp_path / "x", {"Pipfile.lock": lock({})})
    assert any("no Pipfile beside it" in remark for remark in without.source.remarks)


def test_mistakes_of_a_pipfile(tmp_path: Path) -> None:
    text = "packages = 1\n[dev-packages]\na = 1\nb = 'x'\n'c d' = '*'\ne = '*'\n"
    found = project(written(tmp_path, {"Pipfile": text}), "Pipfile")
    assert [r.name for r in found.requirements] == ["e"]
    assert [problem.line for problem in found.problems] == [1, 3, 4, 5]


def test_an_entry_without_a_name_is_told_by_its_category(tmp_path: Path) -> None:
    found = reading(read, tmp_path, {"Pipfile.lock": lock({"": {"version": "==1.0"}})})
    assert [(fault.subject, fault.reason) for fault in found.faults] == [
        ("an entry of default", "it has no name")
    ]
