"""Compares adhere with the tools of the field, on the same packages, in one run.

Prints a Markdown table of medians and ratios. Nothing here judges: the machine may be slow,
shared or hot, and only the ratios of one run mean something. With the shared data, the
packages are 741 real ones; without, the same number of made ones.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from benchmarks.limits import end, held  # noqa: E402 - after the path is set
from benchmarks.peers import Peer, peers  # noqa: E402 - after the path is set
from corpus.environments import MIT, distribution  # noqa: E402 - after the path is set

SHARED = ROOT.parent / "shared" / "data"
ARCHIVE = "site-packages-741.tar.xz"

HEAD = """\
| Command | Does | Wall time | Peak memory | Times a bare read | The same, of CPU time |
| --- | --- | --- | --- | --- | --- |"""

READ = """
import os, sys
size = 0
for entry in os.scandir(sys.argv[1]):
    if entry.name.endswith(".dist-info"):
        with open(entry.path + "/METADATA", "rb") as file:
            size += len(file.read())
"""


class Timed(NamedTuple):
    """What whole processes took.

    Attributes:
        seconds: median of their wall time.
        cpu: median of user and system time, in seconds.
        memory: peak in bytes, of the largest process.
        codes: exit codes that were seen.
    """

    seconds: float
    cpu: float
    memory: int
    codes: frozenset[int]


def timed(
    command: Sequence[str],
    runs: int,
    *,
    forget: Path | None = None,
    uncounted: int = 1,
    **options: object,
) -> Timed:
    """Time whole processes.

    Args:
        command: words.
        runs: that are counted.
        forget: a folder that is removed before each run.
        uncounted: runs before those that count.
        options: of the process.
    """
    environment = {**os.environ, **options.pop("environment", {})}  # type: ignore[dict-item]  # a mapping of strings
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    seconds, cpu, memory, codes = [], [], 0, set()
    for turn in range(runs + uncounted):
        if forget is not None:
            shutil.rmtree(forget, ignore_errors=True)
        start = time.perf_counter()
        child = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            **options,  # type: ignore[call-overload]  # cwd
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        codes.add(child.returncode)
        if turn >= uncounted:
            seconds.append(time.perf_counter() - start)
            cpu.append(usage.ru_utime + usage.ru_stime)
            memory = max(memory, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
    median = statistics.median
    return Timed(median(seconds), median(cpu), memory, frozenset(codes))


def make_environment(folder: Path, count: int) -> tuple[Path, list[str]]:
    """A virtual environment with real packages, or made ones."""
    venv.create(folder, with_pip=False)
    (packages,) = folder.glob("lib/python*/site-packages")
    archive = Path(os.environ.get("ADHERE_TEST_DATA", SHARED)) / ARCHIVE
    if archive.is_file():
        subprocess.run(["tar", "-C", str(packages), "-xf", str(archive)], check=True)
    else:
        for number in range(count):
            distribution(
                packages,
                f"package-{number}",
                license=None,
                fields=("License: MIT", "Classifier: License :: OSI Approved :: MIT License"),
                files={"licenses/LICENSE": MIT.replace("Somebody", f"Author {number}")},
                body="A made package.\n" * 400,
            )
    names = sorted(path.name.split("-")[0] for path in packages.glob("*.dist-info"))
    return packages, names


def ours(packages: Path, scratch: Path) -> dict[str, Sequence[str]]:
    """Our own commands, by what they measure."""
    (scratch / "adhere.toml").write_text(
        'schema = 1\n[[rule]]\nid = "licenses"\ncheck = "licenses.allowed"\n'
        'with = { allow = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC"] }\n',
        "utf-8",
    )
    adhere = [str(Path(sys.executable).parent / "adhere")]
    check = [*adhere, "check", str(packages), "--offline", "--format", "json"]
    return {
        "adhere check, warm": [*check, "--cache-dir", str(scratch / "cache")],
        "adhere check, again": [*check, "--cache-dir", str(scratch / "cache")],
        "adhere check, cold": [*check, "--no-cache"],
        "adhere --help": [*adhere, "--help"],
    }


def row(name: str, does: str, time_: Timed, base: Timed, factor: float = 1) -> str:
    """A line of the table."""
    seconds = time_.seconds * factor
    shown = f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.0f} s"
    note = " (from a sample)" if factor != 1 else ""
    cells = (
        name,
        does,
        shown + note,
        f"{time_.memory / 1e6:.0f} MB",
        f"{seconds / base.seconds:.1f}",
        f"{time_.cpu * factor / base.cpu:.1f}",
    )
    return f"| {' | '.join(cells)} |"


def of_version(name: str) -> str:
    """The version of a distribution, for the table."""
    known: Mapping[str, str] = {
        "pip list": "pip",
        "pip show": "pip",
        "uv pip list": "uv",
        "cyclonedx-py": "cyclonedx-bom",
    }
    try:
        return f" {version(known.get(name, name))}"
    except PackageNotFoundError:
        return ""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each command")
    parser.add_argument("--packages", type=int, default=741, help="how many to make without data")
    parser.add_argument("--no-peers", action="store_true", help="measure adhere alone")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        environment = scratch / "environment"
        packages, names = make_environment(environment, wanted.packages)
        (scratch / "here").mkdir()
        bare = timed([sys.executable, "-c", READ, str(packages)], wanted.runs)
        nothing = timed([sys.executable, "-c", "pass"], wanted.runs)
        print(f"{len(names)} packages, medians of {wanted.runs} runs after one to warm up.\n")
        print(HEAD)
        print(row("reading METADATA", "nothing else", bare, bare))
        print(row("python -c pass", "nothing", nothing, bare))
        took: dict[str, float] = {}
        memory: dict[str, float] = {}
        for name, command in ours(packages, scratch / "here").items():
            here = scratch / "here"
            found = timed(
                command,
                3 if "cold" in name else wanted.runs,
                forget=here / "cache" / "verdicts" if "warm" in name else None,
                uncounted=3 if "again" in name else 1,
                cwd=here,
            )
            print(row(name, _DOES[name], done(name, found, (0, 1)), bare))
            took[name], memory[name] = found.seconds, found.memory / 1e6
        if not wanted.no_peers:
            for peer in peers(environment, names, scratch / "here"):
                found = timed(peer.command, 1, environment=peer.environment, cwd=peer.folder)
                print(_peer_row(peer, found, len(names), bare))
                took[peer.name] = found.seconds
    print()
    for peer_name in ("pip-licenses", "pip-licenses, with texts"):
        if peer_name in took:
            parts = (f"1/{took[peer_name] / took[name]:.0f} {name.split()[-1]}" for name in CHECKS)
            print(f"adhere check, against {peer_name}: {', '.join(parts)}.")
    if "pip-licenses" in took:
        sixtieth = took["pip-licenses"] / 60
        fastest = took["adhere check, again"]
        reached = "a check is" if fastest <= sixtieth else "no check here is"
        print(
            f"A sixtieth of pip-licenses is {sixtieth * 1000:.0f} ms, {sixtieth / nothing.seconds:.1f} times what"
            f" Python takes to start: {reached} that fast: each looks at every one of thousands of files."
        )
    largest = max(memory.values())
    print(f"Memory of the largest: {held('memory', largest, 80, 'MB')}.")
    for name, base, limit in LIMITS:
        ratio = took[name] / {"reading METADATA": bare, "python -c pass": nothing}[base].seconds
        print(f"{name}, against {base}: {held(f'{name} against {base}', ratio, limit)}.")
    print(f"\nPython {sys.version.split()[0]} on {sys.platform}, {os.cpu_count()} processors.")
    end()


LIMITS = (
    ("adhere check, warm", "reading METADATA", 6.0),
    ("adhere check, again", "python -c pass", 6.0),
    ("adhere --help", "python -c pass", 6.0),
)
"""What is compared with what, and by how much the one may be slower."""

CHECKS = ("adhere check, warm", "adhere check, again")

_DOES = {
    "adhere check, again": "nothing has changed since",
    "adhere check, warm": "judges all, from the file cache",
    "adhere check, cold": "judges all, identifies every license text",
    "adhere --help": "starts",
}


def _peer_row(peer: Peer, found: Timed, packages: int, base: Timed) -> str:
    factor = packages / peer.sample if peer.sample else 1
    name = peer.name + of_version(peer.name)
    if not found.codes <= set(peer.codes):
        failed = ", ".join(map(str, sorted(found.codes)))
        return f"| {name} | {peer.does} | does not work here: exit code {failed} | | | |"
    return row(name, peer.does, found, base, factor)


def done(name: str, found: Timed, codes: Sequence[int]) -> Timed:
    """What was measured, if it was measured at work.

    Raises:
        RuntimeError: it ended with another code.
    """
    if not found.codes <= set(codes):
        raise RuntimeError(f"{name} ended with {sorted(found.codes)}")
    return found


if __name__ == "__main__":
    main()
