"""Whole runs that begin with an empty cache: many at once, and on several machines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adhere.testing import FakeIndex
from corpus.environments import distribution, site_packages
from fakes.redis_server import RedisServer, free_port, redis_server

NAMES = [f"shop-{number}" for number in range(24)]
POLICY = """\
schema = 1
[index]
rate = 1000
deadline = "60s"
[cache]
redis = { url = "env:SHARED" }
[[rule]]
id = "fresh"
check = "packages.fresh"
with = { max_behind = { days = 30 } }

"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    packages = site_packages(folder / ".venv")
    for name in NAMES:
        distribution(packages, name, requested=True)
    (folder / "adhere.toml").write_text(POLICY, "utf-8")
    (folder / ".git").mkdir()
    return folder


@pytest.fixture
def index() -> Iterator[FakeIndex]:
    with FakeIndex({name: ["1.0", "1.1"] for name in NAMES}, latency=0.02) as server:
        yield server


def begun(
    project: Path, index: FakeIndex, machine: str, out: str, shared: str = ""
) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **index.environment, "SHARED": shared}
    environment["ADHERE_CACHE_DIR"] = str(project.parent / machine)
    words = ("check", "--format", "json", "--out", out, "--deadline", "60")
    return subprocess.Popen(
        [sys.executable, "-m", "adhere", *words],
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def ended(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    out, said = process.communicate(timeout=120)
    assert process.returncode in (0, 1), said.decode()
    report: dict[str, Any] = json.loads(out)
    assert [result["outcome"] for result in report["results"]] != ["not_run"]
    return report


def judged(report: dict[str, Any]) -> dict[str, Any]:
    """A report but for its run."""
    return {key: value for key, value in report.items() if key != "run"}


def test_sixteen_runs_at_once_ask_for_each_page_once(project: Path, index: FakeIndex) -> None:
    processes = [begun(project, index, "here", f"out-{n}") for n in range(16)]
    reports = [ended(process) for process in processes]
    assert all(judged(report) == judged(reports[0]) for report in reports)
    assert not any(report["run"].get("trouble") for report in reports)
    pages = {index.page_path(name) for name in NAMES}
    assert {path: count for path, count in index.counts.items() if path in pages} == (
        dict.fromkeys(pages, 1)
    )


def test_a_machine_asks_the_cache_of_another(
    project: Path, index: FakeIndex, tmp_path: Path
) -> None:
    (tmp_path / "redis").mkdir()
    with redis_server(tmp_path / "redis") as server:
        first = ended(begun(project, index, "one", "out", server.url))
        assert set(index.counts) >= {index.page_path(name) for name in NAMES}
        index.clear_log()
        second = ended(begun(project, index, "other", "out", server.url))
    assert judged(first) == judged(second)
    assert index.log == []
    counts = second["run"]["counts"]
    assert counts["cache.redis.hits"] >= len(NAMES)
    third = ended(begun(project, index, "other", "out", server.url))
    assert index.log == [], "the file has it now, and the server is gone"
    assert judged(third) == judged(first)
    assert not third["run"].get("trouble"), "nobody asked the server"


@pytest.mark.parametrize("how", ["absent", "killed", "poisoned"])
def test_a_shared_cache_that_fails_changes_no_verdict(
    project: Path, index: FakeIndex, tmp_path: Path, how: str
) -> None:
    right = ended(begun(project, index, "one", "out"))
    (tmp_path / "redis").mkdir()
    with redis_server(tmp_path / "redis") as server:
        ended(begun(project, index, "two", "out", server.url))
        url = server.url
        if how == "killed":
            server.kill()
        elif how == "absent":
            url = f"redis://:secret@127.0.0.1:{free_port()}"
        else:
            poison(server)
        report = ended(begun(project, index, "three", "out", url))
    assert judged(report) == judged(right)
    trouble = report["run"].get("trouble", [])
    if how == "poisoned":
        assert report["run"]["counts"]["cache.redis.errors"] >= len(NAMES)
    else:
        assert trouble == ["Redis is not used: the connection failed"]
    assert "secret" not in json.dumps(report)


def poison(server: RedisServer) -> None:
    """Exchange every value with the next one, and cut some."""
    with server.client() as client:
        names = sorted(client.scan_iter())
        values = client.mget(names)
        assert len(names) >= len(NAMES)
        for number, name in enumerate(names):
            value = values[(number + 1) % len(values)]
            client.set(name, value[: len(value) // 2] if number % 2 else value)
