"""Standard output and standard error, and whether they take colours."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from adhere.errors import Problem

_FRAMES = 40
"""Innermost calls that a defect shows; endless recursion would fill the terminal."""


class Terminal:
    """Where a command writes.

    Results go to standard output, everything about the run to standard error, so that a
    pipe only ever carries results.
    """

    def __init__(self, out: TextIO, err: TextIO, environ: Mapping[str, str]) -> None:
        self._out = out
        self._err = err
        self._environ = environ
        self._when = "auto"

    def adjust(self, settings: Any) -> None:
        """Take the effective options of a command into account."""
        self._when = getattr(settings, "color", "auto")

    @property
    def colour(self) -> bool:
        """Whether standard output takes colours."""
        return self._takes_colours(self._out)

    def _takes_colours(self, stream: TextIO) -> bool:
        if self._when != "auto":
            return self._when == "always"
        if self._environ.get("NO_COLOR", "") or self._environ.get("TERM") == "dumb":
            return False
        return bool(self._environ.get("FORCE_COLOR", "")) or stream.isatty()

    @property
    def is_watched(self) -> bool:
        """Whether a person looks at standard error."""
        return self._err.isatty()

    def write(self, text: str) -> None:
        """Write a result. Characters that the stream cannot encode are escaped."""
        _write(self._out, text)

    def write_bytes(self, data: bytes) -> None:
        """Write a result that has its own encoding."""
        buffer = getattr(self._out, "buffer", None)
        if buffer is None:
            self._out.write(data.decode())
        else:
            self._out.flush()
            buffer.write(data)

    def say(self, text: str) -> None:
        """Say something about the run, on a line of its own."""
        _write(self._err, f"adhere: {text}\n")

    def transient(self, text: str) -> None:
        """Show a line that the next one replaces."""
        _write(self._err, f"\r\x1b[K{text}")
        self._err.flush()

    def problems(self, problems: Iterable[Problem]) -> None:
        """Say what is wrong with the input."""
        if not (problems := tuple(problems)):
            return
        from adhere.report.text import Painter, problem_lines

        paint = Painter(colour=self._takes_colours(self._err))
        for problem in problems:
            _write(self._err, "\n".join(problem_lines(problem, paint)) + "\n\n")

    def defect(self, error: BaseException) -> None:
        """Say that adhere itself is broken."""
        import traceback

        import adhere
        from adhere.report.escape import plain

        lines = "".join(traceback.format_exception(error, limit=-_FRAMES)).splitlines()
        _write(self._err, "\n".join(plain(line) for line in lines) + "\n")
        version = f"adhere {adhere.__version__}, Python {sys.version.split()[0]}, {sys.platform}"
        self.say(f"this is a defect of adhere's. Please report it with the lines above. {version}")

    def flush(self) -> None:
        """Hand everything over; a pipe that is closed is noticed here."""
        self._out.flush()
        self._err.flush()


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
