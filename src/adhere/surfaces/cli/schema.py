"""``adhere schema``."""

from __future__ import annotations

from adhere.app.schema import SCHEMAS, schema
from adhere.app.settings import Settings, unknown
from adhere.errors import Problem, UsageError
from adhere.report.json import canonical
from adhere.surfaces.cli.terminal import Terminal


def run(settings: Settings, terminal: Terminal) -> int:
    """Print a JSON Schema."""
    if settings.what not in SCHEMAS:
        message = f"there is no schema `{settings.what}`"
        raise UsageError(Problem("usage", message, hint=unknown(settings.what, SCHEMAS)))
    terminal.write_bytes(canonical(schema(settings.what)))
    return 0
