"""Names of files."""

from __future__ import annotations

from adhere.app.answers import Given
from adhere.errors import ConfigError
from adhere.model.finding import Missing
from adhere.model.need import Answer, FilesNeed


def answer(need: FilesNeed, given: Given) -> Answer:
    """A folder that cannot be listed is no wrong file: what is in it is just not known."""
    try:
        return given.tree.matching(need.pattern, entries=need.entries)
    except ConfigError as error:
        first = error.problems[0]
        return Missing(f"{first.path}: {first.message}", first.hint)
