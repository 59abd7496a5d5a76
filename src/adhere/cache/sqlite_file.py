"""The file of the file tier: who may use it, its tables, and what to do when it breaks."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from _thread import RLock
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

NAME = "cache.sqlite3"
SCHEMA = 2
_BUSY_SECONDS = 2.0
_WAL_ATTEMPTS = 10
_PAGES_KB = 512
_TRIES = 3  # an attempt, one after the file was set aside, one after somebody else did that

_T = TypeVar("_T")

_TABLES = """
DROP TABLE IF EXISTS entry;
DROP TABLE IF EXISTS total;
DROP TABLE IF EXISTS lease;
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,
    used REAL NOT NULL, stored REAL NOT NULL, expires REAL, checksum INTEGER NOT NULL,
    value BLOB NOT NULL
);
CREATE INDEX entry_by_use ON entry (used, size);
CREATE INDEX entry_by_end ON entry (expires) WHERE expires IS NOT NULL;
CREATE TABLE total (bytes INTEGER NOT NULL);
INSERT INTO total VALUES (0);
CREATE TRIGGER entry_in AFTER INSERT ON entry BEGIN
    UPDATE total SET bytes = bytes + new.size;
END;
CREATE TRIGGER entry_out AFTER DELETE ON entry BEGIN
    UPDATE total SET bytes = bytes - old.size;
END;
CREATE TRIGGER entry_anew AFTER UPDATE OF size ON entry BEGIN
    UPDATE total SET bytes = bytes - old.size + new.size;
