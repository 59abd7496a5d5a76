"""Names that have been checked, and the checks."""

from __future__ import annotations

import re
from typing import NewType

PackageName = NewType("PackageName", str)
"""A distribution name in its canonical form: what `canonical_name` returns."""

_SEPARATORS = re.compile(r"[-_.]+")
_VALID = re.compile(r"[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]")


def canonical_name(name: str) -> PackageName:
    """The form in which two spellings of one distribution are equal (PEP 503)."""
    return PackageName(_SEPARATORS.sub("-", name).lower())


def is_valid_name(name: str) -> bool:
    """Whether the core metadata specification admits ``name`` as a distribution name."""
    return len(name) <= MAX_NAME and _VALID.fullmatch(name) is not None


MAX_NAME = 256
"""Longest distribution name we accept; an index refuses far shorter ones."""


def is_text(file_name: str) -> bool:
    """Whether a file's name is text: the system may hand over any bytes."""
    return file_name.isascii() or as_text(file_name) == file_name


def as_text(file_name: str) -> str:
    """A file's name as text, with bytes that are none written out as their numbers."""
    data = file_name.encode("utf-8", "surrogateescape")
    return data.decode("utf-8", "backslashreplace")
