"""Evidence from outside the project: advisories, the index, and what is remembered of them.

Nothing here is imported by a run whose rules do not ask for it.
"""

from __future__ import annotations

import os
from datetime import datetime

from adhere.app.project import Project
from adhere.model.advisory import Ledger, Vulnerabilities
from adhere.model.finding import Missing
from adhere.model.inventory import Inventory
from adhere.policy.settings import ConfigTable
from adhere.ports import Progress

UPDATE = "adhere db update fetches one"


class Outside:
    """Answers needs that no file of the project answers.

    Attributes:
        inputs: text by path of the files that answers rest on.
        digests: digest by path of those that are no text.
    """

    def __init__(
        self,
        project: Project,
        config: ConfigTable,
        moment: datetime,
        folder: str,
        progress: Progress,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            project: whose paths are meant.
            config: where advisories come from, and how old they may be.
            moment: of the verdict.
            folder: where indexes of snapshots are kept, ``""`` to keep none.
            progress: is told how far long work has come.
        """
        self._project = project
        self._config = config
        self._moment = moment
        self._folder = folder
        self._progress = progress
        self.inputs: dict[str, str] = {}
        self.digests: dict[str, str] = {}

    def vulnerabilities(self, inventory: Inventory) -> Vulnerabilities | Missing:
        """What is known about the packages of an inventory.

        Raises:
            SourceError: the snapshot is there and cannot be read.
        """
        path = self._project.path(os.path.expanduser(self._config.advisories.snapshot))
        label = self._project.label(path)
        if not os.path.exists(path):
            return Missing(f"there is no snapshot of advisories, {label}", UPDATE)
        if self._folder:
            return self._answer(path, label, self._folder, inventory)
        from tempfile import TemporaryDirectory

        with TemporaryDirectory(prefix="adhere-") as folder:
            return self._answer(path, label, folder, inventory)

    def _answer(self, path: str, label: str, folder: str, inventory: Inventory) -> Vulnerabilities:
        from adhere.app.vulnerabilities import from_snapshot
        from adhere.evidence.advisories import open_snapshot

        snapshot = open_snapshot(path, label, folder, self._progress)
        self.digests[label] = snapshot.digest
        limit = self._config.advisories.max_age.seconds
        return from_snapshot(snapshot, inventory.components, self._moment, limit)

    def ledger(self) -> Ledger:
        """The project's ledger; an empty one where there is no file.

        Raises:
            ConfigError: it is malformed, or cannot be read.
        """
        from adhere.sources.ledger import NAME, read_ledger

        path = self._project.path(os.path.join(self._config.report.out, NAME))
        label = self._project.label(path)
        if not os.path.exists(path):
            return Ledger(label)
        from adhere.sources.tree import read_text

        self.inputs[label] = read_text(path, label)
        return read_ledger(self.inputs[label], label)
