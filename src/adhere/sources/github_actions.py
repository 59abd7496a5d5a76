"""Workflows of GitHub Actions: what they run, when, and whether a failure stops anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from msgspec import Struct

from adhere.model.location import Location
from adhere.model.need import DataFile
from adhere.model.workflow import Step, Trigger
from adhere.sources.shell import commands
from adhere.spans.text import KeyPath

Open = Callable[[str], DataFile | None]
"""A YAML file of the project by its path, ``None`` where there is none."""

Unknown = tuple[Location, str]

_DEPTH = 10
_MATRIX = re.compile(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}")
_MOST_LEGS = 50
_POSIX = ("bash", "sh")


class _Around(Struct, frozen=True):
    """What holds for everything in a job, or in a workflow that another one calls."""

    triggers: tuple[Trigger, ...]
    job: str = ""
    conditions: tuple[str, ...] = ()
    fault: str = ""
    by: tuple[str, ...] = ()
    depth: int = 0


class _Shell(Struct, frozen=True):
    """How a shell is started: with ``-e``, with ``-o pipefail``; and whether it is POSIX's."""

    errexit: bool
    pipefail: bool
    known: bool = True


def read_workflow(data: DataFile, opened: Open) -> tuple[list[Step], list[Unknown]]:
    """Every step of a workflow, with those of workflows and actions of the project it uses.

    Args:
        data: of the workflow.
        opened: gets at other files of the project.
    """
    value = data.value if isinstance(data.value, dict) else {}
    triggers = tuple(_triggers(value.get("on")))
    reader = _Reader(opened)
    reader.workflow(data, _Around(triggers))
    return reader.steps, reader.unknown


def _triggers(on: object) -> Iterator[Trigger]:
    if isinstance(on, str):
        yield Trigger(on)
    elif isinstance(on, list):
        yield from (Trigger(str(event)) for event in on)
    elif isinstance(on, dict):
        for event, given in on.items():
            about = given if isinstance(given, dict) else {}
            yield Trigger(
                str(event),
                _texts(about.get("branches")),
                _texts(about.get("branches-ignore")),
                bool(about.get("paths") or about.get("paths-ignore") or about.get("tags")),
            )


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, list) else ()


class _Reader:
    def __init__(self, opened: Open) -> None:
        self.opened = opened
        self.steps: list[Step] = []
        self.unknown: list[Unknown] = []

    def workflow(self, data: DataFile, around: _Around) -> None:
        value = data.value if isinstance(data.value, dict) else {}
        shell = _shell_of(value)
        jobs = value.get("jobs")
        for name, job in (jobs if isinstance(jobs, dict) else {}).items():
            if isinstance(job, dict):
                self.job(data, name, job, shell, around)

    def job(
        self, data: DataFile, name: str, job: dict[str, Any], shell: str, around: _Around
    ) -> None:
        at: KeyPath = ("jobs", name)
        inner = _Around(
            around.triggers,
            f"{around.job}/{name}" if around.job else name,
            (*around.conditions, *_condition(job)),
            around.fault or _lenient(job, "the job"),
            around.by,
            around.depth,
        )
        if "uses" in job:
            self.called(data, at, str(job["uses"]), inner)
            return
        steps = job.get("steps")
        for index, step in enumerate(steps if isinstance(steps, list) else ()):
            if isinstance(step, dict):
                where = (*at, "steps", index)
                self.step(data, where, step, job, _shell_of(job) or shell, inner)

    def called(self, data: DataFile, at: KeyPath, uses: str, around: _Around) -> None:
        """A workflow that another one calls."""
        where = data.locate((*at, "uses"))
        other = self.opened(uses[2:]) if uses.startswith("./") else None
        if other is None or around.depth >= _DEPTH:
            self.unknown.append((where, f"it calls `{uses}`, which is not here"))
            return
        by = (*around.by, f"{where.path}:{where.line}")
        self.workflow(
            other,
            _Around(
                around.triggers, around.job, around.conditions, around.fault, by, around.depth + 1
            ),
        )

    def step(
        self,
        data: DataFile,
        at: KeyPath,
        step: dict[str, Any],
        job: dict[str, Any],
        shell: str,
        around: _Around,
    ) -> None:
        conditions = (*around.conditions, *_condition(step))
        fault = around.fault or _lenient(step, "the step")
        if isinstance(step.get("uses"), str):
            self.action(
                data,
                at,
                step["uses"],
                _Around(around.triggers, around.job, conditions, fault, around.by, around.depth),
            )
        elif isinstance(step.get("run"), str):
            where = data.locate((*at, "run"))
            started = _started(str(step.get("shell") or shell), job)
            for script in dict.fromkeys(_legs(step["run"], job)):
                self.script(
                    script,
                    where,
                    started,
                    _Around(around.triggers, around.job, conditions, fault, around.by),
                )

    def script(self, script: str, where: Location, shell: _Shell, around: _Around) -> None:
        if not shell.known:
            self.unknown.append((where, "its shell is none of POSIX's"))
            return
        for one in commands(script, errexit=shell.errexit, pipefail=shell.pipefail):
            self.steps.append(
                Step(
                    where,
                    around.job,
                    words=one.words,
                    triggers=around.triggers,
                    conditions=around.conditions,
                    fault=around.fault or one.fault,
                    by=around.by,
                )
            )

    def action(self, data: DataFile, at: KeyPath, uses: str, around: _Around) -> None:
        where = data.locate((*at, "uses"))
        self.steps.append(
            Step(
                where,
                around.job,
                uses=uses,
                triggers=around.triggers,
                conditions=around.conditions,
                fault=around.fault,
                by=around.by,
            )
        )
        if not uses.startswith("./"):
            return
        folder = uses[2:].rstrip("/")
        prefix = f"{folder}/" if folder else ""
        other = self.opened(f"{prefix}action.yml") or self.opened(f"{prefix}action.yaml")
        if other is None or around.depth >= _DEPTH:
            self.unknown.append((where, f"it uses `{uses}`, which is not here"))
            return
        runs = other.value.get("runs") if isinstance(other.value, dict) else None
        steps = runs.get("steps") if isinstance(runs, dict) else None
        by = (*around.by, f"{where.path}:{where.line}")
        inner = _Around(
            around.triggers, around.job, around.conditions, around.fault, by, around.depth + 1
        )
        for index, step in enumerate(steps if isinstance(steps, list) else ()):
            if isinstance(step, dict):
                self.step(other, ("runs", "steps", index), step, {}, "", inner)


