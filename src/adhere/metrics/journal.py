"""The journal of runs: a file to which every run adds a line, in one write.

A check that is only shown again adds one, too, which it notices next to nothing of: nothing
is imported here that would take longer than that write.
"""

from __future__ import annotations

import os
import time

from adhere.metrics.system import peak_memory, processor_seconds
from adhere.model.digest import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:  # a verdict that is remembered is shown without these imports
    from collections.abc import Mapping

NAME = "history.jsonl"


def leave(
    folder: str, about: bytes, temperature: str, started: float, metrics: Mapping[str, float]
) -> None:
    """Add the row of a run that ends now.

    A row has its name from its content, with the moment and all that was measured: rows of
    jobs that know nothing of each other do not meet.

    Args:
        folder: of reports.
        about: what is the same of every such run, a JSON object without its last brace.
        temperature: of the caches.
        started: seconds since the epoch.
        metrics: that were taken; those of the whole process are added.

    Raises:
        OSError: it cannot be written.
    """
    known = {**metrics, "seconds.cpu": processor_seconds()}
    if peak := peak_memory():
        known["memory.peak"] = peak
    # Names of ours and numbers: they are JSON as they stand.
    numbers = ",".join(f'"{name}":{round(value, 6)!r}' for name, value in sorted(known.items()))
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(started))
    row = b'%s,"metrics":{%s},"started":"%s.%03d+00:00","temperature":"%s"' % (
        about,
        numbers.encode(),
        moment.encode(),
        int(started % 1 * 1000),
        temperature.encode(),
    )
    name = sha256(row).hexdigest()[:32].encode()
    append(os.path.join(folder, NAME), b'%s,"id":"%s"}' % (row, name))


def begin(folder: str) -> None:
    """Make the journal where it is missing, so that the names in the folder stay the same.

    Raises:
        OSError: it cannot be made.
    """
    path = os.path.join(folder, NAME)
    if not os.path.lexists(path):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644))


def append(path: str, line: bytes) -> None:
    """Add a line.

    Args:
        path: of the journal; it is made where it is missing, in a folder that is there.
        line: without its end.

    Raises:
        OSError: it cannot be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(path, flags, 0o644)
    try:
        # One write: rows of runs that end at once do not mix.
        os.write(handle, line + b"\n")
    finally:
        os.close(handle)
