"""Looks at what is there without reading it, each of them told to whoever watches.

Python itself tells when a file is opened and a folder listed; that somebody only looked
whether something is there it does not tell. A verdict depends on that just as well: a
configuration that appears, an environment that is no longer one.
"""

from __future__ import annotations

import os
import stat
import sys

LOOK = "adhere.look"
"""Audit event: somebody looks what a path is. Its argument is the path."""

RESOLVE = "adhere.resolve"
"""Audit event: somebody looks where a path leads to. Its argument is the path."""


def exists(path: str) -> bool:
    """Whether a path leads to anything."""
    sys.audit(LOOK, path)
    return os.path.exists(path)


def lexists(path: str) -> bool:
    """Whether there is anything of that name, be it a link that leads nowhere."""
    sys.audit(LOOK, path)
    return os.path.lexists(path)


def is_file(path: str) -> bool:
    """Whether a path leads to a regular file."""
    sys.audit(LOOK, path)
    return os.path.isfile(path)


def is_folder(path: str) -> bool:
    """Whether a path leads to a folder."""
    sys.audit(LOOK, path)
    return os.path.isdir(path)


def realpath(path: str) -> str:
    """Where a path leads to."""
    sys.audit(RESOLVE, path)
    return os.path.realpath(path)


def seen(path: str) -> str:
    """All that a look can find out about a path.

    Returns:
        ``none``, ``dangling``, ``file``, ``folder`` or ``other``.
    """
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return "dangling" if os.path.lexists(path) else "none"
    if stat.S_ISREG(mode):
        return "file"
    return "folder" if stat.S_ISDIR(mode) else "other"
