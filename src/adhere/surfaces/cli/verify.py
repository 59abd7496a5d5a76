"""``adhere verify``."""

from __future__ import annotations

import os

from adhere.app.settings import Settings
from adhere.app.stored import open_stored
from adhere.app.verify import verify
from adhere.app.wiring import SystemClock, report_time
from adhere.report.json import canonical
from adhere.surfaces.cli.terminal import Terminal


def run(settings: Settings, terminal: Terminal) -> int:
    """Compare inputs with their digests; exit 1 when one is not what it was, or has ended."""
    stored = open_stored(settings.config, settings.report or "", settings.given("out"))
    today = report_time(SystemClock(), os.environ).date()
    found = verify(stored, [os.path.abspath(place) for place in settings.sources], today=today)
    if settings.format == "json":
        value = {"report": found.report, "holds": found.holds, "inputs": found.inputs}
        value["ended"] = found.ended
        terminal.write_bytes(canonical(value))
        return 0 if found.holds else 1
    for entry in found.inputs:
        detail = entry.reason or entry.recorded
        terminal.line(f"{entry.verdict:<8}  {entry.path}  {detail}")
    for clause in found.ended:
        terminal.line(f"ended     {clause}")
    same = sum(entry.verdict == "same" for entry in found.inputs)
    words = "holds" if found.holds else "does not hold"
    total = len(found.inputs)
    terminal.line(f"{found.report} {words}: {same} of {total} inputs are the same")
    return 0 if found.holds else 1
