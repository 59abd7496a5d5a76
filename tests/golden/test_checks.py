"""Golden cases of the check kinds: ``checks/<kind>/<case>/``.

A case is a small project. What `adhere check` says of it stands in ``expected.txt``, with
the exit code in its first line. Adding a case is adding a folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.clock import FakeClock

from adhere.app.check import Request, check
from adhere.checks import BUILT_IN
from adhere.report.text import Painter, problem_lines, render_text

CASES = Path(__file__).parent / "checks"
WANTED = ("passes", "fails", "vacuous", "broken")


def cases() -> list[str]:
    return sorted(f"{case.parent.name}/{case.name}" for case in CASES.glob("*/*") if case.is_dir())


def said(case: Path, clock: FakeClock) -> str:
    """Exit code, problems and report of a case."""
    checked = check(Request(folder=str(case), cache=False), clock=clock)
    paint = Painter(colour=False)
    problems = "".join(
        "\n".join(problem_lines(problem, paint)) + "\n\n" for problem in checked.problems
    )
    return f"exit code {checked.exit_code}\n\n{problems}{render_text(checked.report)}"


@pytest.mark.parametrize("case", cases())
def test_says_what_it_said(
    case: str, tmp_path: Path, clock: FakeClock, golden: Callable[[Path, str], None]
) -> None:
    folder = tmp_path / "project"
    shutil.copytree(CASES / case, folder, ignore=shutil.ignore_patterns("expected.txt"))
    golden(CASES / case / "expected.txt", said(folder, clock))


@pytest.mark.parametrize("kind", sorted(BUILT_IN))
def test_every_kind_has_its_cases(kind: str) -> None:
    names = {case.name.partition("-")[0] for case in (CASES / kind).glob("*")}
    missing = set(WANTED) - names
    assert not missing, f"{kind} has no case that {', '.join(sorted(missing))}"
