"""Whole runs as processes: warm ones, many at once, and those that somebody kills."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from adhere.testing import FakeIndex, FakeOsv, FakeServer, faults

NAMES = [f"shop-{number}" for number in range(20)]
FLAWED = NAMES[::2]
POLICY = """\
schema = 1
[index]
rate = 1000
deadline = "60s"
[project]
sources = ["requirements.txt"]
[[rule]]
id = "gate"
check = "vulnerabilities.gate"
[[rule]]
id = "fresh"
check = "packages.fresh"
with = { max_behind = { releases = 0 } }
[[rule]]
id = "alive"
check = "packages.maintained"
"""
RIGHT = {"gate": "fail", "fresh": "fail", "alive": "pass"}
NETWORK = {"asyncio", "h2", "httpx", "redis", "socket", "ssl"}
MODULES = """
import json, sys
from adhere.surfaces.cli import run
try:
    code = run(sys.argv[1:])
except SystemExit as end:
    code = end.code
sys.stdout.flush()
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
sys.exit(code)
"""


def record(number: int, name: str) -> dict[str, Any]:
    events = [{"introduced": "0"}, {"fixed": "1.1"}]
    package = {"ecosystem": "PyPI", "name": name}
    return {
        "id": f"PYSEC-2026-{number}",
        "modified": "2026-11-01T00:00:00Z",
        "affected": [{"package": package, "ranges": [{"type": "ECOSYSTEM", "events": events}]}],
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / ".git").mkdir()
    (folder / "adhere.toml").write_text(POLICY, "utf-8")
    (folder / "requirements.txt").write_text("".join(f"{n}==1.0\n" for n in NAMES), "utf-8")
    return folder


@pytest.fixture
def servers() -> Iterator[tuple[FakeOsv, FakeIndex]]:
    records = [record(number, name) for number, name in enumerate(FLAWED)]
    pages = {name: ["1.0", "1.1"] for name in NAMES}
    with FakeOsv(records, latency=0.02) as osv, FakeIndex(pages, latency=0.02) as index:
        yield osv, index


Servers = tuple[FakeOsv, FakeIndex]


def begun(
    project: Path, servers: tuple[FakeServer, ...], out: str, *words: str
) -> subprocess.Popen[str]:
    environment: dict[str, str] = dict(os.environ)
    for server in servers:
        variables: Mapping[str, str] = server.environment  # type: ignore[attr-defined]  # fakes have it
        environment.update(variables)
    environment["ADHERE_CACHE_DIR"] = str(project / "cache")
    return subprocess.Popen(
        [sys.executable, "-c", MODULES, "check", "--format", "json", "--out", out, *words],
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[dict[str, Any], set[str]]:
    """The report, and the modules that the process had."""
    out, said = process.communicate(timeout=120)
    assert process.returncode == 1, said
    return json.loads(out), set(json.loads(said.splitlines()[-1]))


def is_right(report: dict[str, Any]) -> bool:
    found = sorted((one["rule"], one["subject"]) for one in report["findings"])
    wanted = sorted([*(("gate", name) for name in FLAWED), *(("fresh", name) for name in NAMES)])
    said = {one["rule"]: one["outcome"] for one in report["results"] if one["rule"] in RIGHT}
    return said == RIGHT and found == wanted


def asked(servers: Servers) -> Counter[str]:
    osv, index = servers
    return osv.counts + index.counts


EACH_ONCE = 1 + len(FLAWED) + len(NAMES)  # one batch, the records, the pages


def test_a_warm_run_asks_nothing_and_imports_no_network(project: Path, servers: Servers) -> None:
    cold, modules = ended(begun(project, servers, "cold"))
    assert is_right(cold)
    assert modules >= {"asyncio", "httpx"}, "or the names are wrong"
    assert asked(servers).total() == EACH_ONCE
    for words in ((), ("--offline",)):
        warm, modules = ended(begun(project, servers, "warm", *words))
        assert is_right(warm)
        assert modules & NETWORK == set()
        assert asked(servers).total() == EACH_ONCE


def test_runs_at_once_ask_for_everything_once(project: Path, servers: Servers) -> None:
    processes = [begun(project, servers, f"out-{number}") for number in range(8)]
    reports = [ended(process)[0] for process in processes]
    assert all(is_right(report) for report in reports)
    counts = asked(servers)
    assert counts.total() == EACH_ONCE, {path for path, count in counts.items() if count > 1}


@pytest.mark.parametrize("answers", [1, 3, 12, 25])
def test_the_run_after_one_that_was_killed_is_whole(
    project: Path, servers: Servers, answers: int
) -> None:
    """Killed when the servers have been asked so often, wherever it is then."""
    process = begun(project, servers, "killed")
    while asked(servers).total() < answers:
        assert process.poll() is None, "it ended before anybody killed it"
    process.kill()
    process.communicate(timeout=60)
    assert not (project / "killed" / "report.json").exists()
    report, _ = ended(begun(project, servers, "next"))
    assert is_right(report)
    assert not report["run"].get("trouble")
    verified = subprocess.run(
        [sys.executable, "-m", "adhere", "cache", "verify", "--cache-dir", "cache"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert verified.returncode == 0, verified.stdout


@pytest.mark.once
def test_killed_at_fifty_moments(project: Path, servers: Servers) -> None:
    """One cache and one report for all of them, and whatever a kill left in either."""
    moments = Random(7)
    whole = 0
    for _ in range(50):
        process = begun(project, servers, "out")
        try:
            process.communicate(timeout=moments.uniform(0.02, 0.6))
            whole += 1
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate(timeout=60)
        report = project / "out" / "report.json"
        if report.exists():
            assert is_right(json.loads(report.read_text("utf-8"))), "half a report"
    assert whole < 50, "nobody was killed"
    found, _ = ended(begun(project, servers, "out"))
    assert is_right(found)
    assert not found["run"].get("trouble")
    for line in (project / "out" / "history.jsonl").read_text("utf-8").splitlines():
        assert json.loads(line)["verdict"]
    verified = subprocess.run(
        [sys.executable, "-m", "adhere", "cache", "verify", "--cache-dir", "cache"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert verified.returncode == 0, verified.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_told_to_end_does_so_at_once(
    project: Path, servers: Servers, number: int
) -> None:
    _, index = servers
    index.fail(faults.Silent(), path="/simple/shop-7/")
    process = begun(project, servers, "out")
    while index.counts.total() < len(NAMES):
        assert process.poll() is None, "it ended before anybody told it to"
        time.sleep(0.01)
    time.sleep(0.2)  # the answers have been read by then
    process.send_signal(number)
    start = time.monotonic()
    _, said = process.communicate(timeout=60)
    assert time.monotonic() - start < 10, "the deadline is a minute"
    assert process.returncode in (130, -number), said
    assert "Traceback" not in said
    assert not (project / "out").exists()
    index.heal()
    before = asked(servers).total()
    report, _ = ended(begun(project, servers, "out"))
    assert is_right(report)
    assert asked(servers).total() - before < EACH_ONCE / 2, "what was fetched is kept"
