"""Single flight across processes: leases in the file of the file tier."""

from __future__ import annotations

import os
import sqlite3
from _thread import allocate_lock
from collections.abc import Sequence

from adhere.cache.sqlite_file import SqliteFile
from adhere.ports import SKEW, Clock

_BATCH = 500


class LocalFlight:
    """`adhere.ports.Flight` for the tasks and threads of one process."""

    def __init__(self, clock: Clock) -> None:
        """Nobody is fetching anything.

        Args:
            clock: for the end of leases.
        """
        self._clock = clock
        self._lock = allocate_lock()
        self._held: dict[str, float] = {}

    def claim(self, keys: Sequence[str], seconds: float) -> frozenset[str]:
        """Those that nobody in this process is fetching."""
        now = self._clock.elapsed()
        with self._lock:
            free = [key for key in keys if self._held.get(key, 0.0) <= now]
            self._held.update(dict.fromkeys(free, now + seconds))
        return frozenset(free)

    def release(self, keys: Sequence[str]) -> None:
        """The caller is done with these."""
        with self._lock:
            for key in keys:
                self._held.pop(key, None)


class SqliteFlight:
    """`adhere.ports.Flight` for all processes that share a file.

    A lease ends when it is released, when its time is over, when the process that holds it
    is gone, and when the clock was set back behind its beginning. Where the file cannot be
    written, only this process is kept from fetching twice.
    """

    def __init__(self, file: SqliteFile, clock: Clock) -> None:
        """Nobody of this process is fetching anything.

        Args:
            file: that the processes share.
            clock: for the end of leases.
        """
        self._file = file
        self._clock = clock
        self._local = LocalFlight(clock)
        self._place = _place()
        pid = os.getpid()
        self._owner = f"{self._place} {pid} {_start(pid)} {os.urandom(8).hex()}"

    def claim(self, keys: Sequence[str], seconds: float) -> frozenset[str]:
        """Those that nobody is fetching."""
        free = sorted(self._local.claim(keys, seconds))
        if not free:
            return frozenset()
        now = self._clock.now().timestamp()
        taken = self._file.write(lambda connection: self._take(connection, free, now, seconds))
        if taken is None:
            return frozenset(free)
        self._local.release([key for key in free if key not in taken])
        return taken

    def release(self, keys: Sequence[str]) -> None:
        """The caller is done with these."""
        if not keys:
            return

        def remove(connection: sqlite3.Connection) -> None:
            rows = [(key, self._owner) for key in keys]
            connection.executemany("DELETE FROM lease WHERE key = ? AND owner = ?", rows)

        self._file.write(remove)
        self._local.release(keys)

    def _take(
        self, connection: sqlite3.Connection, keys: Sequence[str], now: float, seconds: float
    ) -> frozenset[str]:
        over = "DELETE FROM lease WHERE until <= ? OR taken > ?"
        connection.execute(over, (now, now + SKEW))
        owners = connection.execute("SELECT DISTINCT owner FROM lease").fetchall()
        gone = [row for row in owners if self._is_gone(row[0])]
        connection.executemany("DELETE FROM lease WHERE owner = ?", gone)
        held: set[str] = set()
        for start in range(0, len(keys), _BATCH):
            part = keys[start : start + _BATCH]
            marks = ",".join("?" * len(part))
            rows = connection.execute(
                f"SELECT key FROM lease WHERE key IN ({marks}) AND owner != ?",  # noqa: S608 - only question marks are put in
                (*part, self._owner),
            )
            held.update(key for (key,) in rows)
        free = frozenset(keys) - held
        connection.executemany(
            "INSERT OR REPLACE INTO lease (key, owner, taken, until) VALUES (?, ?, ?, ?)",
            [(key, self._owner, now, now + seconds) for key in sorted(free)],
        )
        return free

    def _is_gone(self, owner: str) -> bool:
        """Whether a process of this machine no longer runs."""
        place, _, rest = owner.partition(" ")
        pid, _, rest = rest.partition(" ")
        start = rest.partition(" ")[0]
        # Elsewhere nobody knows, and Windows would end the process that is asked about.
        if os.name != "posix" or place != self._place or not pid.isdecimal():
            return False
        if start != _UNKNOWN:
            return _start(int(pid)) != start
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
        except (OSError, OverflowError):
            return False
        return False


_UNKNOWN = "-"


def _place() -> str:
    """What numbers of processes belong to: a machine, or a container on it."""
    host = os.uname().nodename if hasattr(os, "uname") else ""
    try:
        space = os.readlink("/proc/self/ns/pid")
    except OSError:
        space = ""
    return f"{host}/{space}".replace(" ", "_")


def _start(pid: int) -> str:
    """When a process began, as the system counts it.

    It tells apart two processes that were given one number. ``_UNKNOWN`` where the system
    does not say, ``""`` for a process that has ended, also when nobody asked how yet.
    """
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "" if os.path.exists("/proc/self/stat") else _UNKNOWN
    except OSError:
        return _UNKNOWN
    if len(fields) < 20 or fields[0] in (b"Z", b"X"):
        return ""
    return fields[19].decode("ascii", "replace")
