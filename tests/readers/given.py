"""Small steps that the tests of all readers share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from adhere.errors import Problem, SourceError
from adhere.model.inventory import Fault, Reading
from adhere.model.package import Package

Read = Callable[[Path, str], Reading]

LOCKS = Path(__file__).resolve().parents[1] / "fixtures" / "locks"
"""One project, locked by every tool; see ``tests/generators/locks.py``."""


def written(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files and return the first one."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder / next(iter(files))


def reading(read: Read, folder: Path, files: dict[str, str | bytes]) -> Reading:
    """What a reader makes of the first of some files."""
    path = written(folder, files)
    return read(path, path.relative_to(folder).as_posix())


def refusal(
    read: Callable[[Path, str], object], folder: Path, files: dict[str, str | bytes]
) -> tuple[Problem, ...]:
    """Why a reader refuses the first of some files; every problem names a file."""
    path = written(folder, files)
    with pytest.raises(SourceError) as caught:
        read(path, path.relative_to(folder).as_posix())
    problems = caught.value.problems
    assert problems
    for problem in problems:
        assert problem.path
        assert str(folder) not in str(problem)
        assert problem.message
    return problems


def package(found: Reading, name: str) -> Package:
    """The only package of a name."""
    (one,) = (package for package in found.packages if package.name == name)
    return one


def fault(found: Reading) -> Fault:
    """The only fault."""
    (one,) = found.faults
    return one
