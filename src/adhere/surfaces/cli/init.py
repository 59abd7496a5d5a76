"""``adhere init``."""

from __future__ import annotations

import os

from adhere.app.init import initialise
from adhere.app.presets import STARTER
from adhere.app.settings import Settings
from adhere.surfaces.cli.terminal import Terminal


def run(settings: Settings, terminal: Terminal) -> int:
    """Write what a project lacks, and say what it has to add itself."""
    done = initialise(os.getcwd(), presets=settings.presets or (STARTER,), nox=settings.nox)
    for path in done.written:
        terminal.line(f"wrote   {path}")
    for path in done.kept:
        terminal.line(f"kept    {path}, which is there already")
    for advice in done.advice:
        terminal.say(advice)
    return 0
