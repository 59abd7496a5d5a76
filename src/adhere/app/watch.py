"""Sees what this process reads and looks at, by what Python tells of it."""

from __future__ import annotations

import os
import sys

from adhere.sources.probe import LOOK, RESOLVE
from adhere.sources.stamp import NO_STAMP, stamp


class Watch:
    """Everything that this process reads or looks at on a disk while it is watched.

    Attributes:
        opened: files.
        listed: folders.
        looked: paths of which somebody wanted to know what they are.
        resolved: paths of which somebody wanted to know where they lead to.
        before: stamp of the folder that the run writes to, before it does.
        replaced: file that the run writes, ``""`` until it does: what it held no longer matters.
    """

    def __init__(self) -> None:
        """Start to watch."""
        self.opened: set[str] = set()
        self.listed: set[str] = set()
        self.looked: set[str] = set()
        self.resolved: set[str] = set()
        self.before = NO_STAMP
        self.replaced = ""
        _watching.append(self)
        if not _hooked:
            _hooked.append(True)
            sys.addaudithook(_note)  # for good: Python takes none away

    def expect(self, folder: str, file: str, started: float) -> None:
        """A file in a folder is about to be written, after which its stamp tells nothing more."""
        self.before = stamp(folder, int(started * 1e9))
        self.replaced = file

    def stop(self) -> None:
        """Watch no longer."""
        if self in _watching:
            _watching.remove(self)


_ODD = frozenset({"", ".", ".."})
_hooked: list[bool] = []
_watching: list[Watch] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    """What Python tells of what happens in this process."""
    if not _watching:
        return
    if event == "open":
        path, _, flags = arguments
        if not isinstance(flags, int) or not flags & (os.O_WRONLY | os.O_RDWR):
            _add("opened", path)
    elif event in ("os.listdir", "os.scandir"):
        _add("listed", "." if arguments[0] is None else arguments[0])
    elif event == LOOK:
        _add("looked", arguments[0])
    elif event == RESOLVE:
        _add("resolved", arguments[0])


def _add(kind: str, path: object) -> None:
    if isinstance(path, (str, bytes, os.PathLike)):
        name = os.fsdecode(path)
        if name[:1] != os.sep or not _ODD.isdisjoint(name.split(os.sep)[1:]):
            name = os.path.abspath(name)  # ten times as long, and rarely another one
        for watch in _watching:
            if name != watch.replaced:
                getattr(watch, kind).add(name)
