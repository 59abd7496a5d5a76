"""Stamps of several files in one value: what is compared, and what is written down."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.sources.stamp import are_known, lines_of, stamps_of, unchanged

pytestmark = pytest.mark.skipif("os.name != 'posix'")
HOUR_NS = 3_600_000_000_000
NAMES = ("METADATA", "licenses/LICENSE", "licenses/a b", "licenses")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "licenses").mkdir()
    for name in NAMES[:3]:
        (tmp_path / name).write_text(name, "utf-8")
    return tmp_path


def stamped(folder: Path, *names: str) -> bytes:
    """Stamps of files that were read an hour after the last change to one of them."""
    latest = max((folder / name).lstat().st_ctime_ns for name in names)
    return stamps_of(names, str(folder), latest + HOUR_NS)


def same(folder: Path, stamps: bytes) -> bool:
    return unchanged(stamps, os.fsencode(f"{folder}/"))


def test_files_that_nobody_touched_are_unchanged(folder: Path) -> None:
    stamps = stamped(folder, *NAMES)
    assert are_known(stamps)
    assert same(folder, stamps)


@pytest.mark.parametrize("name", NAMES)
def test_any_file_that_is_touched_is_noticed(folder: Path, name: str) -> None:
    stamps = stamped(folder, *NAMES)
    found = (folder / name).stat()
    os.utime(folder / name, ns=(found.st_atime_ns, found.st_mtime_ns))  # the same times again
    assert not same(folder, stamps)


def test_a_file_that_is_gone_is_noticed(folder: Path) -> None:
    stamps = stamped(folder, *NAMES)
    (folder / "METADATA").unlink()
    assert not same(folder, stamps)


@pytest.mark.parametrize("how", ["young", "gone", "link", "line end"])
def test_what_has_no_stamp_is_never_unchanged(folder: Path, how: str) -> None:
    name = "METADATA"
    if how == "link":
        (folder / "link").symlink_to(folder / name)
        name = "link"
    elif how == "line end":
        name = "a\nb"
        (folder / name).write_text("", "utf-8")
    latest = (folder / name).lstat().st_ctime_ns
    if how == "gone":
        name = "absent"
    stamps = stamps_of([NAMES[1], name], str(folder), latest + (0 if how == "young" else HOUR_NS))
    assert not are_known(stamps)
    assert not same(folder, stamps)


def test_what_was_made_of_no_file_changes_with_none(folder: Path) -> None:
    assert same(folder, b"")
    assert not are_known(b"")


@given(st.lists(st.sampled_from([*NAMES, "a\nb"])))
def test_each_file_is_one_line(names: list[str]) -> None:
    lines = lines_of(stamps_of(names, "/nowhere", 0), b"/some where/")
    assert len(lines.split(b"\n")) == max(1, len(names))


def test_a_line_is_a_fact_of_the_memory(folder: Path) -> None:
    found = (folder / "licenses/a b").lstat()
    stamp = f"{found.st_ctime_ns}.{found.st_mtime_ns}.{found.st_size}.{found.st_ino}"
    line = lines_of(stamped(folder, "licenses/a b"), os.fsencode(f"{folder}/"))
    assert line.decode() == f"S {stamp} {folder}/licenses/a b"
