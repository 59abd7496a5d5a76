"""A report in the format that was asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from adhere.app.project import Project
from adhere.app.store import write_atomically
from adhere.policy.settings import ConfigTable
from adhere.report.document import Report
from adhere.report.json import encode_report

if TYPE_CHECKING:
    from adhere.model.runs import Ledger
    from adhere.report.past import Past

USER_TEMPLATES = ".adhere/templates"


def template_folders(project: Project, config: ConfigTable, named: str) -> tuple[str, ...]:
    """Where templates are looked for before ours, in this order.

    Args:
        project: whose folders.
        config: its ``[report] templates``.
        named: folder of the command line, relative to the working directory.
    """
    folders = []
    if named:
        folders.append(os.path.abspath(named))
    if config.report.templates:
        folders.append(project.path(config.report.templates))
    folders.append(project.path(USER_TEMPLATES))
    return tuple(folder for folder in folders if os.path.isdir(folder))


def committed_runs(project: Project, path: str = "") -> Ledger | None:
    """A ledger of runs, for pages; ``None`` without one.

    What is no row of it is left out and counted: a page shows, and does not judge.

    Args:
        project: whose.
        path: of the ledger, absolute; ``""`` for the one that the project has committed.

    Raises:
        ConfigError: it was named, and cannot be read.
    """
    from adhere.model.runs import Ledger, assembled
    from adhere.sources.runs import NAME, read_runs
    from adhere.sources.tree import read_text

    name = project.label(path) if path else NAME
    path = path or project.path(NAME)
    if name == NAME and not os.path.isfile(path):
        return None
    rows, problems = read_runs(read_text(path, name), name)
    return Ledger(assembled(name, rows), len(problems))


def render(
    report: Report,
    name: str,
    *,
    output: str,
    write: Callable[[str], None],
    project: Project,
    config: ConfigTable,
    templates: str,
    colour: bool,
    verbose: int,
    stale: tuple[str, ...] = (),
    past: Past | None = None,
) -> None:
    """Render a report and write it.

    Args:
        report: what to render.
        name: ``text``, ``json``, ``markdown``, ``html``, ``sarif``, ``junit``,
            ``github`` or ``prometheus``.
        output: file, or folder for ``html``; ``""`` for standard output.
        write: standard output.
        project: for folders of templates.
        config: for the same.
        templates: folder of the command line.
        colour: whether standard output takes colours.
        verbose: how much a text says.
        stale: inputs that changed since the report was made, as clauses.
        past: what came before it, for ``html``.
    """
    if name in ("html", "markdown"):
        from adhere.report.disclosure import publishable

        report = publishable(encode_report(report), name, config.report)
    if name == "html":
        from adhere.report.pages import html_pages
        from adhere.report.past import Past
        from adhere.report.render import Renderer

        renderer = Renderer(template_folders(project, config, templates))
        pages = html_pages(
            report, renderer, stale=stale, ledger=committed_runs(project), past=past or Past()
        )
        for file, data in pages.items():
            write_atomically(os.path.join(output, file), data, f"{output}/{file}")
        return
    if name == "json":
        text = encode_report(report).decode()
    elif name == "markdown":
        from adhere.report.pages import single_markdown
        from adhere.report.render import Renderer

        renderer = Renderer(template_folders(project, config, templates))
        text = single_markdown(report, renderer, stale=stale)
    elif name == "github":
        from adhere.report.github import workflow_commands

        text = workflow_commands(report)
    elif name == "junit":
        from adhere.report.junit import junit

        text = junit(report)
    elif name == "sarif":
        from adhere.app.codes import finding_codes
        from adhere.report.sarif import sarif

        text = sarif(report, {name: code.summary for name, code in finding_codes().items()})
    elif name == "prometheus":
        from adhere.report.prometheus import exposition

        text = exposition(report)
    else:
        from adhere.report.text import render_text

        text = render_text(report, colour=colour and not output, verbose=verbose)
    if output:
        write_atomically(os.path.abspath(output), text.encode(), output)
    else:
        write(text)