def _condition(value: dict[str, Any]) -> tuple[str, ...]:
    return (str(value["if"]),) if "if" in value else ()


def _lenient(value: dict[str, Any], what: str) -> str:
    ignored = value.get("continue-on-error", False)
    if ignored is False or ignored == "false":
        return ""
    if ignored is True:
        return f"{what} has `continue-on-error`"
    return f"{what} has `continue-on-error: {ignored}`, which nobody here can tell"


def _shell_of(value: dict[str, Any]) -> str:
    defaults = value.get("defaults")
    run = defaults.get("run") if isinstance(defaults, dict) else None
    return str(run.get("shell") or "") if isinstance(run, dict) else ""


def _started(shell: str, job: dict[str, Any]) -> _Shell:
    """How a shell is started: https://docs.github.com has a table of it."""
    if not shell:
        windows = "windows" in str(job.get("runs-on", ""))
        return _Shell(errexit=True, pipefail=False, known=not windows)
    words = shell.split()
    if words[0] not in _POSIX:
        return _Shell(errexit=False, pipefail=False, known=False)
    if len(words) == 1:
        return _Shell(errexit=True, pipefail=words[0] == "bash")
    flags = " ".join(words[1:])
    return _Shell(errexit=bool(re.search(r"-\w*e", flags)), pipefail="pipefail" in flags)


def _legs(script: str, job: dict[str, Any]) -> Iterator[str]:
    """A script as each leg of the job's matrix has it."""
    names = list(dict.fromkeys(_MATRIX.findall(script)))
    strategy = job.get("strategy")
    matrix = strategy.get("matrix") if isinstance(strategy, dict) else None
    if not names or not isinstance(matrix, dict):
        yield script
        return
    include = matrix.get("include")
    more = [one for one in include if isinstance(one, dict)] if isinstance(include, list) else []
    values = []
    for name in names:
        own = matrix.get(name)
        known = [*(own if isinstance(own, list) else ()), *(o[name] for o in more if name in o)]
        values.append([str(one) for one in known] or [f"${{{{ matrix.{name} }}}}"])
    for number, leg in enumerate(product(*values)):
        if number == _MOST_LEGS:
            return
        found = dict(zip(names, leg, strict=True))
        yield _MATRIX.sub(lambda match, found=found: found[match[1]], script)  # type: ignore[misc] # the default binds the leg
