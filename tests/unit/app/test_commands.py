"""Commands: each is found by its words, in the module of its group."""

from __future__ import annotations

import pytest

from adhere.app.commands import command_of, every_command, options_of
from adhere.app.commands.option import Command


@pytest.mark.parametrize("command", every_command(), ids=lambda command: command.name)
def test_every_command_is_found_by_its_words(command: Command) -> None:
    words = command.name.split()
    assert command_of([*words, "more"]) is command
    assert command_of(words) is command
    assert all(option.flags for option in options_of(command))


@pytest.mark.parametrize("words", [[], ["nothing"], ["cache"], ["cache", "nothing"], ["-h"]])
def test_other_words_are_none(words: list[str]) -> None:
    assert command_of(words) is None


def test_no_command_is_there_twice() -> None:
    names = [command.name for command in every_command()]
    assert len(names) == len(set(names))
