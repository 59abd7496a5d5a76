"""Files beside that of the file tier: verdicts to show again, and indexes of snapshots."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from typing import NamedTuple

from adhere.cache.upkeep import Removed, Selection, Stock, Verified

VERDICT = "verdict"
ADVISORIES = "advisories"
_HEAD = b"SQLite format 3\0"


class Beside(NamedTuple):
    """A file, and what it is.

    Attributes:
        kind: `VERDICT` or `ADVISORIES`.
        path: absolute.
        size: in bytes.
        stored: when it was written, seconds since the epoch.
    """

    kind: str
    path: str
    size: int
    stored: float


def files(folder: str) -> Iterator[Beside]:
    """Every file of ours in a cache folder but for the file tier's own."""
    yield from _files(os.path.join(folder, "verdicts"), VERDICT, "")
    yield from _files(folder, ADVISORIES, "advisories-")


def _files(folder: str, kind: str, prefix: str) -> Iterator[Beside]:
    try:
        with os.scandir(folder) as listing:
            found = sorted((entry for entry in listing), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        with suppress(OSError):  # gone since
            if entry.name.startswith(prefix) and entry.is_file(follow_symlinks=False):
                status = entry.stat(follow_symlinks=False)
                yield Beside(kind, entry.path, status.st_size, status.st_mtime)


def stock(folder: str) -> list[Stock]:
    """What there is, by kind."""
    found: dict[str, Stock] = {}
    for one in files(folder):
        found.setdefault(one.kind, Stock(one.kind)).add(one.size, one.stored)
    return [found[kind] for kind in sorted(found)]


def clear(folder: str, selection: Selection) -> Removed:
    """Remove files; a verdict also where what it rests on may have been meant.

    Returns:
        What was meant and is gone.
    """
    removed = Removed()
    for one in files(folder):
        meant = selection.kind in ("", one.kind) and not selection.subject
        meant = meant and selection.takes(one.stored)
        if meant or one.kind == VERDICT:
            with suppress(OSError):
                os.unlink(one.path)
                if meant:
                    removed.entries += 1
                    removed.bytes += one.size
    return removed


def verify(folder: str, is_whole: Mapping[str, Callable[[str], bool]]) -> Verified:
    """Read every file, and remove those that are damaged.

    Args:
        folder: of the cache.
        is_whole: by kind, whether a file is; without one, whether it is a sound database.
    """
    found = Verified()
    for one in files(folder):
        if is_whole.get(one.kind, _is_sound)(one.path):
            found.whole += 1
        else:
            found.damaged += 1
            with suppress(OSError):
                os.unlink(one.path)
    return found


def _is_sound(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            if file.read(len(_HEAD)) != _HEAD:
                return False
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except (OSError, sqlite3.Error):
        return False
    return bool(state == "ok")
