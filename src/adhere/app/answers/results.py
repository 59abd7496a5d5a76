"""Results of tests."""

from __future__ import annotations

from adhere.app.answers import Given
from adhere.errors import ConfigError, Problem
from adhere.model.finding import Missing
from adhere.model.need import Answer, ResultsNeed
from adhere.model.results import ResultFile, Results
from adhere.sources.junit import read_junit


def answer(need: ResultsNeed, given: Given) -> Answer:
    """Every file; missing where there is none.

    Raises:
        ConfigError: a file is malformed. Nothing is judged by the others, which may lack
            just what failed.
    """
    paths = given.tree.matching(need.results)
    if not paths:
        hint = "run the tests first, such as: pytest --junitxml=FILE"
        return Missing(f"there are no results of tests, {need.results}", hint)
    files: list[ResultFile] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            files.append(read_junit(given.text(path), path))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    commit = given.commit()
    return Results(tuple(files), commit.id, commit.dirty)
