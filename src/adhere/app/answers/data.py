"""Structured files."""

from __future__ import annotations

from adhere.app.answers import Given
from adhere.model.finding import Missing
from adhere.model.need import Answer, DataNeed
from adhere.sources.data_file import read_data


def answer(need: DataNeed, given: Given) -> Answer:
    """The file, parsed; missing where there is none."""
    if not given.tree.matching(need.file):
        return Missing(f"there is no file `{need.file}`", "add it, or mend the rule")
    return read_data(given.text(need.file), need.file)
