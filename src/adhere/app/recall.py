"""A verdict that was reached before, shown again while nothing that it rests on has changed.

What is remembered of a run is everything it looked at: files with their stamps, names that
were there and names that were not, the commit, the words and variables it was started
with, our own code, and a time after which the answer may be another one. Any difference
makes a run like any other; `adhere.app.remember` writes down what is read here.

Nothing is imported that Python has not imported already when it starts: a project of
hundreds of packages is judged again in little more time than that takes.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from binascii import crc32

from adhere.model.digest import sha256
from adhere.sources.git import ask
from adhere.sources.probe import seen

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing itself would cost more than all of this
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

MAGIC = b"adhere.remembered/3"
FOLDER = "verdicts"
REPORT = b"report"
"""Name of the stream of what was the canonical report itself: that is read from its file."""

SKEW = 300.0
"""Seconds by which the clock may have been set back before nothing is believed."""

VARIABLES = (
    "CI",
    "COLUMNS",
    "FORCE_COLOR",
    "HOME",
    "LANG",
    "LANGUAGE",
    "NETRC",
    "NO_COLOR",
    "NO_PROXY",
    "PATH",
    "SOURCE_DATE_EPOCH",
    "TERM",
    "TMPDIR",
    "TZ",
    "USER",
    "USERPROFILE",
    "VIRTUAL_ENV",
    "all_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
)
"""Variables that a verdict, its words or its colours may depend on."""

PREFIXES = (
    "ADHERE_",
    "ALL_PROXY",
    "CONDA_",
    "GIT_",
    "GITHUB_",
    "HTTP",
    "KEYRING_",
    "LC_",
    "PIP_",
    "PYTHON",
    "SSL_",
    "UV_",
    "XDG_",
)
"""Beginnings of the names of more of them."""


class Memory:
    """What may be remembered of one command.

    Attributes:
        path: file of its memory, ``""`` where nothing is remembered.
        started: when the command began, seconds since the epoch.
        began: the same on the clock that never moves back.
    """

    def __init__(
        self,
        words: Sequence[str],
        environ: Mapping[str, str],
        streams: Iterable[TextIO | None],
    ) -> None:
        """Find out which memory is meant; nothing is read yet.

        Args:
            words: of the command line.
            environ: environment variables.
            streams: that results and words about the run go to.
        """
        self.started = time.time()  # noqa: TID251 - a memory is about this very process
        self.began = time.perf_counter()
        folder = _folder(words, environ)
        about = _about(words, environ, streams) if folder else b""
        name = sha256(about).hexdigest()
        self.path = f"{folder}/{FOLDER}/{name}" if folder else ""

    @property
    def seconds(self) -> float:
        """Since the command began."""
        return time.perf_counter() - self.began

    def recall(self) -> Remembered | None:
        """What the command did when it was last run, if it would do just the same now."""
        data = read(self.path) if self.path else None
        if data is None:
            return None
        try:
            found = Remembered(data)
            return found if found.holds(self.started) else None
        except (ValueError, IndexError):  # written by something else
            return None


def _folder(words: Sequence[str], environ: Mapping[str, str]) -> str:
    """The cache folder, where it does not take the configuration to find it; else ``""``."""
    if not words or words[0] != "check" or "--no-cache" in words or os.name != "posix":
        return ""
    if environ.get("ADHERE_NO_CACHE", ""):
        return ""
    folder = environ.get("ADHERE_CACHE_DIR", "")
    for index, word in enumerate(words):
        if word == "--cache-dir":
            folder = words[index + 1] if index + 1 < len(words) else ""
        elif word.startswith("--cache-dir="):
            folder = word.partition("=")[2]
    if folder:
        return os.path.abspath(os.path.expanduser(folder))
    return user_cache_folder(environ)


def user_cache_folder(environ: Mapping[str, str]) -> str:
    """Where this user's programs keep what they can do without, on Linux and the like.

    This is what platformdirs answers there, without its import.
    """
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches/adhere")
    base = environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "adhere")


def _about(
    words: Sequence[str], environ: Mapping[str, str], streams: Iterable[TextIO | None]
) -> bytes:
    """Everything but files that decides what a command does, each part with its length."""
    machine = os.uname().machine if hasattr(os, "uname") else ""
    parts = [sys.version, sys.platform, machine, sys.executable, os.getcwd(), *sys.path, ""]
    parts += [*words, ""]
    for name in sorted(environ):
        if name in VARIABLES or name.startswith(PREFIXES):
            parts += [name, environ[name]]
    for stream in streams:
        if stream is None:
            parts.append("closed")
        else:
            parts += [str(stream.encoding), str(stream.errors), str(stream.isatty())]
    return b"".join(b"%d:%s" % (len(part), part) for part in map(os.fsencode, parts))


def read(path: str) -> bytes | None:
    """A memory, if it is whole and nobody but this user can have written it."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        if not _is_private(os.fstat(handle)) or not _is_private(os.lstat(os.path.dirname(path))):
            return None
        with open(handle, "rb", closefd=False) as file:
            data = file.read()
    except OSError:
        return None
    finally:
        os.close(handle)
    head, _, rest = data.partition(b"\n")
    return rest if head == seal(rest) else None


