"""The pytest plugin, in test runs of its own."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from adhere.sources import junit
from adhere.sources.junit import read_junit
from adhere.surfaces import pytest as plugin
from repo.handbook import ROOT

TESTS = """\
import pytest

pytestmark = pytest.mark.adr("ADR-015")

@pytest.mark.adr("ADR-015", rule="bounded")
@pytest.mark.parametrize("n", [1, 2])
def test_bounded(n):
    assert n

class TestMore:
    @pytest.mark.adr(rule="own")
    def test_more(self):
        pass
"""

LOADED = ("-p", "no:adhere", "-p", "adhere.surfaces.pytest", "-p", "no:cacheprovider")


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--strict-markers", *LOADED, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def git(folder: Path, *words: str) -> str:
    about = ("user.name=a", "user.email=a@example.org", "commit.gpgsign=false")
    options = [part for setting in about for part in ("-c", setting)]
    done = subprocess.run(
        ["git", *options, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n", "utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_a.py").write_text(TESTS, "utf-8")
    return tmp_path


@pytest.mark.parametrize("words", [(), ("-n", "2")])
def test_marks_places_and_the_commit_are_written(project: Path, words: tuple[str, ...]) -> None:
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "first")
    ran = run(project, "--junitxml=junit.xml", *words)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = read_junit((project / "junit.xml").read_text("utf-8"), "junit.xml")
    assert (found.commits, found.dirty) == ((git(project, "rev-parse", "HEAD"),), False)
    assert sorted((case.name, *case.marks, str(case.location)) for case in found.cases) == [
        ("tests.test_a.TestMore.test_more", "/own", "ADR-015/", "tests/test_a.py:11:1"),
        ("tests.test_a.test_bounded[1]", "ADR-015/bounded", "ADR-015/", "tests/test_a.py:5:1"),
        ("tests.test_a.test_bounded[2]", "ADR-015/bounded", "ADR-015/", "tests/test_a.py:5:1"),
    ]


def test_changes_that_no_commit_has_are_said(project: Path) -> None:
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "first")
    (project / "pyproject.toml").write_text("[tool.pytest.ini_options]\n# more\n", "utf-8")
    run(project, "--junitxml=junit.xml")
    found = read_junit((project / "junit.xml").read_text("utf-8"), "junit.xml")
    assert found.dirty is True


def test_outside_of_version_control_there_is_no_commit(project: Path) -> None:
    assert run(project, "--junitxml=junit.xml").returncode == 0
    found = read_junit((project / "junit.xml").read_text("utf-8"), "junit.xml")
    assert (found.commits, found.dirty) == ((), None)
    assert len(found.cases) == 3


def test_results_of_a_project_that_marks_nothing_are_as_they_were(project: Path) -> None:
    (project / "tests/test_a.py").write_text("def test_a():\n    pass\n", "utf-8")
    assert run(project, "--junitxml=junit.xml").returncode == 0
    assert "adhere" not in (project / "junit.xml").read_text("utf-8").lower()


@pytest.mark.parametrize(
    "mark", ["adr()", "adr(15)", 'adr("ADR-015", "x")', 'adr("ADR-015", rules="x")', 'adr("")']
)
def test_a_mark_that_names_nothing_ends_the_run(project: Path, mark: str) -> None:
    text = f"import pytest\n\n@pytest.mark.{mark}\ndef test_a():\n    pass\n"
    (project / "tests/test_a.py").write_text(text, "utf-8")
    ran = run(project)
    assert ran.returncode == pytest.ExitCode.USAGE_ERROR
    assert 'tests/test_a.py::test_a: write @pytest.mark.adr("ADR-015"' in ran.stdout + ran.stderr


def test_it_imports_nothing_but_pytest() -> None:
    show = (
        "import sys, pytest; before = set(sys.modules); import adhere.surfaces.pytest;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", show], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["adhere", "adhere.surfaces", "adhere.surfaces.pytest"]


def test_its_names_are_those_that_are_read() -> None:
    for name in ("MARK", "PLACE", "COMMIT", "DIRTY"):
        assert getattr(plugin, name) == getattr(junit, name)


@pytest.mark.checkout
def test_pytest_finds_it() -> None:
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    points = metadata["project"]["entry-points"]["pytest11"]
    assert points == {"adhere": "adhere.surfaces.pytest"}
