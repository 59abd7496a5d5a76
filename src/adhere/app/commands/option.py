"""What a command declares of itself: its options and arguments."""

from __future__ import annotations

from typing import Any, Literal

Type = Literal["flag", "count", "text", "number", "integer", "list"]


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
