"""``adhere why``."""

from __future__ import annotations

import msgspec

from adhere.app.check import check
from adhere.app.settings import Settings
from adhere.app.why import explain_package
from adhere.report.json import canonical
from adhere.surfaces.cli.check import request_of
from adhere.surfaces.cli.terminal import Terminal


def run(settings: Settings, terminal: Terminal) -> int:
    """Judge quietly, then tell everything about one package."""
    checked = check(msgspec.structs.replace(request_of(settings), allow_empty=True))
    terminal.problems(checked.problems)
    told = explain_package(checked, settings.package)
    if settings.format == "json":
        terminal.write(canonical(told).decode())
        return 0
    from adhere.report.why import why_text

    terminal.write(why_text(told, colour=terminal.colour))
    return 0
