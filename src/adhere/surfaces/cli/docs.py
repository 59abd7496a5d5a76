"""``adhere docs``."""

from __future__ import annotations

import os

from adhere.app.docs import sync
from adhere.app.doctor import diagnose
from adhere.app.ground import Wanted
from adhere.app.settings import Settings
from adhere.app.stored import project_and_config
from adhere.report.json import canonical
from adhere.report.summary import count
from adhere.surfaces.cli.terminal import Terminal


def run_sync(settings: Settings, terminal: Terminal) -> int:
    """Write the pages, or with ``--check`` say whether they are current."""
    project, config = project_and_config(settings.config)
    done = sync(
        project,
        config,
        os.path.abspath(settings.folder),
        report=os.path.abspath(settings.report) if settings.report else "",
        out=settings.given("out"),
        templates=settings.templates,
        write=not settings.check,
    )
    if done.missing_report:
        terminal.say("there is no report: the pages say so; run adhere check first")
    for name in done.written:
        terminal.line(f"{'stale' if settings.check else 'wrote'}  {settings.folder}/{name}")
    for name in done.snippets:
        terminal.line(f"{'stale' if settings.check else 'wrote'}  {name}")
    for name in done.removed:
        terminal.line(f"{'extra' if settings.check else 'removed'}  {settings.folder}/{name}")
    changed = count(len(done.written), "page")
    terminal.say(f"{changed} changed, {len(done.removed)} removed, {done.same} same")
    return 1 if settings.check and not done.is_current else 0


def run_doctor(settings: Settings, terminal: Terminal) -> int:
    """Look at the configuration of the builder and at its site; exit 1 when pages are missing."""
    project, config = project_and_config(settings.config)
    wanted = Wanted(
        report=os.path.abspath(settings.report) if settings.report else "",
        out=settings.given("out"),
        templates=settings.templates,
    )
    site = os.path.abspath(settings.site) if settings.site else ""
    found = diagnose(project, config, wanted, site)
    if settings.format == "json":
        terminal.write_bytes(canonical(found))
        return 0 if found.is_well else 1
    for part in found.parts:
        terminal.line(f"{part.state:<6}  {part.name:<7}  {part.detail}")
        if part.hint:
            terminal.line(f"{'':<15}  - {part.hint}")
    return 0 if found.is_well else 1
