"""Whole commands against fake servers on loopback, with pip-audit over the same packages beside.

Both judge the same environment against the same OSV service, which answers after 50 ms and
runs in a process of its own. Prints a Markdown table of medians and ratios.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from adhere.testing import FakeOsv  # noqa: E402 - after the path is set
from benchmarks.compare import SHARED, make_environment, of_version  # noqa: E402 - as above
from benchmarks.limits import end, held  # noqa: E402 - as above
from benchmarks.peers import tool  # noqa: E402 - as above
from corpus.advisories import osv, spans  # noqa: E402 - as above

LATENCY = 0.05
SNAPSHOT = "osv-pypi-2024-10-10.zip"
POLICY = """\
schema = 1
[[rule]]
id = "gate"
check = "vulnerabilities.gate"
"""


def serve(snapshot: str, names: list[str], pipe: Connection) -> None:
    """Serve until told to end; tell how often the service was asked."""
    made = [osv("PYSEC-1", affected=[spans(names[0], ("0", None))])]
    with FakeOsv(recorded(snapshot) if snapshot else made, latency=LATENCY) as service:
        pipe.send(service.origin)
        while pipe.recv():
            pipe.send(service.counts.total())


def recorded(snapshot: str) -> Iterator[dict[str, Any]]:
    """Records of a snapshot, with times as the service writes them.

    The archive writes some of them with a space, and pip-audit reads one form only.
    """
    with zipfile.ZipFile(snapshot) as archive:
        for name in archive.namelist():
            record = json.loads(archive.read(name))
            for key in ("published", "modified", "withdrawn"):
                if key in record:
                    moment = datetime.fromisoformat(record[key]).astimezone(UTC)
                    record[key] = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
            yield record


class Service:
    """The service in its process."""

    def __init__(self, names: list[str]) -> None:
        snapshot = Path(os.environ.get("ADHERE_TEST_DATA", SHARED)) / SNAPSHOT
        kept = str(snapshot) if snapshot.is_file() else ""
        self._pipe, theirs = multiprocessing.Pipe()
        arguments = (kept, names, theirs)
        self._process = multiprocessing.get_context("spawn").Process(target=serve, args=arguments)
        self._process.start()
        self.url: str = self._pipe.recv()

    def asked(self) -> int:
        """Requests so far."""
        self._pipe.send("count")
        count: int = self._pipe.recv()
        return count

    def end(self) -> None:
        """Stop it."""
        self._pipe.send("")
        self._process.join()


def run(
    command: list[str], service: Service, *, codes: tuple[int, ...] = (0, 1), **options: Any
) -> tuple[float, int, str]:
    """Seconds, requests, and what was printed.

    Raises:
        SystemExit: the command did not do its work.
    """
    before, start = service.asked(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    spent = time.perf_counter() - start
    if done.returncode not in codes:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stderr}")
    return spent, service.asked() - before, done.stdout


def row(name: str, does: str, spent: list[float], asked: int, found: int, base: float) -> str:
    """A line of the table."""
    median = statistics.median(spent)
    return f"| {name} | {does} | {median:.2f} s | {asked} | {found} | {median / base:.2f} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each command")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        packages, names = make_environment(scratch / "environment", 741)
        project, cache = scratch / "project", scratch / "cache"
        project.mkdir()
        (project / "adhere.toml").write_text(POLICY, "utf-8")
        service = Service(names)
        try:
            measure(packages, len(names), project, cache, service, wanted.runs)
        finally:
            service.end()


def measure(
    packages: Path, count: int, project: Path, cache: Path, service: Service, runs: int
) -> None:
    """Run both, and print the table."""
    environ = {**os.environ, "ADHERE_OSV_URL": service.url}
    adhere = [str(Path(sys.executable).parent / "adhere"), "check", str(packages)]
    adhere += ["--format", "json", "--cache-dir", str(cache)]
    options: dict[str, Any] = {"cwd": project, "env": environ}
    run(adhere, service, **options)  # what is read of the environment is in the cache then
    cold, asked, report = [], 0, "{}"
    for _ in range(runs):
        shutil.rmtree(cache)
        # Both tools find an environment that was read before; advisories are asked for anew.
        run([*adhere, "--offline"], service, codes=(3,), **options)
        spent, asked, report = run(adhere, service, **options)
        cold.append(spent)
    ours = {f["subject"] for f in json.loads(report)["findings"]}
    again = [run(adhere, service, **options)[0] for _ in range(runs)]
    warm, rate = [], 0.0
    for _ in range(runs):
        shutil.rmtree(cache / "verdicts", ignore_errors=True)
        spent, _, report = run(adhere, service, **options)
        warm.append(spent)
        rate = hit_rate(json.loads(report)["run"]["counts"])
    base = statistics.median(cold)
    print(f"{count} packages, a service that answers after {LATENCY * 1e3:.0f} ms, ", end="")
    print(f"medians of {runs} runs.\n")
    print("| Command | Does | Wall time | Requests | Packages with findings | Ratio |")
    print("| --- | --- | --- | --- | --- | --- |")
    print(row("adhere check, cold", "asks for all advisories", cold, asked, len(ours), base))
    print(row("adhere check, warm", "judges, asks nobody", warm, 0, len(ours), base))
    print(row("adhere check, again", "nothing has changed", again, 0, len(ours), base))
    program = tool("pip-audit")
    if not program:
        print(f"\npip-audit is not installed here. Hit rate of the warm run: {rate:.1%}.")
        return
    audit = [program, "--path", str(packages), "--vulnerability-service", "osv", "--format=json"]
    audit += ["--osv-url", f"{service.url}/v1/query", "--progress-spinner", "off"]
    theirs, asked, found = [], 0, "{}"
    for _ in range(max(1, runs // 2)):
        spent, asked, found = run(audit, service, **options)
        theirs.append(spent)
    flawed = {d["name"] for d in json.loads(found)["dependencies"] if d.get("vulns")}
    does = "asks for all advisories"
    if ours != flawed:
        does += f", and says otherwise of {', '.join(sorted(ours ^ flawed))}"
    print(row(f"pip-audit{of_version('pip-audit')}", does, theirs, asked, len(flawed), base))
    print(f"\nHit rate of the warm run: {rate:.1%}.")
    against = base / statistics.median(theirs)
    print(f"Cold, against pip-audit: {held('cold against pip-audit', against, 1 / 10)}.")
    print(f"Lookups per hit, warm: {held('lookups per hit', 1 / rate, 1 / 0.99)}.")
    end()


def hit_rate(counts: dict[str, int]) -> float:
    """Lookups that any tier answered, of all."""
    hits = sum(
        n for name, n in counts.items() if name.startswith("cache.") and name.endswith("hits")
    )
    memory = (counts.get(f"cache.memory.{what}", 0) for what in ("hits", "misses", "expired"))
    return hits / sum(memory)


if __name__ == "__main__":
    main()
