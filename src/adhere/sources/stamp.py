"""Whether a file is still the one that was read: a stamp from its status.

A stamp holds size, modification time, inode and, above all, the change time, which the
system sets on every write and no tool can set back. A file written within the resolution
of the clock after it was read keeps its stamp; so one that is that young has none.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:  # a verdict that is remembered is shown without these imports
    from collections.abc import Iterable

NO_STAMP = b""
"""Of a file whose state cannot be told from its status: it has to be read each time."""

_TRUSTED = os.name == "posix"  # elsewhere there is no change time, and every file is read

_FINE_NS = 50_000_000
"""Age from which a stamp is trusted where the file system counts in parts of a second.

A kernel stamps files with the time of its last tick, at most 10 ms ago.
"""

_COARSE_NS = 2_100_000_000
"""The same where it counts in whole seconds, or in two."""


def stamp(path: str, now_ns: int) -> bytes:
    """A stamp of a file or folder, `NO_STAMP` when there can be none.

    Args:
        path: not followed when it is a link: what it leads to has a status of its own.
        now_ns: time of day in nanoseconds, taken before the file was read.
    """
    if not _TRUSTED:
        return NO_STAMP
    try:
        found = os.lstat(path)
    except OSError:
        return NO_STAMP
    return trusted(found, now_ns)


def trusted(found: os.stat_result, now_ns: int) -> bytes:
    """The stamp of a status, `NO_STAMP` when it can be none; the arguments are as above."""
    if not _TRUSTED or stat.S_ISLNK(found.st_mode):
        return NO_STAMP
    changed = found.st_ctime_ns
    coarse = changed % 1_000_000_000 == 0
    if changed > now_ns - (_COARSE_NS if coarse else _FINE_NS):
        return NO_STAMP
    return stamp_of(found)


def stamp_of(found: os.stat_result) -> bytes:
    """The stamp that a status comes to; whether it can be trusted yet is for `stamp` to say."""
    return b"%d.%d.%d.%d" % (
        found.st_ctime_ns,
        found.st_mtime_ns,
        found.st_size,
        found.st_ino,
    )


def stamps_of(paths: Iterable[str], folder: str, now_ns: int) -> bytes:
    """The stamps of several files in one value, of which thousands are remembered and compared.

    Returns:
        For each a line that says ``S``, the stamp, and the path with a NUL in place of the
        folder. A name with a line end in it has no stamp: it would be two lines.

    Args:
        paths: below the folder.
        folder: absolute.
        now_ns: as above.
    """
    lines = [(stamp(f"{folder}/{path}", now_ns), os.fsencode(path)) for path in paths]
    return b"\n".join(
        b"S  \0" if b"\n" in path else b"S %s \0%s" % (known, path) for known, path in lines
    )


def are_known(stamps: bytes) -> bool:
    """Whether there are stamps, and each is one."""
    return bool(stamps) and b"S  \0" not in stamps


def lines_of(stamps: bytes, folder: bytes) -> bytes:
    """The lines of `stamps_of` with whole paths; the folder is as below."""
    return stamps.replace(b"\0", folder)


def unchanged(stamps: bytes, folder: bytes) -> bool:
    """Whether files still have the stamps they had; never true where one has `NO_STAMP`.

    Args:
        stamps: of `stamps_of`; empty for what was made of no file.
        folder: that it was given, with a slash at its end.
    """
    lstat = os.lstat
    try:
        for line in stamps.split(b"\n") if stamps else ():
            known, _, path = line.partition(b"\0")
            found = lstat(folder + path)
            if known != b"S %d.%d.%d.%d " % (  # as `stamp_of`, without a call for each
                found.st_ctime_ns,
                found.st_mtime_ns,
                found.st_size,
                found.st_ino,
            ):
                return False
    except (OSError, ValueError):
        return False
    return True
