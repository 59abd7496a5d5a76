"""The file tier: one SQLite file for all runs of a user."""

from __future__ import annotations

import sqlite3
from binascii import crc32
from collections.abc import Mapping, Sequence
from typing import Any

from adhere.cache.sqlite_file import SqliteFile
from adhere.cache.tier import KEPT, Tier
from adhere.ports import SKEW, Clock, Held, Statistics

_BATCH = 500  # SQLite admits 999 parameters in its oldest supported builds
_DAY = 86_400.0
_PUT = (
    "INSERT INTO entry (key, size, used, stored, expires, checksum, value)"
    " VALUES (:key, :size, :used, :stored, :expires, :checksum, :value)"
    " ON CONFLICT (key) DO UPDATE SET size = excluded.size, used = excluded.used,"
    " stored = excluded.stored, expires = excluded.expires, checksum = excluded.checksum,"
    " value = excluded.value"
)
_PUT_OLDER = f"{_PUT} WHERE excluded.stored > entry.stored OR entry.stored > :latest"


class SqliteCache(Tier):
    """Entries in one SQLite file; the least recently used go first.

    Several processes may use it at once. What is read has to have the checksum that it was
    stored with, together with its key; anything else is a miss.
    """

    name = "file"

    def __init__(
        self,
        folder: str,
        clock: Clock,
        *,
        limit: int,
        statistics: Statistics | None = None,
        lifetimes: Mapping[str, float] | None = None,
    ) -> None:
        """Open the cache when it is first asked for something.

        Args:
            folder: created when it is missing.
            clock: for expiry and for the order of eviction.
            limit: bytes of keys and values that are kept.
            statistics: to count into.
            lifetimes: seconds for which a kind may be fresh.
        """
        super().__init__(clock, statistics, lifetimes)
        self._limit = limit
        self.file = SqliteFile(folder, self.say)

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()

    def _read(self, keys: Sequence[str], now: float) -> dict[str, Held]:
        found: dict[str, Held] = {}
        damaged: list[str] = []
        long_unused: list[int] = []

        def select(connection: sqlite3.Connection) -> bool:
            found.clear()
            for start in range(0, len(keys), _BATCH):
                batch = keys[start : start + _BATCH]
                marks = ",".join("?" * len(batch))
                rows = connection.execute(
                    "SELECT id, key, value, checksum, used, stored, expires"  # noqa: S608 - only question marks are put in
                    f" FROM entry WHERE key IN ({marks})",
                    batch,
                )
                for number, key, value, checksum, used, stored, expires in rows:
                    held = whole(key, value, checksum, stored, expires)
                    if held is None:
                        damaged.append(key)
                        continue
                    found[key] = held
                    if not now - _DAY <= used <= now + SKEW:
                        long_unused.append(number)
            return True

        if not self.file.read(select):
            found.clear()
            self._failed(keys)
        if damaged:
            self._failed(damaged)
            self.say("the file cache has damaged entries, which are not used")
        if long_unused and self.file.writable:
            self.file.write(lambda connection: _touch(connection, long_unused, now))
        return found

    def _write(self, items: Mapping[str, Held], now: float, *, over_newer: bool) -> None:
        rows = [
            {
                "key": key,
                "size": len(key) + len(held.value),
                "used": now,
                "stored": held.stored,
                "expires": held.expires,
                "checksum": checksum_of(key, held),
                "value": held.value,
                "latest": now + SKEW,
            }
            for key, held in items.items()
            if len(key) + len(held.value) <= self._limit
        ]
        too_large = [(key,) for key in items.keys() - {row["key"] for row in rows}]
        evicted: list[str] = []

        def store(connection: sqlite3.Connection) -> bool:
            evicted.clear()
            # An entry that is too large takes the place of an older one all the same.
            connection.executemany("DELETE FROM entry WHERE key = ?", too_large)
            connection.executemany(_PUT if over_newer else _PUT_OLDER, rows)
            evicted.extend(self._evict(connection, now))
            return True

        if not self.file.write(store):
            self._failed(list(items))
        for key in evicted:
            self._tally(key).evictions += 1

    def _evict(self, connection: sqlite3.Connection, now: float) -> list[str]:
        """Remove what nobody may recall any longer, then what was not used for longest."""
        connection.execute("DELETE FROM entry WHERE expires <= ?", (now - KEPT,))
        (total,) = connection.execute("SELECT coalesce(max(bytes), 0) FROM total").fetchone()
        if total <= self._limit:
            return []
        # Or what was used before somebody set the clock back would stay for ever.
        connection.execute("UPDATE entry SET used = ? WHERE used > ?", (now, now + SKEW))
        leaving: list[tuple[int]] = []
        gone: list[str] = []
        # In the order of an index, of which no more is read than has to go.
        by_use = "SELECT id, size, key FROM entry ORDER BY used, size, id"
        for number, size, key in connection.execute(by_use):
            if total <= self._limit:
                break
            leaving.append((number,))
            gone.append(key)
            total -= size
        connection.executemany("DELETE FROM entry WHERE id = ?", leaving)
        return gone

    def _failed(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._tally(key).errors += 1


def _touch(connection: sqlite3.Connection, numbers: Sequence[int], now: float) -> None:
    """Remember that entries are in use; to the day, so that reading rarely writes."""
    connection.executemany(
        "UPDATE entry SET used = ? WHERE id = ?", [(now, number) for number in numbers]
    )


def checksum_of(key: str, held: Held) -> int:
    """What tells an entry that is damaged, or was stored under another key."""
    return crc32(held.value, crc32(f"{key} {held.stored!r} {held.expires!r}".encode()))


def whole(key: Any, value: Any, checksum: Any, stored: Any, expires: Any) -> Held | None:
    """The entry of a row, ``None`` when it is not as it was written.

    Whoever damages a file may leave anything in its columns, of any type.
    """
    right = isinstance(value, bytes) and isinstance(stored, float)
    if not right or not isinstance(expires, (float, type(None))):
        return None
    held = Held(value, stored, expires)
    return held if checksum == checksum_of(key, held) else None
