"""``adhere report``."""

from __future__ import annotations

from adhere.app.render import render
from adhere.app.settings import Settings
from adhere.app.stored import open_stored
from adhere.errors import Problem, UsageError
from adhere.surfaces.cli.terminal import Terminal


def run(settings: Settings, terminal: Terminal) -> int:
    """Render a stored report."""
    if settings.format == "html" and not settings.output:
        hint = "name a folder with --output"
        raise UsageError(Problem("usage", "html is a folder of pages", hint=hint))
    stored = open_stored(settings.config, settings.report, settings.out)
    render(
        stored.report,
        settings.format,
        output=settings.output,
        write=terminal.write,
        project=stored.project,
        config=stored.config,
        templates=settings.templates,
        colour=terminal.colour,
        verbose=settings.verbose,
    )
    return 0
