"""Every option, declared once: flag, environment variable, configuration key, help.

The command line's parser, the reference page and the precedence rules are made from these
tables. Precedence: command line, environment, configuration, default.

Longer than other modules: a thousand lines are the tables, which are read side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from adhere.errors import Problem, UsageError

Type = Literal["flag", "count", "text", "number", "integer", "list"]

CHECK_FORMATS = ("text", "json", "markdown", "html", "sarif", "junit", "github", "prometheus")
STORED_ONLY = ("in-toto", "checklist", "cyclonedx", "spdx", "spdx3", "openvex", "notices")
"""Formats that are handed on to others; they are made of a report that is kept."""
REPORT_FORMATS = ("text", "markdown", "html", "json", "sarif", "junit", "github", "prometheus")


class Option:
    """One option.

    Attributes:
        name: attribute of the effective settings.
        flags: on the command line.
        help: one line.
        type: what its value is.
        default: when nobody says anything.
        metavar: of its value.
        choices: values that it may have; empty for any.
        env: environment variable, ``ADHERE_...``.
        key: key of the configuration, dotted; ``""`` for none.
        off: flag that turns a ``flag`` off.
    """

    # A plain class: every command declares its options before it does anything, and a
    # generated class costs a third of a millisecond to make.
    def __init__(
        self,
        name: str,
        flags: tuple[str, ...],
        help: str,  # noqa: A002 - what argparse calls it
        type: Type = "text",  # noqa: A002 - what argparse calls it
        default: Any = "",
        metavar: str = "",
        choices: tuple[str, ...] = (),
        env: str = "",
        key: str = "",
        off: str = "",
    ) -> None:
        self.name = name
        self.flags = flags
        self.help = help
        self.type = type
        self.default = default
        self.metavar = metavar
        self.choices = choices
        self.env = env
        self.key = key
        self.off = off


class Argument:
    """One positional argument; ``many`` is ``""``, ``?``, ``*`` or ``+``."""

    def __init__(self, name: str, metavar: str, help: str, many: str = "") -> None:  # noqa: A002 - what argparse calls it
        self.name = name
        self.metavar = metavar
        self.help = help
        self.many = many


class Command:
    """One command of the command line.

    Attributes:
        name: words, ``license explain`` is two.
        help: one line.
        handler: ``module:function`` that runs it.
        arguments: positional.
        options: names in `OPTIONS`, or options of its own.
    """

    def __init__(
        self,
        name: str,
        help: str,  # noqa: A002 - what argparse calls it
        handler: str,
        arguments: tuple[Argument, ...] = (),
        options: tuple[str | Option, ...] = (),
    ) -> None:
        self.name = name
        self.help = help
        self.handler = handler
        self.arguments = arguments
        self.options = options


OPTIONS: Mapping[str, Option] = {
    option.name: option
    for option in (
        Option(
            "config",
            ("--config",),
            "configuration to use instead of looking for one",
            metavar="FILE",
            env="ADHERE_CONFIG",
        ),
        Option(
            "output",
            ("--output", "-o"),
            "file, or folder for html, to write to instead of standard output",
            metavar="PATH",
            env="ADHERE_OUTPUT",
        ),
        Option(
            "environment",
            ("--environment",),
            "name for the class of machines that this run is comparable with",
            metavar="NAME",
            env="ADHERE_ENVIRONMENT",
        ),
        Option(
            "profile",
            ("--profile",),
            "look at memory every 10 ms, that of children included",
            "flag",
            default=False,
            env="ADHERE_PROFILE",
        ),
        Option(
            "otel",
            ("--otel",),
            "send spans and numbers of the run to an OpenTelemetry collector",
            "flag",
            default=False,
            env="ADHERE_OTEL",
        ),
        Option(
            "log",
            ("--log",),
            "tell what happens, an event a line",
            metavar="FORM",
            choices=("json", "logfmt"),
            env="ADHERE_LOG",
        ),
        Option(
            "log_file",
            ("--log-file",),
            "file that the log is added to instead of standard error",
            metavar="FILE",
            env="ADHERE_LOG_FILE",
        ),
        Option(
            "offline",
            ("--offline",),
            "never use the network",
            "flag",
            default=False,
            env="ADHERE_OFFLINE",
        ),
        Option(
            "run_commands",
            ("--run-commands",),
            "run the commands that rules of the kind command.exit name",
            "flag",
            default=False,
            env="ADHERE_RUN_COMMANDS",
        ),
        Option(
            "deadline",
            ("--deadline",),
            "longest time to gather evidence",
            "number",
            default=8.0,
            metavar="SECONDS",
            env="ADHERE_DEADLINE",
            key="index.deadline",
        ),
        Option(
            "group",
            ("--group",),
            "judge only packages of this dependency group; may be repeated",
            "list",
            default=(),
            metavar="NAME",
            env="ADHERE_GROUP",
        ),
        Option(
            "extra",
            ("--extra",),
            "judge only packages of this extra; may be repeated",
            "list",
            default=(),
            metavar="NAME",
            env="ADHERE_EXTRA",
        ),
        Option(
            "no_dev",
            ("--no-dev",),
            "leave out packages that only development groups need",
            "flag",
            default=False,
            env="ADHERE_NO_DEV",
        ),
        Option(
            "baseline",
            ("--baseline",),
            "report of an earlier run; its findings do not count again",
            metavar="REPORT",
            env="ADHERE_BASELINE",
        ),
        Option(
            "deny",
            ("-D", "--deny"),
            "make findings of this code errors; may be repeated",
            "list",
            default=(),
            metavar="CODE",
            env="ADHERE_DENY",
        ),
        Option(
            "warn",
            ("-W", "--warn"),
            "make findings of this code warnings; may be repeated",
            "list",
            default=(),
            metavar="CODE",
            env="ADHERE_WARN",
        ),
        Option(
            "allow",
            ("-A", "--allow"),
            "do not count findings of this code; may be repeated",
            "list",
            default=(),
            metavar="CODE",
            env="ADHERE_ALLOW",
        ),
        Option(
            "no_cache",
            ("--no-cache",),
            "read everything anew and remember nothing",
            "flag",
            default=False,
            env="ADHERE_NO_CACHE",
        ),
        Option(
            "cache_dir",
            ("--cache-dir",),
            "folder of the file cache",
            metavar="DIR",
            env="ADHERE_CACHE_DIR",
            key="cache.dir",
        ),
        Option(
            "jobs",
            ("--jobs", "-j"),
            "processes that read license texts; 0 for one per processor",
            "integer",
            default=0,
            metavar="N",
            env="ADHERE_JOBS",
        ),
        Option(
            "allow_empty",
            ("--allow-empty",),
            "finding no package or having no rule is fine",
            "flag",
            default=False,
            env="ADHERE_ALLOW_EMPTY",
        ),
        Option(
            "templates",
            ("--templates",),
            "folder of templates that replace or extend the built-in ones",
            metavar="DIR",
            env="ADHERE_TEMPLATES",
            key="report.templates",
        ),
        Option(
            "out",
            ("--out",),
            "folder of the report and the history",
            default=".adhere",
            metavar="DIR",
            env="ADHERE_OUT",
            key="report.out",
        ),
        Option(
            "verbose",
            ("-v", "--verbose"),
            "say more; effective settings and every package",
            "count",
            default=0,
            env="ADHERE_VERBOSE",
        ),
        Option(
            "quiet",
            ("-q", "--quiet"),
            "say only the summary line",
            "flag",
            default=False,
            env="ADHERE_QUIET",
        ),
        Option(
            "color",
            ("--color",),
            "colours on a terminal, always, or never",
            default="auto",
            metavar="WHEN",
            choices=("auto", "always", "never"),
            env="ADHERE_COLOR",
        ),
        Option(
            "progress",
            ("--progress",),
            "show progress; by default on a terminal when work takes long",
            "flag",
            default=None,
            env="ADHERE_PROGRESS",
            off="--no-progress",
        ),
    )
}

_SAYING = ("verbose", "quiet", "color")
_JUDGING = (
    "config",
    "offline",
    "run_commands",
    "deadline",
    "group",
    "extra",
    "no_dev",
    "no_cache",
    "cache_dir",
    "jobs",
)
_SOURCES = Argument(
    "sources",
    "SOURCE",
    "environment, site-packages folder, Python executable, lock file, requirements file, "
    "script or SBOM; by default those of the project",
    "*",
)


def _format(choices: tuple[str, ...], default: str) -> Option:
    return Option(
        "format",
        ("--format", "-f"),
        "what to print",
        default=default,
        metavar="FORMAT",
        choices=choices,
        env="ADHERE_FORMAT",
    )


_REPORT = Option(
    "report",
    ("--report",),
    "stored report to use instead of that of the last run",
    metavar="FILE",
    env="ADHERE_REPORT",
)

_METRIC = Option(
    "metric",
    ("--metric",),
    "only this metric; may be repeated",
    "list",
    (),
    "NAME",
    env="ADHERE_PERF_METRIC",
)
_LAST = Option(
    "last",
    ("--last",),
    "only so many of the latest runs that can be compared with each other",
    "integer",
    100,
    "NUMBER",
    env="ADHERE_PERF_LAST",
)

COMMANDS: tuple[Command, ...] = (
    Command(
        "check",
        "judge the project's dependencies by its rules",
        "adhere.surfaces.cli.check:run",
        (_SOURCES,),
        (
            _format(CHECK_FORMATS, "text"),
            "output",
            *_JUDGING,
            "environment",
            "profile",
            "otel",
            "log",
            "log_file",
            "baseline",
            "deny",
            "warn",
            "allow",
            "allow_empty",
            Option(
                "ledger",
                ("--ledger",),
                "write down in the ledger which vulnerabilities were seen for the first time",
                "flag",
                default=False,
                env="ADHERE_LEDGER",
            ),
            "out",
            "templates",
            "progress",
            *_SAYING,
        ),
    ),
    Command(
        "report",
        "render the report of the last run",
        "adhere.surfaces.cli.report:run",
        (),
        (
            _format((*REPORT_FORMATS, *STORED_ONLY), "text"),
            "output",
            Option(
                "strict",
                ("--strict",),
                "end with 3 when the notices lack a text or a license",
                "flag",
                default=False,
                env="ADHERE_STRICT",
            ),
            Option(
                "sources",
                ("--source",),
                "environment outside of the project that texts of notices are in; may be repeated",
                "list",
                (),
                "SOURCE",
                env="ADHERE_NOTICES_SOURCE",
            ),
            Option(
                "product",
                ("--product",),
                "package URL of what you ship, which OpenVEX is about; by default the project's",
                metavar="PURL",
                env="ADHERE_PRODUCT",
            ),
            _REPORT,
            "config",
            "templates",
            "out",
            *_SAYING,
        ),
    ),
    Command(
        "diff",
        "what changed from one report to another",
        "adhere.surfaces.cli.diff:run",
        (
            Argument(
                "old",
                "OLD",
                "a report.json, or a frozen release by its file or version; by default the last",
                "?",
            ),
            Argument("new", "NEW", "the same; by default the report of the last run", "?"),
        ),
        (
            _format(("text", "markdown", "json"), "text"),
            "output",
            Option(
                "fail_on",
                ("--fail-on",),
                "end with exit code 1 when something got worse",
                default="nothing",
                metavar="WHAT",
                choices=("nothing", "worse"),
                env="ADHERE_FAIL_ON",
            ),
            "config",
            "templates",
            "out",
            "color",
        ),
    ),
    Command(
        "release",
        "freeze the checklist of a release, if nothing stands in its way",
        "adhere.surfaces.cli.release:run",
        (Argument("version", "VERSION", "of the release"),),
        (
            _format(("text", "json"), "text"),
            Option(
                "output",
                ("--output", "-o"),
                "folder to write to, instead of `releases` beside the report",
                metavar="DIR",
                env="ADHERE_OUTPUT",
            ),
            Option(
                "sources",
                ("--source",),
                "where a source lies that is outside of the project; may be repeated",
                "list",
                (),
                "SOURCE",
                env="ADHERE_SOURCE",
            ),
            _REPORT,
            "config",
            "templates",
            "out",
            "color",
        ),
    ),
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
            _format(("text", "json"), "text"),
            *_JUDGING,
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
            _format(("json", "text"), "json"),
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
            _REPORT,
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
    Command(
        "db status",
        "which advisories and license data judge, and how old they are",
        "adhere.surfaces.cli.db:run_status",
        (),
        (_format(("text", "json"), "text"), "config", "cache_dir", "progress", "color"),
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
        (_format(("text", "json"), "text"), "config", "out", "color"),
    ),
    Command(
        "cache info",
        "what the three tiers of the cache hold",
        "adhere.surfaces.cli.cache:run_info",
        (),
        (_format(("text", "json"), "text"), "config", "cache_dir"),
    ),
    Command(
        "cache warm",
        "ask for everything that the rules need, ahead of a run",
        "adhere.surfaces.cli.cache:run_warm",
        (_SOURCES,),
        (
            _format(("text", "json"), "text"),
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
        (_SOURCES,),
        (
            _format(("text", "json"), "text"),
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
            _format(("text", "json"), "text"),
            "config",
            "cache_dir",
        ),
    ),
    Command(
        "cache verify",
        "read every entry of the cache, and remove what is damaged",
        "adhere.surfaces.cli.cache:run_verify",
        (),
        (_format(("text", "json"), "text"), "config", "cache_dir"),
    ),
    Command(
        "health",
        "whether everything that a check relies on is there and answers",
        "adhere.surfaces.cli.health:run",
        (),
        (
            _format(("text", "json"), "text"),
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
            _REPORT,
            "offline",
            "config",
            "templates",
            "out",
        ),
    ),
    Command(
        "adr list",
        "every decision: its status, its rules",
        "adhere.surfaces.cli.adr:run_list",
        (),
        (_format(("text", "json", "markdown"), "text"), "config"),
    ),
    Command(
        "adr show",
        "one decision: what it says, what its rules are, what became of them",
        "adhere.surfaces.cli.adr:run_show",
        (Argument("id", "ID", "of a decision, or its number"),),
        (_format(("text", "json"), "text"), _REPORT, "config", "out"),
    ),
    Command(
        "adr check",
        "judge only rules that decisions own; nothing is stored",
        "adhere.surfaces.cli.adr:run_check",
        (Argument("ids", "ID", "decisions; by default all", "*"),),
        (_format(REPORT_FORMATS, "text"), "output", *_JUDGING, "templates", *_SAYING),
    ),
    Command(
        "adr lint",
        "what is wrong with decisions: links, reviews, numbers that differ from the rules'",
        "adhere.surfaces.cli.adr:run_lint",
        (),
        (_format(("text", "json", "github"), "text"), "config"),
    ),
    Command(
        "adr matrix",
        "decisions by what became of their rules in the last run",
        "adhere.surfaces.cli.adr:run_matrix",
        (),
        (_format(("text", "markdown", "json"), "text"), _REPORT, "config", "out"),
    ),
    Command(
        "adr waivers",
        "waivers and clarifications, those that end first above; exit 1 where one has ended",
        "adhere.surfaces.cli.adr:run_waivers",
        (),
        (_format(("text", "markdown", "json"), "text"), _REPORT, "config", "out"),
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
            _format(("text", "markdown", "json"), "text"),
            "output",
            # No command is run that a change under review names.
            *(name for name in _JUDGING if name != "run_commands"),
            *_SAYING,
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
    Command(
        "perf show",
        "what runs were measured: medians, history, changes, trends",
        "adhere.surfaces.cli.perf:run_show",
        (),
        (_METRIC, _LAST, _format(("text", "json"), "text"), "config", "out"),
    ),
    Command(
        "perf compare",
        "runs of two commits, or the latest runs and the baseline",
        "adhere.surfaces.cli.perf:run_compare",
        (
            Argument("before", "BEFORE", "a commit; by default the baseline", "?"),
            Argument("after", "AFTER", "a commit; by default that of the latest run", "?"),
        ),
        (_METRIC, _format(("text", "json"), "text"), "config", "out"),
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
            _format(("text", "json"), "text"),
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
            _LAST,
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
            _REPORT,
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
            _format(("text", "json"), "text"),
            Option(
                "site",
                ("--site",),
                "folder of the site, instead of where the builder builds to",
                metavar="DIR",
                env="ADHERE_DOCS_SITE",
            ),
            _REPORT,
            "config",
            "templates",
            "out",
        ),
    ),
)


class Setting:
    """An effective value and where it came from."""

    def __init__(self, value: Any, source: str) -> None:
        self.value = value
        self.source = source


class Settings:
    """Effective options of one command; values are attributes."""

    def __init__(self, settings: Mapping[str, Setting]) -> None:
        self.settings = dict(settings)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["settings"][name].value
        except KeyError:
            raise AttributeError(name) from None

    def source(self, name: str) -> str:
        """Where a value came from."""
        return self.settings[name].source

    def given(self, name: str) -> Any:
        """What command line or environment say; ``""`` where the configuration decides."""
        setting = self.settings[name]
        return "" if setting.source == "default" else setting.value


def options_of(command: Command) -> tuple[Option, ...]:
    """The options of a command."""
    return tuple(OPTIONS[o] if isinstance(o, str) else o for o in command.options)


def effective(command: Command, given: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """Lay the command line over the environment over the defaults.

    Configuration keys come in between later, when the configuration was read.

    Args:
        command: whose options.
        given: what the command line says; a name that is absent was not given.
        environ: environment variables.

    Raises:
        UsageError: a variable has a value that its option cannot have.
    """
    settings: dict[str, Setting] = {}
    for argument in command.arguments:
        settings[argument.name] = Setting(given[argument.name], "command line")
    for option in options_of(command):
        if option.name in given:
            settings[option.name] = Setting(given[option.name], "command line")
        elif option.env and environ.get(option.env, "") != "":
            value = _from_environment(option, environ[option.env])
            settings[option.name] = Setting(value, f"environment, {option.env}")
        else:
            settings[option.name] = Setting(option.default, "default")
    return Settings(settings)


def with_config(
    command: Command, settings: Settings, config: object, place: Callable[[str], str]
) -> dict[str, Setting]:
    """Effective values with the configuration laid between environment and default.

    Args:
        command: whose options.
        settings: command line and environment.
        config: the decoded configuration; keys are followed as attributes.
        place: where a dotted key was written, ``""`` where it was not.
    """
    found: dict[str, Setting] = {}
    for option in options_of(command):
        setting = settings.settings[option.name]
        written = place(option.key) if option.key else ""
        if setting.source == "default" and written:
            value = config
            for part in option.key.split("."):
                value = getattr(value, part)
            setting = Setting(str(value), written)
        found[option.name] = setting
    return found


_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off")


def _from_environment(option: Option, text: str) -> Any:
    try:
        if option.type == "flag":
            if text.lower() not in (*_TRUE, *_FALSE):
                raise ValueError(f"write {' or '.join((_TRUE[0], _FALSE[0]))}")
            return text.lower() in _TRUE
        if option.type == "list":
            return tuple(text.replace(",", " ").split())
        if option.type in ("count", "integer"):
            return whole(text)
        if option.type == "number":
            return seconds(text)
        if option.choices and text not in option.choices:
            raise ValueError(f"it may be {', '.join(option.choices)}")
    except ValueError as error:
        message = f"the environment variable {option.env} is {text!r}: {error}"
        raise UsageError(Problem("usage", message, hint="mend it or unset it")) from None
    return text


def whole(text: str) -> int:
    """A whole number that is not negative.

    Raises:
        ValueError: it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError("write a whole number, 0 or more")
    return int(text)


def seconds(text: str) -> float:
    """A number of seconds, plain or as a duration with a unit.

    Raises:
        ValueError: it is neither, or not positive.
    """
    from adhere.policy.quantity import Duration

    try:
        value = float(text)
    except ValueError:
        value = Duration(text).seconds
    if not 0 < value < 1e9:
        raise ValueError("a time has to be positive")
    return value


def unknown(word: str, known: Sequence[str]) -> str:
    """A hint for a word that is none of the known ones."""
    from adhere.policy.decode import nearest

    return nearest(word, known) or f"known are {', '.join(known)}"
