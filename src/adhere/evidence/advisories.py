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
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from urllib.parse import quote

from msgspec import Struct

from adhere.errors import Problem, SourceError
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.osv import MAX_RECORD, as_stored, from_stored, read_record
from adhere.model.advisory import Advisory
from adhere.model.names import PackageName
from adhere.ports import Progress

_VERSION = 1
"""Of the index; goes up when records are stored otherwise."""

_BATCH = 500
_MAX_RECORDS = 2_000_000
_SHOWN = 5


class Snapshot(Struct, frozen=True):
    """What an indexed snapshot is.

    Attributes:
        label: what to call the file.
        digest: ``sha256:<hex>`` of the file.
        as_of: when its newest record was changed: it is at least as old as that.
        records: that were indexed.
        refused: records that could not be read, as clauses, the first few.
        refused_count: how many.
        index: path of the index.
    """

    label: str
    digest: str
    as_of: datetime
    records: int
    refused: tuple[str, ...]
    refused_count: int
    index: str


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
        if not os.path.exists(index):
            os.makedirs(folder, mode=0o700, exist_ok=True)
            _make(path, label, digest, index, progress)
    except OSError as error:
        words = (error.strerror or type(error).__name__).lower()
        raise _unusable(label, f"cannot read it: {words}", "check the path") from None
    try:
        return _about(index, label)
    except sqlite3.Error as error:
        raise _lost(index, label, error) from None


def records_of(
    snapshot: Snapshot, names: Sequence[PackageName]
) -> dict[PackageName, list[Advisory]]:
    """The records of packages; a package without any has none.

    Raises:
        SourceError: the index cannot be read.
    """
    found: dict[PackageName, list[Advisory]] = {}
    try:
        with closing(_reading(snapshot.index)) as connection:
            for start in range(0, len(names), _BATCH):
                part = names[start : start + _BATCH]
                marks = ",".join("?" * len(part))
                rows = connection.execute(
                    "SELECT touches.package, record.data FROM touches JOIN record"  # noqa: S608 - only question marks are put in
                    f" ON record.id = touches.record WHERE touches.package IN ({marks})"
                    " ORDER BY record.id",
                    part,
                )
                for name, data in rows:
                    found.setdefault(name, []).append(from_stored(data))
    except (sqlite3.Error, Garbage) as error:
        raise _lost(snapshot.index, snapshot.label, error) from None
    return found


def _lost(index: str, label: str, error: Exception) -> SourceError:
    """An index that cannot be read is made anew the next time."""
    with suppress(OSError):
        os.unlink(index)
    message = f"its index could not be read, and was removed: {error}"
    return _unusable(label, message, "run the command again")


def file_digest(path: str) -> str:
    """``sha256:<hex>`` of a file, read in pieces.

    Raises:
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _make(path: str, label: str, digest: str, index: str, progress: Progress) -> None:
    temporary = f"{index}.{os.getpid()}.tmp"
    try:
        with closing(sqlite3.connect(temporary, isolation_level=None)) as connection:
            _fill(connection, path, label, digest, progress)
        os.replace(temporary, index)
    except sqlite3.Error as error:  # above all a full disk
        message = f"its index cannot be written: {error}"
        raise _unusable(label, message, "make room, or name another folder for caches") from None
    finally:
        with suppress(OSError):
            os.unlink(temporary)


def _fill(
    connection: sqlite3.Connection, path: str, label: str, digest: str, progress: Progress
) -> None:
    # Nobody sees the file before it is whole, so nothing has to be safe in between.
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    connection.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
    connection.execute("CREATE TABLE record (id INTEGER PRIMARY KEY, data BLOB NOT NULL)")
    connection.execute(
        "CREATE TABLE touches (package TEXT NOT NULL, record INTEGER NOT NULL,"
        " PRIMARY KEY (package, record)) WITHOUT ROWID"
    )
    newest = datetime.min.replace(tzinfo=UTC)
    refused: list[str] = []
    count = 0
    for name, answer in _records(path, label, progress):
        if isinstance(answer, str):
            refused.append(f"{name}: {answer}")
            continue
        newest = max(newest, answer.modified)
        count += 1
        connection.execute("INSERT INTO record VALUES (?, ?)", (count, as_stored(answer)))
        packages = sorted({part.name for part in answer.affected})
        connection.executemany(
            "INSERT INTO touches VALUES (?, ?)", [(package, count) for package in packages]
        )
    if not count:
        shown = f": {refused[0]}" if refused else ""
        raise _unusable(label, f"it holds no record of an advisory{shown}", "fetch it again")
    about = {
        "digest": f"sha256:{digest}",
        "as_of": newest.isoformat(),
        "records": str(count),
        "refused_count": str(len(refused)),
        **{f"refused.{index}": text for index, text in enumerate(refused[:_SHOWN])},
    }
    connection.executemany("INSERT INTO about VALUES (?, ?)", about.items())
    connection.execute("COMMIT")


def _records(path: str, label: str, progress: Progress) -> Iterator[tuple[str, Advisory | str]]:
    """Every record of a zip, or why it is none; one at a time, so that memory stays small."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".json")]
            if len(members) > _MAX_RECORDS:
                raise _unusable(label, f"it holds {len(members)} files", "is it the right one?")
            for done, member in enumerate(members, 1):
                yield member.filename[:100], _record(archive, member)
                if done % 100 == 0 or done == len(members):
                    progress("advisories", done, len(members))
    except (zipfile.BadZipFile, EOFError) as error:
        message = f"it is no whole zip archive: {error}"
        raise _unusable(label, message, "fetch it again") from None


def _record(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Advisory | str:
    if member.file_size > MAX_RECORD:
        return f"it has {member.file_size} bytes, more than any record"
    try:
        with archive.open(member) as file:
            data = file.read(MAX_RECORD + 1)  # the size that a zip states may be a lie
        return read_record(data)
    except Garbage as error:
        return str(error)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
        # A wrong checksum, an unknown compression, a password, a broken stream.
        return f"it cannot be unpacked: {error}"


def _reading(index: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(index)}?mode=ro", uri=True)


def _about(index: str, label: str) -> Snapshot:
    with closing(_reading(index)) as connection:
        about: Mapping[str, str] = dict(connection.execute("SELECT name, value FROM about"))
    refused = (about.get(f"refused.{number}") for number in range(_SHOWN))
    try:
        return Snapshot(
            label=label,
            digest=about["digest"],
            as_of=datetime.fromisoformat(about["as_of"]),
            records=int(about["records"]),
            refused=tuple(text for text in refused if text is not None),
            refused_count=int(about["refused_count"]),
            index=index,
        )
    except (KeyError, ValueError) as error:
        raise sqlite3.DatabaseError(f"it is not as it was written: {error}") from None


def _unusable(label: str, message: str, hint: str) -> SourceError:
    return SourceError(Problem("advisories-invalid", message, path=label, hint=hint))
