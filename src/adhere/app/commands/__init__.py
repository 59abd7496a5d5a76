"""Every option, declared once: flag, environment variable, configuration key, help.

The command line's parser, the reference page and the precedence rules are made from these
tables, a module for each group of commands. A command that runs reads its own group alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module

from adhere.app.commands.option import Command, Option

GROUPS = {
    "judging": ("check", "report", "diff", "release"),
    "asking": ("why", "explain", "license", "waive", "init", "schema", "templates"),
    "evidence": ("db", "verify", "cache"),
    "serving": ("health", "serve"),
    "decisions": ("adr",),
    "runs": ("perf",),
    "pages": ("docs",),
}
"""First words of the commands of each module, in the order in which help lists them."""


@cache
def _group(name: str) -> tuple[Command, ...]:
    found: tuple[Command, ...] = import_module(f"{__name__}.{name}").COMMANDS
    return found


def every_command() -> tuple[Command, ...]:
    """All commands, in the order in which help lists them."""
    return tuple(command for group in GROUPS for command in _group(group))


def command_of(words: Sequence[str]) -> Command | None:
    """The command that words begin with, ``None`` for none."""
    for group, firsts in GROUPS.items():
        if words and words[0] in firsts:
            known = {command.name: command for command in _group(group)}
            named = (known.get(" ".join(words[:length])) for length in (2, 1))
            return next((command for command in named if command is not None), None)
    return None


def options_of(command: Command) -> tuple[Option, ...]:
    """The options of a command."""
    from adhere.app.commands.shared import OPTIONS

    return tuple(OPTIONS[o] if isinstance(o, str) else o for o in command.options)
