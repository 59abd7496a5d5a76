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
        host = os.uname().nodename if hasattr(os, "uname") else ""
        self._owner = f"{host} {os.getpid()} {os.urandom(8).hex()}"

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
        host, _, rest = owner.rpartition(" ")[0].rpartition(" ")
        mine = self._owner.rpartition(" ")[0].rpartition(" ")[0]
        # Elsewhere nobody knows, and Windows would end the process that is asked about.
        if os.name != "posix" or host != mine or not rest.isdecimal():
            return False
        try:
            os.kill(int(rest), 0)
        except ProcessLookupError:
            return True
        except (OSError, OverflowError):
            return False
        return False
