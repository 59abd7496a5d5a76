"""Evidence: advisories, inputs, the cache."""

from __future__ import annotations

from adhere.app.commands.option import Argument, Command, Option
from adhere.app.commands.shared import SOURCES, format_of

COMMANDS: tuple[Command, ...] = (
    Command(
        "db status",
        "which advisories and license data judge, and how old they are",
        "adhere.surfaces.cli.db:run_status",
        (),
        (format_of(("text", "json"), "text"), "config", "cache_dir", "progress", "color"),
    ),
    Command(
        "db update",
        "fetch another snapshot of advisories; the old one stays until the new one is whole",
        "adhere.surfaces.cli.db:run_update",
        (),
        (
            Option(
                "snapshot",
                ("--from",),
                "file or address of the snapshot",
                metavar="FILE|URL",
                env="ADHERE_SNAPSHOT_URL",
                key="advisories.snapshot_url",
            ),
            Option(
                "sha256",
                ("--sha256",),
                "digest that the snapshot has to have",
                metavar="HEX",
                env="ADHERE_SNAPSHOT_DIGEST",
            ),
            "offline",
            "config",
            "cache_dir",
            "progress",
            "color",
        ),
    ),
    Command(
        "verify",
        "whether the inputs of a report still are what they were",
        "adhere.surfaces.cli.verify:run",
        (
            Argument("report", "REPORT", "a report.json", "?"),
            Argument("sources", "SOURCE", "where a source lies now", "*"),
        ),
        (format_of(("text", "json"), "text"), "config", "out", "color"),
    ),
    Command(
        "cache info",
        "what the three tiers of the cache hold",
        "adhere.surfaces.cli.cache:run_info",
        (),
        (format_of(("text", "json"), "text"), "config", "cache_dir"),
    ),
    Command(
        "cache warm",
        "ask for everything that the rules need, ahead of a run",
        "adhere.surfaces.cli.cache:run_warm",
        (SOURCES,),
        (
            format_of(("text", "json"), "text"),
            "config",
            Option(
                "deadline",
                ("--deadline",),
                "longest time to fill the cache",
                "number",
                default=600.0,
                metavar="SECONDS",
                env="ADHERE_CACHE_DEADLINE",
            ),
            "group",
            "extra",
            "no_dev",
            "cache_dir",
            "progress",
        ),
    ),
    Command(
        "cache compare",
        "judge without a cache and with one, and write down whether the reports are the same",
        "adhere.surfaces.cli.cache_compare:run",
        (SOURCES,),
        (
            format_of(("text", "json"), "text"),
            "output",
            "config",
            "offline",
            "deadline",
            "group",
            "extra",
            "no_dev",
            "jobs",
            "out",
            "progress",
        ),
    ),
    Command(
        "cache clear",
        "remove entries from the cache, all of them without an option",
        "adhere.surfaces.cli.cache:run_clear",
        (),
        (
            Option(
                "kind", ("--kind",), "only those of a kind", metavar="KIND", env="ADHERE_CACHE_KIND"
            ),
            Option(
                "package",
                ("--package",),
                "only those about a package",
                metavar="NAME",
                env="ADHERE_CACHE_PACKAGE",
            ),
            Option(
                "older_than",
                ("--older-than",),
                'only those that were stored longer ago, "7d"',
                "number",
                0.0,
                "DURATION",
                env="ADHERE_CACHE_OLDER_THAN",
            ),
            format_of(("text", "json"), "text"),
            "config",
            "cache_dir",
        ),
    ),
    Command(
        "cache verify",
        "read every entry of the cache, and remove what is damaged",
        "adhere.surfaces.cli.cache:run_verify",
        (),
        (format_of(("text", "json"), "text"), "config", "cache_dir"),
    ),
)
