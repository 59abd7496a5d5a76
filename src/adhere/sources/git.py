"""The commit that a project stands at."""

from __future__ import annotations

import os
from typing import NamedTuple

_SECONDS = 5.0


class Commit(NamedTuple):
    """A commit, and whether tracked files differ from it; ``None`` when nobody knows."""

    id: str = ""
    dirty: bool | None = None


def find_commit(root: str) -> Commit:
    """Ask git, once; a project outside of version control has no commit.

    The repository's own configuration may not make git run anything: a file-system
    monitor is a command, and the repository may be a stranger's.
    """
    folder = root
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return Commit()
        folder = parent
    import subprocess

    command = ["git", "-c", "core.fsmonitor=false", "status"]
    command += ["--porcelain=v2", "--branch", "--untracked-files=no", "--ignore-submodules"]
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return Commit()
    if done.returncode != 0:
        return Commit()
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    mark = "# branch.oid "
    commit = next((line.removeprefix(mark) for line in lines if line.startswith(mark)), "")
    dirty = any(not line.startswith("#") for line in lines)
    return Commit("" if commit == "(initial)" else commit, dirty)
