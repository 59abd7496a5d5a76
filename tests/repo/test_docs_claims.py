"""What the documentation claims in general, tried on the sample projects."""

from __future__ import annotations

import json
import socket
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adhere.app.check import check
from adhere.app.request import Request
from adhere.report.json import encode_report
from fakes.clock import FakeClock
from repo.sample import make_project

LATER = datetime(2126, 11, 23, tzinfo=UTC)
"""Long after any file was written; the state of a file that is too young tells nothing."""

SAMPLES = ("broken", "clarify", "decided", "licenses", "locked", "origins", "remote", "waived")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_cache_changes_nothing_but_the_run(name: str, tmp_path: Path) -> None:
    """explanation/cache: a run without, one that fills it, and one that uses it."""
    folder = make_project(name, tmp_path / name)
    cache = str(tmp_path / "cache")
    told = [_told(folder, cache=False), _told(folder, cache=True, cache_dir=cache)]
    told.append(_told(folder, cache=True, cache_dir=cache))
    assert told[0][0] == told[1][0] == told[2][0]
    assert told[0][0]["packages"]
    remembered = [counts.get("inventory.remembered", 0) for _, counts in told]
    links = sum(path.is_symlink() for path in folder.rglob("*.dist-info"))
    read = told[0][1].get("inventory.read", 0)
    assert remembered == [0, 0, read - links], "what is no link was to come from the cache"


def _told(folder: Path, **options: object) -> tuple[dict[str, Any], dict[str, int]]:
    """The report without its run, and what the run counted."""
    checked = check(Request(folder=str(folder), **options), clock=FakeClock(LATER))  # type: ignore[arg-type]  # options of a request
    report: dict[str, Any] = json.loads(encode_report(checked.report))
    return report, report.pop("run")["counts"]


def test_no_network_and_no_program_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """how-to/environment, how-to/ci: read as files; nothing is run and nobody is asked."""

    def refuse(*words: object, **_options: object) -> None:
        raise AssertionError(words)

    folder = make_project("decided", tmp_path / "decided")
    packages = folder / ".venv" / "lib" / "python3.12" / "site-packages"
    (packages / "requests.py").write_text("raise SystemExit('imported')", "utf-8")
    (packages / "run.pth").write_text("import sys; sys.exit('run')", "utf-8")
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    checked = check(Request(folder=str(folder), cache=False), clock=FakeClock())
    assert checked.exit_code == 1
    assert len(checked.report.packages) == 14
