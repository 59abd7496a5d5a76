"""A file that is locked, read-only, damaged, somebody else's, or on a disk that is full."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from adhere.cache import sqlite_file
from adhere.cache.sqlite import SqliteCache
from adhere.model.key import cache_key
from fakes.clock import FakeClock

KEYS = [cache_key("license", str(number), subject=f"p{number}") for number in range(200)]
ITEMS = {key: key.encode() * 20 for key in KEYS}
NAME = sqlite_file.NAME


@pytest.fixture
def folder(tmp_path: Path, clock: FakeClock) -> Path:
    """A cache with entries, which nobody has open."""
    cache = opened(tmp_path / "cache", clock)
    cache.put_many(ITEMS)
    assert not cache.trouble
    cache.close()
    return tmp_path / "cache"


def opened(folder: Path, clock: FakeClock, *, limit: int = 2**26) -> SqliteCache:
    return SqliteCache(str(folder), clock, limit=limit)


def right_or_missing(cache: SqliteCache) -> int:
    """Entries that are there; each of them is right."""
    found = cache.get_many(KEYS)
    assert all(ITEMS[key] == value for key, value in found.items())
    return len(found)


def test_only_its_owner_may_look_at_it(tmp_path: Path, clock: FakeClock) -> None:
    before = os.umask(0)
    try:
        cache = opened(tmp_path / "a" / "cache", clock)
        cache.put_many(ITEMS)
        assert stat.S_IMODE((tmp_path / "a" / "cache").stat().st_mode) == 0o700
        for file in (tmp_path / "a" / "cache").iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
        cache.close()
        os.chmod(tmp_path / "a" / "cache" / NAME, 0o644)
        cache = opened(tmp_path / "a" / "cache", clock)
        assert right_or_missing(cache) == len(KEYS)
        assert stat.S_IMODE((tmp_path / "a" / "cache" / NAME).stat().st_mode) == 0o600
        cache.close()
    finally:
        os.umask(before)


def test_a_link_is_refused(folder: Path, tmp_path: Path, clock: FakeClock) -> None:
    (folder / NAME).rename(tmp_path / "elsewhere")
    (folder / NAME).symlink_to(tmp_path / "elsewhere")
    before = (tmp_path / "elsewhere").read_bytes()
    cache = opened(folder, clock)
    assert right_or_missing(cache) == 0
    cache.put_many(ITEMS)
    assert cache.trouble == [f"the file cache is not used: {NAME} is a link"]
    assert (tmp_path / "elsewhere").read_bytes() == before


def test_a_link_in_place_of_the_folder_is_refused(
    folder: Path, tmp_path: Path, clock: FakeClock
) -> None:
    (tmp_path / "link").symlink_to(folder)
    cache = opened(tmp_path / "link", clock)
    assert right_or_missing(cache) == 0
    assert cache.trouble == ["the file cache is not used: link is a link"]


@pytest.mark.parametrize("which", ["folder", "file"])
def test_what_belongs_to_somebody_else_is_refused(
    folder: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    place = folder if which == "folder" else folder / NAME
    if os.getuid() == 0:
        os.chown(place, 12345, -1)
    else:
        real = os.lstat

        def lstat(path: str) -> os.stat_result:
            found = real(path)
            return os.stat_result((*found[:4], 12345, *found[5:])) if path == str(place) else found

        monkeypatch.setattr(sqlite_file.os, "lstat", lstat)
    cache = opened(folder, clock)
    assert right_or_missing(cache) == 0
    cache.put_many(ITEMS)
    assert cache.trouble == [f"the file cache is not used: {place.name} belongs to another user"]


def test_a_folder_that_anybody_may_write_to_is_refused(folder: Path, clock: FakeClock) -> None:
    folder.chmod(0o777)
    cache = opened(folder, clock)
    assert right_or_missing(cache) == 0
    assert cache.trouble == ["the file cache is not used: anybody may write to the folder cache"]


def test_a_file_in_place_of_the_folder(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "cache").write_text("mine")
    cache = opened(tmp_path / "cache", clock)
    cache.put_many(ITEMS)
    assert right_or_missing(cache) == 0
    assert cache.trouble == ["the file cache is not used: file exists"]
    assert (tmp_path / "cache").read_text() == "mine"


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"not a database at all" * 100,
        lambda data: b"\0" * 100 + data[100:],
        lambda data: data[:16] + b"\xff" * 84 + data[100:],
        lambda data: data[: len(data) // 2],
        lambda data: data[:5000],
        lambda data: data[:50],
        lambda data: data[:4096] + b"\xff" * 4096 + data[8192:],
    ],
    ids=["foreign", "no-header", "bad-header", "half", "page", "cut-header", "bad-page"],
)
def test_a_corrupt_file_is_set_aside_and_made_anew(
    folder: Path, clock: FakeClock, damage: object
) -> None:
    path = folder / NAME
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]  # one of those above
    cache = opened(folder, clock)
    right_or_missing(cache)
    cache.put_many(ITEMS)
    right_or_missing(cache)
    cache.put_many(ITEMS)
    assert right_or_missing(cache) == len(KEYS)
    (clause,) = cache.trouble
    assert clause.startswith(
        "the file cache was corrupt and was set aside as cache.sqlite3.corrupt"
    )
    assert (folder / f"{NAME}.corrupt").is_file()
    cache.close()
    cache = opened(folder, clock)
    assert right_or_missing(cache) == len(KEYS)
    assert not cache.trouble, "the next run is whole"
    cache.close()


def test_an_empty_file_is_a_new_one(folder: Path, clock: FakeClock) -> None:
    (folder / NAME).write_bytes(b"")
    cache = opened(folder, clock)
    assert right_or_missing(cache) == 0
    cache.put_many(ITEMS)
    assert right_or_missing(cache) == len(KEYS)
    assert not cache.trouble
    cache.close()


def test_damage_anywhere_never_gives_a_wrong_value(folder: Path, clock: FakeClock) -> None:
    path = folder / NAME
    whole = path.read_bytes()
    chance = random.Random(20261125)
    seen = set()
    for _ in range(150):
        for leftover in folder.iterdir():
            leftover.unlink()
        data = bytearray(whole)
        for _ in range(chance.choice((1, 5, 50))):
            data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
        path.write_bytes(data)
        cache = opened(folder, clock)
        seen.add(right_or_missing(cache) == len(KEYS))
        cache.put_many(ITEMS)
        cache.put_many(ITEMS)
        right_or_missing(cache)
        cache.close()
    assert seen == {True, False}, "else the damage shows nothing"


def test_a_value_under_another_key_is_a_miss_and_removed_by_an_anew_one(
    folder: Path, clock: FakeClock
) -> None:
    with contextlib.closing(sqlite3.connect(folder / NAME)) as other:
        other.execute("UPDATE entry SET value = 'text' WHERE key = ?", (KEYS[0],))
        other.execute("UPDATE entry SET expires = 'never' WHERE key = ?", (KEYS[1],))
        other.execute("UPDATE entry SET stored = X'00' WHERE key = ?", (KEYS[2],))
        other.execute(
            "UPDATE entry SET (value, checksum) = (SELECT value, checksum FROM entry"
            " WHERE key = ?) WHERE key = ?",
            (KEYS[4], KEYS[3]),
        )
        other.commit()
    cache = opened(folder, clock)
    assert KEYS[4] in cache.get_many(KEYS[:5])
    assert right_or_missing(cache) == len(KEYS) - 4
    assert cache.trouble == ["the file cache has damaged entries, which are not used"]
    assert cache.statistics.tally("file", "license").errors == 8
    cache.put_many(ITEMS)
    assert right_or_missing(cache) == len(KEYS)
    cache.close()


def test_a_file_of_an_older_version_is_begun_anew(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "cache").mkdir(mode=0o700)
    with contextlib.closing(sqlite3.connect(tmp_path / "cache" / NAME)) as other:
        other.execute(
            "CREATE TABLE entry (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
            " value BLOB NOT NULL, size INTEGER NOT NULL, used REAL NOT NULL, expires REAL)"
        )
        other.execute("INSERT INTO entry VALUES (1, ?, X'00', 1, 1.0, NULL)", (KEYS[0],))
        other.execute("PRAGMA user_version = 1")
        other.commit()
    cache = opened(tmp_path / "cache", clock)
    assert right_or_missing(cache) == 0
    cache.put_many(ITEMS)
    assert right_or_missing(cache) == len(KEYS)
    assert not cache.trouble
    cache.close()


def test_tables_that_are_missing_are_made_anew(folder: Path, clock: FakeClock) -> None:
    with contextlib.closing(sqlite3.connect(folder / NAME)) as other:
        other.execute("DROP TABLE entry")
    cache = opened(folder, clock)
    assert right_or_missing(cache) == 0
    cache.put_many(ITEMS)
    assert right_or_missing(cache) == len(KEYS)
    cache.close()


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "_BUSY_SECONDS", 0.05)


@pytest.mark.usefixtures("_impatient")
def test_a_file_that_somebody_is_writing_to_is_still_read(folder: Path, clock: FakeClock) -> None:
    with contextlib.closing(sqlite3.connect(folder / NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        cache = opened(folder, clock)
        assert right_or_missing(cache) == len(KEYS)
        cache.put_many({KEYS[0]: b"anew"})
        assert cache.trouble == ["nothing more is written to the file cache: database is locked"]
        assert right_or_missing(cache) == len(KEYS)
        cache.close()


@pytest.mark.usefixtures("_impatient")
def test_a_file_that_is_locked_altogether_is_left_alone(folder: Path, clock: FakeClock) -> None:
    with contextlib.closing(sqlite3.connect(folder / NAME, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        cache = opened(folder, clock)
        assert right_or_missing(cache) == 0
        cache.put_many(ITEMS)
        assert cache.trouble == ["the file cache is not used: database is locked"]
        cache.close()
    cache = opened(folder, clock)
    assert right_or_missing(cache) == len(KEYS)
    cache.close()


def test_a_file_that_another_process_has_set_aside_is_let_go(
    folder: Path, clock: FakeClock
) -> None:
    cache = opened(folder, clock)
    assert right_or_missing(cache) == len(KEYS)
    (folder / NAME).rename(folder / "aside")
    for suffix in ("-wal", "-shm"):
        (folder / f"{NAME}{suffix}").unlink(missing_ok=True)
    cache.put_many({KEYS[0]: ITEMS[KEYS[0]]})
    assert not cache.trouble
    cache.close()
    cache = opened(folder, clock)
    assert right_or_missing(cache) == 1
    cache.close()


@pytest.fixture
def read_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder, where nothing can be written.

    By its mode; for root, who may write anywhere, mounted so; and for a root who may not
    mount, by what the system would answer.
    """
    if os.getuid() != 0:
        os.chmod(folder / NAME, 0o400)
        folder.chmod(0o500)
        yield folder
        folder.chmod(0o700)
    elif mounted("--bind", str(folder), str(folder)):
        try:
            assert mounted("-o", "remount,bind,ro", str(folder))
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True, capture_output=True)
    else:

        def refuse(*_: object, **__: object) -> None:
            raise OSError(errno.EROFS, "Read-only file system")

        monkeypatch.setattr(sqlite_file.os, "access", lambda *_: False)
        for name in ("mkdir", "replace", "unlink", "chmod"):
            monkeypatch.setattr(sqlite_file.os, name, refuse)
        yield folder


