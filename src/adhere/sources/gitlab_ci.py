"""Pipelines of GitLab CI: what they run, when, and whether a failure stops anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from adhere.model.location import Location
from adhere.model.need import DataFile
from adhere.model.workflow import Rule, Step
from adhere.sources.shell import commands

Open = Callable[[str], DataFile | None]
Unknown = tuple[Location, str]

_GLOBAL = {
    "default",
    "image",
    "include",
    "pages",
    "services",
    "spec",
    "stages",
    "variables",
    "workflow",
    "before_script",
    "after_script",
    "cache",
}
_DEPTH = 20
_SOURCES = {
    "branches": "$CI_COMMIT_BRANCH",
    "external_pull_requests": '$CI_PIPELINE_SOURCE == "external_pull_request_event"',
    "merge_requests": '$CI_PIPELINE_SOURCE == "merge_request_event"',
    "pushes": '$CI_PIPELINE_SOURCE == "push"',
    "schedules": '$CI_PIPELINE_SOURCE == "schedule"',
    "tags": "$CI_COMMIT_TAG",
    "web": '$CI_PIPELINE_SOURCE == "web"',
}


def read_pipeline(data: DataFile, opened: Open) -> tuple[list[Step], list[Unknown]]:
    """Every command of every job, with those of files of the project that it includes.

    Args:
        data: of the pipeline.
        opened: gets at other files of the project.
    """
    reader = _Reader(opened)
    reader.file(data, 0)
    return list(reader.steps()), reader.unknown


class _Reader:
    def __init__(self, opened: Open) -> None:
        self.opened = opened
        self.unknown: list[Unknown] = []
        self.keys: dict[str, Any] = {}
        self.places: dict[str, tuple[DataFile, str]] = {}

    def file(self, data: DataFile, depth: int) -> None:
        """The keys of a file, over those of what it includes."""
        value = data.value if isinstance(data.value, dict) else {}
        include = value.get("include", ())
        for index, one in enumerate(include if isinstance(include, list) else [include]):
            self.include(data, index, one, depth)
        self.keys = _merged(self.keys, value)
        self.places.update({key: (data, key) for key in value})

    def include(self, data: DataFile, index: int, one: object, depth: int) -> None:
        path = one if isinstance(one, str) else one.get("local") if isinstance(one, dict) else None
        where = data.locate(("include", index))
        if isinstance(path, str) and "://" not in path and depth < _DEPTH:
            other = self.opened(path.lstrip("/"))
            if other is not None:
                self.file(other, depth + 1)
                return
        self.unknown.append((where, "it includes what is not here"))

    def steps(self) -> Iterator[Step]:
        default = self.keys.get("default")
        default = default if isinstance(default, dict) else {}
        for name, value in self.keys.items():
            if name in _GLOBAL or name.startswith(".") or not isinstance(value, dict):
                continue
            job = self.extended(value, 0)
            before = job.get(
                "before_script", default.get("before_script", self.keys.get("before_script"))
            )
            data, key = self.places[name]
            yield from self.job(name, job, before, data.locate((key,)), data)

    def extended(self, job: dict[str, Any], depth: int) -> dict[str, Any]:
        """A job with what it extends below it."""
        names = job.get("extends", ())
        found: dict[str, Any] = {}
        for name in names if isinstance(names, list) else [names]:
            base = self.keys.get(str(name))
            if isinstance(base, dict) and depth < _DEPTH:
                found = _merged(found, self.extended(base, depth + 1))
        return _merged(found, job)

    def lines(self, value: object, depth: int) -> Iterator[str]:
        """Lines of a script, with those that it refers to."""
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            for one in value:
                yield from self.lines(one, depth)
        elif isinstance(value, dict) and isinstance(value.get("!reference"), list):
            found: Any = self.keys
            for key in value["!reference"]:
                found = found.get(key) if isinstance(found, dict) else None
            if depth < _DEPTH:
                yield from self.lines(found, depth + 1)

    def job(
        self, name: str, job: dict[str, Any], before: object, where: Location, data: DataFile
    ) -> Iterator[Step]:
        rules, fault = tuple(_rules(job)), _lenient(job)
        for own, given in (("before_script", before), ("script", job.get("script"))):
            place = data.locate((name, own)) if own in job else where
            script = "\n".join(self.lines(given, 0))
            # The runner starts bash with errexit and pipefail.
            for one in commands(script, errexit=True, pipefail=True):
                yield Step(
                    place,
                    name,
                    words=one.words,
                    rules=rules,
                    fault=fault or one.fault,
                    gitlab=True,
                )


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    found = dict(below)
    for key, value in above.items():
        old = found.get(key)
        if isinstance(old, dict) and isinstance(value, dict) and "!reference" not in value:
            found[key] = _merged(old, value)
        else:
            found[key] = value
    return found


def _lenient(job: dict[str, Any]) -> str:
    if job.get("allow_failure") not in (None, False):
        return "the job has `allow_failure`"
    if job.get("when") == "manual":
        return "a person has to start the job"
    return ""


def _rules(job: dict[str, Any]) -> Iterator[Rule]:
    """When it runs; nothing for a job that runs in every pipeline."""
    given = job.get("rules")
    if isinstance(given, list):
        for one in given:
            if not isinstance(one, dict):
                yield Rule("?", fault="its rules are not here")
                continue
            when = str(one.get("when", job.get("when", "on_success")))
            narrowed = "changes" in one or "exists" in one
            yield Rule(
                "?" if narrowed else str(one.get("if", "")),
                when != "never",
                "a person has to start the job"
                if when == "manual"
                else _lenient({"allow_failure": one.get("allow_failure")}),
            )
        yield Rule(runs=False)
        return
    for name, runs in (("except", False), ("only", True)):
        listed = job.get(name)
        if isinstance(listed, dict):
            listed = listed.get("refs", ["?"])
        if listed is not None:
            for ref in listed if isinstance(listed, list) else [listed]:
                yield Rule(_SOURCES.get(str(ref), f'$CI_COMMIT_BRANCH == "{ref}"'), runs)
    if job.get("only") is not None:
        yield Rule(runs=False)