END;
CREATE TABLE lease (
    key TEXT PRIMARY KEY, owner TEXT NOT NULL, taken REAL NOT NULL, until REAL NOT NULL
);
"""


class SqliteFile:
    """One SQLite file that several processes and threads use at once.

    Work on it never raises: what fails is said, and answered with ``None``. A file that is
    corrupt is set aside and made anew. Where it cannot be written, it is still read. What
    cannot be read is left alone for the rest of the run.
    """

    def __init__(self, folder: str, say: Callable[[str], None]) -> None:
        """Nothing is opened before it is needed.

        Args:
            folder: created when it is missing, with mode 0700.
            say: is told what went wrong.
        """
        self.path = os.path.join(folder, NAME)
        self.usable = True
        self.writable = True
        self._folder = folder
        self._say = say
        self._lock = RLock()
        self._connection: sqlite3.Connection | None = None
        self._inode = 0

    def read(self, work: Callable[[sqlite3.Connection], _T]) -> _T | None:
        """Do work that writes nothing."""
        return self._do(work, writing=False)

    def write(self, work: Callable[[sqlite3.Connection], _T]) -> _T | None:
        """Do work in one transaction, which is there whole or not at all."""

        def within(connection: sqlite3.Connection) -> _T:
            with transaction(connection):
                return work(connection)

        return self._do(within, writing=True) if self.writable else None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                with suppress(sqlite3.Error):
                    self._connection.close()
                self._connection = None

    def _do(self, work: Callable[[sqlite3.Connection], _T], *, writing: bool) -> _T | None:
        with self._lock:
            for _ in range(_TRIES):
                if not self.usable or (writing and not self.writable):
                    return None
                try:
                    if writing and self._has_moved():
                        self.close()
                    if self._connection is None:
                        self._connection = self._open()
                    if writing and not self.writable:
                        return None
                    return work(self._connection)
                # A message about a damaged file may hold bytes that are no text.
                except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
                    self._recover(error, writing=writing)
        return None

    def _has_moved(self) -> bool:
        """Whether another process has set the file aside, or somebody has removed it."""
        try:
            return os.lstat(self.path).st_ino != self._inode
        except OSError:
            return True

    def _open(self) -> sqlite3.Connection:
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        _refuse_strangers(self._folder)
        if not os.path.lexists(self.path):
            # Created here, because SQLite would create it with the umask's mode.
            with suppress(FileExistsError):
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        found = _refuse_strangers(self.path)
        if hasattr(os, "getuid") and stat.S_IMODE(found.st_mode) & 0o077:
            os.chmod(self.path, 0o600)
        self._inode = found.st_ino
        if not (os.access(self._folder, os.W_OK) and os.access(self.path, os.W_OK)):
            self.writable = False
            self._say("nothing is written to the file cache: it is read-only")
            return _open_read_only(self.path)
        connection = _connect(self.path)
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != SCHEMA:
                _prepare(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            # An environment is one large value: its pages would be kept beside its copy.
            connection.execute(f"PRAGMA cache_size = -{_PAGES_KB}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _recover(self, error: Exception, *, writing: bool) -> None:
        """Decide what an error means for the rest of the run."""
        was_open = self._connection is not None
        if _is_corrupt(error):
            self._set_aside(error)
        elif writing and was_open:
            self.writable = False
            self._say(f"nothing more is written to the file cache: {_words(error)}")
        else:
            self.close()
            self.usable = False
            self._say(f"the file cache is not used: {_words(error)}")

    def _set_aside(self, error: Exception) -> None:
        self.close()
        if not self.writable:
            self.usable = False
            self._say(f"the file cache is corrupt, and cannot be set aside: {_words(error)}")
            return
        try:
            if os.lstat(self.path).st_ino == self._inode:  # else another process was faster
                # These first: whoever makes the new file must not find pages of the old one.
                for suffix in ("-wal", "-shm"):
                    with suppress(FileNotFoundError):
                        os.unlink(self.path + suffix)
                os.replace(self.path, f"{self.path}.corrupt")
        except FileNotFoundError:
            pass  # another process is at it
        except OSError as failure:
            self.usable = False
            self._say(f"the file cache is corrupt, and cannot be set aside: {_words(failure)}")
            return
        self._say(f"the file cache was corrupt and was set aside as {NAME}.corrupt: {error}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything or nothing; the lock is taken at once, so that waiting for it can succeed."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):  # some errors have ended it already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _connect(name: str, *, uri: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(
        name, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=uri
    )


def _open_read_only(path: str) -> sqlite3.Connection:
    """Read a file in a folder where the files of write-ahead mode cannot be made.

    Raises:
        sqlite3.Error: it cannot be read.
        OSError: another version of adhere made it.
    """
    from urllib.parse import quote

    address = f"file:{quote(path)}?mode=ro"
    pending = os.path.exists(f"{path}-wal") and os.path.getsize(f"{path}-wal") > 0
    # Without pending pages nobody is writing now. Should somebody begin to: what is read
    # in pieces of two states does not have its checksum.
    connection = _connect(address if pending else f"{address}&immutable=1", uri=True)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != SCHEMA:
            raise OSError("another version of adhere made it")
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_strangers(path: str) -> os.stat_result:
    """Somebody else's file could hold whatever they want us to believe.

    Raises:
        OSError: the path is a link, belongs to another user, or anybody may write to it.
    """
    found = os.lstat(path)
    if stat.S_ISLNK(found.st_mode):
        raise OSError(f"{os.path.basename(path)} is a link")
    if hasattr(os, "getuid"):
        if found.st_uid != os.getuid():
            raise OSError(f"{os.path.basename(path)} belongs to another user")
        if stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_IWOTH:
            raise OSError(f"anybody may write to the folder {os.path.basename(path)}")
    return found


def _prepare(connection: sqlite3.Connection) -> None:
    """Create the tables, in write-ahead mode where the file system can do it.

    Changing the journal mode of a new file fails at once while another process does the
    same; the busy time-out does not cover it. Each waits for another time, or they would
    meet again.
    """
    for attempt in range(_WAL_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if _primary(error) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            time.sleep((attempt + 1) * 0.02 * (os.urandom(1)[0] / 255))
    with transaction(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != SCHEMA:
            for statement in _statements(_TABLES):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _statements(script: str) -> Iterator[str]:
    """`executescript` would commit; a trigger has semicolons inside."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _primary(error: Exception) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _is_corrupt(error: Exception) -> bool:
    """Whether the file is damaged or none of ours, without a table or column that it needs."""
    if isinstance(error, sqlite3.OperationalError) and not hasattr(error, "sqlite_errorcode"):
        return True  # a text that cannot be decoded; every error of SQLite's own has a number
    if isinstance(error, UnicodeDecodeError):
        return True
    return _primary(error) in (
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_ERROR,
    )


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)
