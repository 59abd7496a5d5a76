"""``adhere report``."""

from __future__ import annotations

from adhere.app.settings import Settings
from adhere.app.stored import open_stored
from adhere.surfaces.cli.show import refuse_unshowable, show
from adhere.surfaces.cli.terminal import Terminal


def run(settings: Settings, terminal: Terminal) -> int:
    """Render a stored report."""
    refuse_unshowable(settings)
    stored = open_stored(settings.config, settings.report, settings.given("out"))
    show(stored.report, settings, terminal, project=stored.project, config=stored.config)
    return 0
