"""What the core asks of the world, as protocols; adapters are picked in `app.wiring`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol


class Progress(Protocol):
    """Somebody who is told how far long work has come."""

    def __call__(self, what: str, done: int, total: int, /) -> None:
        """``done`` of ``total`` pieces of work are finished."""
        ...


class Clock(Protocol):
    """Time, passed in so that tests can move it."""

    def now(self) -> datetime:
        """The time of day, with a time zone; moves when somebody sets the clock."""
        ...

    def elapsed(self) -> float:
        """Seconds since some fixed moment; never moves back."""
        ...


class Cache(Protocol):
    """Bytes by key, kept between runs. Losing an entry costs time and nothing else.

    An implementation never raises: a tier that breaks answers with misses, and says so
    in `trouble`.
    """

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """The values that are there and not expired, in one round trip."""
        ...

    def put_many(self, items: Mapping[str, bytes], ttl: float | None = None) -> None:
        """Store values, in one transaction.

        Args:
            items: values by key.
            ttl: seconds until they expire; ``None`` when the value itself says what makes
                it invalid.
        """
        ...

    def close(self) -> None:
        """Write what is pending and let go of files."""
        ...

    @property
    def trouble(self) -> Sequence[str]:
        """What went wrong, as clauses, each once."""
        ...


class Tree(Protocol):
    """The files of the project, by POSIX path relative to it."""

    def text(self, path: str) -> str:
        """A file's text.

        Raises:
            ConfigError: it cannot be read; the problem's code is ``file-unreadable``.
        """
        ...

    def matching(self, pattern: str, *, entries: bool = False) -> tuple[str, ...]:
        """Files that match a pattern, sorted; ignored folders are left out.

        Args:
            pattern: ``*`` stays within a folder, ``**`` crosses them.
            entries: folders, and links wherever they lead, are matched as well.

        Raises:
            ConfigError: a folder on the way cannot be listed, so nobody knows.
        """
        ...


class Meter(Protocol):
    """Where time and memory go."""

    def phase(self, name: str) -> AbstractContextManager[None]:
        """Measure a phase of the run; phases of one name add up."""
        ...

    def count(self, name: str, amount: int = 1) -> None:
        """Count something, such as a cache hit."""
        ...

    def phases(self) -> Iterable[tuple[str, float]]:
        """Seconds by phase, in the order they first began."""
        ...
