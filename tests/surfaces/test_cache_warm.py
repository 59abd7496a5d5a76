"""``adhere cache warm``: a cache that is filled before somebody needs it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adhere.testing import FakeIndex, FakeOsv, FakeRelease, faults

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


def test_rules_that_ask_for_nothing_need_nothing(cli: Cli, project: Path, index: FakeIndex) -> None:
    policy = POLICY.partition("[[rule]]")[0]
    rule = '[[rule]]\nid = "known"\ncheck = "packages.denied"\nwith = { deny = ["left-pad"] }\n'
    (project / "adhere.toml").write_text(policy + rule, "utf-8")
    done = cli("cache", "warm")
    assert (done.returncode, index.log) == (0, []), done.stderr
    assert "no rule asks" in done.stdout


def test_without_rules_everything_that_rules_could_ask_for(
    cli: Cli, project: Path, index: FakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "adhere.toml").write_text(POLICY.partition("[[rule]]")[0], "utf-8")
    with FakeOsv() as osv:
        monkeypatch.setenv("ADHERE_OSV_URL", osv.url)
        done = cli("cache", "warm")
        assert done.returncode == 0, done.stdout
        assert done.stdout.startswith("2 packages: 3 requests, ")
        assert done.stdout.endswith(", for index and vulnerabilities\n")
        assert (len(osv.log), len(index.log)) == (1, 2)


def test_an_old_answer_that_cannot_be_renewed_is_told(
    cli: Cli, project: Path, index: FakeIndex
) -> None:
    policy = POLICY.replace("[project]", '[cache]\nttl = { package_metadata = "1ms" }\n[project]')
    (project / "adhere.toml").write_text(policy, "utf-8")
    assert cli("cache", "warm").returncode == 0
    index.fail(faults.Status(500), path="*till*")
    done = cli("cache", "warm")
    assert done.returncode == 3
    assert done.stdout.splitlines()[1:] == ["not answered: 1 failed; older answers are kept"]


def test_it_has_a_deadline_of_its_own(cli: Cli, project: Path, index: FakeIndex) -> None:
    index.fail(faults.Silent())
    done = cli("cache", "warm", "--deadline", "0.3")
    assert done.returncode == 3
    assert "index: 2 missing\n  shop 1.0: deadline" in done.stdout
    assert "not answered: 2 deadline\n" in done.stdout
    index.heal()
    policy = POLICY.replace("retries = 0", 'retries = 0\ndeadline = "1ms"')
    (project / "adhere.toml").write_text(policy, "utf-8")
    assert cli("cache", "warm").returncode == 0, "that of a run is another"


def test_licenses_that_only_an_index_knows(cli: Cli, project: Path, index: FakeIndex) -> None:
    rule = """
[[rule]]
id = "licenses"
check = "licenses.allowed"
with = { allow = ["MIT"] }
"""
    index.add("shop", [FakeRelease("1.0", metadata={"License-Expression": "MIT"})])
    index.add("till", [FakeRelease("3.0")])
    (project / "adhere.toml").write_text(POLICY.partition("[[rule]]")[0] + rule, "utf-8")
    done = cli("cache", "warm")
    assert done.returncode == 3
    first, second, third = done.stdout.splitlines()
    assert first.startswith("2 packages: 3 requests, ")
    assert first.endswith(", for licenses")
    assert second == "licenses: 1 missing"
    assert third == f"  till 2.0: {index.url} has no metadata of this version"


def test_one_that_is_killed_is_gone_on_with(cli: Cli, project: Path, index: FakeIndex) -> None:
    names = [f"shop-{number}" for number in range(60)]
    for name in names:
        index.add(name, ["1.0"])
    (project / "requirements.txt").write_text("".join(f"{n}==1.0\n" for n in names), "utf-8")
    slow = POLICY.replace("rate = 1000", "rate = 40")
    (project / "adhere.toml").write_text(slow, "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "adhere", "cache", "warm"],
        cwd=project,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while len(index.log) < 40:
        assert process.poll() is None, "it ended before anybody killed it"
    process.kill()
    process.wait(60)
    (project / "adhere.toml").write_text(POLICY, "utf-8")
    done = cli("cache", "warm", "--format", "json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["lacking"], found["unanswered"]) == (0, [], {})
    assert found["requests"] <= 40, "most of what the first one had is still there"


def test_a_wrong_file(cli: Cli, project: Path, index: FakeIndex) -> None:
    (project / "adhere.toml").write_text(POLICY + "nonsense = 1\n", "utf-8")
    done = cli("cache", "warm")
    assert index.log == [], "a rule that cannot be read is not the same as none"
    assert done.returncode == 2
    assert "adhere.toml:11:1" in done.stderr
