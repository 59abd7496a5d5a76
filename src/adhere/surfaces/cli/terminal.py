"""Standard output and standard error, and whether they take colours."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TextIO

from adhere.errors import AdhereError, Problem

if TYPE_CHECKING:
    from adhere.app.recall import Memory
    from adhere.app.watch import Watch
    from adhere.surfaces.cli.keeper import Keeper

_FRAMES = 40
"""Innermost calls that a defect shows; endless recursion would fill the terminal."""


class StreamError(AdhereError):
    """Standard output takes no more, though somebody is there to read it: a full disk."""


class Terminal:
    """Where a command writes.

    Results go to standard output, everything about the run to standard error, so that a
    pipe only ever carries results. A stream that was closed before we began is one that
    nobody wants to read: what goes there is dropped.

    Attributes:
        transcript: what went to ``out`` and ``err``, in its order, while somebody keeps it.
        keeper: who keeps it, to show it again when nothing has changed; ``None`` for nobody.
        memory: of when the command began; ``None`` for one that nobody times.
        watched: where the command could be remembered, and who saw it from its start;
            ``None`` for one that is not.
    """

    def __init__(self, out: TextIO | None, err: TextIO | None, environ: Mapping[str, str]) -> None:
        self._out = out
        self._err = err
        self._environ = environ
        self._when = "auto"
        self.transcript: list[tuple[str, bytes]] = []
        self.keeper: Keeper | None = None
        self.memory: Memory | None = None
        self.watched: tuple[Memory, Watch] | None = None

    def adjust(self, settings: Any) -> None:
        """Take the effective options of a command into account."""
        self._when = getattr(settings, "color", "auto")

    @property
    def colour(self) -> bool:
        """Whether standard output takes colours."""
        return self._takes_colours(self._out)

    def _takes_colours(self, stream: TextIO | None) -> bool:
        if self._when != "auto":
            return self._when == "always"
        if self._environ.get("NO_COLOR", "") or self._environ.get("TERM") == "dumb":
            return False
        if self._environ.get("FORCE_COLOR", ""):
            return True
        return stream is not None and stream.isatty()

    @property
    def is_watched(self) -> bool:
        """Whether a person looks at standard error."""
        return self._err is not None and self._err.isatty()

    def write(self, text: str) -> None:
        """Write a result. Characters that the stream cannot encode are escaped.

        Raises:
            StreamError: standard output takes no more.
        """
        if self._out is not None:
            self._note("out", self._out, text)
            _hand_over(_write, self._out, text)

    def write_bytes(self, data: bytes) -> None:
        """Write a result that has its own encoding.

        Raises:
            StreamError: standard output takes no more.
        """
        buffer = getattr(self._out, "buffer", None)
        if self._out is None or buffer is None:
            self.write(data.decode())
            return
        if self.keeper is not None:
            self.transcript.append(("out", data))
        _hand_over(self._out.flush)
        _hand_over(buffer.write, data)

    def line(self, text: str) -> None:
        """Write a line of a result whose words may be a stranger's."""
        from adhere.report.escape import plain

        self.write(plain(text) + "\n")

    def say(self, text: str) -> None:
        """Say something about the run, on a line of its own."""
        from adhere.report.escape import plain

        self._tell(f"adhere: {plain(text)}\n")

    def log_line(self, line: str) -> None:
        """A line of the log, as it is: it has no words of strangers that are not quoted."""
        self._tell(line)

    def transient(self, text: str) -> None:
        """Show a line that the next one replaces."""
        self._tell(f"\r\x1b[K{text}", flush=True)

    def problems(self, problems: Iterable[Problem]) -> None:
        """Say what is wrong with the input."""
        if not (problems := tuple(problems)):
            return
        from adhere.report.text import Painter, problem_lines

        paint = Painter(colour=self._takes_colours(self._err))
        for problem in problems:
            self._tell("\n".join(problem_lines(problem, paint)) + "\n\n")

    def defect(self, error: BaseException) -> None:
        """Say that adhere itself is broken."""
        import traceback

        import adhere
        from adhere.report.escape import plain

        lines = "".join(traceback.format_exception(error, limit=-_FRAMES)).splitlines()
        self._tell("\n".join(plain(line) for line in lines) + "\n")
        version = f"adhere {adhere.__version__}, Python {sys.version.split()[0]}, {sys.platform}"
        self.say(f"this is a defect of adhere's. Please report it with the lines above. {version}")

    def flush(self) -> None:
        """Hand everything over; a pipe that is closed or a disk that is full is noticed here.

        Raises:
            StreamError: standard output takes no more.
        """
        if self._out is not None:
            _hand_over(self._out.flush)
        self._tell("", flush=True)

    def abandon(self) -> None:
        """Drop what is left for standard output."""
        if self._out is not None:
            _abandon(self._out)
            self._out = None

    def _note(self, name: str, stream: TextIO, text: str) -> None:
        if self.keeper is not None:
            encoding = stream.encoding or "utf-8"
            self.transcript.append((name, text.encode(encoding, "backslashreplace")))

    def _tell(self, text: str, *, flush: bool = False) -> None:
        """Words about the run. That nobody can be told them changes nothing about it."""
        if self._err is None:
            return
        self._note("err", self._err, text)
        try:
            _write(self._err, text)
            if flush:
                self._err.flush()
        except OSError:
            _abandon(self._err)
            self._err = None


def _abandon(stream: TextIO) -> None:
    """Python would try what is left, and complain, once more when it closes it at exit."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):  # no file stands behind it
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), number)


def _hand_over(call: Callable[..., object], *what: object) -> None:
    try:
        call(*what)
    except BrokenPipeError:  # whoever reads our output has seen enough
        raise
    except OSError as error:
        raise _full(error) from None


def _full(error: OSError) -> StreamError:
    words = (error.strerror or type(error).__name__).lower()
    hint = "make room, or name a file with --output"
    return StreamError(Problem("unwritable", f"cannot write standard output: {words}", hint=hint))


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
