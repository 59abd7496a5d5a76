"""Golden cases of the check kinds: ``checks/<kind>/<case>/``.

A case is a small project. What `adhere check` says of it stands in ``expected.txt``, with
the exit code in its first line. Adding a case is adding a folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from adhere.checks import BUILT_IN, KINDS
from corpus.golden import CASES, EXPECTED, cases, made, said

WANTED = ("passes", "fails", "vacuous", "broken")
CODE = re.compile(r"^\w+\[([a-z-]+)\]:", re.MULTILINE)


@pytest.mark.parametrize("case", cases())
def test_says_what_it_said(case: str, tmp_path: Path, golden: Callable[[Path, str], None]) -> None:
    golden(CASES / case / EXPECTED, said(made(case, tmp_path)))


@pytest.mark.parametrize("case", cases())
def test_every_case_says_what_it_shows(case: str) -> None:
    assert (CASES / case / "README.md").read_text("utf-8").strip()


@pytest.mark.parametrize("kind", sorted(BUILT_IN))
def test_every_kind_has_its_cases(kind: str) -> None:
    names = {case.name.partition("-")[0] for case in (CASES / kind).glob("*")}
    missing = set(WANTED) - names
    assert not missing, f"{kind} has no case that {', '.join(sorted(missing))}"


@pytest.mark.parametrize("kind", sorted(BUILT_IN))
def test_every_code_of_a_kind_is_in_one_of_its_cases(kind: str) -> None:
    shown: set[str] = set()
    for expected in (CASES / kind).glob(f"*/{EXPECTED}"):
        shown.update(CODE.findall(expected.read_text("utf-8")))
    assert {code.id for code in KINDS[kind].codes} <= shown


def test_every_folder_is_of_a_kind() -> None:
    assert {folder.name for folder in CASES.iterdir()} == set(BUILT_IN)
