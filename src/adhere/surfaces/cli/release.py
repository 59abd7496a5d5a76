"""``adhere release``."""

from __future__ import annotations

import os

from adhere.app.past_files import releases_folder
from adhere.app.releases import freeze
from adhere.app.render import template_folders
from adhere.app.settings import Settings
from adhere.app.stored import open_stored
from adhere.app.wiring import SystemClock, report_time
from adhere.report.json import canonical
from adhere.report.view import Checklist
from adhere.surfaces.cli.terminal import Terminal


def run(settings: Settings, terminal: Terminal) -> int:
    """Freeze a release; exit 1, with what stands in the way, when it is not ready."""
    from adhere.report.render import Renderer

    out = settings.given("out")
    stored = open_stored(settings.config, settings.report, out)
    folder = os.path.abspath(settings.output) if settings.output else ""
    renderer = Renderer(template_folders(stored.project, stored.config, settings.templates))

    def render(made: Checklist, version: str) -> str:
        return renderer.render("markdown/checklist.md.j2", checklist=made, version=version)

    found = freeze(
        stored,
        settings.version,
        folder or releases_folder(stored.project, stored.config, out),
        today=report_time(SystemClock(), os.environ).date(),
        places=[os.path.abspath(place) for place in settings.sources],
        render=render,
    )
    if settings.format == "json":
        terminal.write_bytes(canonical(found))
        return 0 if found.checklist.ready else 1
    for clause in found.checklist.blocks:
        terminal.line(f"in the way  {clause}")
    for name in found.written:
        terminal.line(f"wrote   {name}")
    for name in found.same:
        terminal.line(f"same    {name}")
    terminal.line(f"{found.version}: {found.checklist.verdict}")
    return 0 if found.checklist.ready else 1
