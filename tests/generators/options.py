"""Commands, options and their environment variables as a reader is told of them."""

from __future__ import annotations

from adhere.app.commands import every_command, options_of
from adhere.app.commands.option import Command, Option
from generators.structs import table


def commands() -> str:
    """Every command with its arguments and options."""
    return "\n".join(_command(command) for command in every_command())


def _command(command: Command) -> str:
    lines = [f"## adhere {command.name}", "", f"{_sentence(command.help)}", ""]
    words = " ".join(_usage(argument.metavar, argument.many) for argument in command.arguments)
    lines += ["```text", f"adhere {command.name} {words} [options]".replace("  ", " "), "```", ""]
    if command.arguments:
        rows = [(f"`{a.metavar}`", _sentence(a.help)) for a in command.arguments]
        lines += [*table(("Argument", "Meaning"), rows), ""]
    options = options_of(command)
    if options:
        rows = [_option(option) for option in options]
        head = ("Option", "Default", "Environment", "Configuration", "Meaning")
        lines += [*table(head, rows), ""]
    return "\n".join(lines)


def _usage(metavar: str, many: str) -> str:
    return {"": metavar, "?": f"[{metavar}]", "*": f"[{metavar}...]", "+": f"{metavar}..."}[many]


def _option(option: Option) -> tuple[str, ...]:
    flags = [*option.flags, option.off] if option.off else option.flags
    value = f" {option.metavar}" if option.metavar and option.type not in ("flag", "count") else ""
    meaning = _sentence(option.help)
    if option.choices:
        meaning += f" One of {', '.join(f'`{choice}`' for choice in option.choices)}."
    default = "" if option.default in ("", (), None, False, 0) else f"`{option.default}`"
    return (
        ", ".join(f"`{flag}{value}`" for flag in flags),
        default,
        f"`{option.env}`" if option.env else "",
        f"`{option.key}`" if option.key else "",
        meaning,
    )


def environment() -> str:
    """Every variable that stands for an option."""
    found: dict[str, tuple[Option, list[str]]] = {}
    for command in every_command():
        for option in options_of(command):
            if option.env:
                found.setdefault(option.env, (option, []))[1].append(command.name)
    rows = [
        (f"`{name}`", f"`{option.flags[-1]}`", ", ".join(used), _sentence(option.help))
        for name, (option, used) in sorted(found.items())
    ]
    return "\n".join(table(("Variable", "Option", "Commands", "Meaning"), rows))


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:].rstrip('.')}."
