"""Durations and sizes as people write them."""

from __future__ import annotations

import re
from datetime import timedelta

_SHORT = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)")
_ISO = re.compile(
    r"P(?:(?P<w>\d+)W)?(?:(?P<d>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+(?:\.\d+)?)S)?)?"
)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|kB|KB|MB|GB|KiB|MiB|GiB)?")
_BYTES = {
    "B": 1,
    "kB": 1000,
    "KB": 1000,
    "MB": 1000**2,
    "GB": 1000**3,
    "KiB": 1024,
    "MiB": 1024**2,
    "GiB": 1024**3,
}


class Duration:
    """A length of time, ``"48h"``, ``"7d"``, ``"1d12h"`` or ISO 8601 ``"P7D"``.

    Attributes:
        text: as it was written.
        seconds: not negative.
    """

    __slots__ = ("seconds", "text")

    def __init__(self, text: str) -> None:
        """Parse ``text``.

        Raises:
            ValueError: it is not a duration.
        """
        self.text = text
        self.seconds = _short_seconds(text)

    @property
    def days(self) -> int:
        """Whole days, rounded down."""
        return int(self.seconds // 86400)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Duration({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Duration) and self.seconds == other.seconds

    def __hash__(self) -> int:
        return hash(self.seconds)

    def as_timedelta(self) -> timedelta:
        """The same for date arithmetic."""
        return timedelta(seconds=self.seconds)


def _short_seconds(text: str) -> float:
    compact = text.replace(" ", "")
    parts = list(_SHORT.finditer(compact))
    if parts and "".join(part.group() for part in parts) == compact:
        return sum(float(part.group(1)) * _SECONDS[part.group(2)] for part in parts)
    iso = _ISO.fullmatch(text)
    if iso is None or not any(iso.groups()):
        raise ValueError('not a duration: write "48h", "7d" or ISO 8601 "P7D"')
    return sum(float(value) * _SECONDS[unit] for unit, value in iso.groupdict().items() if value)


class ByteSize:
    """A number of bytes, ``"8MiB"``, ``"256 MB"`` or a plain number.

    Attributes:
        text: as it was written.
        bytes: not negative.
    """

    __slots__ = ("bytes", "text")

    def __init__(self, text: str) -> None:
        """Parse ``text``.

        Raises:
            ValueError: it is not a size.
        """
        match = _SIZE.fullmatch(text.strip())
        if match is None:
            raise ValueError('not a size: write "8MiB", "256MB" or a number of bytes')
        self.text = text
        self.bytes = int(float(match.group(1)) * _BYTES[match.group(2) or "B"])

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"ByteSize({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByteSize) and self.bytes == other.bytes

    def __hash__(self) -> int:
        return hash(self.bytes)
