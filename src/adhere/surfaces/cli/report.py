"""``adhere report``."""

from __future__ import annotations

import os
from collections.abc import Sequence

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
        _stored_only(stored, stale, settings, terminal)
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


def _stored_only(
    stored: Stored, stale: Sequence[str], settings: Settings, terminal: Terminal
) -> None:
    """What speaks of the report's file, or of the project beside it."""
    from adhere.app.store import write_atomically
    from adhere.report.summary import summary

    text = (
        _statement(stored) if settings.format == "in-toto" else _checklist(stored, stale, settings)
    )
    if settings.output:
        write_atomically(os.path.abspath(settings.output), text.encode(), settings.output)
    else:
        terminal.write(text)
    terminal.say(plain(summary(stored.report)))


def _statement(stored: Stored) -> str:
    """Bound to the bytes of the file."""
    from adhere.report.in_toto import statement

    return statement(stored.report, stored.digest, os.path.basename(stored.path))


def _checklist(stored: Stored, stale: Sequence[str], settings: Settings) -> str:
    """A release could be made of it only while it speaks of what is there."""
    from adhere.app.render import template_folders
    from adhere.report.checklist import checklist
    from adhere.report.render import Renderer

    renderer = Renderer(template_folders(stored.project, stored.config, settings.templates))
    made = checklist(stored.report, stale)
    return renderer.render("markdown/checklist.md.j2", checklist=made, version="")
