"""``adhere report``."""

from __future__ import annotations

import os
from collections.abc import Sequence

from adhere.app.settings import STORED_ONLY, Settings
from adhere.app.stored import Stored, open_stored
from adhere.app.verify import stale_inputs
from adhere.model.verdict import EXIT_NOTHING
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
        return _hand_on(stored, stale, settings, terminal)
    show(
        stored.report,
        settings,
        terminal,
        project=stored.project,
        config=stored.config,
        stale=stale,
        stored=stored.path,
    )
    return 0


def _hand_on(stored: Stored, stale: Sequence[str], settings: Settings, terminal: Terminal) -> int:
    """A document for others, who have nothing but it."""
    from adhere.app.hand_on import document, remarks
    from adhere.app.store import write_atomically
    from adhere.report.summary import summary

    for remark in remarks(stored, settings.format):
        terminal.say(plain(remark))
    text = document(stored, settings.format, stale, settings.templates)
    if not text:
        return EXIT_NOTHING
    if settings.output:
        write_atomically(os.path.abspath(settings.output), text.encode(), settings.output)
    else:
        terminal.write(text)
    terminal.say(plain(summary(stored.report)))
    return 0
