"""A process that is killed while it makes an index leaves nothing that could be taken for one."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adhere.evidence.advisories import open_snapshot, records_of
from adhere.model.names import PackageName
from corpus.advisories import osv, snapshot_of, spans

PROGRAM = """
import sys
from adhere.evidence.advisories import open_snapshot
open_snapshot(sys.argv[1], "s.zip", sys.argv[2], lambda *_: None)
"""
COUNT = 2_000


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = (
        osv(f"PYSEC-{number}", affected=[spans(f"p{number % 7}", ("0", "2"))])
        for number in range(COUNT)
    )
    return snapshot_of(tmp_path_factory.mktemp("snapshot") / "s.zip", *records)


def start(snapshot: Path, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM, str(snapshot), str(folder)])


def count(snapshot: Path, folder: Path) -> int:
    found = open_snapshot(str(snapshot), "s.zip", str(folder), lambda *_: None)
    names = [PackageName(f"p{number}") for number in range(7)]
    records = records_of(found, names)
    assert not records.refused
    return sum(len(group) for group in records.found.values())


def test_killed_at_any_moment(snapshot: Path, tmp_path: Path) -> None:
    moments = random.Random(7)
    for turn in range(8):
        folder = tmp_path / str(turn)
        process = start(snapshot, folder)
        until = time.monotonic() + moments.uniform(0.02, 0.6)
        while process.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        process.kill()
        process.wait()
        whole = list(folder.glob("*.sqlite3")) if folder.exists() else []
        assert len(whole) <= 1
        assert count(snapshot, folder) == COUNT


def test_several_at_once_on_a_cold_cache(snapshot: Path, tmp_path: Path) -> None:
    processes = [start(snapshot, tmp_path) for _ in range(6)]
    assert [process.wait(60) for process in processes] == [0] * 6
    assert len(list(tmp_path.iterdir())) == 1
    assert count(snapshot, tmp_path) == COUNT
