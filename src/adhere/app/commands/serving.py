"""Whether everything works, and pages for others."""

from __future__ import annotations

from adhere.app.commands.option import Command, Option
from adhere.app.commands.shared import REPORT, format_of

COMMANDS: tuple[Command, ...] = (
    Command(
        "health",
        "whether everything that a check relies on is there and answers",
        "adhere.surfaces.cli.health:run",
        (),
        (
            format_of(("text", "json"), "text"),
            "config",
            "offline",
            Option(
                "deadline",
                ("--deadline",),
                "longest time to wait for all of it",
                "number",
                default=5.0,
                metavar="SECONDS",
                env="ADHERE_HEALTH_DEADLINE",
            ),
            "cache_dir",
        ),
    ),
    Command(
        "serve",
        "the latest report, its pages, health and numbers over HTTP",
        "adhere.surfaces.web.command:run",
        (),
        (
            Option(
                "host",
                ("--host",),
                "address to listen at",
                default="127.0.0.1",
                metavar="ADDRESS",
                env="ADHERE_SERVE_HOST",
            ),
            Option(
                "port",
                ("--port",),
                "port to listen at; 0 for any that is free",
                "integer",
                8765,
                "NUMBER",
                env="ADHERE_SERVE_PORT",
            ),
            Option(
                "allow_host",
                ("--allow-host",),
                "another name that the server may be called by; may be repeated",
                "list",
                (),
                "NAME",
                env="ADHERE_SERVE_ALLOW_HOST",
            ),
            Option(
                "warm_every",
                ("--warm-every",),
                'fill the cache again and again, "1h"',
                "number",
                0.0,
                "DURATION",
                env="ADHERE_SERVE_WARM_EVERY",
            ),
            REPORT,
            "offline",
            "config",
            "templates",
            "out",
        ),
    ),
)
