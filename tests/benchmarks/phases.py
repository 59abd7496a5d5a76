"""Where a run spends its time: each phase, and what is imported, on the packages of the table above.

Phases are those that every report has in its ``run``; what happens around them is what the
whole process took besides.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import rmtree

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from benchmarks.compare import make_environment, ours, timed  # noqa: E402 - after the path is set

PHASES = {
    "policy": "reads configuration, rules and decisions",
    "inventory": "lists packages, takes each from the cache or reads it, joins them to a graph",
    "licenses": "applies what the policy says of single packages",
    "evidence": "gathers whatever else rules ask for",
    "verdict": "judges",
}
_IMPORTED = re.compile(r"import time: +(\d+) \| +\d+ \| +([A-Za-z_][\w.]*)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9, help="counted runs, a third of it cold")
    wanted = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as for every command that is timed
    with tempfile.TemporaryDirectory() as folder:
        packages, names = make_environment(Path(folder) / "environment", 741)
        here = Path(folder) / "here"
        here.mkdir()
        commands = ours(packages, here)
        warm, cold = commands["adhere check, warm"], commands["adhere check, cold"]
        start = timed([sys.executable, "-c", "pass"], wanted.runs).seconds
        found = [
            phases(warm, here, wanted.runs, start),
            phases(cold, here, max(1, wanted.runs // 3), start),
        ]
        print(f"{len(names)} packages.\n")
        print("| Phase | What it does | Warm | Cold |\n| --- | --- | ---: | ---: |")
        for phase, does in {**AROUND, **PHASES}.items():
            cells = " | ".join(f"{one[phase] * 1000:.1f} ms" for one in found)
            print(f"| {phase} | {does} | {cells} |")
        print(
            "\nModules of a warm run, by Python's own count (`-X importtime`, which itself takes time):\n"
        )
        print("| Whose | Modules | Time |\n| --- | ---: | ---: |")
        for whose, times in imports(warm, here).items():
            print(f"| {whose} | {len(times)} | {sum(times) / 1000:.1f} ms |")


AROUND = {
    "start": "of Python itself",
    "around": "imports, options, the report and its files, the memory of the verdict",
}


def phases(command: Sequence[str], here: Path, runs: int, start: float) -> dict[str, float]:
    """Medians of whole processes, in seconds by phase.

    Args:
        command: a check that prints its report as JSON.
        here: folder of the project.
        runs: that are counted.
        start: seconds that Python takes to start.
    """
    seconds: dict[str, list[float]] = {}
    for turn in range(runs + 1):
        rmtree(here / "cache" / "verdicts", ignore_errors=True)
        began = time.perf_counter()
        done = subprocess.run(command, cwd=here, capture_output=True, check=False)
        whole = time.perf_counter() - began
        found: Mapping[str, float] = json.loads(done.stdout)["run"]["seconds"]
        if not turn:
            continue  # the first one fills what the others find
        seconds.setdefault("start", []).append(start)
        seconds.setdefault("around", []).append(whole - start - found["total"])
        for phase in PHASES:
            seconds.setdefault(phase, []).append(found[phase])
    return {phase: statistics.median(values) for phase, values in seconds.items()}


def imports(command: Sequence[str], here: Path) -> dict[str, list[int]]:
    """Microseconds of each module that a run imports, by whose it is."""
    rmtree(here / "cache" / "verdicts", ignore_errors=True)
    words = [sys.executable, "-X", "importtime", "-m", "adhere", *command[1:]]
    done = subprocess.run(words, cwd=here, capture_output=True, text=True, check=False)
    found: dict[str, list[int]] = {}
    for line in done.stderr.splitlines():
        if match := _IMPORTED.match(line):
            whose = match.group(2).partition(".")[0]
            if whose not in ("adhere", "msgspec"):
                whose = "Python's library"
            found.setdefault(whose, []).append(int(match.group(1)))
    return dict(sorted(found.items(), key=lambda item: -sum(item[1])))


if __name__ == "__main__":
    main()
