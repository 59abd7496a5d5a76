"""Results of tests, as a tool that ran them wrote them down."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from adhere.model.location import Location

Ended = Literal["passed", "failed", "error", "xfailed", "skipped", "unknown"]
"""How a test ended; ``xfailed``: it failed, and whoever wrote it expected that."""


class Case(Struct, frozen=True):
    """One test that ran, or did not.

    Attributes:
        name: of its class or module, a dot, and its own.
        ended: how.
        said: first line of what its tool says about that. Untrusted.
        file: that holds the test, POSIX, as its tool names it; ``""`` where it does not.
        line: of the test in that file, from 1; 0 where nobody says.
        recorded: where the result is written.
        marks: ``ADR-015/rule``, ``ADR-015/`` or ``/rule``, as its author marked it.
        seconds: that it took; ``None`` where its tool does not say.
        collection: it stands for a file of tests that could not be read, or leaves itself out.
    """

    name: str
    ended: Ended
    recorded: Location
    said: str = ""
    file: str = ""
    line: int = 0
    marks: tuple[str, ...] = ()
    seconds: float | None = None
    collection: bool = False

    @property
    def location(self) -> Location:
        """The test, where its tool says where it is, else its result."""
        return Location(self.file, self.line) if self.file else self.recorded


class ResultFile(Struct, frozen=True):
    """A file of results.

    Attributes:
        path: relative to the project.
        taken: the day on which its oldest part began; ``None`` where it does not say.
        commits: of the project that the tests ran at, as the file names them.
        dirty: files differed from that commit; ``None`` where it does not say.
        cases: in the order of the file.
    """

    path: str
    taken: date | None
    commits: tuple[str, ...]
    dirty: bool | None
    cases: tuple[Case, ...]


class Results(Struct, frozen=True):
    """Every file of results that a rule asks for.

    Attributes:
        files: in the order of their paths.
        commit: that the project stands at now, ``""`` where that is not known.
        dirty: tracked files differ from it; ``None`` where nobody knows.
    """

    files: tuple[ResultFile, ...]
    commit: str = ""
    dirty: bool | None = None
