"""A command that a task runner runs, and how its command line names what is to run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

Read = Callable[[str], str | None]
"""Text of a file of the project by its path, ``None`` where there is none."""


class Task(Struct, frozen=True):
    """A command that a task runner runs.

    Attributes:
        words: of it.
        by: what runs it, ``nox -s lint``.
        path: of the file that says so.
        line: from 1, 0 for unknown.
        fault: why its failure stops nothing, ``""`` where it does.
    """

    words: tuple[str, ...]
    by: str
    path: str
    line: int
    fault: str = ""


def values(words: Sequence[str], short: Sequence[str], long: Sequence[str]) -> list[str]:
    """Values of an option that takes one or several: ``-s a b``, ``--session=a``, ``-e a,b``."""
    found: list[str] = []
    taking = False
    for word in words:
        if word in (*short, *long):
            taking = True
        elif word.startswith("-"):
            taking = False
            name, is_given, value = word.partition("=")
            if is_given and name in long:
                found.append(value)
        elif taking:
            found.append(word)
    return [part for value in found for part in value.split(",") if part]