def seal(data: bytes) -> bytes:
    """What stands over a memory that is whole. Nobody but this user can have written one."""
    return b"%s %d %d" % (MAGIC, len(data), crc32(data))


def _is_private(status: os.stat_result) -> bool:
    mode = status.st_mode
    kind = stat.S_ISREG(mode) or stat.S_ISDIR(mode)
    return kind and status.st_uid == os.getuid() and not mode & 0o022


class Remembered:
    """One run, as it was written down.

    Attributes:
        exit_code: that it ended with.
    """

    def __init__(self, data: bytes) -> None:
        """Take it apart.

        Raises:
            ValueError: it is nothing that `adhere.app.remember` wrote.
        """
        facts, mark, shown = data.partition(b"\n\n")
        if not mark:
            raise ValueError("a memory without an end")
        lines = facts.split(b"\n")
        code, stored, until, self._row = lines[0].split(b" ", 3)
        self.exit_code = int(code)
        self._stored, self._until = float(stored), float(until)
        self._lines = lines[1:]
        self._shown = shown
        self._report = b""

    def leave_row(self, memory: Memory) -> None:
        """Add a row to the journal of runs, as every run does."""
        from adhere.metrics.journal import leave

        folder = os.path.dirname(os.fsdecode(self._report))
        seconds = memory.seconds
        try:  # noqa: SIM105 - contextlib takes longer to import than all of this
            leave(folder, self._row, "remembered", memory.started, {"seconds.wall": seconds})
        except OSError:
            pass  # a run that could write its report did; this one writes nothing but this

    def holds(self, now: float) -> bool:
        """Whether everything is as it was then.

        Args:
            now: seconds since the epoch.

        Raises:
            ValueError: a line is malformed.
        """
        if not self._stored - SKEW <= now < self._until:
            return False
        asked = None
        looks: list[bytes] = []
        lstat = os.lstat
        for line in self._lines:
            kind, known, path = line.split(b" ", 2)
            if kind in (b"S", REPORT):
                if kind == REPORT:
                    self._report = path
                try:
                    found = lstat(path)
                except OSError:
                    return False
                if known != b"%d.%d.%d.%d" % (  # as `stamp_of`, without a call for each
                    found.st_ctime_ns,
                    found.st_mtime_ns,
                    found.st_size,
                    found.st_ino,
                ):
                    return False
            elif kind == b"G":
                asked, commit = ask(os.fsdecode(path)), known
            else:
                looks.append(line)
        same = all(map(_is_as_seen, looks))
        if asked is None:
            return same
        if not same:
            asked.close()
            return False
        return commit_word(asked.answer()) == commit

    def parts(self) -> Iterator[tuple[bytes, bytes]]:
        """What was shown: a stream, ``out`` or ``err``, and what went there, in their order.

        Raises:
            OSError: the report is gone, since a moment ago.
        """
        rest = self._shown
        while rest:
            head, _, rest = rest.partition(b"\n")
            stream, size = head.split(b" ")
            if stream == REPORT:
                with open(self._report, "rb") as file:
                    yield b"out", file.read()
            else:
                yield stream, rest[: int(size)]
            rest = rest[int(size) :]


def _is_as_seen(line: bytes) -> bool:
    kind, known, path = line.split(b" ", 2)
    if kind == b"P":
        return seen(os.fsdecode(path)).encode() == known
    if kind == b"N":
        return names(os.fsdecode(path)) == known
    if kind == b"L":
        source, _, target = path.partition(b"\0")
        return os.path.realpath(source) == target
    raise ValueError("a line of no known kind")


def names(folder: str) -> bytes:
    """The names in a folder as a word without spaces."""
    try:
        found = sorted(map(os.fsencode, os.listdir(folder)))
    except OSError:
        found = [b"/"]
    return sha256(b"\0".join(found)).hexdigest().encode()


def commit_word(commit: object) -> bytes:
    """A commit as a word without spaces."""
    return sha256(repr(commit).encode()).hexdigest().encode()
