"""Golden cases: small projects in folders, and what a check says of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import adhere
from adhere.app.check import check
from adhere.app.request import Request
from adhere.model.digest import text_digest
from adhere.report.text import Painter, problem_lines, render_text
from corpus.advisories import snapshot_of
from fakes.clock import FakeClock

CASES = Path(__file__).parents[1] / "golden" / "checks"
EXPECTED = "expected.txt"
LINKS = "links.txt"
"""Symbolic links of a case, ``path -> target`` a line: no archive of ours has to hold any."""
ADVISORIES = "advisories.json"
"""Records of a case, which become the snapshot of its project."""


def cases(kind: str = "*") -> list[str]:
    """``kind/case`` of every case."""
    return sorted(f"{case.parent.name}/{case.name}" for case in CASES.glob(f"{kind}/*"))


def made(case: str, folder: Path) -> Path:
    """The project of a case, in a folder of its own."""
    project = folder / "project"
    ignored = shutil.ignore_patterns(EXPECTED, LINKS, "README.md")
    shutil.copytree(CASES / case, project, ignore=ignored)
    links = CASES / case / LINKS
    for line in links.read_text("utf-8").splitlines() if links.is_file() else ():
        path, _, target = line.partition(" -> ")
        (project / path).symlink_to(target)
    records = project / ADVISORIES
    if records.is_file():
        found = json.loads(records.read_text("utf-8"))
        snapshot_of(project / ".adhere/osv-pypi.zip", *found)
        records.unlink()
    for path in project.glob("comparison*.json"):
        _complete(path)
    return project


def _complete(path: Path) -> None:
    """A comparison of runs is of this adhere, and of the files that its case has."""
    text = path.read_text("utf-8")
    if not text.startswith("{"):
        return  # it is broken on purpose
    found = json.loads(text)
    found["version"] = found["version"] or adhere.__version__
    for name, digest in found["inputs"].items():
        found["inputs"][name] = digest or text_digest((path.parent / name).read_text("utf-8"))
    path.write_text(json.dumps(found, indent=1), "utf-8")


def said(project: Path) -> str:
    """Exit code, problems and report of a project."""
    request = Request(folder=str(project), cache=False, run_commands=True)
    checked = check(request, clock=FakeClock())
    paint = Painter(colour=False)
    problems = "".join(
        "\n".join(problem_lines(problem, paint)) + "\n\n" for problem in checked.problems
    )
    return f"exit code {checked.exit_code}\n\n{problems}{render_text(checked.report)}"
