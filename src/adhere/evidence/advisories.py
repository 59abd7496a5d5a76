"""A snapshot of advisories: OSV's ``all.zip``, indexed once into SQLite by package.

A run reads only the records of its own packages. The index is named after the snapshot's
digest, in a folder of caches, and is there whole or not at all: it is written under another
name and then renamed, so that a process that is killed leaves nothing that could be taken
for an index.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from adhere.errors import SourceError
from adhere.evidence.archive import Refused, members, unusable
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.osv import as_stored, from_stored
from adhere.model.advisory import Advisory
from adhere.model.names import PackageName
from adhere.policy.vulnerability.aliases import Groups
from adhere.ports import Progress

_VERSION = 2
"""Of the index; goes up when records are stored otherwise."""

_BATCH = 500
_LEFT_OVER = 3_600
_REPLACED = 30 * 86_400
"""Seconds after which a file in the folder of indexes is of no use."""


class Snapshot(Struct, frozen=True):
    """What an indexed snapshot is.

    Attributes:
        label: what to call the file.
        digest: ``sha256:<hex>`` of the file.
        as_of: when its newest record was changed: it is at least as old as that.
        records: that were indexed.
        refused: records that could not be read.
        index: path of the index.
    """

    label: str
    digest: str
    as_of: datetime
    records: int
    refused: int
    index: str


class Records(Struct, frozen=True):
    """What a snapshot holds about packages.

    Attributes:
        found: the records that name a package, and those that are aliases of one that does.
        refused: why records about a package could not be read; those of which nobody knows
            what they are about stand under ``""``.
    """

    found: Mapping[PackageName, Sequence[Advisory]]
    refused: Mapping[PackageName, Sequence[str]]


def open_snapshot(path: str, label: str, folder: str, progress: Progress) -> Snapshot:
    """Find the index of a snapshot, or make it.

    Args:
        path: of the zip.
        label: what to call it.
        folder: where indexes are kept; made when it is missing.
        progress: is told how many records are indexed.

    Raises:
        SourceError: it cannot be read, is no zip, or holds no record at all.
    """
    try:
        digest = file_digest(path).removeprefix("sha256:")
        index = os.path.join(folder, f"advisories-{_VERSION}-{digest[:32]}.sqlite3")
        if not _is_ours(index):
            os.makedirs(folder, mode=0o700, exist_ok=True)
            _make(path, label, digest, index, progress)
            _tidy(folder, index)
    except OSError as error:
        words = (error.strerror or type(error).__name__).lower()
        raise unusable(label, f"cannot read it: {words}", "check the path") from None
    try:
        return _about(index, label)
    except sqlite3.Error as error:
        raise _lost(index, label, error) from None


def records_of(snapshot: Snapshot, names: Sequence[PackageName]) -> Records:
    """The records of packages; a package without any has none.

    Raises:
        SourceError: the index cannot be read.
    """
    found: dict[PackageName, list[Advisory]] = {}
    refused: dict[PackageName, list[str]] = {}
    decoded: dict[int, Advisory] = {}
    try:
        with closing(_reading(snapshot.index)) as connection:
            for name, number, data in _selected(connection, _RECORDS, names):
                if number not in decoded:
                    decoded[number] = from_stored(data)
                found.setdefault(name, []).append(decoded[number])
            for name, text in _selected(connection, _REFUSED, [*names, PackageName("")]):
                refused.setdefault(name, []).append(text)
    except (sqlite3.Error, Garbage) as error:
        raise _lost(snapshot.index, snapshot.label, error) from None
    return Records(found, refused)


_RECORDS = (
    "SELECT touches.package, record.id, record.data FROM touches"
    " JOIN member ON member.flaw = touches.flaw JOIN record ON record.id = member.record"
    " WHERE touches.package IN ({}) ORDER BY touches.package, record.id"
)
_REFUSED = "SELECT package, reason FROM refused WHERE package IN ({}) ORDER BY rowid"


def _selected(
    connection: sqlite3.Connection, query: str, names: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(names), _BATCH):
        part = names[start : start + _BATCH]
        yield from connection.execute(query.format(",".join("?" * len(part))), part)


def _lost(index: str, label: str, error: Exception) -> SourceError:
    """An index that cannot be read is made anew the next time."""
    with suppress(OSError):
        os.unlink(index)
    message = f"its index could not be read, and was removed: {error}"
    return unusable(label, message, "run the command again")


def file_digest(path: str) -> str:
    """``sha256:<hex>`` of a file, read in pieces.

    Raises:
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _is_ours(index: str) -> bool:
    """Whether an index may be believed: a file of this user that nobody else can write."""
    try:
        found = os.lstat(index)
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(found.st_mode):
        return False
    return os.name == "nt" or (found.st_uid == os.geteuid() and not found.st_mode & 0o022)


