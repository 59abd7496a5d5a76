"""Files of the project that patterns select, with what is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from adhere.model.digest import bytes_digest
from adhere.model.need import Selection
from adhere.sources.tree import read_bytes

if TYPE_CHECKING:
    from adhere.app.answers import Given
    from adhere.app.project import Project
    from adhere.ports import Tree


def select(selection: Selection, given: Given) -> dict[str, bytes | str]:
    """Every selected file, by path: its bytes, or why they cannot be read.

    One digest stands in the report for all of them.

    Raises:
        ConfigError: a folder cannot be listed, so nobody knows which files there are.
    """
    found = _read(selection, given.project, given.tree)
    given.selections[str(selection)] = _digest(found)
    return found


def digest_of(selection: Selection, project: Project, tree: Tree) -> str:
    """The digest that stands for all files of a selection.

    Raises:
        ConfigError: a folder cannot be listed.
    """
    return _digest(_read(selection, project, tree))


def selected(selection: Selection, tree: Tree) -> Sequence[str]:
    """Paths, sorted.

    Raises:
        ConfigError: a folder cannot be listed.
    """
    wanted = {path for pattern in selection.files for path in tree.matching(pattern)}
    for pattern in selection.exclude:
        wanted.difference_update(tree.matching(pattern))
    return sorted(wanted)


def _read(selection: Selection, project: Project, tree: Tree) -> dict[str, bytes | str]:
    found: dict[str, bytes | str] = {}
    for path in selected(selection, tree):
        try:
            found[path] = read_bytes(project.path(path))
        except OSError as error:
            found[path] = f"cannot read it: {(error.strerror or 'unreadable').lower()}"
    return found


def _digest(files: Mapping[str, bytes | str]) -> str:
    lines = (
        f"{path}\0{data if isinstance(data, str) else bytes_digest(data)}\n"
        for path, data in files.items()
    )
    return bytes_digest("".join(lines).encode("utf-8", "surrogateescape"))
