"""The file tier: one SQLite file for all runs of a user."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from adhere.ports import Clock

NAME = "cache.sqlite3"
_SCHEMA = 1
_BATCH = 500  # SQLite admits 999 parameters in its oldest supported builds
_BUSY_SECONDS = 2.0
_WAL_ATTEMPTS = 8
_DAY = 86_400.0


class SqliteCache:
    """Entries in one SQLite file, mode 0600 in a folder of mode 0700.

    Several processes may use it at once. A file that is corrupt is set aside and replaced
    by a new one; one that belongs to somebody else, or is a link, is not used at all.
    """

    def __init__(self, folder: str, clock: Clock, *, limit: int) -> None:
        """Open the cache when it is first asked for something.

        Args:
            folder: created when it is missing.
            clock: for expiry and for the order of eviction.
            limit: bytes of values that are kept; the least recently used go first.
        """
        self._folder = folder
        self._clock = clock
        self._limit = limit
        self._connection: sqlite3.Connection | None = None
        self._off = False
        self._trouble: list[str] = []

    @property
    def trouble(self) -> Sequence[str]:
        """What went wrong, as clauses, each once."""
        return self._trouble

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """The values that are there and not expired."""
        found: dict[str, bytes] = {}
        connection = self._open()
        if connection is None:
            return found
        now = self._clock.now().timestamp()
        try:
            for start in range(0, len(keys), _BATCH):
                batch = keys[start : start + _BATCH]
                marks = ",".join("?" * len(batch))
                rows = connection.execute(
                    f"SELECT key, value, used FROM entry WHERE key IN ({marks})"  # noqa: S608 - only question marks are put in
                    " AND (expires IS NULL OR expires > ?)",
                    (*batch, now),
                ).fetchall()
                found.update((key, bytes(value)) for key, value, _ in rows)
                self._touch(connection, [key for key, _, used in rows if used < now - _DAY], now)
        except sqlite3.Error as error:
            self._broken(error)
        return found

    def put_many(self, items: Mapping[str, bytes], ttl: float | None = None) -> None:
        """Store values in one transaction, then evict what no longer fits."""
        connection = self._open()
        if connection is None or not items:
            return
        now = self._clock.now().timestamp()
        expires = None if ttl is None else now + ttl
        try:
            with connection:
                connection.executemany(
                    "INSERT INTO entry (key, value, size, used, expires) VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT (key) DO UPDATE SET value = excluded.value,"
                    " size = excluded.size, used = excluded.used, expires = excluded.expires",
                    [(key, value, len(value), now, expires) for key, value in items.items()],
                )
                self._evict(connection, now)
        except sqlite3.Error as error:
            self._broken(error)

    def _touch(self, connection: sqlite3.Connection, keys: list[str], now: float) -> None:
        """Remember that entries are in use; to the day, so that reading rarely writes."""
        if keys:
            with connection:
                connection.executemany(
                    "UPDATE entry SET used = ? WHERE key = ?", [(now, key) for key in keys]
                )

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _evict(self, connection: sqlite3.Connection, now: float) -> None:
        connection.execute("DELETE FROM entry WHERE expires <= ?", (now,))
        (total,) = connection.execute("SELECT coalesce(sum(size), 0) FROM entry").fetchone()
        if total <= self._limit:
            return
        for key, size in connection.execute("SELECT key, size FROM entry ORDER BY used, key"):
            if total <= self._limit:
                break
            connection.execute("DELETE FROM entry WHERE key = ?", (key,))
            total -= size

    def _open(self) -> sqlite3.Connection | None:
        if self._connection is None and not self._off:
            try:
                self._connection = self._connect()
            except (sqlite3.Error, OSError) as error:
                self._broken(error)
                if not self._off and self._connection is None:
                    self._retry()
        return self._connection

    def _retry(self) -> None:
        try:
            self._connection = self._connect()
        except (sqlite3.Error, OSError) as error:
            self._give_up(f"the file cache is not used: {error}")

    def _connect(self) -> sqlite3.Connection:
        path = os.path.join(self._folder, NAME)
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        _refuse_strangers(self._folder)
        new = not os.path.lexists(path)
        if new:
            # Created here, because SQLite would create it with the umask's mode.
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        _refuse_strangers(path)
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != _SCHEMA:
                _prepare(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _broken(self, error: Exception) -> None:
        """A corrupt file is set aside; anything else turns this tier off for the run."""
        self.close()
        corrupt = isinstance(error, sqlite3.DatabaseError) and not isinstance(
            error, sqlite3.OperationalError
        )
        if not corrupt:
            self._give_up(f"the file cache is not used: {error}")
            return
        path = os.path.join(self._folder, NAME)
        try:
            os.replace(path, f"{path}.corrupt")
            for suffix in ("-wal", "-shm"):
                with suppress(FileNotFoundError):
                    os.unlink(path + suffix)
        except OSError as failure:
            self._give_up(f"the file cache is corrupt and cannot be set aside: {failure}")
            return
        self._say(f"the file cache was corrupt and was set aside as {NAME}.corrupt: {error}")

    def _give_up(self, clause: str) -> None:
        self._off = True
        self._say(clause)

    def _say(self, clause: str) -> None:
        if clause not in self._trouble:
            self._trouble.append(clause)


def _refuse_strangers(path: str) -> None:
    """Somebody else's file could hold whatever they want us to believe.

    Raises:
        OSError: the path is a link, or belongs to another user.
    """
    found = os.lstat(path)
    if stat.S_ISLNK(found.st_mode):
        raise OSError(f"{os.path.basename(path)} is a link")
    if hasattr(os, "getuid") and found.st_uid != os.getuid():
        raise OSError(f"{os.path.basename(path)} belongs to another user")


def _prepare(connection: sqlite3.Connection) -> None:
    """Create the table, in write-ahead mode where the file system can do it.

    Changing the journal mode of a new file fails at once while another process does the
    same; the busy time-out does not cover it.
    """
    for attempt in range(_WAL_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError:
            time.sleep(0.01 * (attempt + 1))
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == _SCHEMA:
            return
        connection.execute("DROP TABLE IF EXISTS entry")
        connection.execute(
            "CREATE TABLE entry (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
            " value BLOB NOT NULL, size INTEGER NOT NULL, used REAL NOT NULL, expires REAL)"
        )
        connection.execute(f"PRAGMA user_version = {_SCHEMA}")