def _make(path: str, label: str, digest: str, index: str, progress: Progress) -> None:
    temporary = f"{index}.{os.getpid()}.tmp"
    with suppress(FileNotFoundError):
        os.unlink(temporary)
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with closing(sqlite3.connect(temporary, isolation_level=None)) as connection:
            _fill(connection, path, label, digest, progress)
        os.replace(temporary, index)
    except sqlite3.Error as error:  # above all a full disk
        message = f"its index cannot be written: {error}"
        raise unusable(label, message, "make room, or name another folder for caches") from None
    finally:
        with suppress(OSError):
            os.unlink(temporary)


def _tidy(folder: str, index: str) -> None:
    """Remove what killed processes left, and old indexes: one that is still wanted is made again."""
    now = os.stat(index).st_mtime
    for entry in os.scandir(folder):
        kept = _LEFT_OVER if entry.name.endswith(".tmp") else _REPLACED
        with suppress(OSError):  # another process may have been faster
            if entry.name.startswith("advisories-") and entry.stat().st_mtime < now - kept:
                os.unlink(entry)


def _fill(
    connection: sqlite3.Connection, path: str, label: str, digest: str, progress: Progress
) -> None:
    # Nobody sees the file before it is whole, so nothing has to be safe in between.
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    for table in _TABLES:
        connection.execute(table)
    newest = datetime.min.replace(tzinfo=UTC)
    groups = Groups()
    touched: list[tuple[PackageName, str]] = []
    ids: list[str] = []
    refused = 0
    for name, answer in members(path, label, progress):
        if isinstance(answer, Refused):
            refused += 1
            rows = [(package, f"{name}: {answer.reason}") for package in answer.packages]
            connection.executemany("INSERT INTO refused VALUES (?, ?)", rows)
            continue
        newest = max(newest, answer.modified)
        ids.append(answer.id)
        groups.join(answer.id, answer.aliases)
        connection.execute("INSERT INTO record VALUES (?, ?)", (len(ids), as_stored(answer)))
        touched += [(package, answer.id) for package in {part.name for part in answer.affected}]
    if not touched:
        message = f"of its {len(ids) + refused} records none is about a Python package"
        raise unusable(label, message, "is it the right one? Fetch it again")
    number = {root: index for index, root in enumerate(sorted({groups.of(id_) for id_ in ids}))}
    flaw = {id_: number[groups.of(id_)] for id_ in ids}
    connection.executemany(
        "INSERT INTO member VALUES (?, ?)",
        sorted((flaw[id_], index) for index, id_ in enumerate(ids, 1)),
    )
    connection.executemany(
        "INSERT INTO touches VALUES (?, ?)", sorted({(name, flaw[id_]) for name, id_ in touched})
    )
    about = {
        "digest": f"sha256:{digest}",
        "as_of": newest.isoformat(),
        "records": str(len(ids)),
        "refused": str(refused),
    }
    connection.executemany("INSERT INTO about VALUES (?, ?)", about.items())
    connection.execute("COMMIT")


_TABLES = (
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE record (id INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    "CREATE TABLE member (flaw INTEGER, record INTEGER, PRIMARY KEY (flaw, record)) WITHOUT ROWID",
    "CREATE TABLE touches (package TEXT, flaw INTEGER, PRIMARY KEY (package, flaw)) WITHOUT ROWID",
    "CREATE TABLE refused (package TEXT NOT NULL, reason TEXT NOT NULL)",
)
"""A flaw is all records that are aliases of one another, whatever packages they name."""


def _reading(index: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(index)}?mode=ro", uri=True)


def _about(index: str, label: str) -> Snapshot:
    with closing(_reading(index)) as connection:
        about: Mapping[str, str] = dict(connection.execute("SELECT name, value FROM about"))
    try:
        return Snapshot(
            label=label,
            digest=about["digest"],
            as_of=datetime.fromisoformat(about["as_of"]),
            records=int(about["records"]),
            refused=int(about["refused"]),
            index=index,
        )
    except (KeyError, ValueError) as error:
        raise sqlite3.DatabaseError(f"it is not as it was written: {error}") from None
