from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from adhere.app.database import Database
from adhere.app.project import Project
from adhere.errors import AdhereError, UsageError
from adhere.evidence.stream import streaming
from adhere.policy.settings import Advisories
from corpus.advisories import osv, snapshot_of, spans
from fakes.clock import FakeClock
from fakes.file_server import serving

ONE = osv("PYSEC-1", affected=[spans("p", ("0", "2"))], modified="2026-11-22T12:00:00Z")
TWO = osv("PYSEC-2", affected=[spans("p", ("0", "2"))], modified="2026-11-23T11:00:00Z")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def database(folder: Path, clock: FakeClock | None = None, **keys: str) -> Database:
    project = Project(str(folder))
    config = Advisories(**keys)  # type: ignore[arg-type]  # texts
    clock = clock or FakeClock()
    folder /= "cache"
    return Database(project, config, str(folder), clock.now(), clock, lambda *_: None)


def refused(found: Database, *arguments: object) -> str:
    with pytest.raises(AdhereError) as caught:
        found.update(*arguments)  # type: ignore[arg-type]  # what a test passes
    return caught.value.problems[0].message


def left(folder: Path) -> set[str]:
    return {path.name for path in (folder / ".adhere").iterdir()} - {"osv-pypi.zip.lock"}


def test_from_a_file(tmp_path: Path) -> None:
    found = database(tmp_path)
    assert found.status().reason == "there is none; adhere db update fetches one"
    source = snapshot_of(tmp_path / "one.zip", ONE)
    updated = found.update(str(source), "", None)
    assert (updated.changed, updated.snapshot.records) == (True, 1)
    assert not found.update(str(source), "", None).changed
    assert left(tmp_path) == {"osv-pypi.zip"}
    status = found.status()
    assert (status.usable, status.age, status.max_age, status.records) == (True, 1.0, 2.0, 1)
    assert source.exists()


def test_too_old_and_of_the_future(tmp_path: Path) -> None:
    clock = FakeClock()
    found = database(tmp_path, clock)
    found.update(str(snapshot_of(tmp_path / "one.zip", ONE)), "", None)
    clock.pass_time(days=2)
    found = database(tmp_path, clock)
    assert found.status().reason == "it is 3.0 days old, and 2 are the most"
    clock.pass_time(days=-9)
    found = database(tmp_path, clock)
    assert found.status().reason == "it is of the future; check the clock of this machine"


def test_the_old_one_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    found = database(tmp_path)
    found.update(str(snapshot_of(tmp_path / "two.zip", TWO)), "", None)
    before = found.status()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(snapshot_of(tmp_path / "t.zip", TWO, ONE).read_bytes()[:-9])
    assert "no whole zip" in refused(found, str(cut), "", None)
    assert "none is about a Python package" in refused(
        found, str(snapshot_of(tmp_path / "g.zip", b"{}")), "", None
    )
    assert "older" in refused(found, str(snapshot_of(tmp_path / "one.zip", ONE)), "", None)
    good = snapshot_of(tmp_path / "good.zip", ONE, TWO)
    assert "another was expected" in refused(found, str(good), "0" * 64, None)
    assert "no such file" in refused(found, str(tmp_path / "none.zip"), "", None)
    assert found.status() == before
    assert left(tmp_path) == {"osv-pypi.zip"}
    assert found.update(str(good), sha256(good.read_bytes()).hexdigest().upper(), None).changed


def test_one_that_cannot_be_read_is_replaced(tmp_path: Path) -> None:
    found = database(tmp_path)
    (tmp_path / ".adhere").mkdir()
    (tmp_path / ".adhere/osv-pypi.zip").write_bytes(b"broken")
    with pytest.raises(AdhereError):
        found.status()
    assert found.update(str(snapshot_of(tmp_path / "one.zip", ONE)), "", None).changed


def test_from_an_address(tmp_path: Path) -> None:
    data = snapshot_of(tmp_path / "one.zip", ONE).read_bytes()
    with serving(data) as server:
        found = database(tmp_path, snapshot_url=server.url)
        assert found.update("", "", streaming("0")).changed
        server.data = b"<html>"
        assert "no whole zip" in refused(found, "", "", streaming("0"))
    assert left(tmp_path) == {"osv-pypi.zip"}


def test_what_arrived_is_kept_for_the_next_run(tmp_path: Path) -> None:
    long = {**ONE, "details": os.urandom(100_000).hex()}
    with serving(snapshot_of(tmp_path / "one.zip", long).read_bytes()) as server:
        server.cut = [50_000, 0]
        found = database(tmp_path, snapshot_url=server.url)
        assert "the connection ended" in refused(found, "", "", streaming("0"))
        assert left(tmp_path) == {"osv-pypi.zip.part", "osv-pypi.zip.part.json"}
        found.update("", "", streaming("0"))
        assert "range" in server.seen[-1]
    assert left(tmp_path) == {"osv-pypi.zip"}


def test_nobody_says_where_from(tmp_path: Path) -> None:
    found = database(tmp_path)
    for source, transport in (("", None), ("ftp://x/", None), ("https://x/", None)):
        with pytest.raises(UsageError):
            found.update(source, "", transport)


def test_two_at_once(tmp_path: Path) -> None:
    source = snapshot_of(tmp_path / "one.zip", ONE)
    program = """
import sys, time
from adhere.app.database import _alone
with _alone(sys.argv[1], "s"):
    print("held", flush=True)
    time.sleep(60)
"""
    (tmp_path / ".adhere").mkdir()
    lock = str(tmp_path / ".adhere/osv-pypi.zip.lock")
    found = database(tmp_path)
    with subprocess.Popen([sys.executable, "-c", program, lock], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert (
            refused(found, str(source), "", None) == "another process updates .adhere/osv-pypi.zip"
        )
        other.kill()
    assert found.update(str(source), "", None).changed


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / ".adhere").write_text("a file")
    source = snapshot_of(tmp_path / "one.zip", ONE)
    assert refused(database(tmp_path), str(source), "", None).startswith("cannot write it: ")


def test_commands(tmp_path: Path, cli: Run) -> None:
    now = {"modified": "2000-01-01T00:00:00Z"}
    snapshot_of(tmp_path / "one.zip", {**ONE, **now})
    (tmp_path / "adhere.toml").write_text('schema = 1\n[advisories]\nsource = "snapshot"\n')
    before = cli("db", "status")
    assert (before.returncode, "usable      no: there is none" in before.stdout) == (3, True)
    assert cli("db", "update").returncode == 2
    done = cli("db", "update", "--from", "one.zip")
    assert done.stdout == ".adhere/osv-pypi.zip is now of 2000-01-01 00:00 UTC: 1 records\n"
    old = cli("db", "status", "--format", "json")
    assert old.returncode == 3
    assert json.loads(old.stdout)["records"] == 1
    refused = cli("db", "update", "--from", "https://x/", "--offline")
    assert (refused.returncode, "--offline forbids" in refused.stderr) == (2, True)
    nobody = cli("db", "update", "--from", "http://127.0.0.1:1/")
    assert nobody.returncode == 3
