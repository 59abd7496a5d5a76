from __future__ import annotations

import os
import sqlite3
import struct
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adhere.errors import SourceError
from adhere.evidence import archive
from adhere.evidence.advisories import Snapshot, open_snapshot, records_of
from adhere.model.names import PackageName
from corpus.advisories import osv, snapshot_of, spans

P = PackageName("p")
ONE = osv("PYSEC-1", "CVE-1", affected=[spans("p", ("0", "2"))])


def opened(path: Path, **told: list[tuple[str, int, int]]) -> Snapshot:
    calls = told.get("told", [])
    folder = path.parent / "indexes"
    return open_snapshot(str(path), path.name, str(folder), lambda *call: calls.append(call))


def refusal(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        opened(path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("advisories-invalid", path.name)
    assert problem.hint
    assert not list((path.parent / "indexes").glob("*")), "nothing is left behind"
    return problem.message


def test_an_index_is_made_once(tmp_path: Path) -> None:
    path = snapshot_of(tmp_path / "s.zip", ONE)
    told: list[tuple[str, int, int]] = []
    first = opened(path, told=told)
    assert told == [("advisories", 1, 1)]
    assert opened(path, told=told) == first
    assert len(told) == 1
    assert (first.records, first.refused) == (1, 0)
    assert first.as_of == datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert [record.id for record in records_of(first, [P]).found[P]] == ["PYSEC-1"]


def test_another_snapshot_has_another_index(tmp_path: Path) -> None:
    path = snapshot_of(tmp_path / "s.zip", ONE)
    before = opened(path)
    snapshot_of(path, ONE, osv("PYSEC-2", affected=[spans("p", ("0", "2"))]))
    after = opened(path)
    assert before.index != after.index
    assert len(records_of(after, [P]).found[P]) == 2


def test_thousands_of_names_are_asked_for_at_once(tmp_path: Path) -> None:
    snapshot = opened(snapshot_of(tmp_path / "s.zip", ONE))
    names = [PackageName(f"n{number}") for number in range(2_000)]
    assert list(records_of(snapshot, [*names, P]).found) == [P]


def test_other_ecosystems_are_left_out(tmp_path: Path) -> None:
    other = spans("p", ("0", "2"))
    other["package"]["ecosystem"] = "npm"
    snapshot = opened(
        snapshot_of(tmp_path / "s.zip", osv("GHSA-1", affected=[other, spans("q", ("0", "2"))]))
    )
    assert records_of(snapshot, [P]).found == {}


def test_a_snapshot_of_another_ecosystem_is_none(tmp_path: Path) -> None:
    other = spans("p", ("0", "2"))
    other["package"]["ecosystem"] = "npm"
    path = snapshot_of(tmp_path / "s.zip", osv("GHSA-1", affected=[other]))
    assert refusal(path) == "of its 1 records none is about a Python package"


def test_garbage_is_said_and_counted(tmp_path: Path) -> None:
    named = b'{"id": 3, "affected": [{"package": {"ecosystem": "PyPI", "name": "P"}}]}'
    snapshot = opened(
        snapshot_of(tmp_path / "s.zip", ONE, named, b"{", b"[]", b"\xff", b"[" * 100_000, b"null")
    )
    assert (snapshot.records, snapshot.refused) == (1, 6)
    known = records_of(snapshot, [P])
    assert len(known.refused[P]) == 1
    assert len(known.refused[PackageName("")]) == 5
    assert known.refused[P][0].startswith("1.json: it is no record: ")
    assert records_of(snapshot, [PackageName("q")]).refused.keys() == {""}


def test_nothing_but_garbage_is_no_snapshot(tmp_path: Path) -> None:
    assert refusal(snapshot_of(tmp_path / "s.zip", b"{")).startswith("of its 1 records none")


@pytest.mark.parametrize("keep", [0, 1, 100, -1, -30])
def test_a_truncated_archive(tmp_path: Path, keep: int) -> None:
    path = snapshot_of(tmp_path / "s.zip", ONE, osv("PYSEC-2", affected=[spans("p", ("0", "2"))]))
    path.write_bytes(path.read_bytes()[:keep])
    assert refusal(path).startswith("it is no whole zip archive: ")


def test_a_damaged_member_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    path = snapshot_of(
        tmp_path / "s.zip", ONE, osv("PYSEC-2", affected=[spans("p", ("0", "2"))], details="x" * 99)
    )
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF  # within the first record
    path.write_bytes(data)
    snapshot = opened(path)
    assert (snapshot.records, snapshot.refused) == (1, 1)
    assert "it cannot be unpacked" in records_of(snapshot, [P]).refused[PackageName("")][0]


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_RECORD", 10_000)
    path = snapshot_of(tmp_path / "s.zip", ONE, b"0" * 50_000_000)
    snapshot = opened(path)
    assert records_of(snapshot, [P]).refused[PackageName("")] == [
        "1.json: it has more than 10000 bytes"
    ]
    monkeypatch.setattr(archive, "_MAX_BYTES", 100)
    os.unlink(snapshot.index)
    assert refusal(path) == "its records have more than 100 bytes"


def test_a_lie_about_the_size_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_RECORD", 10_000)
    path = snapshot_of(tmp_path / "s.zip", ONE, b" " * 50_000)
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<L", 50_000), struct.pack("<L", 5)))
    assert opened(path).refused == 1


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_MAX_RECORDS", 1)
    path = snapshot_of(tmp_path / "s.zip", ONE, b"{}")
    assert refusal(path) == "it holds 2 files"


def test_another_compression_is_refused(tmp_path: Path) -> None:
    path = snapshot_of(tmp_path / "s.zip", ONE)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_LZMA) as made:
        made.writestr("x.json", "{}")
    assert opened(path).refused == 1


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.zip") == "cannot read it: no such file or directory"
    assert refusal(tmp_path) == "cannot read it: is a directory"


@pytest.mark.parametrize("data", [b"", b"not a database", b"SQLite format 3\0" + b"\0" * 4096])
def test_a_damaged_index_is_removed_and_made_again(tmp_path: Path, data: bytes) -> None:
    path = snapshot_of(tmp_path / "s.zip", ONE)
    first = opened(path)
    Path(first.index).write_bytes(data)
    with pytest.raises(SourceError, match="its index could not be read, and was removed"):
        opened(path)
    assert opened(path) == first


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    path = snapshot_of(tmp_path / "s.zip", ONE)
    (tmp_path / "indexes").write_text("a file")
    with pytest.raises(SourceError, match="cannot"):
        opened(path)


def test_records_of_one_id_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "s.zip"
    with (
        zipfile.ZipFile(snapshot_of(path, ONE), "a") as made,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        made.writestr("PYSEC-1.json", made.read("PYSEC-1.json"))
    assert len(records_of(opened(path), [P]).found[P]) == 2


def test_what_is_of_no_use_is_removed(tmp_path: Path) -> None:
    path = snapshot_of(tmp_path / "s.zip", ONE)
    old = Path(opened(path).index)
    left = old.with_name(f"{old.name}.1.tmp")
    left.write_text("left by a process that was killed")
    foreign = old.with_name("foreign")
    foreign.write_text("not ours")
    for file in (old, left, foreign):
        os.utime(file, (0, 0))
    snapshot_of(path, ONE, osv("PYSEC-2", affected=[spans("p", ("0", "2"))]))
    new = Path(opened(path).index)
    assert {file.name for file in new.parent.iterdir()} == {new.name, "foreign"}


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others")
def test_an_index_that_somebody_else_could_have_written_is_made_again(tmp_path: Path) -> None:
    path = snapshot_of(tmp_path / "s.zip", ONE)
    index = Path(opened(path).index)
    assert index.stat().st_mode & 0o777 == 0o600
    other = tmp_path / "other.sqlite3"
    index.rename(other)
    with sqlite3.connect(other) as connection:
        connection.execute("DELETE FROM touches")
    connection.close()
    index.symlink_to(other)
    assert records_of(opened(path), [P]).found
    assert not index.is_symlink()
    other.chmod(0o666)
    other.replace(index)
    assert records_of(opened(path), [P]).found
    assert index.stat().st_mode & 0o777 == 0o600
