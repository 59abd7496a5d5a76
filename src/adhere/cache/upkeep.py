"""What the file tier holds; removing some of it; looking for damage."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress

from msgspec import Struct

from adhere.cache.sqlite import whole
from adhere.cache.sqlite_file import SqliteFile
from adhere.model.key import kind_of, subject_part
from adhere.ports import SKEW


class Selection(Struct, frozen=True):
    """Which entries are meant; all of them without a condition.

    Attributes:
        kind: of the entries, ``""`` for any.
        subject: canonical name of the package that they are about, ``""`` for any.
        before: stored before this moment, seconds since the epoch; ``None`` for any time.
        now: the time of day. What was stored after it has an age that nobody knows, so it
            is never taken for younger.
    """

    kind: str = ""
    subject: str = ""
    before: float | None = None
    now: float = 0.0

    @property
    def pattern(self) -> str:
        """Of keys, with ``*``; kinds and subjects have no character that means more."""
        return f"{self.kind or '*'}/{subject_part(self.subject) or '*'}/*"

    def takes(self, stored: float | None) -> bool:
        """Whether the time of storing fits; ``None`` for an entry whose time is not known."""
        if self.before is None or stored is None:
            return True
        return stored < self.before or stored > self.now + SKEW


class Stock(Struct):
    """Entries of one kind.

    Attributes:
        kind: of the entries.
        entries: how many.
        bytes: of keys and values, as they are stored.
        expired: how many are only kept to be recalled.
        oldest: when the oldest was stored, seconds since the epoch.
    """

    kind: str
    entries: int = 0
    bytes: int = 0
    expired: int = 0
    oldest: float | None = None

    def add(self, size: int, stored: float | None, *, expired: bool = False) -> None:
        """Count an entry."""
        self.entries += 1
        self.bytes += size
        self.expired += expired
        if stored is not None and (self.oldest is None or stored < self.oldest):
            self.oldest = stored


class Removed(Struct):
    """What is gone: entries and bytes."""

    entries: int = 0
    bytes: int = 0


class Verified(Struct):
    """What was looked at: entries that are whole, and entries that were not."""

    whole: int = 0
    damaged: int = 0


def stock(file: SqliteFile, now: float) -> list[Stock] | None:
    """What a file holds, by kind; ``None`` when it cannot be read. Creates no file."""
    if not os.path.lexists(file.path):
        return []

    def count(connection: sqlite3.Connection) -> list[Stock]:
        found: dict[str, Stock] = {}
        rows = connection.execute("SELECT key, size, stored, expires FROM entry")
        for key, size, stored, expires in rows:
            kind = kind_of(key)
            expired = expires is not None and expires <= now
            found.setdefault(kind, Stock(kind)).add(size, stored, expired=expired)
        return sorted(found.values(), key=lambda stock: stock.kind)

    return file.read(count)


def clear(file: SqliteFile, selection: Selection) -> Removed | None:
    """Remove entries from a file, and give the room back; ``None`` when that fails."""
    if not os.path.lexists(file.path):
        return Removed()
    # Without a condition also what no version of ours has a name for.
    where, values = ["1"], list[object]()
    if selection.kind or selection.subject:
        where.append("key GLOB ?")
        values.append(selection.pattern)
    if selection.before is not None:
        where.append("(stored < ? OR stored > ?)")
        values += [selection.before, selection.now + SKEW]
    condition = " AND ".join(where)

    def remove(connection: sqlite3.Connection) -> Removed:
        size = f"SELECT coalesce(sum(size), 0) FROM entry WHERE {condition}"  # noqa: S608 - only our own words are put in
        (freed,) = connection.execute(size, values).fetchone()
        gone = connection.execute(f"DELETE FROM entry WHERE {condition}", values)  # noqa: S608 - as above
        return Removed(gone.rowcount, freed)

    removed = file.write(remove)
    if removed is not None:
        file.read(_shrink)
        if len(where) == 1:
            with suppress(OSError):  # there mostly is none
                os.unlink(f"{file.path}.corrupt")
    return removed


def verify(file: SqliteFile) -> Verified | None:
    """Read every entry, and remove those that are damaged; ``None`` when that fails.

    A file whose pages are damaged is set aside, as it is whenever that is noticed.
    """
    if not os.path.lexists(file.path):
        return Verified()

    def look(connection: sqlite3.Connection) -> tuple[int, list[int]]:
        (state,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if state != "ok":
            raise _Damage(state)
        good, bad = 0, []
        rows = connection.execute("SELECT id, key, value, checksum, stored, expires FROM entry")
        for number, *row in rows:
            if whole(*row) is None:
                bad.append(number)
            else:
                good += 1
        return good, bad

    found = file.read(look)
    if found is None:
        return None
    good, bad = found
    if bad and file.writable:
        numbers = [(number,) for number in bad]
        file.write(
            lambda connection: connection.executemany("DELETE FROM entry WHERE id = ?", numbers)
        )
    return Verified(good, len(bad))


class _Damage(sqlite3.DatabaseError):
    """What SQLite itself would raise when it came upon the damage."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def _shrink(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):  # somebody is using it, and will use the room again
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
