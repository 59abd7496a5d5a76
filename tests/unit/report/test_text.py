"""Diagnostics for a terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from adhere.errors import Problem
from adhere.report.document import Gate
from adhere.report.text import Painter, problem_lines, render_text
from corpus.reports import everything, finding

GOLDEN = Path(__file__).parents[2] / "golden" / "pages"


@pytest.mark.parametrize("verbose", [0, 1, 2])
def test_report(verbose: int, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"report-{verbose}.txt", render_text(everything(), verbose=verbose))


def test_what_does_not_count_is_shown_on_request_and_last() -> None:
    assert "waived[" not in render_text(everything())
    shown = render_text(everything(), verbose=1)
    heads = [
        line.split("[")[0]
        for line in shown.splitlines()
        if line.startswith(("error[", "warning[", "waived[", "baseline["))
    ]
    assert heads == ["error", "warning", "waived", "baseline"]


def test_without_a_rule_packages_are_shown_and_nothing_is_green() -> None:
    shown = render_text(replace(everything(), results=(), problems=(), findings=()), colour=True)
    assert "no rule is configured: run adhere init to write some" in shown
    assert "certifi" in shown
    assert "\x1b[1;32m" not in shown


def test_a_mark_stands_under_what_it_marks() -> None:
    shown = render_text(replace(everything(), findings=(finding("mixed"),)))
    lines = shown.splitlines()
    (row,) = [n for n, line in enumerate(lines) if "= expression" in line]
    assert lines[row + 1].index("-------") == lines[row].index("MPL-2.0")


@pytest.mark.parametrize(
    ("line", "column", "shown", "caret"),
    [
        ("key = 1", 7, "3 | key = 1", "  |       ^"),
        ("\tkey = 1", 2, "3 |  key = 1", "  |  ^"),
        ("\x1b[1m = 1", 6, r"3 | \x1b[1m = 1", "  |         ^"),
    ],
)
def test_a_caret_stands_under_what_is_wrong(line: str, column: int, shown: str, caret: str) -> None:
    problem = Problem("unknown-key", "no such key", path="adhere.toml", line=3, column=column)
    problem.excerpt = line
    lines = list(problem_lines(problem, Painter(colour=False)))
    assert lines[3:5] == [shown, caret]


@pytest.mark.parametrize(("release", "code"), [("pass", "1;32"), ("not_judged", "1;33")])
def test_only_what_was_judged_is_green(release: str, code: str) -> None:
    gates = (Gate("check", "pass", 0, ()), Gate("release", release, 3, ()))  # type: ignore[arg-type]  # words of the parameters
    shown = render_text(replace(everything(), gates=gates), colour=True)
    assert f"\x1b[{code}mPASS\x1b[0m" in shown
