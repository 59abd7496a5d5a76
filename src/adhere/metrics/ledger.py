"""The ledger of runs on this machine: SQLite, filled from the journal that runs write.

A run appends one line to the journal, in one write, which costs nothing worth measuring and
cannot harm what others wrote. Whoever wants to know takes the lines over: each row once, and
what is no row is set aside, with the reason, and never lost.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from msgspec import Struct

from adhere.errors import AdhereError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "runs.sqlite3"
_BUSY_SECONDS = 10.0
MOST_JOURNAL = 4 << 20
"""Bytes of the journal from which it is begun anew once the ledger has all of it."""

_OLD = ".old"
_MOST = 1 << 20
"""Bytes of the longest line; what is longer is no row."""

_TABLES = """
CREATE TABLE IF NOT EXISTS run (
    id TEXT PRIMARY KEY, started TEXT NOT NULL, line BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS aside (line BLOB NOT NULL UNIQUE, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS journal (name TEXT PRIMARY KEY, inode INTEGER, read INTEGER);
PRAGMA user_version = 1;
"""


class RunsError(AdhereError):
    """The ledger of runs cannot be used."""


class Row(Struct, frozen=True):
    """A row as the ledger keeps it.

    Attributes:
        id: unique.
        moment: of the run, ISO 8601; rows are pruned by it.
        line: all of it.
    """

    id: str
    moment: str
    line: bytes


class Taken(Struct, frozen=True):
    """What was taken over.

    Attributes:
        added: rows that were not there.
        known: rows that were.
        aside: lines that are no row.
    """

    added: int = 0
    known: int = 0
    aside: int = 0


class RunLedger:
    """One SQLite file.

    Attributes:
        path: of it.
        label: what to call it.
        most: bytes of a journal that is kept.
    """

    def __init__(self, folder: str, label: str, read: Callable[[bytes], Row]) -> None:
        """Nothing is opened yet.

        Args:
            folder: that the file lies in.
            label: what to call the file.
            read: makes a row of a line; raises `ValueError` for what is none.
        """
        self.path = os.path.join(folder, NAME)
        self.label = label
        self._read = read
        self.most = MOST_JOURNAL

    def ingest(self, journal: str) -> Taken:
        """Take over what a journal has that was not taken over yet.

        Args:
            journal: its path; one that is not there has nothing.

        Raises:
            RunsError: the ledger cannot be written.
        """
        old = f"{journal}{_OLD}"
        late = self._ingest(old)  # of runs that had it open when it was taken away
        taken = self._ingest(journal)
        if os.path.exists(journal) and os.path.getsize(journal) > self.most:
            self._take_away(journal, old)
        return Taken(late.added + taken.added, late.known + taken.known, late.aside + taken.aside)

    def _take_away(self, journal: str, old: str) -> None:
        """Begin the journal anew. The old one stays until the next time, for who still writes."""
        names = os.path.basename(old), os.path.basename(journal)
        with self._open() as connection:
            os.replace(journal, old)
            connection.execute("DELETE FROM journal WHERE name = ?", names[:1])
            connection.execute("UPDATE journal SET name = ? WHERE name = ?", names)

    def _ingest(self, journal: str) -> Taken:
        try:
            handle = open(journal, "rb")  # noqa: SIM115 - closed below, after its absence is told apart
        except FileNotFoundError:
            return Taken()
        with handle, self._open() as connection:
            inode = os.fstat(handle.fileno()).st_ino
            name = os.path.basename(journal)
            known = connection.execute(
                "SELECT inode, read FROM journal WHERE name = ?", (name,)
            ).fetchone()
            size = os.fstat(handle.fileno()).st_size
            start = known[1] if known and known[0] == inode and known[1] <= size else 0
            handle.seek(start)
            data = handle.read()
            whole = data[: data.rfind(b"\n") + 1]  # the last line may be still to come
            taken = self._take(connection, whole.split(b"\n"))
            connection.execute(
                "INSERT OR REPLACE INTO journal VALUES (?, ?, ?)",
                (name, inode, start + len(whole)),
            )
        return taken

    def merge(self, lines: Iterable[bytes]) -> Taken:
        """Take over rows of another ledger.

        Raises:
            RunsError: the ledger cannot be written.
        """
        with self._open() as connection:
            return self._take(connection, lines)

    def _take(self, connection: sqlite3.Connection, lines: Iterable[bytes]) -> Taken:
        added = known = aside = 0
        for line in lines:
            if not line.strip():
                continue
            try:
                row = self._read(line)
            except ValueError as error:
                connection.execute(
                    "INSERT OR IGNORE INTO aside VALUES (?, ?)", (line[:_MOST], str(error)[:500])
                )
                aside += 1
                continue
            done = connection.execute(
                "INSERT OR IGNORE INTO run VALUES (?, ?, ?)", (row.id, row.moment, row.line)
            )
            added += done.rowcount
            known += 1 - done.rowcount
        return Taken(added, known, aside)

    def lines(self) -> list[bytes]:
        """Every row, the oldest first; none where there is no ledger yet.

        Raises:
            RunsError: it cannot be read.
        """
        if not os.path.exists(self.path):
            return []
        with self._open() as connection:
            rows = connection.execute("SELECT line FROM run ORDER BY started, id")
            return [line for (line,) in rows]

    def aside(self) -> list[tuple[bytes, str]]:
        """Lines that are no rows, and why.

        Raises:
            RunsError: it cannot be read.
        """
        if not os.path.exists(self.path):
            return []
        with self._open() as connection:
            return list(connection.execute("SELECT line, reason FROM aside ORDER BY rowid"))

    def prune(self, keep: int, before: str = "") -> int:
        """Remove the oldest rows, and those before a moment.

        Args:
            keep: rows that stay at most.
            before: ISO 8601; ``""`` for no such moment.

        Returns:
            How many are gone.

        Raises:
            RunsError: it cannot be written.
        """
        if not os.path.exists(self.path):
            return 0
        with self._open() as connection:
            done = connection.execute(
                "DELETE FROM run WHERE started < ? OR id NOT IN"
                " (SELECT id FROM run ORDER BY started DESC, id DESC LIMIT ?)",
                (before, keep),
            )
            return done.rowcount

    def remove(self, ids: Sequence[str]) -> None:
        """Remove rows.

        Raises:
            RunsError: it cannot be written.
        """
        with self._open() as connection:
            connection.executemany("DELETE FROM run WHERE id = ?", [(id_,) for id_ in ids])

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction; a file that is none of ours is set aside first."""
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            try:
                connection = self._connected()
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                with suppress(OSError):
                    os.replace(self.path, f"{self.path}.corrupt")
                connection = self._connected()
            with closing(connection), connection:
                yield connection
        except (sqlite3.Error, OSError) as error:
            words = str(getattr(error, "strerror", None) or error).lower()
            hint = "make room, or move it away: it is made anew from exports and the journal"
            problem = Problem("unwritable", f"cannot use it: {words}", path=self.label, hint=hint)
            raise RunsError(problem) from None

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS)
        try:
            connection.executescript(_TABLES)
        except sqlite3.Error:
            connection.close()
            raise
        return connection
