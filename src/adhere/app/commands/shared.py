"""Options that several commands have, each declared once."""

from __future__ import annotations

from collections.abc import Mapping

from adhere.app.commands.option import Argument, Option

CHECK_FORMATS = ("text", "json", "markdown", "html", "sarif", "junit", "github", "prometheus")
STORED_ONLY = ("in-toto", "checklist", "cyclonedx", "spdx", "spdx3", "openvex", "notices")
"""Formats that are handed on to others; they are made of a report that is kept."""
REPORT_FORMATS = ("text", "markdown", "html", "json", "sarif", "junit", "github", "prometheus")


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

SAYING = ("verbose", "quiet", "color")
JUDGING = (
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
SOURCES = Argument(
    "sources",
    "SOURCE",
    "environment, site-packages folder, Python executable, lock file, requirements file, "
    "script or SBOM; by default those of the project",
    "*",
)


def format_of(choices: tuple[str, ...], default: str) -> Option:
    """``--format``, which each command has in its own way."""
    return Option(
        "format",
        ("--format", "-f"),
        "what to print",
        default=default,
        metavar="FORMAT",
        choices=choices,
        env="ADHERE_FORMAT",
    )


REPORT = Option(
    "report",
    ("--report",),
    "stored report to use instead of that of the last run",
    metavar="FILE",
    env="ADHERE_REPORT",
)

METRIC = Option(
    "metric",
    ("--metric",),
    "only this metric; may be repeated",
    "list",
    (),
    "NAME",
    env="ADHERE_PERF_METRIC",
)
LAST = Option(
    "last",
    ("--last",),
    "only so many of the latest runs that can be compared with each other",
    "integer",
    100,
    "NUMBER",
    env="ADHERE_PERF_LAST",
)
