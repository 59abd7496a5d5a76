"""Which lock files and which environment a project has, when nobody names any."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from adhere.app.project import PYPROJECT, Project
from adhere.errors import NothingToJudgeError, Problem, SourceError
from adhere.sources import probe

LOCK_FILES = ("pylock.toml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock")
"""Lock files that are looked for, in this order; then ``pylock.*.toml``."""

ENVIRONMENTS = (".venv", "venv", "env")
"""Folders that an environment is looked for in, before the active one."""

_VERSION_CONTROL = (".git", ".hg")
_WORKSPACE = b"[tool.uv.workspace]"


def find_sources(project: Project, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The lock files and the environment of a project, in that order.

    Requirements files count as lock files only where there is no other. A member of a uv
    workspace has neither lock nor environment of its own: those of the workspace are its.

    Raises:
        NothingToJudgeError: there are none.
    """
    root = project.root
    try:
        names = sorted(os.listdir(root))
    except OSError as error:
        words = (error.strerror or type(error).__name__).lower()
        problem = Problem("source-unreadable", f"cannot read the project's folder: {words}")
        raise SourceError(problem) from None
    locks = [name for name in LOCK_FILES if name in names]
    locks += [
        n for n in names if n.startswith("pylock.") and n.endswith(".toml") and n not in locks
    ]
    workspace = "" if locks or PYPROJECT not in names else _workspace(root)
    if workspace:
        locks = [os.path.join(workspace, "uv.lock")]
    if not locks:
        locks = [n for n in names if n.startswith("requirements") and n.endswith(".txt")]
    environment = next(_environments(root, workspace, environ), None)
    found = (*locks, environment) if environment else tuple(locks)
    if not found:
        problem = Problem(
            "nothing-found",
            "no lock file and no virtual environment was found",
            hint="name a source: adhere check .venv, or adhere check uv.lock",
        )
        raise NothingToJudgeError(problem)
    return found


def _environments(root: str, workspace: str, environ: Mapping[str, str]) -> Iterator[str]:
    """Environments that could be the project's, the likeliest first."""
    named = environ.get("UV_PROJECT_ENVIRONMENT", "")
    candidates = [os.path.join(workspace, named)] if named else []
    candidates += ENVIRONMENTS
    candidates += [os.path.join(workspace, name) for name in ENVIRONMENTS if workspace]
    if active := environ.get("VIRTUAL_ENV", ""):
        candidates.append(active)
    for path in candidates:
        if probe.is_file(os.path.join(root, path, "pyvenv.cfg")):
            yield path
    conda = environ.get("CONDA_PREFIX", "")
    # The one that conda activates in every shell is nobody's project.
    own = environ.get("CONDA_DEFAULT_ENV", "") not in ("", "base", "root")
    if conda and own and probe.is_folder(os.path.join(conda, "conda-meta")):
        yield conda


def _workspace(root: str) -> str:
    """The uv workspace that a folder lies in, relative to it; ``""`` for none."""
    above, folder = "", root
    while not any(probe.lexists(os.path.join(folder, name)) for name in _VERSION_CONTROL):
        parent = os.path.dirname(folder)
        if parent == folder:
            return ""
        above, folder = os.path.join(above, os.pardir), parent
        if probe.is_file(os.path.join(folder, "uv.lock")) and _is_workspace(folder):
            return above
    return ""


def _is_workspace(folder: str) -> bool:
    try:
        with open(os.path.join(folder, PYPROJECT), "rb") as file:
            return _WORKSPACE in file.read(1 << 20)
    except OSError:
        return False
