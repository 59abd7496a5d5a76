"""What nox sessions, tox environments and pre-commit hooks run."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.sources.task_runners import Task, tasks

NOXFILE = """\
import nox
from contextlib import suppress

nox.options.sessions = ["tests"]


def tools(session, extra):
    session.run("scan", extra)


@nox.session
def tests(session):
    session.run("pytest", *session.posargs)
    session.notify("types")


@nox.session(name="types", tags=["style"], python=["3.12"])
def check_types(session: nox.Session) -> None:
    session.run(*("mypy", "--strict"), "src")


@nox.session(tags=["style"])
def lint(session):
    tools(session, "-r")
    session.run("ruff", "check", success_codes=[0, 1])
    if session.interactive:
        session.run("one")
    for name in ("a", "b"):
        session.run("two", name)
    try:
        session.run("three")
    except Exception:
        pass
    with suppress(Exception):
        session.run("four")
    with session.chdir("docs"):
        session.run("five", success_codes=(0,))
"""
TOX = """\
[tox]
envlist = py312, lint

[testenv]
commands = pytest

[testenv:lint]
commands =
    ruff check \\
        src
    - scan -r src

[testenv:may]
ignore_outcome = true
commands = scan
"""
TOX_TOML = """\
env_list = ["lint"]

[env.lint]
commands = [["scan", "-r", { replace = "posargs" }]]
"""
HOOKS = """\
repos:
  - repo: local
    hooks:
      - id: scan
      - id: slow
        stages: [manual]
"""


def found(words: str, files: Mapping[str, str]) -> list[Task]:
    return list(tasks(words.split(), files.get))


def names(words: str, files: Mapping[str, str]) -> list[str]:
    return [task.words[0] for task in found(words, files)]


@pytest.mark.parametrize(
    ("words", "programs"),
    [
        ("nox", ["pytest", "mypy"]),
        ("nox -s types", ["mypy"]),
        ("nox -s types-3.12 tests", ["mypy", "pytest", "mypy"]),
        ("nox --session=types", ["mypy"]),
        ("nox -e types", ["mypy"]),
        ("nox -t style", ["mypy", "scan", "ruff", "one", "two", "three", "four", "five"]),
        ("nox -s gone", []),
        ("nox -f other.py -s types", []),
        ("nox -s types -- -s lint", ["mypy"]),
    ],
)
def test_sessions_of_nox(words: str, programs: list[str]) -> None:
    assert names(words, {"noxfile.py": NOXFILE}) == programs


def test_why_a_session_may_not_fail() -> None:
    faults = {task.words[0]: task.fault for task in found("nox -s lint", {"noxfile.py": NOXFILE})}
    assert {name: bool(fault) for name, fault in faults.items()} == {
        "scan": False,
        "ruff": True,
        "one": True,
        "two": True,
        "three": True,
        "four": True,
        "five": False,
    }


def test_words_and_places() -> None:
    (task,) = found("nox -s types", {"noxfile.py": NOXFILE})
    assert (task.words, task.by, task.path, task.line) == (
        ("mypy", "--strict", "src"),
        "nox -s types",
        "noxfile.py",
        19,
    )


@pytest.mark.parametrize(
    ("words", "programs"),
    [
        ("tox", ["pytest", "ruff", "scan"]),
        ("tox -e lint", ["ruff", "scan"]),
        ("tox run -e py313", ["pytest"]),
        ("tox -e lint,may", ["ruff", "scan", "scan"]),
    ],
)
def test_environments_of_tox(words: str, programs: list[str]) -> None:
    assert sorted(names(words, {"tox.ini": TOX})) == sorted(programs)


def test_why_an_environment_may_not_fail() -> None:
    files = {"tox.ini": TOX}
    assert [task.fault for task in found("tox -e lint", files)] == ["", "`-` hides its failure"]
    assert [task.fault for task in found("tox -e may", files)] == ["`ignore_outcome` is set"]


@pytest.mark.parametrize(
    "files",
    [
        {"tox.toml": TOX_TOML},
        {
            "pyproject.toml": TOX_TOML.replace("[env.", "[tool.tox.env.").replace(
                "env_list", "[tool.tox]\nenv_list"
            )
        },
        {"setup.cfg": "[tox:tox]\nenvlist = lint\n[testenv:lint]\ncommands = scan -r\n"},
        {
            "pyproject.toml": '[tool.tox]\nlegacy_tox_ini = """\n[tox]\nenvlist = lint\n[testenv:lint]\ncommands = scan -r\n"""\n'
        },
    ],
)
def test_every_file_of_tox(files: dict[str, str]) -> None:
    assert [task.words for task in found("tox", files)] == [("scan", "-r")]


def test_hooks_of_pre_commit() -> None:
    files = {".pre-commit-config.yaml": HOOKS}
    assert [(t.words[0], bool(t.fault)) for t in found("pre-commit run --all-files", files)] == [
        ("scan", False),
        ("slow", True),
    ]
    assert [bool(t.fault) for t in found("pre-commit run scan", files)] == [True]
    assert names("pre-commit install", files) == []


OURS = "{}\n\n@nox.session\ndef judge(session):\n    {}compliance(session)\n\n{}sessions({})\n"


@pytest.mark.parametrize(
    ("imported", "prefix", "given", "words"),
    [
        ("import adhere.nox", "adhere.nox.", "", "nox -s compliance"),
        ("from adhere import nox as ours", "ours.", "", "nox -s compliance"),
        ("import adhere.nox as ours", "ours.", '"sca"', "nox -s sca"),
        ("from adhere.nox import compliance, sessions", "", 'name="sca"', "nox -s sca-3.12"),
        ("from adhere.nox import compliance, sessions", "", "", "nox -s judge"),
    ],
)
def test_a_session_of_ours_checks(imported: str, prefix: str, given: str, words: str) -> None:
    text = OURS.format(imported, prefix, prefix, given)
    (task,) = found(words, {"noxfile.py": text})
    assert task.words == ("adhere", "check")
    assert task.fault == ""
    assert len(list(found("nox", {"noxfile.py": text}))) == 2, "a session of its own, and ours"


def test_a_session_of_another_library_is_not_ours() -> None:
    text = "import other.nox\n\nother.nox.sessions()\nsessions()\n"
    assert list(found("nox -s compliance", {"noxfile.py": text})) == []


@pytest.mark.parametrize("words", ["", "pytest", "nox -s x", "tox -e x", "pre-commit run -a"])
def test_what_is_not_there_runs_nothing(words: str) -> None:
    assert found(words, {}) == []


@given(st.sampled_from([NOXFILE, TOX, TOX_TOML, HOOKS]), st.text(max_size=12), st.integers(0, 600))
def test_any_file_is_read(text: str, noise: str, at: int) -> None:
    torn = text[:at] + noise + text[at:]
    for name in ("noxfile.py", "tox.ini", "tox.toml", "pyproject.toml", ".pre-commit-config.yaml"):
        for words in ("nox -t style", "tox -e lint", "pre-commit run -a"):
            found(words, {name: torn})
