"""Structured files, as far as they are there."""

from __future__ import annotations

from adhere.app.answers import Given
from adhere.model.need import Answer, DataFilesNeed
from adhere.sources.data_file import read_data


def answer(need: DataFilesNeed, given: Given) -> Answer:
    """Every file, parsed; one that two patterns match is there once.

    Raises:
        ConfigError: one of them is malformed.
    """
    paths = [path for pattern in need.files for path in given.tree.matching(pattern)]
    return tuple(read_data(given.text(path), path) for path in dict.fromkeys(paths))
