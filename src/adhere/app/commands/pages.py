"""Pages of documentation."""

from __future__ import annotations

from adhere.app.commands.option import Argument, Command, Option
from adhere.app.commands.shared import REPORT, format_of

COMMANDS: tuple[Command, ...] = (
    Command(
        "docs sync",
        "write the pages as Markdown files",
        "adhere.surfaces.cli.docs:run_sync",
        (Argument("folder", "DIR", "the documentation's folder"),),
        (
            Option(
                "check",
                ("--check",),
                "write nothing; exit 1 when pages are stale",
                "flag",
                default=False,
                env="ADHERE_DOCS_CHECK",
            ),
            REPORT,
            "config",
            "templates",
            "out",
        ),
    ),
    Command(
        "docs doctor",
        "whether the site that was built holds the pages of the report",
        "adhere.surfaces.cli.docs:run_doctor",
        (),
        (
            format_of(("text", "json"), "text"),
            Option(
                "site",
                ("--site",),
                "folder of the site, instead of where the builder builds to",
                metavar="DIR",
                env="ADHERE_DOCS_SITE",
            ),
            REPORT,
            "config",
            "templates",
            "out",
        ),
    ),
)
