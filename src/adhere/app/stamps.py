"""Files that something was made of: whether they are as they were."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from os import fsencode

from adhere.model.digest import bytes_digest
from adhere.sources.stamp import stamp_of, trusted

_ABSENT = b"absent"


def stamps(paths: Iterable[str], *, young: bool = False) -> tuple[tuple[str, bytes], ...]:
    """Stamps of files and folders; one that is too young to be told apart has none.

    Args:
        paths: absolute.
        young: those have one all the same, for who compares.
    """
    now = time.time_ns()
    found = []
    for path in paths:
        try:
            status = os.stat(path)
        except OSError:
            found.append((path, _ABSENT))
            continue
        found.append((path, stamp_of(status) if young else trusted(status, now)))
    return tuple(found)


def status(folders: Iterable[str]) -> str:
    """A digest over the status of every file in folders; reading them would be slower."""
    found = stamps(below(folders), young=True)
    return bytes_digest(b"\n".join(fsencode(path) + b" " + stamp for path, stamp in found))


def below(folders: Iterable[str]) -> Iterator[str]:
    """Folders and all files in them, in an order that stays."""
    for folder in folders:
        for base, inner, names in os.walk(folder):
            inner[:] = sorted(name for name in inner if name != "__pycache__")
            yield base  # a file that is new shows there
            yield from (os.path.join(base, name) for name in sorted(names))
