"""The argument parser, made from the declarations in `adhere.app.settings`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import adhere
from adhere.app.settings import (
    COMMANDS,
    Argument,
    Command,
    Option,
    Settings,
    effective,
    options_of,
    seconds,
    unknown,
)
from adhere.errors import Problem, UsageError

_ABOUT = "Architecture decisions about dependencies that check themselves."
_EPILOG = "adhere COMMAND --help tells more. Exit codes: 0 fine, 1 violated, 2 input wrong, 3 not judged, 4 nothing to judge."


class _Parser(argparse.ArgumentParser):
    def _get_formatter(self) -> argparse.HelpFormatter:
        """Argparse makes a formatter for every option that is added, to check its metavar.

        Without a width each of them asks the terminal, through an import that a command
        which prints no help does not need.
        """
        if self._printing:
            return super()._get_formatter()
        return argparse.HelpFormatter(self.prog, width=80)

    _printing = False

    def format_help(self) -> str:
        self._printing = True
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        raise UsageError(Problem("usage", message, hint=f"{self.prog} --help tells more"))


class _Version(argparse.Action):
    """argparse's own leaves out the line end with a formatter that keeps lines."""

    def __call__(self, parser: argparse.ArgumentParser, *_ignored: object) -> NoReturn:
        parser.exit(message=f"adhere {adhere.__version__}\n")


def parse(argv: Sequence[str], environ: Mapping[str, str]) -> tuple[Command, Settings]:
    """The command that is meant, and its effective options.

    Raises:
        UsageError: the command line or an environment variable is wrong.
        SystemExit: ``--help`` or ``--version`` was printed.
    """
    words = [word for word in argv[:2] if not word.startswith("-")]
    command = _command(words)
    if command is None:
        _overview().parse_args(argv)
        raise UsageError(_unknown_command(words))
    parser = parser_of(command)
    rest = list(argv)
    for word in command.name.split():
        rest.remove(word)
    given = vars(parser.parse_args(rest))
    return command, effective(command, given, environ)


def _command(words: Sequence[str]) -> Command | None:
    for length in (2, 1):
        name = " ".join(words[:length])
        for command in COMMANDS:
            if command.name == name and len(words) >= length:
                return command
    return None


def _unknown_command(words: Sequence[str]) -> Problem:
    names = [command.name for command in COMMANDS]
    if not words:
        return Problem("usage", "no command was named", hint="adhere --help lists them")
    said = " ".join(words)
    below = [name for name in names if name.startswith(f"{words[0]} ")]
    hint = f"there are {', '.join(below)}" if below else unknown(said, names)
    return Problem("usage", f"there is no command `{said}`", hint=hint)


def _overview() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="adhere",
        usage="adhere COMMAND [...]",
        description=_ABOUT,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    width = max(len(command.name) for command in COMMANDS)
    listing = "\n".join(f"  {command.name:<{width}}  {command.help}" for command in COMMANDS)
    parser.description = f"{_ABOUT}\n\ncommands:\n{listing}"
    parser.add_argument("-h", "--help", action="help", help="print this and stop")
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    parser.add_argument("rest", nargs="*", help=argparse.SUPPRESS)
    return parser


def parser_of(command: Command) -> argparse.ArgumentParser:
    """The parser of one command."""
    parser = _Parser(
        prog=f"adhere {command.name}",
        description=command.help[0].upper() + command.help[1:] + ".",
        add_help=False,
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    for argument in command.arguments:
        _add_argument(parser, argument)
    for option in options_of(command):
        _add_option(parser, option)
    parser.add_argument("-h", "--help", action="help", help="print this and stop")
    return parser


def _add_argument(parser: argparse.ArgumentParser, argument: Argument) -> None:
    keywords: dict[str, Any] = {"metavar": argument.metavar, "help": argument.help}
    if argument.many:
        keywords["nargs"] = argument.many
        keywords["default"] = None if argument.many == "?" else ()
    parser.add_argument(argument.name, **keywords)


def _add_option(parser: argparse.ArgumentParser, option: Option) -> None:
    words = option.help
    if option.default not in ("", (), None, False, 0):
        words += f" (default: {option.default})"
    if option.env:
        words += f" [{option.env}]"
    keywords: dict[str, Any] = {"dest": option.name, "help": words}
    if option.type == "flag":
        keywords["action"] = "store_true"
    elif option.type == "count":
        keywords["action"] = "count"
    else:
        keywords["metavar"] = option.metavar
        if option.choices:
            keywords["choices"] = option.choices
            keywords["help"] = f"{words}: {', '.join(option.choices)}"
        if option.type == "list":
            keywords["action"] = "append"
        elif option.type == "integer":
            keywords["type"] = _integer
        elif option.type == "number":
            keywords["type"] = _seconds
    parser.add_argument(*option.flags, **keywords)
    if option.off:
        off = f"do not {option.help.partition(';')[0]}"
        parser.add_argument(option.off, dest=option.name, action="store_false", help=off)


def _integer(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None
    if value < 0:
        raise argparse.ArgumentTypeError("it may not be negative")
    return value


def _seconds(text: str) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
