"""``adhere report``."""

from __future__ import annotations

import os

from adhere.app.settings import STORED_ONLY, Settings
from adhere.app.stored import Stored, open_stored
from adhere.app.verify import stale_inputs
from adhere.report.escape import plain
from adhere.surfaces.cli.show import refuse_unshowable, show
from adhere.surfaces.cli.terminal import Terminal


def run(settings: Settings, terminal: Terminal) -> int:
    """Render a stored report."""
    refuse_unshowable(settings)
    stored = open_stored(settings.config, settings.report, settings.given("out"))
    stale = stale_inputs(stored)
    if stale:
        terminal.say(plain(f"STALE: {'; '.join(stale)}; run adhere check again"))
    if settings.format in STORED_ONLY:
        _state(stored, settings, terminal)
        return 0
    show(
        stored.report,
        settings,
        terminal,
        project=stored.project,
        config=stored.config,
        stale=stale,
    )
    return 0


def _state(stored: Stored, settings: Settings, terminal: Terminal) -> None:
    """The statement for a report, which is bound to the bytes of its file."""
    from adhere.app.store import write_atomically
    from adhere.report.in_toto import statement
    from adhere.report.summary import summary

    text = statement(stored.report, stored.digest, os.path.basename(stored.path))
    if settings.output:
        write_atomically(os.path.abspath(settings.output), text.encode(), settings.output)
    else:
        terminal.write(text)
    terminal.say(plain(summary(stored.report)))
