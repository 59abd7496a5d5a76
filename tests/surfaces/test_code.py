"""Source files and texts that rules look into, and what is kept of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from adhere.app.answers import code as answers
from adhere.app.check import check
from adhere.app.request import Checked, Request
from adhere.sources import patterns
from surfaces.world import World

RULES = """\
schema = 1

[[rule]]
id = "calls"
check = "calls.forbidden"
with = { calls = ["os.system"], files = ["src/**/*.py"], exclude = ["src/old/*"] }

[[rule]]
id = "words"
check = "text.match"
with = { files = ["src/**/*.py"], forbid = ["secret"] }
"""


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("src/shop/__init__.py", "shop"),
        ("src/shop/web/views.py", "shop.web.views"),
        ("lib/python/shop/a.py", "shop.a"),
        ("src/space/a.py", "space.a"),
        ("packages/one/src/space/a.py", "space.a"),
        ("tests/unit/test_a.py", "tests.unit.test_a"),
        ("setup.py", "setup"),
    ],
)
def test_names_of_modules(path: str, module: str) -> None:
    packages = [
        "src/shop/__init__.py",
        "src/shop/web/__init__.py",
        "lib/python/shop/__init__.py",
    ]
    assert answers.module_names([path], packages) == {path: module}


@pytest.fixture
def project(world: World) -> World:
    world.write("adhere.toml", RULES)
    world.write("src/a.py", "import os\nos.system('ls')\n")
    world.write("src/old/b.py", "import os\nos.system('ls')\n")
    return world


def judged(world: World, *, cache: bool = True) -> Checked:
    folder = str(world.folder)
    where = str(world.folder.parent / "cache")
    return check(Request(folder=folder, cache=cache, cache_dir=where, offline=True))


def test_what_is_known_of_a_file_is_kept_by_its_content(
    project: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = judged(project)
    assert [finding.subject for finding in first.report.findings] == ["src/a.py"]

    def unwanted(*_given: object) -> None:
        raise AssertionError("it is looked into again")

    monkeypatch.setattr(answers, "read_code", unwanted)
    monkeypatch.setattr(patterns.Patterns, "find", unwanted)
    project.write("src/c.py", "import os\nos.system('ls')\n")  # as another file is
    second = judged(project)
    assert [finding.subject for finding in second.report.findings] == ["src/a.py", "src/c.py"]


def test_what_is_kept_and_damaged_is_read_again(project: World) -> None:
    judged(project)
    (kept,) = (project.folder.parent / "cache").glob("*.sqlite3")
    import sqlite3

    with sqlite3.connect(kept) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master")]
        assert "entry" in tables
        database.execute("UPDATE entry SET value = x'c1' WHERE key LIKE 'code/%'")
    assert [finding.subject for finding in judged(project).report.findings] == ["src/a.py"]


def test_all_files_of_a_selection_are_an_input(project: World) -> None:
    report = judged(project).report
    files = {entry.path: entry.digest for entry in report.subject.inputs if entry.kind == "files"}
    assert set(files) == {"src/**/*.py", "src/**/*.py, !src/old/*"}


@pytest.mark.parametrize("change", ["changed", "added", "removed"])
def test_verify_notices_that_a_file_of_a_selection_is(project: World, change: str) -> None:
    project.adhere("check", "--offline")
    words = ("verify", ".adhere/report.json")
    assert project.adhere(*words).code == 0
    if change == "removed":
        Path(project / "src/a.py").unlink()
    else:
        project.write("src/a.py" if change == "changed" else "src/new.py", "import os\n")
    ran = project.adhere(*words)
    assert ran.code == 1
    assert [line.split()[0] for line in ran.out.splitlines() if "src/**" in line] == ["changed"] * 2


def test_large_trees_are_shared_among_processes(
    project: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_WORTH_A_PROCESS", 1)
    for number in range(40):
        project.write(f"src/n{number}.py", f"import os\n\n\ndef f{number}(): os.system('x')\n")
    where = str(project.folder.parent / "cache")
    checked = check(Request(folder=str(project.folder), cache_dir=where, offline=True, jobs=2))
    assert len(checked.report.findings) == 41


def test_a_file_that_cannot_be_read_is_not_judged(project: World) -> None:
    (project / "src/large.py").write_bytes(b"#" * (17 << 20))
    report = judged(project).report
    reasons = {
        result.rule: [one.reason for one in result.not_judged if one.subject == "src/large.py"]
        for result in report.results
        if not result.builtin
    }
    for found in reasons.values():
        assert len(found) == 1
        assert "cannot read it: larger than" in found[0]
