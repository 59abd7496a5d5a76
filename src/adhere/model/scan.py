"""What other scanners found, as their SARIF files say it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

ScanLevel = Literal["error", "warning", "note", "none"]
"""Of a result, in SARIF's words, the worst first."""


class ScanResult(Struct, frozen=True):
    """One result.

    Attributes:
        rule: of the scanner, ``""`` where it names none.
        level: how bad it is.
        message: what it says.
        path: POSIX, as the scanner has it; ``""`` for none.
        line: from 1, 0 for the whole file.
        column: from 1, 0 for the whole line.
        fingerprint: that stays when lines change, ``""`` where the scanner gives none.
        suppressed: somebody said to the scanner that it does not count.
    """

    rule: str
    level: ScanLevel
    message: str
    path: str
    line: int
    column: int
    fingerprint: str
    suppressed: bool


class Scan(Struct, frozen=True):
    """One run of a scanner.

    Attributes:
        file: that it is in.
        tool: name of the scanner.
        version: of that, ``""`` for unknown.
        ended: when, ``None`` where it does not say.
        fault: why it cannot be relied on, ``""`` where it can.
        results: what it found.
    """

    file: str
    tool: str
    version: str
    ended: datetime | None
    fault: str
    results: tuple[ScanResult, ...]
