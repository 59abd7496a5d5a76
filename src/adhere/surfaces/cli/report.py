"""``adhere report``."""

from __future__ import annotations

import os
from collections.abc import Sequence

from adhere.app.commands.shared import STORED_ONLY
from adhere.app.settings import Settings
from adhere.app.stored import Stored, open_stored
from adhere.app.verify import stale_inputs
from adhere.errors import Problem, UsageError
from adhere.model.verdict import EXIT_NOT_JUDGED, EXIT_NOTHING
from adhere.report.escape import plain
from adhere.surfaces.cli.show import refuse_unshowable, show
from adhere.surfaces.cli.terminal import Terminal

MOST_TOLD = 20
"""Things that a document lacks that are told one by one."""


_OF_ONE_FORMAT = (
    ("strict", "--strict", "notices"),
    ("sources", "--source", "notices"),
    ("product", "--product", "openvex"),
)


def run(settings: Settings, terminal: Terminal) -> int:
    """Render a stored report."""
    refuse_unshowable(settings)
    for name, flag, format_ in _OF_ONE_FORMAT:
        if settings.format != format_ and settings.source(name) == "command line":
            hint = f"add --format {format_}"
            raise UsageError(Problem("usage", f"{flag} is about {format_}", hint=hint))
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
    from adhere.app.hand_on import document
    from adhere.app.store import write_atomically
    from adhere.report.summary import summary

    places = [os.path.abspath(place) for place in settings.sources]
    made = document(stored, settings.format, stale, settings.templates, places, settings.product)
    for remark in made.remarks:
        terminal.say(plain(remark))
    if not made.text:
        return EXIT_NOTHING
    if settings.output:
        write_atomically(os.path.abspath(settings.output), made.text.encode(), settings.output)
    else:
        terminal.write(made.text)
    _tell_lacking(made.lacking, terminal)
    if made.lacking and settings.strict:
        words = f"{settings.format} lack what is told above (exit {EXIT_NOT_JUDGED}: --strict)"
        terminal.say(words)
        return EXIT_NOT_JUDGED
    terminal.say(plain(summary(stored.report)))
    return 0


def _tell_lacking(clauses: Sequence[str], terminal: Terminal) -> None:
    for clause in clauses[:MOST_TOLD]:
        terminal.say(f"lacking  {clause}")
    if len(clauses) > MOST_TOLD:
        terminal.say(f"lacking  {len(clauses) - MOST_TOLD} more: all stand in the document")
