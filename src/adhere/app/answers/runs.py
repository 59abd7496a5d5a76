"""Runs that were measured."""

from __future__ import annotations

from adhere.app.answers import Given
from adhere.errors import ConfigError, Problem
from adhere.model.finding import Missing
from adhere.model.need import Answer, RunsNeed
from adhere.model.runs import BaselineRow, RunRow, assembled
from adhere.sources.runs import read_runs


def answer(need: RunsNeed, given: Given) -> Answer:
    """Every row of every ledger; missing where there is none.

    Raises:
        ConfigError: a line is no row. A budget is not judged by what is left.
    """
    rows: list[RunRow | BaselineRow] = []
    problems: list[Problem] = []
    paths = given.tree.matching(need.ledger)
    for path in paths:
        found, wrong = read_runs(given.text(path), path)
        rows += found
        problems += wrong
    if problems:
        raise ConfigError(problems)
    if not paths:
        hint = "write down runs with adhere check, then adhere perf export, and commit the file"
        return Missing(f"there is no ledger of runs, {need.ledger}", hint)
    return assembled(", ".join(paths), rows)
