"""The main job on ourselves, against building the site alone.

Runs nox in this checkout, once to make the environment and then with ``-R``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from benchmarks.compare import done, timed  # noqa: E402 - after the path is set
from benchmarks.limits import end, held  # noqa: E402 - as above

RUNS = 5
LIMIT = 3.0
QUIET = {"NO_MKDOCS_2_WARNING": "1"}


def main() -> None:
    """Measure and print."""
    nox = [sys.executable, "-m", "nox", "-f", str(ROOT / "noxfile.py"), "-s"]
    subprocess.run([*nox, "compliance"], cwd=ROOT, check=True, capture_output=True)
    scripts = ROOT / ".nox" / "compliance" / ("Scripts" if os.name == "nt" else "bin")
    build = [str(scripts / "mkdocs"), "build", "--quiet", "--strict", "--site-dir", "site"]
    alone = done("mkdocs build", timed(build, RUNS, cwd=ROOT, environment=QUIET), (0,))
    whole = done("compliance", timed([*nox, "compliance", "-R"], RUNS, cwd=ROOT), (0,))
    print("| Command | Wall time | Times the build |")
    print("| --- | --- | --- |")
    print(f"| mkdocs build | {alone.seconds:.2f} s | 1.0 |")
    ratio = whole.seconds / alone.seconds
    print(f"| nox -s compliance -R | {whole.seconds:.2f} s | {ratio:.2f} |")
    print(f"\nThe main job, against the build: {held('main job', ratio, LIMIT)}.")
    end()


if __name__ == "__main__":
    main()
