"""Time and memory over the number of packages: 100 to 50,000, made from real ones.

Prints a Markdown table with the time per package, and the slope of time over number on a
logarithmic scale: 1.0 is linear. A package is a real one under another name, with all its
files; without the shared data, one of ours.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import sys
import tempfile
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from benchmarks.compare import Timed, make_environment, ours, timed  # noqa: E402 - after the path is set
from benchmarks.limits import end, held  # noqa: E402 - as above

SIZES = (100, 1_000, 5_000, 50_000)
LIMIT = 1.3
"""Times that a package of the largest may take as long as one of the size before."""


def make(models: list[Path], count: int, folder: Path) -> Path:
    """A site-packages folder of so many packages."""
    packages = folder / "lib" / "python3.12" / "site-packages"
    packages.mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("version = 3.12.1\n", "utf-8")
    for number, model in zip(range(count), cycle(models), strict=False):
        name, _, version = model.name.removesuffix(".dist-info").rpartition("-")
        target = packages / f"{name}_{number}-{version}.dist-info"
        shutil.copytree(model, target, copy_function=_linked)
        text = (model / "METADATA").read_bytes()
        (target / "METADATA").unlink()
        (target / "METADATA").write_bytes(_renamed(text, f"{name}-{number}".encode()))
    return packages


def _linked(source: str, target: str) -> None:
    os.link(source, target)


def _renamed(text: bytes, name: bytes) -> bytes:
    lines = text.split(b"\n")
    at = next(i for i, line in enumerate(lines) if line.lower().startswith(b"name:"))
    lines[at] = b"Name: " + name
    return b"\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="packages of the largest")
    parser.add_argument("--runs", type=int, default=3, help="counted warm runs of each size")
    wanted = parser.parse_args()
    sizes = [size for size in SIZES if size <= wanted.most]
    cold: list[Timed] = []
    warm: list[Timed] = []
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        models_folder, _ = make_environment(scratch / "models", 741)
        models = sorted(models_folder.glob("*.dist-info"))
        print("| Packages | Cold | A package | Warm | A package | Peak memory, cold and warm |")
        print("| --- | --- | --- | --- | --- | --- |")
        for size in sizes:
            packages = make(models, size, scratch / f"of-{size}")
            here = scratch / f"here-{size}"
            here.mkdir()
            command = ours(packages, here)["adhere check, warm"]
            forget = here / "cache" / "verdicts"
            cold.append(timed(command, 1, uncounted=0, forget=here / "cache", cwd=here))
            warm.append(timed(command, wanted.runs, forget=forget, cwd=here))
            print(_row(size, cold[-1], warm[-1]), flush=True)
            shutil.rmtree(packages)
    print()
    for name, times in (("cold", cold), ("warm", warm)):
        # Below a thousand packages most of the time is that of starting.
        large = [
            (size, one.seconds) for size, one in zip(sizes, times, strict=True) if size >= 1000
        ]
        print(f"Slope, {name}, from 1,000 packages on: {slope(large):.2f}.")
        (before, early), (after, late) = large[-2:]
        ratio = (late / after) / (early / before)
        print(f"A package of {after:,}, {name}, against one of {before:,}: ", end="")
        print(f"{held(f'a package, {name}', ratio, LIMIT)}.")
    end()


def slope(points: list[tuple[int, float]]) -> float:
    """Of a line through points on a logarithmic scale, by least squares."""
    logs = [(math.log(size), math.log(seconds)) for size, seconds in points]
    x = sum(one for one, _ in logs) / len(logs)
    y = sum(other for _, other in logs) / len(logs)
    return sum((a - x) * (b - y) for a, b in logs) / sum((a - x) ** 2 for a, _ in logs)


def _row(size: int, cold: Timed, warm: Timed) -> str:
    cells = (
        f"{size:,}",
        f"{cold.seconds:.2f} s",
        f"{cold.seconds / size * 1e6:.0f} us",
        f"{warm.seconds:.2f} s",
        f"{warm.seconds / size * 1e6:.0f} us",
        f"{cold.memory / 1e6:.0f} MB, {warm.memory / 1e6:.0f} MB",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
