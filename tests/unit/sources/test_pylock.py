from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.pylock import Pylock

from adhere.model.package import Dependency, Origin
from adhere.sources.markers import environment, holds
from adhere.sources.pylock import read
from readers.given import LOCKS, fault, package, reading, refusal

HEAD = 'lock-version = "1.0"\ncreated-by = "x"\n'


def entry(name: str, *lines: str) -> str:
    return "\n".join([f'[[packages]]\nname = "{name}"', *lines, ""])


def test_groups_and_extras_of_a_lock(tmp_path: Path) -> None:
    head = (
        HEAD + 'extras = ["Cli"]\ndependency-groups = ["dev", "shop"]\ndefault-groups = ["shop"]\n'
    )
    packages = {
        "a": "",
        "b": "marker = \"'Cli' in extras and os_name == 'nt'\"",
        "c": "marker = \"'dev' in dependency_groups or 'cli' in extras\"",
        "d": "marker = \"'shop' in dependency_groups\"",
        "e": "marker = \"os_name == 'nt'\"",
        "f": "marker = \"'x' in extras\"",
    }
    text = head + "".join(entry(name, 'version = "1"', line) for name, line in packages.items())
    found = reading(read, tmp_path, {"pylock.toml": text})
    assert {p.name: (p.groups, p.marker) for p in found.packages} == {
        "a": (("runtime",), ""),
        "b": (("extra:cli",), 'os_name == "nt"'),
        "c": (("extra:cli", "dev"), ""),
        "d": (("runtime",), ""),
        "e": (("runtime",), 'os_name == "nt"'),
        "f": (("runtime",), ""),  # nobody can ask for it: the strictest reading
    }


@pytest.mark.parametrize(
    ("lines", "origin", "version"),
    [
        ('version = "1"\nindex = "https://u:p@index.example.org/simple"', Origin("index", "https://index.example.org/simple"), "1"),
        ('vcs = { type = "git", url = "https://u:p@git.example.org/a", requested-revision = "v1", commit-id = "abc", subdirectory = "s" }', Origin("vcs", "https://git.example.org/a", "v1", "abc", "s"), ""),
        ('directory = { path = "./a", editable = true }', Origin("editable", "./a"), "7"),
        ('directory = { path = "./gone", subdirectory = "s" }', Origin("path", "./gone", subdirectory="s"), ""),
        ('archive = { url = "https://h.example.org/a-2.zip", hashes = { sha256 = "x" } }', Origin("url", "https://h.example.org/a-2.zip"), "2"),
        ('archive = { path = "a-3.tar.gz", hashes = {} }', Origin("path", "a-3.tar.gz"), "3"),
    ],
)  # fmt: skip
def test_sources(tmp_path: Path, lines: str, origin: Origin, version: str) -> None:
    files: dict[str, str | bytes] = {
        "pylock.toml": HEAD + entry("a", lines),
        "a/pyproject.toml": "[project]\nname = 'a'\nversion = '7'\n",
    }
    found = package(reading(read, tmp_path, files), "a")
    assert (found.origin, found.version) == (origin, version)


def test_files_and_edges(tmp_path: Path) -> None:
    sha = "a" * 64
    text = HEAD + entry(
        "a",
        'version = "1"',
        'dependencies = [{ name = "B", version = "2" }, { name = "c" }]',
        f'sdist = {{ name = "a-1.tar.gz", hashes = {{ sha256 = "{sha}" }} }}',
        f'wheels = [{{ url = "https://h.example.org/a%2B.whl", hashes = {{ sha256 = "{sha}", md5 = "z" }} }}]',
    )
    found = package(reading(read, tmp_path, {"pylock.dev.toml": text}), "a")
    assert found.requires == (Dependency("b", "==2"), Dependency("c"))  # type: ignore[arg-type]
    assert [(a.name, a.hashes) for a in found.artifacts] == [
        ("a-1.tar.gz", (f"sha256:{sha}",)),
        ("a+.whl", (f"sha256:{sha}",)),
    ]
    assert "`md5:z`" in found.remarks[0]


