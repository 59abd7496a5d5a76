"""Durations and sizes as people write them."""

from __future__ import annotations

import re
from functools import lru_cache

_N = r"[0-9]{1,12}"  # more digits than that are a mistake, and could be too many for a number
_SHORT = rf"({_N}(?:\.{_N})?)(ms|s|m|h|d|w)"
_ISO = (
    rf"P(?:(?P<w>{_N})W)?(?:(?P<d>{_N})D)?"
    rf"(?:T(?:(?P<h>{_N})H)?(?:(?P<m>{_N})M)?(?:(?P<s>{_N}(?:\.{_N})?)S)?)?"
)
_LONGEST = 100 * 365.25 * 86400.0
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_SIZE = rf"({_N}(?:\.{_N})?)\s*(B|kB|KB|MB|GB|KiB|MiB|GiB)?"
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
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    @property
    def seconds(self) -> float:
        """Its length, not negative.

        Raises:
            ValueError: ``text`` is no duration. Whoever takes one from a user asks at once.
        """
        return _seconds(self.text)

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


@lru_cache(maxsize=64)
def _seconds(text: str) -> float:
    compact = text.replace(" ", "")
    parts = list(re.finditer(_SHORT, compact))
    if parts and "".join(part.group() for part in parts) == compact:
        return _sane(sum(float(part.group(1)) * _SECONDS[part.group(2)] for part in parts))
    iso = re.fullmatch(_ISO, text)
    if iso is None or not any(iso.groups()):
        raise ValueError('not a duration: write "48h", "7d" or ISO 8601 "P7D"')
    return _sane(sum(float(v) * _SECONDS[unit] for unit, v in iso.groupdict().items() if v))


def _sane(seconds: float) -> float:
    if seconds > _LONGEST:
        raise ValueError("not a duration that anybody waits for: it is over 100 years")
    return seconds


class ByteSize:
    """A number of bytes, ``"8MiB"``, ``"256 MB"`` or a plain number.

    Attributes:
        text: as it was written.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    @property
    def bytes(self) -> int:
        """The number, not negative.

        Raises:
            ValueError: ``text`` is no size. Whoever takes one from a user asks at once.
        """
        return _bytes(self.text)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"ByteSize({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByteSize) and self.bytes == other.bytes

    def __hash__(self) -> int:
        return hash(self.bytes)


@lru_cache(maxsize=64)
def _bytes(text: str) -> int:
    match = re.fullmatch(_SIZE, text.strip())
    if match is None:
        raise ValueError('not a size: write "8MiB", "256MB" or a number of bytes')
    return int(float(match.group(1)) * _BYTES[match.group(2) or "B"])
