"""Needs that files of the project answer, and who reads each: one module a topic.

A module is imported when a rule first asks for what it reads, so that a run pays for nothing
that no rule of it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from adhere.model.need import (
    Answer,
    BaselineNeed,
    CacheSettingsNeed,
    CodeNeed,
    CommandNeed,
    ComparisonNeed,
    CompatibilityNeed,
    DataFilesNeed,
    DataNeed,
    FilesNeed,
    Need,
    RequirementsNeed,
    ResultsNeed,
    RunsNeed,
    ScansNeed,
    TextsNeed,
    WorkflowsNeed,
)

if TYPE_CHECKING:
    from adhere.app.answers.selection import File
    from adhere.app.policy import LoadedPolicy
    from adhere.app.project import Project
    from adhere.model.code import FileCode
    from adhere.model.inventory import Reading as SourceReading
    from adhere.policy.settings import ConfigTable
    from adhere.ports import Cache, Clock, Progress, Tree
    from adhere.sources.git import Commit
    from adhere.sources.patterns import Patterns

READ_BY: Mapping[type[Need], str] = {
    BaselineNeed: "baseline",
    CacheSettingsNeed: "caching",
    CodeNeed: "code",
    CommandNeed: "commands",
    ComparisonNeed: "comparison",
    CompatibilityNeed: "compatibility",
    DataFilesNeed: "data_files",
    DataNeed: "data",
    FilesNeed: "files",
    RequirementsNeed: "requirements",
    ResultsNeed: "results",
    RunsNeed: "runs",
    ScansNeed: "scans",
    TextsNeed: "texts",
    WorkflowsNeed: "workflows",
}
"""Module in this package by type of need; its ``answer`` is called."""


class Reading(Protocol):
    """What a module of this package is."""

    def answer(self, need: Need, given: Given, /) -> Answer:
        """What the project's files say.

        Raises:
            AdhereError: a file is malformed; it becomes a problem of the run, and whoever
                needs it gets a `Missing`.
        """
        ...


class Given:
    """What there is to read with, and what was read.

    Attributes:
        project: whose paths are meant.
        tree: its files.
        config: of the project.
        loaded: the files that the policy was read from.
        cache: remembers what was made of files, by the digest of their content.
        clock: times what takes long.
        progress: is told how far long work has come.
        today: of the verdict.
        commit: tells which commit the project stands at, once git has answered.
        jobs: processes that may work side by side, 0 for one per processor.
        run_commands: rules may have commands run.
        touched: inputs that were read for the need that is answered just now.
        comparisons: files that say what became of these inputs, and are no inputs themselves.
        readings: of the sources that are judged.
        inputs: text by path of every file that was read.
        digests: digest by path of inputs that are no text, or too many to keep.
        files: files that patterns select, by path.
        selections: digest of all files that patterns select, by these patterns.
        code: what source files import and call, by path, once for all rules.
    """

    def __init__(
        self,
        project: Project,
        tree: Tree,
        config: ConfigTable,
        *,
        loaded: LoadedPolicy,
        cache: Cache,
        clock: Clock,
        progress: Progress,
        today: date,
        commit: Callable[[], Commit],
        jobs: int = 1,
        run_commands: bool = False,
    ) -> None:
        """Nothing is read yet."""
        self.project = project
        self.tree = tree
        self.config = config
        self.loaded = loaded
        self.cache = cache
        self.clock = clock
        self.progress = progress
        self.today = today
        self.commit = commit
        self.jobs = jobs
        self.run_commands = run_commands
        self.touched: set[str] = set()
        self.comparisons: set[str] = set()
        self.readings: tuple[SourceReading, ...] = ()
        self.inputs: dict[str, str] = {}
        self.digests: dict[str, str] = {}
        self.files: dict[str, File] = {}
        self.selections: dict[str, str] = {}
        self.code: dict[str, FileCode] = {}
        self._patterns: Patterns | None = None

    @property
    def patterns(self) -> Patterns:
        """Looks for patterns in texts; one process does so for the whole run."""
        if self._patterns is None:
            from adhere.sources.patterns import Patterns

            self._patterns = Patterns()
        return self._patterns

    def close(self) -> None:
        """End what was started to find answers."""
        if self._patterns is not None:
            self._patterns.close()

    def text(self, path: str) -> str:
        """A file's text, which the answer rests on from now on.

        Args:
            path: relative to the project.

        Raises:
            ConfigError: it cannot be read.
        """
        self.touched.add(path)
        if path not in self.inputs:
            self.inputs[path] = self.tree.text(path)
        return self.inputs[path]


def answer(need: Need, given: Given) -> Answer:
    """What the project's files say.

    Raises:
        AdhereError: a file is malformed.
        TypeError: no module reads for that need: a defect.
    """
    module = READ_BY.get(type(need))
    if module is None:
        raise TypeError(f"nobody answers {need!r}")
    reading: Reading = import_module(f"{__name__}.{module}")
    return reading.answer(need, given)
