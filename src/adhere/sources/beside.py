"""The project file beside a lock: what was asked for, which most locks do not say."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from adhere.errors import Problem, SourceError
from adhere.model.inventory import Fault, Requirement
from adhere.model.location import Location
from adhere.model.names import PackageName
from adhere.sources import probe
from adhere.sources.own_extras import own_extras_followed
from adhere.sources.pyproject import BUILD, ProjectFile, project

UNREADABLE = "project-unreadable"
"""Code of the finding that an unreadable project file becomes."""


class Beside(Struct, frozen=True):
    """What a project file adds to the lock beside it.

    Attributes:
        roots: what was asked for, without what only a build needs.
        first_party: the project.
        extras: names of its extras, canonical.
        faults: parts of it that could not be read.
        remarks: for the reader of the lock.
        found: whether there is such a file, and it could be read.
    """

    roots: tuple[Requirement, ...] = ()
    first_party: tuple[PackageName, ...] = ()
    extras: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()
    found: bool = False


def project_beside(
    lock: Path,
    label: str,
    name: str = "pyproject.toml",
    read: Callable[[Path, str], ProjectFile] = project,
) -> Beside:
    """Read the project file in the folder of a lock.

    Args:
        lock: path of the lock.
        label: what to call the lock; the project file is called accordingly.
        name: of the project file.
        read: how to read it.
    """
    path = lock.parent / name
    shown = posixpath.join(posixpath.dirname(label), name)
    if not probe.exists(str(path)):
        remark = f"there is no {name} beside it, so what was asked for by name is not known"
        return Beside(remarks=(remark,))
    try:
        found = read(path, shown)
    except SourceError as error:
        remark = f"{name} beside it cannot be read, so what was asked for is not known"
        return Beside(faults=faults_of(error.problems), remarks=(remark,))
    roots = tuple(root for root in found.requirements if root.group != BUILD)
    return Beside(
        roots=own_extras_followed(roots),
        first_party=(found.name,) if found.name else (),
        extras=frozenset(found.extras),
        faults=faults_of(found.problems),
        found=True,
    )


def faults_of(problems: tuple[Problem, ...]) -> tuple[Fault, ...]:
    """Problems of a neighbouring file, as faults of the source."""
    return tuple(
        Fault(
            UNREADABLE,
            problem.path,
            problem.message,
            Location(problem.path, problem.line, problem.column),
            kept=True,  # no package is lost; which of them were asked for is not certain
        )
        for problem in problems
    )
