"""Writes down what a run looked at and what it showed, for `adhere.app.recall`.

Only what surely has the same answer is remembered: a run without a problem or trouble,
whose files are old enough to be told apart by their stamps, whose check kinds are ours,
and whose evidence from elsewhere has a time until which it holds.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from os import fsencode
from stat import S_ISLNK

from msgspec import Struct

from adhere.app.basis import Basis
from adhere.app.entry import Entry
from adhere.app.recall import REPORT, commit_word, names, seal
from adhere.app.versions import code_files
from adhere.app.watch import Watch
from adhere.sources.probe import seen
from adhere.sources.site_packages import PACKAGE_FOLDERS
from adhere.sources.stamp import NO_STAMP, are_known, lines_of, stamp_of, trusted

KEPT = 32
"""Memories of other commands that are kept; the oldest make room."""

MOST = 8 << 20
"""Bytes of a memory; what shows more is run again."""

_NOT_FILES = ("/dev/", "/proc/", "/sys/")
_LIBRARY = os.path.dirname(os.__file__) + os.sep


class Run(Struct, frozen=True):
    """What a run did.

    Attributes:
        root: of the project.
        basis: what its verdict rests on, besides what was watched.
        out: absolute path of the folder that it wrote its report to.
        report: absolute path of that.
        exit_code: that it ends with.
        shown: what went to ``out`` or ``err``, in its order; ``report`` stands for the
            report on standard output.
        row: what the journal says of each such run, JSON without its last brace.
    """

    root: str
    basis: Basis
    out: str
    report: str
    exit_code: int
    shown: Sequence[tuple[str, bytes]]
    row: bytes


def remember(path: str, started: float, watch: Watch, run: Run) -> str:
    """Write down a run, where everything that it rests on can be told apart later.

    Args:
        path: of the memory.
        started: seconds since the epoch, before anything was read.
        watch: what was read and looked at.
        run: the rest.

    Returns:
        Why it will not be remembered, ``""`` where it will.
    """
    if run.basis.until <= started:
        return "what it says may be another thing at any time"
    facts, doubt = _facts(started, watch, run)
    if doubt:
        return doubt
    head = b"%d %.6f %.6f %s" % (run.exit_code, started, run.basis.until, run.row)
    data = b"%s\n%s\n\n%s" % (head, facts, _shown(run))
    if len(data) > MOST:
        return "it shows too much"
    _write(path, b"%s\n%s" % (seal(data), data))
    return ""


def _facts(started: float, watch: Watch, run: Run) -> tuple[bytes, str]:
    """A line for everything that the run rests on; and what of it cannot be told apart later."""
    inside = tuple(f"{folder}{os.sep}" for folder in run.basis.entries)
    ours = set(_code())
    read = watch.opened | watch.listed | set(run.basis.files) | ours
    lines = _Lines(int(started * 1e9))
    for folder, entries in run.basis.entries.items():
        for entry in entries.values():
            lines.entry(folder, entry)
    for path in sorted(read):
        if path == run.out and path in watch.listed:
            lines.names(path, watch.before)
        elif not _is_pythons(path) and (path in ours or not path.startswith(inside)):
            lines.read(path)
    for path in sorted(watch.looked):
        lines.looked(path)
    for path in sorted(watch.resolved):
        lines.resolved(path)
    if run.basis.commit.id or run.basis.commit.dirty is not None:
        lines.add(b"G", commit_word(run.basis.commit), run.root)
    try:
        lines.add(REPORT, stamp_of(os.lstat(run.report)), run.report)
    except OSError:
        return b"", "its report is not there"
    return b"\n".join(lines.found), lines.doubt


class _Lines:
    """Facts, one a line, in the form that `adhere.app.recall` reads.

    Attributes:
        found: so far.
        doubt: what cannot be told apart from what it may become, ``""`` for nothing.
    """

    def __init__(self, started_ns: int) -> None:
        self.found: list[bytes] = []
        self.doubt = ""
        self._started = started_ns

    def add(self, kind: bytes, known: bytes, path: str) -> None:
        name = fsencode(path)
        if b"\n" in name:
            self.doubt = "a name has a line end in it"  # it would be two lines
        self.found.append(b"%s %s %s" % (kind, known, name))

    def entry(self, folder: str, entry: Entry) -> None:
        """A distribution; where it was not read, nobody knows what it rests on."""
        if not are_known(entry.stamps):
            self.doubt = f"{folder} has an entry that was not read, or has only just changed"
        place = fsencode(f"{folder}/")
        if b"\n" in place:
            self.doubt = "a name has a line end in it"
        self.found.append(lines_of(entry.stamps, place))

    def known(self, path: str, known: bytes) -> None:
        """A file that has a stamp already."""
        if known == NO_STAMP:
            self.doubt = f"{path} has only just changed"
        self.add(b"S", known, path)

    def read(self, path: str) -> None:
        """A file or folder that was read, or was to be."""
        try:
            found = os.lstat(path)
            if S_ISLNK(found.st_mode):
                self.resolved(path)
                path = os.path.realpath(path)
                found = os.lstat(path)
        except OSError:
            self.looked(path)
        else:
            self.known(path, trusted(found, self._started))

    def names(self, path: str, before: bytes) -> None:
        """A folder that was read, and then written to: its names stand for it."""
        if before == NO_STAMP:
            self.doubt = f"{path} has only just changed"
        self.add(b"N", names(path), path)

    def looked(self, path: str) -> None:
        """A path of which somebody wanted to know what it is."""
        self.add(b"P", seen(path).encode(), path)

    def resolved(self, path: str) -> None:
        """A path of which somebody wanted to know where it leads to."""
        self.add(b"L", b"-", f"{path}\0{os.path.realpath(path)}")


def _code() -> Iterable[str]:
    """The files of the code that ran, now or when it filled the cache, but for Python's own."""
    yield from code_files()
    for module in tuple(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file and not _is_pythons(file):
            yield file if file.startswith(os.sep) else os.path.abspath(file)


def _is_pythons(path: str) -> bool:
    """Whether something belongs to Python or the system, for which their versions stand."""
    if path.startswith(_LIBRARY):
        return not any(f"{os.sep}{name}{os.sep}" in path for name in PACKAGE_FOLDERS)
    return path.startswith(_NOT_FILES) or path.endswith(".pyc")


def _shown(run: Run) -> bytes:
    parts: list[bytes] = []
    for stream, data in run.shown:
        of_report = stream == REPORT.decode()
        size = 0 if of_report else len(data)
        parts.append(b"%s %d\n" % (stream.encode(), size))
        if not of_report:
            parts.append(data)
    return b"".join(parts)


def _write(path: str, data: bytes) -> None:
    """Nobody is told that it failed: the next run is like any other."""
    folder = os.path.dirname(path)
    temporary = f"{path}.{os.getpid()}"
    with suppress(OSError):
        os.makedirs(os.path.dirname(folder), mode=0o700, exist_ok=True)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with open(handle, "wb") as file:
                file.write(data)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise
        _prune(folder)


def _prune(folder: str) -> None:
    with os.scandir(folder) as entries:
        found = sorted((entry.stat().st_mtime_ns, entry.path) for entry in entries)
    for _, path in found[:-KEPT]:
        os.unlink(path)
