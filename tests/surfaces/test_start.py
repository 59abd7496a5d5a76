"""What a command imports before it does anything: the time that a user waits for nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.environments import MIT, distribution, site_packages

HEAVY = {
    "asyncio",
    "concurrent.futures",
    "docutils",
    "email",
    "gettext",
    "http",
    "httpx",
    "importlib.metadata",
    "jinja2",
    "licenseclassifier",
    "locale",
    "logging",
    "multiprocessing",
    "packaging",
    "pathlib",
    "platform",
    "platformdirs",
    "psutil",
    "redis",
    "socket",
    "sphinx",
    "ssl",
    "subprocess",
    "urllib.request",
    "yaml",
}

SHOW = """
import json, sys
before = set(sys.modules)  # what this Python's own start brought in is not ours
from adhere.surfaces.cli import run
try:
    code = run(sys.argv[1:])
except SystemExit as end:  # how a parser ends after it has printed its help
    code = end.code
sys.stdout.flush()
print(json.dumps([code, sorted(set(sys.modules) - before)]), file=sys.stderr)
"""


def imported(folder: Path, *words: str) -> tuple[int, set[str]]:
    done = subprocess.run(
        [sys.executable, "-c", SHOW, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, set(modules)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    packages = site_packages(tmp_path / ".venv")
    distribution(packages, "alpha", requires=["beta>=1"], requested=True)
    distribution(packages, "beta", license=None, fields=["License: MIT"], files={"LICENSE": MIT})
    trove = "Classifier: License :: OSI Approved :: "
    several = [f"{trove}MIT License", f"{trove}Apache Software License"]
    distribution(packages, "gamma", license=None, fields=several)
    (tmp_path / "adhere.toml").write_text(
        'schema = 1\n[[rule]]\nid = "licenses"\ncheck = "licenses.allowed"\n'
        'with = { allow = ["MIT", "Apache-2.0"] }\n',
        "utf-8",
    )
    return tmp_path


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_warm_check_imports_nothing_heavy(project: Path, format_: str) -> None:
    wanted = ("check", "--format", format_, "--cache-dir", str(project / "cache"))
    # Files are trusted by their stamp from an age that a test does not wait for.
    for _ in range(20):
        code, modules = imported(project, *wanted)
        report = json.loads((project / ".adhere" / "report.json").read_text("utf-8"))
        if report["run"]["counts"].get("inventory.remembered") == 3:
            break
    assert code == 1, "gamma's classifiers leave its license open"
    assert modules & HEAVY == set()


def test_a_remembered_check_imports_next_to_nothing(project: Path) -> None:
    wanted = ("check", "--cache-dir", str(project / "cache"))
    for _ in range(20):
        code, modules = imported(project, *wanted)
        if "msgspec" not in modules:
            break
    assert code == 1
    assert modules & {*HEAVY, "collections", "contextlib", "re", "typing"} == set()
    assert len(modules) < 25


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("check", "--help")])
def test_help_imports_next_to_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    _, modules = imported(tmp_path, *words)
    assert modules & {*HEAVY, "msgspec", "sqlite3", "tomllib"} == set()


LEAN = """
import sys
from types import ModuleType
from adhere.surfaces.cli import lean
{before}
lean.import_argparse()
lean.import_msgspec()
import argparse, gettext, msgspec, platform, typing_extensions
assert platform.python_version() and typing_extensions.Annotated and gettext.find
assert argparse.ArgumentParser(prog="x").format_usage() == "usage: x [-h]\\n"
assert msgspec.json.decode(b"[1]") == [1]
"""
ASKS_FOR_MORE = """
class Bare(ModuleType):
    def __setattr__(self, name, value):
        pass  # a stand-in that lacks what this version asks for
lean.ModuleType = Bare
"""


@pytest.mark.parametrize("before", ["", ASKS_FOR_MORE], ids=["this version", "another one"])
def test_whoever_needs_the_real_thing_later_gets_it(before: str) -> None:
    """Also where a library asks for more of a stand-in than it has."""
    program = LEAN.format(before=before)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
