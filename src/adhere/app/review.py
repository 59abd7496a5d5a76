"""A change of decisions under review: both sides judge the project as it is today."""

from __future__ import annotations

import json
import os
from contextlib import closing

import msgspec

from adhere.app.check import check
from adhere.app.policy import LoadedPolicy, load_policy
from adhere.app.project import CONFIG, PYPROJECT, Project, configures, find_project
from adhere.app.request import Request
from adhere.app.wiring import SystemClock, report_time
from adhere.checks import KINDS
from adhere.errors import Problem, UsageError
from adhere.ports import Clock, Tree
from adhere.report.review import Review, Side
from adhere.report.review import review as compared
from adhere.sources.git_tree import Repository
from adhere.sources.tree import DiskTree

WORKING_TREE = "working tree"


def review(range_: str, request: Request, *, clock: Clock | None = None) -> Review:
    """Compare the decisions of two commits.

    Args:
        range_: ``BASE..HEAD``; ``BASE...HEAD`` begins where the two parted; ``BASE`` alone
            compares with the files as they lie there.
        request: what is judged: the project as it is, whatever the commits.
        clock: for tests.

    Raises:
        UsageError: it is no range, or there is no such commit.
        ConfigError: there is no telling which configuration is meant.
    """
    clock = clock or SystemClock()
    project = find_project(os.path.abspath(request.folder), request.config)
    with closing(Repository(project.root)) as repository:
        names, commits = _ends(range_, repository)
        sides = []
        for name, commit in zip(names, commits, strict=True):
            tree: Tree = repository.tree(commit) if commit else DiskTree(project.root)
            there = _as_configured(project, tree, request) if commit else project
            loaded = load_policy(there, tree, KINDS, report_time(clock, os.environ).date())
            sides.append(_side(name, commit, there, loaded, request, clock))
    return compared(*sides)


def _ends(range_: str, repository: Repository) -> tuple[tuple[str, str], tuple[str, str]]:
    """Names and commits of both sides; no commit stands for the working tree."""
    dots = "..." if "..." in range_ else ".."
    base, separator, head = range_.partition(dots)
    if not base:
        message = f"`{range_}` names no commit to compare with"
        raise UsageError(Problem("usage", message, hint="write BASE..HEAD, main..HEAD"))
    first = repository.commit(base)
    if not separator:
        return (base, WORKING_TREE), (first, "")
    head = head or "HEAD"
    second = repository.commit(head)
    if dots == "...":
        first = repository.merge_base(first, second)
    return (base, head), (first, second)


def _as_configured(project: Project, tree: Tree, request: Request) -> Project:
    """The project with the configuration that it had in a commit."""
    if request.config is not None:
        return project
    config = ""
    if tree.matching(CONFIG):
        config = CONFIG
    elif tree.matching(PYPROJECT) and configures(tree.text(PYPROJECT).encode()):
        config = PYPROJECT
    return msgspec.structs.replace(project, config=config)


def _worded(problem: Problem) -> str:
    """With the remedy: whoever reads a review may see nothing else of the run."""
    return f"{problem} ({problem.hint})" if problem.hint else str(problem)


def _side(
    name: str, commit: str, project: Project, loaded: LoadedPolicy, request: Request, clock: Clock
) -> Side:
    checked = check(request, clock=clock, given=(project, loaded))
    return Side(
        name=name,
        commit=commit,
        rules={rule.id: rule for rule in loaded.policy.rules if not rule.builtin},
        settings={key: json.dumps(value, default=str) for key, value, _ in loaded.written()},
        report=checked.report,
        problems=tuple(map(_worded, loaded.policy.problems)),
    )
