"""What a run tells a log: where one was asked for, and of what came out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from secrets import token_hex
from typing import IO, TYPE_CHECKING

import adhere
from adhere.errors import Problem
from adhere.metrics.log import Form, StreamLog, folders_of, secrets_of
from adhere.ports import Clock, Log

if TYPE_CHECKING:
    from adhere.app.request import Checked

JUDGED = frozenset({"error", "not_run"})
"""Outcomes of rules that could not be judged."""


class RunLog:
    """A log that was asked for, and its file.

    Attributes:
        log: to be told.
    """

    def __init__(
        self, form: Form, path: str, root: str, clock: Clock, write: Callable[[str], object]
    ) -> None:
        """Open it.

        Args:
            form: of its lines.
            path: of a file that is added to; ``""`` for standard error.
            root: of the project, which paths are told relative to.
            clock: for the time of each line.
            write: takes what is told where there is no file.

        Raises:
            OSError: the file cannot be written.
        """
        self._file: IO[str] | None = None
        if path:
            self._file = open(path, "a", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115 - closed with the run
            write = self._to_file
        hidden = [*folders_of(root), *secrets_of(dict(os.environ))]
        self.log: Log = StreamLog(write, form, token_hex(8), clock, hidden)

    def _to_file(self, line: str) -> None:
        if self._file is not None:
            try:
                self._file.write(line)
                self._file.flush()
            except OSError as error:  # a full disk: said once, and no reason to judge otherwise
                self.close()
                words = (error.strerror or type(error).__name__).lower()
                sys.stderr.write(f"adhere: the log cannot be written any more: {words}\n")

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None

    def began(self, command: str, *, offline: bool) -> None:
        """A command begins to work."""
        self.log.tell("run.started", command=command, version=adhere.__version__, offline=offline)

    def wrong(self, problems: tuple[Problem, ...]) -> None:
        """What is wrong with the input."""
        for problem in problems:
            self.log.tell(
                "input.wrong",
                code=problem.code,
                place=problem.place,
                message=problem.message,
                remedy=problem.hint,
            )

    def checked(self, found: Checked) -> None:
        """What came out of a check."""
        report = found.report
        for source in found.inventory.sources:
            packages = sum(
                any(p.location.path.startswith(source.path) for p in component.packages)
                for component in found.inventory.components
            )
            self.log.tell("source.read", source=source.path, kind=source.kind, packages=packages)
        for name, seconds in report.run.seconds.items():
            self.log.tell("phase.ended", phase=name, seconds=seconds)
        for clause in report.run.trouble:
            self.log.tell("cache.trouble", clause=clause)
        self.wrong(found.problems)
        for result in report.results:
            about = {"rule": result.rule, "check": result.check, "outcome": result.outcome}
            if result.outcome in JUDGED:
                reasons = [one.reason for one in result.not_judged] or [result.message]
                self.log.tell("rule.not_judged", **about, reason="; ".join(dict.fromkeys(reasons)))
            else:
                self.log.tell("rule.judged", **about, rule_level=result.level, open=result.open)
        self.log.tell(
            "run.ended",
            exit_code=found.exit_code,
            verdict=report.gates[0].verdict,
            packages=report.completeness.packages,
            findings=sum(finding.disposition == "open" for finding in report.findings),
            seconds=report.run.seconds.get("total", 0.0),
            memory=report.run.peak_memory,
            hit_rate=report.run.hit_rate,
            requests=report.run.counts.get("network.requests", 0),
        )
