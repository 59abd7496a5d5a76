"""Answers to single questions, and files to begin with."""

from __future__ import annotations

from adhere.app.commands.option import Argument, Command, Option
from adhere.app.commands.shared import JUDGING, REPORT, format_of

COMMANDS: tuple[Command, ...] = (
    Command(
        "why",
        "every path by which a package is here, its evidence, its rules",
        "adhere.surfaces.cli.why:run",
        (Argument("package", "PACKAGE", "name of the package"),),
        (
            Option(
                "sources",
                ("--source",),
                "as SOURCE of check; may be repeated",
                "list",
                (),
                "SOURCE",
                env="ADHERE_SOURCE",
            ),
            format_of(("text", "json"), "text"),
            *JUDGING,
            "color",
        ),
    ),
    Command(
        "explain",
        "what a finding code or a check kind means, and what to do about it",
        "adhere.surfaces.cli.explain:run",
        (Argument("code", "CODE", "a code or kind; none lists all", "?"),),
        (),
    ),
    Command(
        "license explain",
        "how one license text, or each line of standard input, is read",
        "adhere.surfaces.cli.license:run",
        (Argument("text", "TEXT", "what somebody wrote as a license", "?"),),
        (
            Option(
                "stdin",
                ("--stdin",),
                "read one text a line from standard input",
                "flag",
                default=False,
                env="ADHERE_LICENSE_STDIN",
            ),
            Option(
                "file",
                ("--file",),
                "identify a license file",
                metavar="PATH",
                env="ADHERE_LICENSE_FILE",
            ),
            Option(
                "allow",
                ("--allow",),
                "an accepted license; may be repeated",
                "list",
                (),
                "ID",
                env="ADHERE_LICENSE_ALLOW",
            ),
            format_of(("json", "text"), "json"),
        ),
    ),
    Command(
        "waive",
        "print a complete waiver to paste",
        "adhere.surfaces.cli.waive:run",
        (
            Argument("rule", "RULE", "full id of the rule"),
            Argument("subject", "SUBJECT", "package, or what the finding is about"),
        ),
        (
            Option("owner", ("--owner",), "who answers for it", metavar="WHO", env="ADHERE_OWNER"),
            Option("days", ("--days",), "how long it lasts", "integer", 0, "N", env="ADHERE_DAYS"),
            REPORT,
            "config",
            "out",
        ),
    ),
    Command(
        "init",
        "write a configuration, a noxfile and documentation wiring",
        "adhere.surfaces.cli.init:run",
        (),
        (
            Option(
                "presets",
                ("--preset",),
                "decision to begin with: starter (default), adr-010, adr-015, openchain-cra; may be repeated",
                "list",
                (),
                "NAME",
                env="ADHERE_PRESET",
            ),
            Option(
                "nox",
                ("--nox",),
                "how the noxfile runs adhere",
                default="helper",
                metavar="HOW",
                choices=("helper", "script", "none"),
                env="ADHERE_NOX",
            ),
        ),
    ),
    Command(
        "schema",
        "print a JSON Schema",
        "adhere.surfaces.cli.schema:run",
        (Argument("what", "config|waivers|report|diff|release|review", "which schema"),),
        (),
    ),
    Command(
        "templates list",
        "names of all templates, and which of them are the user's",
        "adhere.surfaces.cli.templates:run_list",
        (),
        ("config", "templates"),
    ),
    Command(
        "templates show",
        "print a template",
        "adhere.surfaces.cli.templates:run_show",
        (Argument("name", "NAME", "of the template"),),
        ("config", "templates"),
    ),
    Command(
        "templates copy",
        "copy a template, to change it",
        "adhere.surfaces.cli.templates:run_copy",
        (
            Argument("name", "NAME", "of the template"),
            Argument("folder", "DIR", "where to", "?"),
        ),
        ("config", "templates"),
    ),
)
