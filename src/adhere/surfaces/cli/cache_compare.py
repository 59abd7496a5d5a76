"""``adhere cache compare``."""

from __future__ import annotations

import os

from adhere.app.compare import compare
from adhere.app.request import Request
from adhere.app.settings import Settings
from adhere.app.store import write_atomically
from adhere.model.caching import Comparison
from adhere.report.json import canonical
from adhere.surfaces.cli.progress import Progress
from adhere.surfaces.cli.terminal import Terminal


def run(settings: Settings, terminal: Terminal) -> int:
    """Compare, and write it down; exit 1 when reports differ, 2 for a wrong input file."""
    request = Request(
        sources=tuple(settings.sources),
        config=settings.config or None,
        offline=settings.offline,
        groups=tuple(settings.group),
        extras=tuple(settings.extra),
        no_dev=settings.no_dev,
        jobs=settings.jobs,
        deadline=settings.given("deadline") or 0.0,
    )
    progress = Progress(terminal, wanted=settings.progress)
    named = os.path.abspath(settings.output) if settings.output else ""
    try:
        made = compare(request, named, settings.given("out") or "", progress=progress.update)
    finally:
        progress.end()
    terminal.problems(made.problems)
    if made.comparison is None:
        return 2
    data = canonical(made.comparison)
    write_atomically(made.path, data, made.label)
    if settings.format == "json":
        terminal.write_bytes(data)
    else:
        _say(made.comparison, terminal)
        terminal.say(f"written down in {made.label}")
    return 1 if made.comparison.differences else 0


def _say(comparison: Comparison, terminal: Terminal) -> None:
    for run_ in comparison.runs:
        rate = "nothing was looked up" if run_.hit_rate is None else f"{run_.hit_rate:.0%} answered"
        words = rate if run_.cache != "none" else "everything was read anew"
        terminal.line(f"{run_.cache:<6}  {run_.report}  {words}")
    if not comparison.differences:
        terminal.line(f"the same: {len(comparison.runs)} runs over {len(comparison.inputs)} inputs")
    for place in comparison.differences:
        terminal.line(f"they differ at {place}")
