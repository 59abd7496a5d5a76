"""Runs the commands of a console block, and compares what they say."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from adhere.app.codes import PROBLEM_CODES
from adhere.surfaces.cli import run as run_adhere
from repo.sample import install

ROOT = Path(__file__).parents[2]
TODAY = "1795435200"
"""2026-11-23, the day on which every command of the documentation runs."""

_EXIT = re.compile(r"\(exit (\d+): ")
_PROBLEM = re.compile(rf"^error\[({'|'.join(code.id for code in PROBLEM_CODES)})\]: ", re.MULTILINE)


class Step(Struct):
    """A command of a block and what the page shows of its output.

    Attributes:
        lines: as written, of a command that goes on over several.
        shown: of its output.
    """

    lines: list[str]
    shown: list[str]

    @property
    def command(self) -> str:
        """What to run."""
        return " ".join(line.removeprefix("$ ").strip(" \\") for line in self.lines)


class Ran(Struct):
    """What a command said, both streams in one, and how it ended."""

    output: str
    code: int


def steps(text: str) -> list[Step]:
    """The commands of a console block; one may go on over lines that end with a backslash."""
    found: list[Step] = []
    goes_on = False
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(Step([line], []))
        elif goes_on:
            found[-1].lines.append(line)
        else:
            assert found, f"output before any command: {line}"
            found[-1].shown.append(line)
            continue
        goes_on = line.endswith("\\")
    return found


def expected_exit(command: str, shown: Sequence[str], options: Mapping[str, object]) -> int:
    """How a command ends: as its output says, else as the page says, else well."""
    text = "\n".join(shown)
    said = _EXIT.search(text)
    if said:
        return int(said[1])
    if "exit" in options and command.startswith(("adhere ", "mkdocs ", "sphinx-build ")):
        return int(str(options["exit"]))
    return 2 if _PROBLEM.search(text) else 0


class Shell:
    """Runs commands in a folder: ours in this process, others in a real shell."""

    def __init__(self, folder: Path, tools: Path) -> None:
        """Prepare.

        Args:
            folder: working directory.
            tools: folder for a program ``adhere`` that a real shell finds.
        """
        self.folder = folder
        self._tools = tools
        self._installed = tools / "site-packages"

    def install(self, name: str) -> None:
        """Install a sample distribution where our program finds it."""
        install(name, self._installed)

    def run(self, command: str) -> Ran:
        """Run one command."""
        words = shlex.split(command)
        if words[:1] == ["cd"]:
            self.folder = self.folder / words[1]
            os.chdir(self.folder)
            return Ran("", 0)
        plain = words[0] == "adhere" and not set(words) & {"|", "&&", ">", "2>", "<"}
        if plain and not self._installed.is_dir():
            return _in_process(words[1:])
        return self._in_shell(command)

    def _in_shell(self, command: str) -> Ran:
        self._provide_tools()
        environment = {**os.environ, "PATH": f"{self._tools}{os.pathsep}{os.environ['PATH']}"}
        paths = [str(path) for path in (ROOT / "src", self._installed) if path.is_dir()]
        if paths:
            environment["PYTHONPATH"] = os.pathsep.join(paths)
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=environment,
            check=False,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
        )
        return Ran(done.stdout, done.returncode)

    def _provide_tools(self) -> None:
        """Programs of this Python's environment, whether or not that is on ``PATH``."""
        if self._tools.joinpath("python").exists():
            return
        self._tools.mkdir(parents=True, exist_ok=True)
        for name, words in (
            ("adhere", "-m adhere"),
            ("mkdocs", "-m mkdocs"),
            ("sphinx-build", "-m sphinx"),
            ("python", ""),
        ):
            program = self._tools / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n', "utf-8")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)


def _in_process(words: Sequence[str]) -> Ran:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            code = run_adhere(words)
        except SystemExit as end:  # --help and --version
            code = int(end.code or 0)
    return Ran(out.getvalue(), code)


def matches(shown: Sequence[str], output: str) -> bool:
    """Whether a page shows what was said; ``...`` stands for whatever it leaves out."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else _line_pattern(line) for line in shown
    )
    lines = "".join(f"{line.rstrip()}\n" for line in output.rstrip().splitlines())
    return re.fullmatch(pattern, lines) is not None


def _line_pattern(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.rstrip().split("...")) + r"\n"


def refreshed(shown: Sequence[str], output: str) -> list[str] | None:
    """What a page has to show instead, ``None`` where only a person can say.

    A block that leaves nothing out shows everything. One that shows a single finding goes
    on to show it; ``?`` asks for everything and ``?code`` for the finding of that code.
    """
    lines = [line.rstrip() for line in output.rstrip().splitlines()]
    kept = [line for line in shown if line.strip() != "..."]
    if kept == ["?"] or (len(kept) == len(shown) and not kept[0].startswith("?")):
        return lines
    head = re.match(r"\?([a-z-]+)$|\w+\[([a-z-]+)\]: ", kept[0])
    if head is None or "..." in shown[1:-1]:
        return None
    return _finding(lines, head[1] or head[2])


def _finding(lines: list[str], code: str) -> list[str] | None:
    starts = [i for i, line in enumerate(lines) if re.match(rf"\w+\[{code}\]: ", line)]
    if not starts:
        return None
    end = starts[0]
    while end < len(lines) and lines[end]:
        end += 1
    before = ["..."] if starts[0] else []
    after = ["..."] if any(lines[end:]) else []
    return [*before, *lines[starts[0] : end], *after]
