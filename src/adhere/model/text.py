"""Where patterns match in text files."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Match(Struct, frozen=True, array_like=True):
    """One place.

    Attributes:
        line: from 1.
        column: from 1, in characters.
        text: the line there, cut where it is long.
    """

    line: int
    column: int
    text: str


class Found(Struct, frozen=True, array_like=True):
    """What one pattern matches in one file.

    Attributes:
        count: how often, counted up to a limit.
        shown: the first ones.
    """

    count: int
    shown: tuple[Match, ...]


class TextFile(Struct, frozen=True):
    """What patterns match in one file.

    Attributes:
        found: by pattern.
        fault: why nobody knows, ``""`` where everybody does.
        hint: what to do about that.
    """

    found: Mapping[str, Found] = {}
    fault: str = ""
    hint: str = ""


Texts = Mapping[str, TextFile]
"""By POSIX path relative to the project, sorted."""
