"""``adhere health``."""

from __future__ import annotations

import os

from adhere.app.health import Examination
from adhere.app.settings import Settings
from adhere.app.stored import configured
from adhere.app.wiring import SystemClock, report_time
from adhere.report.json import canonical
from adhere.surfaces.cli.terminal import Terminal


def run(settings: Settings, terminal: Terminal) -> int:
    """Look at everything that a check relies on; exit 1 when something is broken."""
    project, config = configured(settings.config)
    clock = SystemClock()
    named = os.path.abspath(os.path.expanduser(settings.cache_dir)) if settings.cache_dir else ""
    found = Examination(
        project,
        config,
        named,
        clock,
        report_time(clock, os.environ),
        offline=settings.offline,
        deadline=settings.deadline,
    ).run()
    if settings.format == "json":
        terminal.write_bytes(canonical(found))
        return found.exit_code
    width = max(len(part.name) for part in found.parts)
    for part in found.parts:
        terminal.line(f"{part.state:<6}  {part.name:<{width}}  {part.detail}")
        if part.hint and part.state in ("broken", "warn"):
            terminal.line(f"{'':<6}  {'':<{width}}  - {part.hint}")
    terminal.line(found.state)
    return found.exit_code
