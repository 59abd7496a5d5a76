"""``adhere templates``."""

from __future__ import annotations

import os

from adhere.app.render import USER_TEMPLATES, template_folders
from adhere.app.settings import Settings
from adhere.app.store import write_atomically
from adhere.app.stored import project_and_config
from adhere.errors import Problem, UsageError
from adhere.report.render import Renderer
from adhere.surfaces.cli.terminal import Terminal


def _renderer(settings: Settings) -> Renderer:
    project, config = project_and_config(settings.config)
    return Renderer(template_folders(project, config, settings.templates))


def run_list(settings: Settings, terminal: Terminal) -> int:
    """Name all templates; the user's with their folder."""
    for name, folder in _renderer(settings).names():
        where = f"  ({os.path.relpath(folder)})" if folder else ""
        terminal.line(f"{name}{where}")
    return 0


def run_show(settings: Settings, terminal: Terminal) -> int:
    """Print a template."""
    terminal.write(_renderer(settings).source(settings.name))
    return 0


def run_copy(settings: Settings, terminal: Terminal) -> int:
    """Copy one of our templates to where it is found before ours. Never overwrites."""
    project, config = project_and_config(settings.config)
    folder = settings.folder or config.report.templates or USER_TEMPLATES
    base = os.path.abspath(folder) if settings.folder else project.path(folder)
    target = os.path.join(base, *settings.name.split("/"))
    label = project.label(target)
    text = Renderer().source(settings.name)
    if os.path.lexists(target):
        hint = "remove it first, or edit it"
        raise UsageError(Problem("usage", "it is there already", path=label, hint=hint))
    write_atomically(target, text.encode(), label)
    terminal.say(f"copied {settings.name} to {label}")
    terminal.say(f'to change one block only, make it extend "adhere/{settings.name}"')
    return 0
