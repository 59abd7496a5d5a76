"""``adhere report``."""

from __future__ import annotations

from adhere.app.settings import Settings
from adhere.app.stored import open_stored
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
    show(
        stored.report,
        settings,
        terminal,
        project=stored.project,
        config=stored.config,
        stale=stale,
    )
    return 0
