"""Measures the snapshot of advisories: the first index, a run of 741 packages, ten times as much.

Prints a Markdown table. Each row is a process of its own, for its peak memory.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("ADHERE_TEST_DATA", ROOT.parent / "shared" / "data"))
sys.path[:0] = [str(ROOT / "tests")]

from benchmarks.limits import end, held  # noqa: E402 - after the path is set

COUNT = 741
ROUNDS = 15
TIMES = 10


def larger(source: Path, target: Path) -> None:
    """A snapshot with ten times the records, of other packages."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            data = old.read(member)
            new.writestr(member, data)
            record = json.loads(data)
            for number in range(1, TIMES):
                new.writestr(f"{number}-{member}", json.dumps(_other(record, number)))


def _other(record: dict[str, object], number: int) -> dict[str, object]:
    text = json.dumps(record)
    other: dict[str, object] = json.loads(text)
    other["id"] = f"{record['id']}-{number}"
    other["aliases"] = []
    for part in other["affected"]:  # type: ignore[attr-defined]  # a list, in OSV's format
        part["package"]["name"] += f"-{number}"
    return other


def packages(archive: Path) -> list[tuple[str, str]]:
    """Names and versions of the real environment."""
    listed = subprocess.run(["tar", "-tf", archive], capture_output=True, text=True, check=True)
    folders = {line.removeprefix("./").partition("/")[0] for line in listed.stdout.splitlines()}
    names = (name.removesuffix(".dist-info") for name in folders if name.endswith(".dist-info"))
    return sorted((name, version) for name, _, version in (n.rpartition("-") for n in names))


def measure(snapshot: str, archive: str) -> None:
    """Print seconds of the first index, of a match, and the peak memory in MB."""
    from adhere.app.vulnerabilities import from_snapshot
    from adhere.evidence.advisories import open_snapshot
    from corpus.inventories import component

    components = [component(*pin) for pin in packages(Path(archive))]
    assert len(components) == COUNT
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:

        def opened() -> object:
            return open_snapshot(snapshot, "s", folder, lambda *_: None)

        first = seconds(opened)
        found = open_snapshot(snapshot, "s", folder, lambda *_: None)
        spent = [seconds(lambda: from_snapshot(found, components, now, 1.0)) for _ in range(ROUNDS)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(found.records, first, statistics.median(spent), peak)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    if len(sys.argv) == 3:
        measure(*sys.argv[1:])
        return
    source = SHARED / "osv-pypi-2024-10-10.zip"
    archive = SHARED / "site-packages-741.tar.xz"
    if not source.is_file():
        print("the shared data is absent")
        return
    print(f"| Records | First index | {COUNT} packages matched | Peak memory |")
    print("| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        ten = Path(folder) / "ten.zip"
        larger(source, ten)
        matched: list[float] = []
        for snapshot in (source, ten):
            command = [sys.executable, __file__, str(snapshot), str(archive)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            count, first, spent, peak = done.stdout.split()
            row = f"{float(first):.2f} s | {float(spent) * 1e3:.1f} ms | {float(peak):.0f} MB"
            print(f"| {count} | {row} |")
            matched.append(float(spent))
    print(f"\nTen times as many records: {held('to match', matched[1] / matched[0], 1.5)}.")
    end()


if __name__ == "__main__":
    main()
