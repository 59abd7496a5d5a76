"""``adhere adr review``."""

from __future__ import annotations

import os

from adhere.app.review import review
from adhere.app.settings import Settings
from adhere.app.store import write_atomically
from adhere.report.json import canonical
from adhere.report.review_text import review_markdown, review_text
from adhere.surfaces.cli.check import request_of
from adhere.surfaces.cli.terminal import Terminal


def run(settings: Settings, terminal: Terminal) -> int:
    """What changed decisions mean; 2 where files of a side are wrong, 1 where that was asked for."""
    found = review(settings.range, request_of(settings, ()))
    if settings.format == "json":
        data = canonical(found)
    elif settings.format == "markdown":
        data = review_markdown(found).encode()
    else:
        data = review_text(found).encode()
    if settings.output:
        write_atomically(os.path.abspath(settings.output), data, settings.output)
    elif settings.format == "json":
        terminal.write_bytes(data)
    else:
        terminal.write(data.decode())
    if found.problems:
        return 2
    return 1 if settings.fail_on == "looser" and found.is_looser else 0
