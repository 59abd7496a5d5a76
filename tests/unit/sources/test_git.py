"""Which commit a project stands at, and a git that fails, hangs, or is not there."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from adhere.sources import git
from adhere.sources.git import Commit, ask, find_commit


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    run(tmp_path, "init", "-q")
    return tmp_path


def run(folder: Path, *words: str) -> str:
    about = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *about, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(folder: Path) -> str:
    (folder / "file").write_text("one", "utf-8")
    run(folder, "add", ".")
    run(folder, "commit", "-qm", "first")
    return run(folder, "rev-parse", "HEAD")


def fake_git(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = folder / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def test_a_commit_and_what_differs_from_it(repository: Path) -> None:
    assert find_commit(str(repository)) == Commit("", dirty=False), "nothing was committed yet"
    oid = commit(repository)
    assert find_commit(str(repository)) == Commit(oid, dirty=False)
    (repository / "new").touch()
    assert find_commit(str(repository)) == Commit(oid, dirty=False), "it is not tracked"
    (repository / "file").write_text("two", "utf-8")
    (repository / "below").mkdir()
    assert find_commit(str(repository / "below")) == Commit(oid, dirty=True)


def test_outside_of_version_control(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path, monkeypatch, "exit 99")
    assert find_commit(str(tmp_path)) == Commit()


@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$", "echo garbage; exit 128"])
def test_a_git_that_fails(repository: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    fake_git(repository, monkeypatch, script)
    assert find_commit(str(repository)) == Commit()


def test_no_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    assert find_commit(str(repository)) == Commit()


def test_a_git_that_hangs(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "_SECONDS", 0.1)
    fake_git(repository, monkeypatch, "echo '# branch.oid 1234'; exec sleep 60")
    start = time.monotonic()
    assert find_commit(str(repository)) == Commit()
    assert time.monotonic() - start < 30


def test_nobody_waits_for_a_git_that_is_no_longer_needed(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_git(repository, monkeypatch, "exec sleep 60")
    start = time.monotonic()
    asked = ask(str(repository))
    asked.close()
    asked.close()
    assert asked.answer() == Commit()
    assert time.monotonic() - start < 30
    with pytest.raises(ChildProcessError):  # it is gone, and was waited for
        os.waitpid(asked._process, os.WNOHANG)


def test_a_repository_cannot_make_git_run_anything(repository: Path) -> None:
    commit(repository)
    run(repository, "config", "core.fsmonitor", f"touch {repository}/ran; false")
    assert find_commit(str(repository)).dirty is False
    assert not (repository / "ran").exists()


def test_much_to_say(repository: Path) -> None:
    oid = commit(repository)
    for number in range(3000):
        (repository / f"a-long-name-of-a-file-{number}").touch()
    run(repository, "add", ".")
    assert find_commit(str(repository)) == Commit(oid, dirty=True)
