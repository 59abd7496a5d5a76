"""How a command ended."""

from __future__ import annotations

from msgspec import Struct


class Exit(Struct, frozen=True):
    """How a command ended.

    Attributes:
        code: that it ended with; below 0 the signal that ended it.
        output: the last lines that it wrote, to either stream.
        fault: why there is no code that tells anything, ``""`` where there is.
    """

    code: int = 0
    output: tuple[str, ...] = ()
    fault: str = ""
