"""``adhere diff``."""

from __future__ import annotations

import os

from adhere.app.changes import compare, last_release, last_run, named
from adhere.app.render import template_folders
from adhere.app.settings import Settings
from adhere.app.store import write_atomically
from adhere.app.stored import project_and_config
from adhere.report.changes import changes_view
from adhere.report.json import canonical
from adhere.surfaces.cli.terminal import Terminal

MOST = 100
"""Changes of a kind in a comment: what takes them takes no more than 65,536 characters."""


def run(settings: Settings, terminal: Terminal) -> int:
    """What changed; exit 1 when something got worse, where that was asked for."""
    project, config = project_and_config(settings.config)
    where = project, config, settings.given("out")
    old = named(settings.old, *where) if settings.old else last_release(*where)
    new = named(settings.new, *where) if settings.new else last_run(*where)
    found = compare(old, new)
    if settings.format == "json":
        data = canonical(found)
    elif settings.format == "markdown":
        from adhere.report.diff import diff
        from adhere.report.render import Renderer
        from adhere.report.withhold import withheld_extract

        how = config.report.publish_vulnerabilities, config.report.redact
        # A comment is a page that others read.
        shown = diff(withheld_extract(old.extract, *how), withheld_extract(new.extract, *how))
        renderer = Renderer(template_folders(project, config, settings.templates))
        view = changes_view(shown, old.what, limit=MOST)
        data = renderer.render("markdown/changes.md.j2", changes=view).encode()
    else:
        from adhere.report.changes_text import changes_text

        colour = terminal.colour and not settings.output
        data = changes_text(changes_view(found, old.what), colour=colour).encode()
    if settings.output:
        write_atomically(os.path.abspath(settings.output), data, settings.output)
    elif settings.format == "json":
        terminal.write_bytes(data)
    else:
        terminal.write(data.decode())
    return 1 if settings.fail_on == "worse" and found.is_worse else 0
