"""Runs every benchmark and writes what they print as a page of our documentation.

``python tests/benchmarks/page.py PAGE [--short]``. The page is written also when a ratio does
not hold; the command then ends with 1.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent
sys.path[:0] = [str(ROOT / "tests")]

from adhere.metrics.environment import environment_class  # noqa: E402 - after the path is set
from adhere.policy.statistics import median, noise  # noqa: E402 - as above

HEAD = """\
---
title: Benchmarks
description: How fast adhere and its peers are, on the same packages in one run
---

# Benchmarks

`nox -s bench` wrote this page on {day}, at commit `{commit}`, on {environment}. There `python -c pass` took
{start:.1f} ms, give or take {noise:.0%}. Times say something about one machine and its load, ratios of one run say
something about programs: a ratio that does not hold ends the command with 1, a time never does.
"""


class Part(NamedTuple):
    """One benchmark.

    Attributes:
        script: in this folder.
        title: of its section.
        says: what is measured, as a paragraph.
        short: arguments of a short run; ``None`` where it is left out of one.
    """

    script: str
    title: str
    says: str
    short: tuple[str, ...] | None


PARTS = (
    Part(
        "compare.py",
        "Whole commands",
        "Each command is a process of its own over the same environment of real packages. *Warm* judges"
        " everything from the file cache, *again* finds that nothing has changed, *cold* has no cache. A bare"
        " read opens every `METADATA` and does nothing with it.",
        ("--no-peers", "--runs", "9"),
    ),
    Part(
        "phases.py",
        "Where a run spends its time",
        "The phases of a run, as every report has them, and what the process does around them. Warm, much of"
        " the time is imports: a run imports what it needs and nothing of the network.",
        ("--runs", "3"),
    ),
    Part(
        "scaling.py",
        "From 100 to 50,000 packages",
        "Real packages under other names. 1.0 is a slope that is linear; below it, a package costs less where"
        " there are more.",
        None,
    ),
    Part(
        "network.py",
        "Against a service",
        "Both tools ask the same fake OSV service on the loopback about the same packages.",
        ("--runs", "3"),
    ),
    Part(
        "index_client.py",
        "The index client",
        "Against a fake index, and against its own rate.",
        ("200",),
    ),
    Part(
        "decisions.py",
        "Decisions over a large project",
        "Rules about calls, imports, text and files, five of each decision. Syntax is read once for all rules, by as"
        " many processes as there are processors, and kept by the content of each file.",
        ("--decisions", "60", "--files", "1000", "--runs", "2"),
    ),
    Part("cache.py", "Tiers of the cache", "741 entries of 3 kB.", ()),
    Part(
        "advisories.py",
        "A snapshot of advisories",
        "Indexed once, then matched with 741 packages.",
        (),
    ),
    Part(
        "docs_build.py",
        "Building documentation",
        "The same pages by the MkDocs plugin and as static Markdown, in turn. *New* is the first build of a report,"
        " *known* the next one, *again* a rebuild of `mkdocs serve`.",
        ("--rounds", "1"),
    ),
    Part("meter.py", "What measuring costs", "A whole run with the meter, and without.", ()),
    Part(
        "main_job.py",
        "The main job on ourselves",
        "`nox -s compliance -R` checks, writes the pages and builds this site; `mkdocs build` only builds it.",
        None,
    ),
)


def main() -> None:
    """Run, write, end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path, help="what to write")
    parser.add_argument("--short", action="store_true", help="without peers, and less of all")
    wanted = parser.parse_args()
    sections, failed = [head()], []
    for part in PARTS:
        print(f"{part.title} ...", flush=True)
        if wanted.short and part.short is None:
            continue
        arguments = (part.short or ()) if wanted.short else ()
        command = [sys.executable, str(FOLDER / part.script), *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "ADHERE_BENCH_MARGIN": "0.5"} if wanted.short else None,
        )
        print(done.stdout, done.stderr, flush=True)
        if done.returncode:
            failed.append(part.script)
        sections.append(f"## {part.title}\n\n{part.says}\n\n{_paragraphs(done.stdout)}\n")
    wanted.page.write_text("\n".join(sections), "utf-8")
    if failed:
        sys.exit(f"does not hold, see above: {', '.join(failed)}")


def head() -> str:
    """The beginning of the page, with what the machine is and how noisy."""
    spent = []
    for _ in range(30):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        spent.append((time.perf_counter() - start) * 1000)
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return HEAD.format(
        day=datetime.now(UTC).date(),
        commit=commit or "unknown",
        environment=environment_class(""),
        start=median(spent),
        noise=noise(spent),
    )


def _paragraphs(text: str) -> str:
    """Output as Markdown: a table is a block, every other line a paragraph."""
    blocks: list[str] = []
    table: list[str] = []
    for line in [*text.strip().splitlines(), ""]:
        if line.startswith("|"):
            table.append(line)
            continue
        if table:
            blocks.append("\n".join(table))
            table = []
        if line.strip():
            blocks.append(line.strip())
    return "\n\n".join(blocks)


if __name__ == "__main__":
    main()