def test_the_project_itself(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "pylock.toml": HEAD + entry("shop", 'directory = { path = "." }'),
        "pyproject.toml": "[project]\nname = 'Shop'\nversion = '7'\n",
    }
    found = reading(read, tmp_path, files)
    assert found.first_party == ("shop",)
    assert package(found, "shop").version == "7"


PROJECT = """\
[project]
name = "shop"
dependencies = ["a", "b; os_name == 'nt'"]
[project.optional-dependencies]
cli = ["c"]
[dependency-groups]
dev = ["d"]
"""


def test_roots_are_those_groups_of_the_project_that_it_holds_in_full(tmp_path: Path) -> None:
    text = HEAD + entry("a", 'version = "1"') + entry("c", 'version = "1"')
    found = reading(read, tmp_path, {"pylock.toml": text, "pyproject.toml": PROJECT})
    assert [(r.name, r.group) for r in found.roots] == [("a", "runtime"), ("c", "extra:cli")]


def test_a_lock_of_something_else_takes_no_roots_from_the_project(tmp_path: Path) -> None:
    text = HEAD + entry("c", 'version = "1"')
    found = reading(read, tmp_path, {"pylock.toml": text, "pyproject.toml": PROJECT})
    assert found.roots == found.first_party == ()
    assert "does not hold what pyproject.toml" in found.source.remarks[0]


@pytest.mark.parametrize("line", ['version = ""', "", "version = 1", 'version = "1"\nsdist = 1'])
def test_a_wrong_entry_is_a_fault(tmp_path: Path, line: str) -> None:
    text = HEAD + entry("good", 'version = "1"') + entry("bad", line)
    found = reading(read, tmp_path, {"pylock.toml": text})
    assert [p.name for p in found.packages] == ["good"]
    assert (fault(found).subject, fault(found).location.line) == ("bad", 6)


def test_a_marker_that_cannot_be_read_holds(tmp_path: Path) -> None:
    text = HEAD + entry("a", 'version = "1"', 'marker = "x y"')
    found = package(reading(read, tmp_path, {"pylock.toml": text}), "a")
    assert found.marker == ""
    assert "cannot be read" in found.remarks[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "source-invalid"),
        ('lock-version = "2.0"\n', "source-unsupported"),
        ("lock-version = 1.0\n", "source-unsupported"),
        ('lock-version = "1.0"\nextras = 1\n', "source-invalid"),
        ('lock-version = "1.0"\npackages = {}\n', "source-invalid"),
    ],
)
def test_refusals(tmp_path: Path, text: str, code: str) -> None:
    (problem,) = refusal(read, tmp_path, {"pylock.toml": text})
    assert problem.code == code


def test_a_newer_minor_version_is_read_and_said(tmp_path: Path) -> None:
    text = 'lock-version = "1.7"\n' + entry("a", 'version = "1"')
    found = reading(read, tmp_path, {"pylock.toml": text})
    assert len(found.packages) == 1
    assert "`1.7`" in found.source.remarks[0]


@pytest.mark.parametrize("name", ["uv", "pip"])
def test_what_packaging_selects_for_this_machine_is_what_our_markers_select(name: str) -> None:
    path = LOCKS / name / "pylock.toml"
    reference = Pylock.from_dict(tomllib.loads(path.read_text()))
    where = environment("3.12.1", "linux")
    ours = {p.name: p.version for p in read(path, "pylock.toml").packages if holds(p.marker, where)}
    theirs = {
        p.name: str(p.version or "")
        for p in reference.packages
        if p.marker is None or p.marker.evaluate(_variables(), context="lock_file")
    }
    assert set(ours) == set(theirs)
    assert all(version == ours[n] for n, version in theirs.items() if version)


def _variables() -> dict[str, str]:
    from msgspec.structs import asdict

    return asdict(environment("3.12.1", "linux"))
