"""A place in a file that a reader can open."""

from __future__ import annotations

from msgspec import Struct


class Location(Struct, frozen=True, order=True, array_like=True):
    """A file and, where known, a line and a column.

    Attributes:
        path: POSIX, relative to the project where the file lies inside it.
        line: 1-based; 0 means the whole file.
        column: 1-based; 0 means the whole line.
    """

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column or 1}"
