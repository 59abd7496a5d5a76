"""Keeps what a check showed, so that it can be shown again while nothing has changed."""

from __future__ import annotations

import os

from adhere.app.recall import Memory
from adhere.app.remember import Run, remember
from adhere.app.request import Checked
from adhere.app.settings import Settings
from adhere.app.store import REPORT
from adhere.app.watch import Watch
from adhere.app.wiring import cache_folder
from adhere.surfaces.cli.terminal import Terminal


class Keeper:
    """Keeps what one command shows."""

    def __init__(self, memory: Memory, watch: Watch) -> None:
        """Keep what is shown from now on.

        Args:
            memory: where it is written down.
            watch: who saw the command from its start.
        """
        self._memory = memory
        self._watch = watch

    def before_writing(self, folder: str) -> None:
        """The folder of the report is about to be written to.

        Args:
            folder: its absolute path.
        """
        self._watch.expect(folder, os.path.join(folder, REPORT), self._memory.started)

    def keep(
        self,
        checked: Checked,
        settings: Settings,
        terminal: Terminal,
        out: str,
        data: bytes,
        row: bytes,
    ) -> None:
        """Write down what was shown, if it can be told later that it still holds.

        Args:
            checked: what came out.
            settings: of the command; one that writes more files than the report is not kept.
            terminal: that it was shown on.
            out: absolute path of the folder of the report.
            data: the report: where it was shown as it is, its file is shown again.
            row: what the journal of runs says of the run, and of each that shows it again.
        """
        self._watch.stop()
        basis = checked.basis
        if basis is None or settings.output or settings.ledger:
            return
        config, root = checked.loaded.policy.config, checked.project.root
        named = os.path.expanduser(settings.cache_dir)
        folder = cache_folder(config, root, os.path.abspath(named) if named else "")
        if os.path.dirname(os.path.dirname(self._memory.path)) != folder:
            return  # the configuration keeps it where nobody would look
        run = Run(
            root=root,
            basis=basis,
            out=out,
            report=os.path.join(out, REPORT),
            exit_code=checked.exit_code,
            shown=[
                ("report", b"") if shown is data else (stream, shown)
                for stream, shown in terminal.transcript
            ],
            row=row,
        )
        remember(self._memory.path, self._memory.started, self._watch, run)
