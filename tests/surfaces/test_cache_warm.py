"""``adhere cache warm``: a cache that is filled before somebody needs it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adhere.testing import FakeIndex, faults

Cli = Callable[..., "subprocess.CompletedProcess[str]"]

POLICY = """\
schema = 1
[index]
retries = 0
rate = 1000
[project]
sources = ["requirements.txt"]
[[rule]]
id = "fresh"
check = "packages.fresh"
with = { max_behind = { releases = 0 } }
"""


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeIndex]:
    with FakeIndex({"shop": ["1.0"], "till": ["2.0"]}) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "adhere.toml").write_text(POLICY, "utf-8")
    (tmp_path / "requirements.txt").write_text("shop==1.0\ntill==2.0\n", "utf-8")
    return tmp_path


def test_a_run_after_it_asks_nothing(cli: Cli, project: Path, index: FakeIndex) -> None:
    done = cli("cache", "warm")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 packages: 2 requests, ")
    assert done.stdout.endswith(", for index\n")
    assert not (project / ".adhere").exists(), "nothing is judged"
    assert cli("check", "--offline").returncode == 0
    assert len(index.log) == 2
    again = cli("cache", "warm", "--format", "json")
    assert json.loads(again.stdout)["requests"] == 0


def test_what_is_missing_is_told(cli: Cli, project: Path, index: FakeIndex) -> None:
    index.fail(faults.Status(500), path="*till*")
    done = cli("cache", "warm")
    assert done.returncode == 3
    assert "index: 1 missing\n  till 2.0: failed: " in done.stdout
    index.heal()
    assert cli("cache", "warm").stdout.startswith("2 packages: 1 request, "), "it goes on"


def test_nothing_to_fetch(cli: Cli, project: Path, index: FakeIndex) -> None:
    policy = POLICY.partition("[[rule]]")[0]
    (project / "adhere.toml").write_text(policy, "utf-8")
    done = cli("cache", "warm")
    assert (done.returncode, index.log) == (0, [])
    assert "no rule asks" in done.stdout


def test_a_wrong_file(cli: Cli, project: Path, index: FakeIndex) -> None:
    (project / "adhere.toml").write_text(POLICY + "nonsense = 1\n", "utf-8")
    done = cli("cache", "warm")
    assert done.returncode == 2
    assert "adhere.toml:11:1" in done.stderr
