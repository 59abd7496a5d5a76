"""Decisions over a large project: 300 documents with 1,500 rules, 5,000 files of 150 lines.

Prints a Markdown table for ``adhere adr check`` with an empty cache and with a filled one, and for
``adhere adr lint`` and ``adhere adr review`` of two commits. The work to compare with is one parse of every file by Python itself, in one
process: what any tool that looks at syntax does.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from benchmarks.compare import timed  # noqa: E402 - after the path is set
from benchmarks.limits import end, held  # noqa: E402 - as above

DECISIONS, FILES, LINES = 300, 5_000, 150
PACKAGES = 50
MOST = {"cold": 3.0, "warm": 0.6, "review": 4.0}
"""How many times as long as the parse, in whole processes; a review as a warm check, of which it is two."""

PARSE = """
import ast, pathlib
for path in pathlib.Path("src").rglob("*.py"):
    ast.parse(path.read_bytes())
"""

DOCUMENT = """\
---
id: ADR-{n:03}
title: Decision {n}
status: accepted
date: 2026-11-01
---

# Decision {n}

## Outcome

Nothing in part {n} does what was ruled out. Everything has an answer within 7 days.

## More

See [the one before](ADR-{before:03}-decision.md).
"""

RULES = """\
schema = 1
adr = "ADR-{n:03}"

[[rule]]
id = "calls"
check = "calls.forbidden"
refs = ["#outcome"]
with = {{ calls = ["os.system", "forbidden_{n}.*"], files = ["src/shop/p{part:02}/*.py"] }}

[[rule]]
id = "imports"
check = "imports.allowed"
refs = ["#outcome"]
with = {{ deny = ["forbidden_{n}"], files = ["src/shop/p{part:02}/*.py"] }}

[[rule]]
id = "text"
check = "text.match"
refs = ["#outcome"]
with = {{ files = ["src/shop/p{part:02}/*.py"], forbid = ["forbidden_{n}"] }}

[[rule]]
id = "loops"
check = "calls.forbidden"
refs = ["#outcome"]
with = {{ calls = ["subprocess.*"], within = "loop", files = ["src/**/*.py"] }}

[[rule]]
id = "file"
check = "files.present"
refs = ["#outcome"]
with = {{ files = ["docs/adr/ADR-{n:03}-decision.md"] }}
"""


def make(root: Path, decisions: int, files: int) -> None:
    """The project."""
    random = Random(1)
    (root / "docs/adr").mkdir(parents=True)
    (root / "adhere.toml").write_text("schema = 1\n", "utf-8")
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\n', "utf-8")
    for n in range(1, decisions + 1):
        stem = root / "docs/adr" / f"ADR-{n:03}"
        about = {"n": n, "before": max(1, n - 1), "part": n % PACKAGES}
        stem.with_name(f"{stem.name}-decision.md").write_text(DOCUMENT.format(**about), "utf-8")
        stem.with_name(f"{stem.name}.rules.toml").write_text(RULES.format(**about), "utf-8")
    for n in range(files):
        path = root / f"src/shop/p{n % PACKAGES:02}/m{n:04}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_module(n, random), "utf-8")


def change(root: Path, decisions: int) -> None:
    """Two commits: of a tenth of the decisions, the second forbids more."""
    who = ("-c", "user.name=ana", "-c", "user.email=ana@example.org")

    def git(*words: str) -> None:
        subprocess.run(["git", *who, *words], cwd=root, check=True, stdout=subprocess.DEVNULL)

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "base")
    git("tag", "base")
    for n in range(1, decisions // 10 + 1):
        path = root / f"docs/adr/ADR-{n:03}.rules.toml"
        text = path.read_text("utf-8")
        path.write_text(text.replace('"os.system"', '"os.system", "os.popen"'), "utf-8")
    git("commit", "--quiet", "--all", "--message", "change")


def _module(number: int, random: Random) -> str:
    other = random.randrange(PACKAGES)
    lines = ["import json", "import os", f"from shop import p{other:02}", ""]
    while len(lines) < LINES - 5:
        name = f"work_{number}_{len(lines)}"
        lines += [
            f"def {name}(items, limit={random.randrange(99)}):",
            f'    """Work on items of part {other}."""',
            "    found = []",
            "    for item in items:",
            "        if item.size > limit and item.name not in found:",
            f"            found.append(json.dumps([item.name, os.path.join('a', item.name), {number}]))",
            "    return sorted(found, key=len)[:limit]",
            "",
        ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=DECISIONS)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--runs", type=int, default=5, help="counted warm runs")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "shop"
        make(root, wanted.decisions, wanted.files)
        cache = Path(folder) / "cache"
        options = {"cwd": root, "environment": {"ADHERE_CACHE_DIR": str(cache)}}
        adhere = (sys.executable, "-m", "adhere", "adr")
        parse = timed((sys.executable, "-c", PARSE), 3, **options)
        check = (*adhere, "check", "--offline", "--jobs", "0")
        cold = timed(check, 2, uncounted=0, forget=cache, **options)
        warm = timed(check, wanted.runs, **options)
        lint = timed((*adhere, "lint"), wanted.runs, **options)
        change(root, wanted.decisions)
        review = (*adhere, "review", "base..HEAD", "--offline")
        reviewed = timed(review, wanted.runs, **options)
    assert cold.codes == warm.codes == reviewed.codes == {0}, (cold, warm, reviewed)
    print(f"{wanted.decisions} decisions, {5 * wanted.decisions} rules, {wanted.files} files.")
    print("| Command | Time | Peak memory | Against the parse |")
    print("| --- | --- | --- | --- |")
    for name, one in (
        ("one parse of every file, by Python in one process", parse),
        ("adhere adr check, cold", cold),
        ("adhere adr check, warm", warm),
        ("adhere adr lint", lint),
        ("adhere adr review, warm", reviewed),
    ):
        ratio = one.seconds / parse.seconds
        print(f"| {name} | {one.seconds:.2f} s | {one.memory / 1e6:.0f} MB | {ratio:.2f} |")
    print(f"Cold: {held('adr check, cold', cold.seconds / parse.seconds, MOST['cold'])}.")
    print(f"Warm: {held('adr check, warm', warm.seconds / parse.seconds, MOST['warm'])}.")
    ratio = reviewed.seconds / warm.seconds
    print(f"Review, as many times as a warm check: {held('adr review', ratio, MOST['review'])}.")
    end()


if __name__ == "__main__":
    main()
