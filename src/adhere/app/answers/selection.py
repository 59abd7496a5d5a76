"""Files of the project that patterns select, with what is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from adhere.errors import ConfigError, Problem
from adhere.model.digest import bytes_digest
from adhere.model.need import Selection
from adhere.sources.tree import read_bytes

if TYPE_CHECKING:
    from adhere.app.answers import Given
    from adhere.app.project import Project
    from adhere.ports import Tree


class File(NamedTuple):
    """A file that was selected.

    Attributes:
        digest: of its bytes, ``""`` where it cannot be read.
        fault: why it cannot.
    """

    digest: str
    fault: str = ""


def select(selection: Selection, given: Given) -> dict[str, File]:
    """Every selected file, by path; each is read once in a run to see what is in it.

    One digest stands in the report for all of them.

    Raises:
        ConfigError: a folder cannot be listed, so nobody knows which files there are.
    """
    paths = selected(selection, given.tree)
    for path in paths:
        if path not in given.files:
            given.files[path] = _file(given.project.path(path))
    found = {path: given.files[path] for path in paths}
    given.selections[str(selection)] = _digest(found)
    return found


def content(path: str, given: Given) -> bytes:
    """The bytes of a selected file that can be read.

    Raises:
        ConfigError: they are no longer those that the digest is of.
    """
    try:
        data = read_bytes(given.project.path(path))
    except OSError:
        data = b""
    if bytes_digest(data) != given.files[path].digest:
        message = "it changed while it was looked into"
        raise ConfigError(Problem("file-unreadable", message, path=path, hint="run adhere again"))
    return data


def digest_of(selection: Selection, project: Project, tree: Tree) -> str:
    """The digest that stands for all files of a selection.

    Raises:
        ConfigError: a folder cannot be listed.
    """
    paths = selected(selection, tree)
    return _digest({path: _file(project.path(path)) for path in paths})


def selected(selection: Selection, tree: Tree) -> Sequence[str]:
    """Paths, sorted.

    Raises:
        ConfigError: a folder cannot be listed.
    """
    wanted = {path for pattern in selection.files for path in tree.matching(pattern)}
    for pattern in selection.exclude:
        wanted.difference_update(tree.matching(pattern))
    return sorted(wanted)


def _file(path: str) -> File:
    try:
        return File(bytes_digest(read_bytes(path)))
    except OSError as error:
        return File("", f"cannot read it: {(error.strerror or 'unreadable').lower()}")


def _digest(files: Mapping[str, File]) -> str:
    lines = (f"{path}\0{file.digest or file.fault}\n" for path, file in files.items())
    return bytes_digest("".join(lines).encode("utf-8", "surrogateescape"))
