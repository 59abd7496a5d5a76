"""What runs were measured."""

from __future__ import annotations

from adhere.app.commands.option import Argument, Command, Option
from adhere.app.commands.shared import LAST, METRIC, format_of

COMMANDS: tuple[Command, ...] = (
    Command(
        "perf show",
        "what runs were measured: medians, history, changes, trends",
        "adhere.surfaces.cli.perf:run_show",
        (),
        (METRIC, LAST, format_of(("text", "json"), "text"), "config", "out"),
    ),
    Command(
        "perf compare",
        "runs of two commits, or the latest runs and the baseline",
        "adhere.surfaces.cli.perf:run_compare",
        (
            Argument("before", "BEFORE", "a commit; by default the baseline", "?"),
            Argument("after", "AFTER", "a commit; by default that of the latest run", "?"),
        ),
        (METRIC, format_of(("text", "json"), "text"), "config", "out"),
    ),
    Command(
        "perf baseline",
        "the runs that later ones are compared with",
        "adhere.surfaces.cli.perf:run_baseline",
        (),
        (
            Option(
                "set",
                ("--set",),
                "make the latest runs the baseline, in adhere.runs.jsonl",
                "flag",
                default=False,
                env="ADHERE_PERF_SET",
            ),
            format_of(("text", "json"), "text"),
            "config",
            "out",
        ),
    ),
    Command(
        "perf export",
        "write the latest runs to adhere.runs.jsonl, to be committed",
        "adhere.surfaces.cli.perf:run_export",
        (),
        (
            LAST,
            Option(
                "every",
                ("--all",),
                "also runs of no commit, or of files that differed from it",
                "flag",
                default=False,
                env="ADHERE_PERF_ALL",
            ),
            "config",
            "out",
        ),
    ),
    Command(
        "perf merge",
        "take over runs that other machines exported",
        "adhere.surfaces.cli.perf:run_merge",
        (Argument("files", "FILE", "an exported ledger", "+"),),
        ("config", "out"),
    ),
    Command(
        "perf prune",
        "remove the oldest runs from the ledger of this machine",
        "adhere.surfaces.cli.perf:run_prune",
        (),
        (
            Option(
                "keep",
                ("--keep",),
                "runs that stay at most",
                "integer",
                5_000,
                "NUMBER",
                env="ADHERE_PERF_KEEP",
            ),
            Option(
                "older_than",
                ("--older-than",),
                'only those that are older, "90d"',
                "number",
                0.0,
                "DURATION",
                env="ADHERE_PERF_OLDER_THAN",
            ),
            "config",
            "out",
        ),
    ),
)
