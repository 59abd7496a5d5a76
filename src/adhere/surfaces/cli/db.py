"""``adhere db``."""

from __future__ import annotations

import os

import adhere
from adhere.app.database import Database, Status
from adhere.app.settings import Settings
from adhere.app.stored import project_and_config
from adhere.app.wiring import SystemClock, cache_folder, report_time
from adhere.report.json import canonical
from adhere.surfaces.cli.progress import Progress
from adhere.surfaces.cli.terminal import Terminal


def _database(settings: Settings, progress: Progress) -> Database:
    project, config = project_and_config(settings.config)
    named = os.path.abspath(os.path.expanduser(settings.cache_dir)) if settings.cache_dir else ""
    folder = cache_folder(config, project.root, named)
    clock = SystemClock()
    moment = report_time(clock, os.environ)
    return Database(project, config.advisories, folder, moment, clock, progress.update)


def run_status(settings: Settings, terminal: Terminal) -> int:
    """Say what there is; exit 3 when rules that need it could not be judged by it."""
    progress = Progress(terminal, wanted=settings.progress)
    try:
        found = _database(settings, progress).status()
    finally:
        progress.end()
    if settings.format == "json":
        terminal.write_bytes(canonical(found))
    else:
        for line in _lines(found):
            terminal.line(line)
    return 0 if found.usable or found.source == "osv" else 3


def _lines(found: Status) -> list[str]:
    lines = [f"advisories  {found.path}"]
    if found.as_of is not None and found.age is not None:
        lines += [
            f"as of       {found.as_of:%Y-%m-%d %H:%M} UTC, {found.age:.1f} of {found.max_age:g} days",
            f"records     {found.records}, {found.refused} cannot be read",
            f"digest      {found.digest}",
        ]
    lines.append(f"usable      {'yes' if found.usable else f'no: {found.reason}'}")
    if not found.usable and found.source == "osv":
        lines.append("            and not needed: `source` of [advisories] is osv")
    lines.append(f"licenses    SPDX {found.licenses}")
    return lines


def run_update(settings: Settings, terminal: Terminal) -> int:
    """Fetch another snapshot."""
    progress = Progress(terminal, wanted=settings.progress)
    try:
        database = _database(settings, progress)
        transport = None
        if not settings.offline and "://" in (settings.snapshot or database.address):
            from adhere.evidence.stream import streaming

            transport = streaming(adhere.__version__)
        updated = database.update(settings.snapshot, settings.sha256, transport)
    finally:
        progress.end()
    found = updated.snapshot
    words = "is now" if updated.changed else "already was"
    terminal.line(
        f"{database.label} {words} of {found.as_of:%Y-%m-%d %H:%M} UTC: {found.records} records"
    )
    return 0
