from __future__ import annotations

from pathlib import Path

import pytest

from adhere.model.package import Dependency, Origin
from adhere.sources.pdm_lock import read
from readers.given import fault, package, reading, refusal

HEAD = '[metadata]\ngroups = ["default"]\nlock_version = "4.5.0"\n'


def test_an_entry_with_extras_adds_to_the_package(tmp_path: Path) -> None:
    text = (
        HEAD
        + f"""
[[package]]
name = "a"
version = "1"
extras = ["X_y", "z"]
groups = ["cli"]
dependencies = ["a==1", "b>=2; os_name == 'nt'"]

[[package]]
name = "a"
version = "1"
summary = "s"
groups = ["default"]
marker = "python_version > '3'"
dependencies = ["c", "d; extra == 'q'"]
files = [{{file = "a.whl", hash = "sha256:{"a" * 64}"}}, {{url = "https://h.example.org/b.whl"}}]
"""
    )
    files: dict[str, str | bytes] = {
        "pdm.lock": text,
        "pyproject.toml": "[project.optional-dependencies]\nCLI = []\n",
    }
    found = reading(read, tmp_path, files)
    one = package(found, "a")
    assert one.groups == ("runtime", "extra:cli")
    assert one.marker == "python_version > '3'"
    assert one.requires == (
        Dependency("c"),  # type: ignore[arg-type]
        Dependency("d", extra="q"),  # type: ignore[arg-type]
        Dependency("b", ">=2", extra="x-y", marker='os_name == "nt"'),  # type: ignore[arg-type]
        Dependency("b", ">=2", extra="z", marker='os_name == "nt"'),  # type: ignore[arg-type]
    )
    assert [a.name for a in one.artifacts] == ["a.whl", "b.whl"]


def test_files_of_older_locks(tmp_path: Path) -> None:
    text = (
        HEAD.replace("4.5.0", "4.2")
        + f"""
[metadata.files]
"a 1" = [{{file = "a.whl", hash = "sha256:{"a" * 64}"}}]

[[package]]
name = "a"
version = "1"
"""
    )
    found = reading(read, tmp_path, {"pdm.lock": text})
    assert package(found, "a").artifacts[0].hashes == (f"sha256:{'a' * 64}",)


@pytest.mark.parametrize(
    ("lines", "origin"),
    [
        ("", Origin("index")),
        ('git = "https://u:p@git.example.org/a"\nref = "main"\nrevision = "abc"\nsubdirectory = "s"', Origin("vcs", "https://git.example.org/a", "main", "abc", "s")),
        ('hg = "https://hg.example.org/a"', Origin("vcs", "https://hg.example.org/a")),
        ('path = "./a"', Origin("path", "./a")),
        ('path = "./a"\neditable = true', Origin("editable", "./a")),
        ('url = "https://h.example.org/a.zip"', Origin("url", "https://h.example.org/a.zip")),
    ],
)  # fmt: skip
def test_sources(tmp_path: Path, lines: str, origin: Origin) -> None:
    text = f'{HEAD}[[package]]\nname = "a"\nversion = "1"\n{lines}\n'
    assert package(reading(read, tmp_path, {"pdm.lock": text}), "a").origin == origin


def test_a_folder_without_a_version(tmp_path: Path) -> None:
    text = f'{HEAD}[[package]]\nname = "a"\npath = "./a"\n[[package]]\nname = "b"\n'
    found = reading(read, tmp_path, {"pdm.lock": text})
    assert package(found, "a").version == ""
    assert (fault(found).subject, fault(found).reason) == ("b", "it has no version")


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    text = f'{HEAD}[[package]]\nname = "a"\nversion = "1"\nmarker = "x y"\ndependencies = ["b c"]\n'
    found = package(reading(read, tmp_path, {"pdm.lock": text}), "a")
    assert found.requires == ()
    assert len(found.remarks) == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "source-invalid"),
        ("[metadata]\n", "source-invalid"),
        ("metadata = 1\n", "source-invalid"),
        ("[metadata]\nlock_version = '3.1'\n", "source-unsupported"),
        ("[metadata]\nlock_version = '5.0'\n", "source-unsupported"),
    ],
)
def test_refusals(tmp_path: Path, text: str, code: str) -> None:
    (problem,) = refusal(read, tmp_path, {"pdm.lock": text})
    assert problem.code == code


@pytest.mark.parametrize("version", ["4.9", "4.x"])
def test_a_newer_minor_version_is_read_and_said(tmp_path: Path, version: str) -> None:
    found = reading(read, tmp_path, {"pdm.lock": HEAD.replace("4.5.0", version)})
    assert version in found.source.remarks[0]


@pytest.mark.parametrize(
    ("lines", "version"),
    [
        ('path = "./vendor/a-1.0+acme.1-py3-none-any.whl"', "1.0+acme.1"),
        ('files = [{file = "a-1.0+cpu-cp312-cp312-linux_x86_64.whl", hash = ""}]', "1.0+cpu"),
        ('files = [{file = "a-1.0+cpu-py3-none-any.whl"}, {file = "a-1.0.tar.gz"}]', "1.0"),
        ('files = [{file = "a-2.0+cpu-py3-none-any.whl"}]', "1.0"),
    ],
)
def test_a_local_version_that_only_file_names_tell(
    tmp_path: Path, lines: str, version: str
) -> None:
    text = (
        f'[metadata]\nlock_version = "4.5.0"\n[[package]]\nname = "a"\nversion = "1.0"\n{lines}\n'
    )
    (found,) = reading(read, tmp_path, {"pdm.lock": text}).packages
    assert found.version == version
