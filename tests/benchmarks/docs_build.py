"""What the MkDocs plugin adds to a build: against the same pages as static Markdown, in turn.

Run it as ``python tests/benchmarks/docs_build.py``. *New* is the first build of a report,
*known* the next one, *again* a rebuild of ``mkdocs serve`` in which nothing of ours changed.
It ends with 1 where a known report or a rebuild takes noticeably longer than static pages.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

from adhere.sources.runs import NAME, written  # noqa: E402 - after the path is set
from corpus.environments import distribution, site_packages  # noqa: E402 - as above
from corpus.runs import run_row  # noqa: E402 - as above

PACKAGES, DECISIONS, RUNS = 741, 40, 200
MOST = {"known": 1.15, "again": 1.1}
"""How many times as long as static pages; measured to be 1.0 on a machine that is idle."""

RULES = """schema = 1
adr = "ADR-{n:03}"

[[rule]]
id = "licenses"
check = "licenses.allowed"
level = "warn"
with = {{ allow = ["MIT"] }}
"""
DECISION = """---
id: ADR-{n:03}
title: Decision {n}
status: accepted
---

# Decision {n}
"""
BUILDER = """
import json, logging, sys, time
start = time.perf_counter()
logging.disable(logging.WARNING)
from mkdocs.commands.build import build
from mkdocs.config import load_config

def once():
    begin = time.perf_counter()
    build(load_config("mkdocs.yml"))
    return time.perf_counter() - begin

once()
first = time.perf_counter() - start
print(json.dumps([first, min(once() for _ in range(3))]))
"""
SITE = "site_name: shop\nplugins: [search{plugin}]\n{more}"
STATIC = "extra_css: [_adhere/adhere.css]\nextra_javascript: [_adhere/adhere.js]\n"


def main() -> int:
    """Print a table; 1 where a ratio does not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "shop"
        environment = {**os.environ, "ADHERE_CACHE_DIR": str(root / "cache")}
        make(root)
        run(root, environment, "-m", "adhere", "check", "--quiet", fine=(0, 1, 3))
        static = Path(scratch) / "static" / "shop"
        shutil.copytree(root, static, symlinks=True)
        run(static, environment, "-m", "adhere", "docs", "sync", "docs")
        (static / "mkdocs.yml").write_text(SITE.format(plugin="", more=STATIC), "utf-8")
        plugin = ", adhere: {annotate_adrs: false}"  # else other pages of the site differ
        (root / "mkdocs.yml").write_text(SITE.format(plugin=plugin, more=""), "utf-8")
        known = root / "cache"
        shutil.copytree(known, Path(scratch) / "checked")
        times: dict[str, list[float]] = {}
        for _ in range(rounds):
            measure(times, ("static", "static again"), static, environment)
            shutil.rmtree(known)
            shutil.copytree(Path(scratch) / "checked", known)
            measure(times, ("new", "again"), root, environment)
            measure(times, ("known", "again"), root, environment)
    return told(times)


def make(root: Path) -> None:
    """A project of the size that is meant."""
    folder = site_packages(root / ".venv")
    for n in range(PACKAGES):
        distribution(folder, f"package-{n}", license="MIT" if n % 10 else "ISC")
    decisions = root / "docs" / "adr"
    decisions.mkdir(parents=True)
    for n in range(1, DECISIONS + 1):
        (decisions / f"ADR-{n:03}.md").write_text(DECISION.format(n=n), "utf-8")
        (decisions / f"ADR-{n:03}.rules.toml").write_text(RULES.format(n=n), "utf-8")
    (root / "docs" / "index.md").write_text("# Shop\n", "utf-8")
    (root / "adhere.toml").write_text('schema = 1\n[project]\nsources = [".venv"]\n', "utf-8")
    rows = [
        run_row(
            f"r{n}", 1 + n % 28, metrics={"seconds.total": 0.1 + n % 7 / 100, "memory.peak": 3e7}
        )
        for n in range(RUNS)
    ]
    (root / NAME).write_bytes(written(rows))


def run(root: Path, environment: dict[str, str], *words: str, fine: tuple[int, ...] = (0,)) -> str:
    """Run Python in a project; what it printed."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in fine:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout


def measure(
    times: dict[str, list[float]], names: tuple[str, str], root: Path, environment: dict[str, str]
) -> None:
    """Build in a process of its own, then again and again in it."""
    for name, seconds in zip(names, json.loads(run(root, environment, "-c", BUILDER)), strict=True):
        times.setdefault(name, []).append(seconds)


def told(times: dict[str, list[float]]) -> int:
    """Print what was measured."""
    print(f"{PACKAGES} packages, {DECISIONS} decisions, {RUNS} runs\n")
    print("| Build | Plugin | Static pages | Added | Ratio |")
    print("| --- | ---: | ---: | ---: | ---: |")
    missed = 0
    for name in ("new", "known", "again"):
        ours = median(times[name])
        theirs = median(times["static again" if name == "again" else "static"])
        ratio = ours / theirs
        missed += ratio > MOST.get(name, ratio)
        added = (ours - theirs) * 1000
        print(
            f"| {name} | {ours * 1000:.0f} ms | {theirs * 1000:.0f} ms | {added:+.0f} ms | {ratio:.2f} |"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