def mounted(*words: str) -> bool:
    """Whether something could be mounted."""
    return subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0


def test_a_read_only_file_is_read(read_only: Path, clock: FakeClock) -> None:
    cache = opened(read_only, clock)
    assert right_or_missing(cache) == len(KEYS)
    clock.pass_time(days=3)  # when reading would remember that entries are in use
    cache.put_many({KEYS[0]: b"anew"})
    assert right_or_missing(cache) == len(KEYS)
    assert cache.trouble == ["nothing is written to the file cache: it is read-only"]
    cache.close()


def test_a_read_only_folder_without_a_file(read_only: Path, clock: FakeClock) -> None:
    cache = opened(read_only / "below", clock)
    cache.put_many(ITEMS)
    assert right_or_missing(cache) == 0
    (clause,) = cache.trouble
    assert clause in (
        "the file cache is not used: read-only file system",
        "the file cache is not used: permission denied",
    )


FILL = """
import resource, sys
from adhere.app.wiring import SystemClock
from adhere.cache.sqlite import SqliteCache
folder, bound = sys.argv[1], int(sys.argv[2])
if bound:
    resource.setrlimit(resource.RLIMIT_FSIZE, (bound, bound))
cache = SqliteCache(folder, SystemClock(), limit=2**30)
written = 0
for batch in range(400):
    cache.put_many({f"license//{batch}-{n}": bytes((batch % 256,)) * 2000 for n in range(10)})
    if not cache.file.writable or not cache.file.usable:
        break
else:
    sys.exit("the disk never was full")
for batch in range(400):
    for key, value in cache.get_many([f"license//{batch}-{n}" for n in range(10)]).items():
        assert value == bytes((batch % 256,)) * 2000, key
        written += 1
print(written)
print(*cache.trouble, sep="\\n")
cache.close()
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A folder with room for little, and the bound on files that does the same elsewhere."""
    place = tmp_path / "disk"
    place.mkdir()
    options = ("-t", "tmpfs", "-o", "size=1m,mode=0700", "none", str(place))
    if os.getuid() == 0 and mounted(*options):
        yield place, 0
        subprocess.run(["umount", "--lazy", place], check=True, capture_output=True)
    else:
        yield place, 2**20


def test_a_full_disk_ends_writing_and_the_next_run_is_whole(
    small_disk: tuple[Path, int], clock: FakeClock
) -> None:
    place, bound = small_disk
    filled(place / "cache", bound)
    cache = opened(place / "cache", clock, limit=100_000)
    right_or_missing(cache)
    with contextlib.closing(sqlite3.connect(place / "cache" / NAME)) as other:
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    cache.close()


def test_a_file_that_may_not_grow_ends_writing(tmp_path: Path) -> None:
    filled(tmp_path / "cache", 2**19)


def filled(folder: Path, bound: int) -> None:
    command = [sys.executable, "-c", FILL, str(folder), str(bound)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    written, *trouble = done.stdout.splitlines()
    assert int(written) > 0
    assert len(trouble) == 1
    assert trouble[0].startswith("nothing more is written to the file cache: ")


def test_no_folder_at_all_fits(clock: FakeClock) -> None:
    cache = opened(Path("/dev/full/cache"), clock)
    cache.put_many(ITEMS)
    assert right_or_missing(cache) == 0
    assert len(cache.trouble) == 1
