"""``adhere waive``."""

from __future__ import annotations

from adhere.app.settings import Settings
from adhere.app.waive import waiver_text
from adhere.surfaces.cli.terminal import Terminal


def run(settings: Settings, terminal: Terminal) -> int:
    """Print a waiver, and a clarification where one would be the better answer."""
    text, remarks = waiver_text(
        settings.rule,
        settings.subject,
        owner=settings.owner,
        days=settings.days,
        config=settings.config,
        report=settings.report,
        out=settings.given("out"),
    )
    for remark in remarks:
        terminal.say(remark)
    terminal.write(text)
    return 0
