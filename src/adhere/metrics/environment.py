"""The class of machines that a run is comparable with; it names no machine."""

from __future__ import annotations

import os
import sys


def environment_class(named: str) -> str:
    """Platform, processor, Python and number of processors; a name in place of them.

    Args:
        named: by the user: ``ci`` for runners that are all alike, ``""`` for nothing.
    """
    if named:
        return named
    machine = os.uname().machine if hasattr(os, "uname") else "x86_64"
    python = f"{sys.implementation.name}{sys.version_info.major}.{sys.version_info.minor}"
    return f"{sys.platform}-{machine.lower()}-{python}-{processors()}cpu"


def is_class(name: str) -> bool:
    """Whether something may be the name of a class of machines."""
    plain = name.replace("-", "").replace(".", "").replace("_", "")
    return len(name) <= 64 and plain.isascii() and plain.isalnum()


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
