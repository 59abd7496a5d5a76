"""The argument parser, made from the declarations in `adhere.app.commands`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import adhere
from adhere.app.commands import command_of, every_command, options_of
from adhere.app.commands.option import Argument, Command, Option
from adhere.app.settings import Settings, effective, seconds, unknown, whole
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
        sys.stdout.write(f"adhere {adhere.__version__}\n")
        parser.exit()


def parse(argv: Sequence[str], environ: Mapping[str, str]) -> tuple[Command, Settings]:
    """The command that is meant, and its effective options.

    Raises:
        UsageError: the command line or an environment variable is wrong.
        SystemExit: ``--help`` or ``--version`` was printed.
    """
    places = _places(argv)
    words = [argv[place] for place in places]
    command = command_of(words)
    if command is None:
        if not {"-h", "--help", "--version"}.isdisjoint(argv):
            _overview(words).parse_known_args(argv)
        raise UsageError(_unknown_command(words))
    parser = parser_of(command)
    name = places[: len(command.name.split())]
    rest = [word for place, word in enumerate(argv) if place not in name]
    space, extra = parser.parse_known_args(rest)
    given = vars(space)
    _place_rest(command, given, extra)
    return command, effective(command, given, environ)


def _places(argv: Sequence[str]) -> list[int]:
    """Where the first two words stand that are no option and no value of one."""
    if not argv or not argv[0].startswith("-"):
        return list(range(min(2, len(argv))))
    every = {option for command in every_command() for option in options_of(command)}
    valued = {flag for o in every if o.type not in ("flag", "count") for flag in o.flags}
    found: list[int] = []
    is_value = False
    for place, word in enumerate(argv):
        if not is_value and not word.startswith("-"):
            found.append(place)
        is_value = not is_value and word in valued
    return found[:2]


def _place_rest(command: Command, given: dict[str, Any], extra: Sequence[str]) -> None:
    """Arguments that stand behind an option: argparse takes those of one kind in one go.

    Raises:
        UsageError: nobody knows what to do with a word.
    """
    words = [word for word in extra if word != "--"]
    flags = [word for word in words if word.startswith("-")]
    if not flags or "--" in extra:
        for argument in command.arguments:
            if argument.many == "?" and words and given[argument.name] is None:
                given[argument.name] = words.pop(0)
            elif argument.many == "*":
                given[argument.name] = (*given[argument.name], *words)
                words = []
    if not words:
        return
    from adhere.policy.decode import nearest

    known = [flag for option in options_of(command) for flag in option.flags]
    near = [nearest(flag.partition("=")[0], known) for flag in flags if flag.startswith("--")]
    hint = next(filter(None, near), f"adhere {command.name} --help tells more")
    raise UsageError(Problem("usage", f"unrecognized arguments: {' '.join(words)}", hint=hint))


def _unknown_command(words: Sequence[str]) -> Problem:
    names = [command.name for command in every_command()]
    if not words:
        return Problem("usage", "no command was named", hint="adhere --help lists them")
    said = " ".join(words)
    below = [name for name in names if name.startswith(f"{words[0]} ")]
    hint = unknown(said, names)
    if below:
        hint = f"there {'is' if len(below) == 1 else 'are'} {', '.join(below)}"
    return Problem("usage", f"there is no command `{said}`", hint=hint)


def _overview(words: Sequence[str]) -> argparse.ArgumentParser:
    """Help about all commands, or about those that begin with a word."""
    every = every_command()
    listed = [command for command in every if command.name.split()[0] in words[:1]] or every
    parser = _Parser(
        prog="adhere",
        usage="adhere COMMAND [...]",
        description=_ABOUT,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    width = max(len(command.name) for command in listed)
    listing = "\n".join(f"  {command.name:<{width}}  {command.help}" for command in listed)
    parser.description = f"{_ABOUT}\n\ncommands:\n{listing}"
    parser.add_argument("-h", "--help", action="help", help="print this and stop")
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
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
        return whole(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from None


def _seconds(text: str) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
