"""What CI runs, with what the task runners run that it calls."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from adhere.app.answers import Given
from adhere.model.location import Location
from adhere.model.need import Answer, DataFile, WorkflowsNeed
from adhere.model.workflow import Step, Workflows
from adhere.sources.data_file import read_data
from adhere.sources.github_actions import read_workflow
from adhere.sources.gitlab_ci import read_pipeline
from adhere.sources.shell import commands
from adhere.sources.task_runners import tasks

_DEPTH = 5


def answer(need: WorkflowsNeed, given: Given) -> Answer:
    """Every step of every workflow.

    Raises:
        ConfigError: a file is no YAML; what the others run may be half of it.
    """
    paths = [path for pattern in need.files for path in given.tree.matching(pattern)]
    read = _Files(given)
    steps: list[Step] = []
    unknown: list[tuple[Location, str]] = []
    for path in dict.fromkeys(paths):
        data = read_data(given.text(path), path)
        reader = (
            read_pipeline if path.endswith(("gitlab-ci.yml", "gitlab-ci.yaml")) else read_workflow
        )
        found, more = reader(data, read.opened)
        unknown += more
        for step in found:
            steps += _with_tasks(step, read, 0)
    return Workflows(tuple(dict.fromkeys(paths)), tuple(steps), tuple(unknown))


class _Files:
    def __init__(self, given: Given) -> None:
        self._given = given

    def text(self, path: str) -> str | None:
        if path.startswith("/") or ".." in path.split("/"):
            return None
        path = path.removeprefix("./")
        return self._given.text(path) if self._given.tree.matching(path) else None

    def opened(self, path: str) -> DataFile | None:
        text = self.text(path)
        return read_data(text, path.removeprefix("./")) if text is not None else None


def _with_tasks(step: Step, read: _Files, depth: int) -> Iterator[Step]:
    """A step, and what it runs through a task runner or a script of the project."""
    yield step
    if depth >= _DEPTH or not step.words:
        return
    for task in tasks(step.words, read.text):
        where = Location(task.path, task.line)
        inner = msgspec.structs.replace(
            step,
            where=where,
            words=task.words,
            fault=step.fault or task.fault,
            by=(*step.by, f"{task.by} ({step.where.path}:{step.where.line})"),
        )
        yield from _with_tasks(inner, read, depth + 1)
    yield from _of_script(step, read, depth)


def _of_script(step: Step, read: _Files, depth: int) -> Iterator[Step]:
    name = next((word for word in step.words[:2] if not word.startswith("-")), "")
    shells = ("bash", "sh", "dash", "zsh", "source", ".")
    if step.words[0] in shells and len(step.words) > 1:
        name = next((word for word in step.words[1:] if not word.startswith("-")), "")
    elif "/" not in step.words[0]:
        return
    else:
        name = step.words[0]
    text = read.text(name)
    if text is None:
        return
    first, _, _ = text.partition("\n")
    if first.startswith("#!") and not any(shell in first for shell in ("sh", "bash")):
        return
    options = " ".join(step.words[1:2]) if step.words[0] in shells else first.partition(" ")[2]
    for one in commands(text, errexit="e" in options.replace("env", "") and "-" in options):
        inner = msgspec.structs.replace(
            step,
            where=Location(name.removeprefix("./"), one.line + 1),
            words=one.words,
            fault=step.fault or one.fault,
            by=(*step.by, f"{name} ({step.where.path}:{step.where.line})"),
        )
        yield from _with_tasks(inner, read, depth + 1)
