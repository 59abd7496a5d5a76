"""Decision records."""

from __future__ import annotations

from adhere.app.commands.option import Argument, Command, Option
from adhere.app.commands.shared import JUDGING, REPORT, REPORT_FORMATS, SAYING, format_of

COMMANDS: tuple[Command, ...] = (
    Command(
        "adr list",
        "every decision: its status, its rules",
        "adhere.surfaces.cli.adr:run_list",
        (),
        (format_of(("text", "json", "markdown"), "text"), "config"),
    ),
    Command(
        "adr show",
        "one decision: what it says, what its rules are, what became of them",
        "adhere.surfaces.cli.adr:run_show",
        (Argument("id", "ID", "of a decision, or its number"),),
        (format_of(("text", "json"), "text"), REPORT, "config", "out"),
    ),
    Command(
        "adr check",
        "judge only rules that decisions own; nothing is stored",
        "adhere.surfaces.cli.adr:run_check",
        (Argument("ids", "ID", "decisions; by default all", "*"),),
        (format_of(REPORT_FORMATS, "text"), "output", *JUDGING, "templates", *SAYING),
    ),
    Command(
        "adr lint",
        "what is wrong with decisions: links, reviews, numbers that differ from the rules'",
        "adhere.surfaces.cli.adr:run_lint",
        (),
        (format_of(("text", "json", "github"), "text"), "config"),
    ),
    Command(
        "adr matrix",
        "decisions by what became of their rules in the last run",
        "adhere.surfaces.cli.adr:run_matrix",
        (),
        (format_of(("text", "markdown", "json"), "text"), REPORT, "config", "out"),
    ),
    Command(
        "adr waivers",
        "waivers and clarifications, those that end first above; exit 1 where one has ended",
        "adhere.surfaces.cli.adr:run_waivers",
        (),
        (format_of(("text", "markdown", "json"), "text"), REPORT, "config", "out"),
    ),
    Command(
        "adr review",
        "what a change of decisions means: looser, tighter, and what both sides judge today",
        "adhere.surfaces.cli.adr_review:run",
        (Argument("range", "BASE..HEAD", "commits; BASE alone: against the working tree"),),
        (
            Option(
                "fail_on",
                ("--fail-on",),
                "end with 1 where a rule asks for less, or nobody can tell",
                default="nothing",
                metavar="WHAT",
                choices=("nothing", "looser"),
                env="ADHERE_ADR_FAIL_ON",
            ),
            format_of(("text", "markdown", "json"), "text"),
            "output",
            # No command is run that a change under review names.
            *(name for name in JUDGING if name != "run_commands"),
            *SAYING,
        ),
    ),
    Command(
        "adr new",
        "begin a decision with the next number; nothing is overwritten",
        "adhere.surfaces.cli.adr:run_new",
        (Argument("title", "TITLE", "of the decision"),),
        (
            Option(
                "status",
                ("--status",),
                "of the decision",
                default="proposed",
                metavar="STATUS",
                choices=("proposed", "accepted"),
                env="ADHERE_ADR_STATUS",
            ),
            Option(
                "supersedes",
                ("--supersedes",),
                "a decision that it supersedes; may be repeated",
                "list",
                (),
                "ID",
                env="ADHERE_ADR_SUPERSEDES",
            ),
            Option(
                "with_rules",
                ("--with-rules",),
                "write a file for its rules beside it",
                "flag",
                default=False,
                env="ADHERE_ADR_WITH_RULES",
            ),
            "config",
        ),
    ),
)
