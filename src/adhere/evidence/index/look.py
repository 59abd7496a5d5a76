"""Looks at files of installers without reading them, told to whoever watches.

`adhere.sources.probe` does so for what is judged; the two floors do not know each other.
"""

from __future__ import annotations

import os
import sys

LOOK = "adhere.look"
"""Audit event, as in `adhere.sources.probe`: a test holds the two names equal."""


def is_file(path: str) -> bool:
    """Whether a path leads to a regular file."""
    sys.audit(LOOK, path)
    return os.path.isfile(path)


def is_folder(path: str) -> bool:
    """Whether a path leads to a folder."""
    sys.audit(LOOK, path)
    return os.path.isdir(path)


def exists(path: str) -> bool:
    """Whether a path leads to anything."""
    sys.audit(LOOK, path)
    return os.path.exists(path)
