"""What is known of flaws besides a database: reports of other scanners, and VEX documents."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from adhere.app.project import Project
from adhere.app.vulnerabilities import Beside, Data, from_reports
from adhere.errors import Problem, SourceError
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.reports import read_report, together
from adhere.evidence.wire.vex import read_vex
from adhere.model.advisory import Vulnerabilities
from adhere.model.finding import Missing
from adhere.model.inventory import Inventory
from adhere.policy.settings import Advisories
from adhere.sources.tree import read_text

T = TypeVar("T")


class BesideReader:
    """Reads the files that the configuration names.

    Attributes:
        inputs: text by path of every file that was read.
    """

    def __init__(self, project: Project, config: Advisories) -> None:
        """Prepare; nothing is read yet."""
        self._project = project
        self._config = config
        self.inputs: dict[str, str] = {}

    def read(self) -> Beside:
        """Everything that they say.

        Raises:
            SourceError: one is no report, or no VEX document.
            ConfigError: one cannot be read.
        """
        reports = [
            self._read(name, lambda data, _label: read_report(data))
            for name in self._config.reports
        ]
        documents = [self._read(name, read_vex) for name in self._config.vex]
        return Beside(together(reports), tuple(one for found in documents for one in found))

    def alone(
        self, beside: Beside, inventory: Inventory, moment: datetime
    ) -> Vulnerabilities | Missing:
        """The answer of reports without any database; the oldest tells how old it is."""
        paths = [self._path(name) for name in self._config.reports]
        if not paths:
            hint = "name files with `reports` of [advisories]"
            return Missing("no report of another scanner is named", hint)
        oldest = datetime.fromtimestamp(min(os.stat(path).st_mtime for path in paths), UTC)
        data = Data(", ".join(self._project.label(path) for path in paths), oldest)
        limit = self._config.max_age.seconds
        return from_reports(data, inventory.components, moment, limit, beside)

    def _path(self, name: str) -> str:
        return self._project.path(os.path.expanduser(name))

    def _read(self, name: str, decode: Callable[[bytes, str], T]) -> T:
        path = self._path(name)
        label = self._project.label(path)
        text = self.inputs[label] = read_text(path, label)
        try:
            return decode(text.encode(), label)
        except Garbage as error:
            problem = Problem("advisories-invalid", str(error), path=label, hint="make it anew")
            raise SourceError(problem) from None
