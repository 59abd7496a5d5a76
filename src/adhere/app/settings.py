"""What an option comes to: command line, environment, configuration, default, in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adhere.app.commands import options_of
from adhere.app.commands.option import Command, Option
from adhere.errors import Problem, UsageError


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
