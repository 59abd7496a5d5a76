"""A report, shown as the options say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adhere.app.project import Project
from adhere.app.settings import Settings
from adhere.errors import Problem, UsageError
from adhere.policy.settings import ConfigTable
from adhere.report.document import Report
from adhere.surfaces.cli.terminal import Terminal

if TYPE_CHECKING:
    from adhere.report.past import Past


def refuse_unshowable(settings: Settings) -> None:
    """Say what cannot be shown before anything is judged.

    Raises:
        UsageError: pages for standard output.
    """
    if settings.format == "html" and not settings.output:
        hint = "name a folder with --output"
        raise UsageError(Problem("usage", "html is a folder of pages", hint=hint))


def show(
    report: Report,
    settings: Settings,
    terminal: Terminal,
    *,
    project: Project,
    config: ConfigTable,
    data: bytes = b"",
    stale: tuple[str, ...] = (),
    stored: str = "",
) -> None:
    """Render a report to standard output or where ``--output`` says.

    The summary line is always told: behind a text on standard output it ends it, for
    anything else it goes to standard error. ``--quiet`` leaves standard output with that
    line alone; it takes nothing from a file or from another format.

    Args:
        report: what to show.
        settings: format, output, templates, verbose, quiet.
        terminal: where to.
        project: for folders of templates.
        config: for the same.
        data: the canonical report, where somebody encoded it already.
        stale: inputs that changed since the report was made, as clauses.
        stored: absolute path of its file, beside which lies what came before; ``""`` for one
            that is not kept.
    """
    from adhere.report.escape import plain
    from adhere.report.summary import summary

    as_text = settings.format == "text" and not settings.output
    if as_text and settings.quiet:
        terminal.line(plain(summary(report)))
        return
    if data and settings.format == "json" and not settings.output:
        terminal.write_bytes(data)
    else:
        from adhere.app.render import render

        render(
            report,
            settings.format,
            output=settings.output,
            write=terminal.write,
            project=project,
            config=config,
            templates=settings.templates,
            colour=terminal.colour,
            verbose=settings.verbose,
            stale=stale,
            past=_past(settings, project, config, stored),
        )
    if not as_text:
        terminal.say(plain(summary(report)))


def _past(settings: Settings, project: Project, config: ConfigTable, stored: str) -> Past | None:
    """What pages compare with; other formats show a report alone."""
    if settings.format != "html" or not stored:
        return None
    from adhere.app.past import read_past

    return read_past(project, config, stored, settings.given("out"))
