from __future__ import annotations

import os
from pathlib import Path

import pytest

from adhere.app.find_sources import find_sources
from adhere.app.project import Project
from adhere.errors import NothingToJudgeError, SourceError


def made(folder: Path, *names: str) -> Path:
    """Empty files; a name that ends in ``/`` is a virtual environment."""
    for name in names:
        path = folder / (name + "pyvenv.cfg" if name.endswith("/") else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def found(root: Path, **environ: str | Path) -> list[str]:
    given = {name: str(value) for name, value in environ.items()}
    return [path.replace(os.sep, "/") for path in find_sources(Project(str(root)), given)]


def test_lock_files_come_in_their_order_and_before_the_environment(tmp_path: Path) -> None:
    made(tmp_path, "Pipfile.lock", "pylock.dev.toml", "pylock.toml", "uv.lock", "requirements.txt")
    made(tmp_path, "poetry.lock", "pdm.lock", "venv/", ".venv/", "adhere.toml")
    assert found(tmp_path) == [
        "pylock.toml",
        "uv.lock",
        "poetry.lock",
        "pdm.lock",
        "Pipfile.lock",
        "pylock.dev.toml",
        ".venv",
    ]


def test_requirements_files_count_where_there_is_no_lock(tmp_path: Path) -> None:
    made(tmp_path, "requirements.txt", "requirements-dev.txt", "requirements.in", "notes.txt")
    assert found(tmp_path) == ["requirements-dev.txt", "requirements.txt"]


def test_the_projects_own_environment_comes_before_the_active_one(tmp_path: Path) -> None:
    active = made(tmp_path / "elsewhere", "./").resolve()
    project = made(tmp_path / "project", "uv.lock")
    assert found(project, VIRTUAL_ENV=active) == ["uv.lock", str(active)]
    made(project, "env/")
    assert found(project, VIRTUAL_ENV=active) == ["uv.lock", "env"]
    made(project, "build/env/")
    assert found(project, UV_PROJECT_ENVIRONMENT="build/env") == ["uv.lock", "build/env"]
    assert found(project, UV_PROJECT_ENVIRONMENT="gone") == ["uv.lock", "env"]


def test_an_environment_that_is_gone_is_none(tmp_path: Path) -> None:
    made(tmp_path, "uv.lock")
    (tmp_path / ".venv").mkdir()
    assert found(tmp_path, VIRTUAL_ENV=tmp_path / "gone") == ["uv.lock"]


def test_an_environment_of_conda_unless_it_is_its_base(tmp_path: Path) -> None:
    conda = tmp_path / "conda"
    (conda / "conda-meta").mkdir(parents=True)
    project = made(tmp_path / "project", "uv.lock")
    assert found(project, CONDA_PREFIX=conda, CONDA_DEFAULT_ENV="acme") == ["uv.lock", str(conda)]
    assert found(project, CONDA_PREFIX=conda, CONDA_DEFAULT_ENV="base") == ["uv.lock"]
    assert found(project, CONDA_PREFIX=conda) == ["uv.lock"]


@pytest.fixture
def member(tmp_path: Path) -> Path:
    made(tmp_path, ".git", "uv.lock", ".venv/", "packages/member/pyproject.toml")
    (tmp_path / "pyproject.toml").write_text('[tool.uv.workspace]\nmembers = ["packages/*"]\n')
    return tmp_path / "packages" / "member"


def test_a_member_of_a_workspace_has_the_lock_of_the_workspace(member: Path) -> None:
    assert found(member) == ["../../uv.lock", "../../.venv"]
    made(member, "requirements.txt", ".venv/")
    assert found(member) == ["../../uv.lock", ".venv"]
    made(member, "poetry.lock")
    assert found(member) == ["poetry.lock", ".venv"]


def test_a_workspace_ends_where_version_control_begins(member: Path) -> None:
    made(member, ".git")
    with pytest.raises(NothingToJudgeError, match="no lock file"):
        found(member)


def test_a_lock_further_up_that_is_no_workspace_is_somebody_elses(member: Path) -> None:
    (member.parents[1] / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    with pytest.raises(NothingToJudgeError):
        found(member)


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot read the project's folder"):
        found(tmp_path / "gone")
