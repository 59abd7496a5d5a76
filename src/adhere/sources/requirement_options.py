"""Options of a line in a requirements file."""

from __future__ import annotations

from msgspec import Struct

from adhere.sources.entry import EntryError, shown

# Those that pip admits in a file. True: a value follows.
_OPTIONS = {
    "--hash": True,
    "--config-settings": True,
    "--config-setting": True,
    "--global-option": True,
    "--install-option": True,
    "--build-option": True,
    "--requirement": True,
    "--constraint": True,
    "--build-constraint": True,
    "--editable": True,
    "--index-url": True,
    "--pypi-url": True,
    "--extra-index-url": True,
    "--find-links": True,
    "--trusted-host": True,
    "--no-binary": True,
    "--only-binary": True,
    "--use-feature": True,
    "--uploaded-prior-to": True,
    "--all-releases": True,
    "--only-final": True,
    "--no-index": False,
    "--pre": False,
    "--prefer-binary": False,
    "--require-hashes": False,
    "--always-unzip": False,
}
_SHORT = {
    "-r": "--requirement",
    "-c": "--constraint",
    "-e": "--editable",
    "-i": "--index-url",
    "-f": "--find-links",
    "-C": "--config-settings",
    "-Z": "--always-unzip",
}
_SAME = {"--config-setting": "--config-settings", "--pypi-url": "--index-url"}


class Option(Struct, frozen=True):
    """One option.

    Attributes:
        name: its long form.
        value: ``""`` for one without.
    """

    name: str
    value: str = ""


def split_options(line: str) -> tuple[str, tuple[Option, ...]]:
    """What a line asks for, and its options.

    Returns:
        The text before the first option, ``""`` when there is none, and the options.

    Raises:
        EntryError: an option is unknown, ambiguous or lacks its value.
    """
    words = line.split(" ")
    at = next((i for i, word in enumerate(words) if word.startswith("-")), len(words))
    return " ".join(words[:at]).strip(), tuple(_options(" ".join(words[at:])))


def _options(text: str) -> list[Option]:
    words = _words(text)
    found: list[Option] = []
    at = 0
    while at < len(words):
        name, value, takes = _name(words[at])
        at += 1
        if takes and value is None:
            if at >= len(words):
                raise EntryError(f"the option `{name}` needs a value")
            value = words[at]
            at += 1
        found.append(Option(name, value or ""))
    return found


def _words(text: str) -> list[str]:
    if not any(mark in text for mark in "\"'\\"):
        return text.split()
    import shlex

    try:
        return shlex.split(text)
    except ValueError as error:
        reason = str(error).lower()
        raise EntryError(f"its options cannot be read: {reason}") from None


def _name(word: str) -> tuple[str, str | None, bool]:
    """The long name of an option, the value glued to it, and whether it takes one."""
    if not word.startswith("-"):
        raise EntryError(f"{shown(word)} stands after an option, where none can be")
    if not word.startswith("--"):
        name = _SHORT.get(word[:2])
        if name is None:
            raise EntryError(f"the option {shown(word)} is not known")
        takes = _OPTIONS[name]
        if not takes and len(word) > 2:
            raise EntryError(f"the option {shown(word)} is not known")
        return name, word[2:] or None, takes
    given, equals, value = word.partition("=")
    name = _full(given)
    takes = _OPTIONS[name]
    if equals and not takes:
        raise EntryError(f"the option `{name}` takes no value")
    return name, value if equals else None, takes


def _full(given: str) -> str:
    """The option that a name means; like pip's parser, a beginning of one will do."""
    if given in _OPTIONS:
        return _SAME.get(given, given)
    meant = {_SAME.get(name, name) for name in _OPTIONS if name.startswith(given)}
    if len(meant) != 1 or len(given) < 3:
        raise EntryError(f"the option {shown(given)} is not known")
    return meant.pop()
