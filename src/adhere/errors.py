"""Everything adhere raises on purpose: data in attributes, words in ``__str__``.

A `Problem` is one thing that is wrong in something the user gave us, with the place and
the remedy. Problems are collected and reported together; an exception carries them only
across a boundary that cannot go on.
"""

from __future__ import annotations

from collections.abc import Iterable


class Problem:
    """One defect of an input: what, where, and what to do about it.

    Attributes:
        code: stable kebab-case code, documented in ``docs/codes/<code>.md``.
        message: one sentence without the place.
        path: file as the user would name it, ``""`` when no file is concerned.
        line: 1-based, 0 when the whole file is meant.
        column: 1-based, 0 when the whole line is meant.
        excerpt: the source line, for the caret; ``""`` when it was not read.
        width: number of characters the caret underlines, at least 1.
        hint: the remedy, ``""`` when the message says it all.
    """

    __slots__ = ("code", "column", "excerpt", "hint", "line", "message", "path", "width")

    def __init__(
        self,
        code: str,
        message: str,
        *,
        path: str = "",
        line: int = 0,
        column: int = 0,
        excerpt: str = "",
        width: int = 1,
        hint: str = "",
    ) -> None:
        self.code = code
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.excerpt = excerpt
        self.width = width
        self.hint = hint

    @property
    def place(self) -> str:
        """``path:line:column``, shortened by what is not known."""
        parts = [self.path]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(part for part in parts if part)

    def __str__(self) -> str:
        place = self.place
        return f"{place}: {self.message}" if place else self.message

    def __repr__(self) -> str:
        return f"Problem({self.code!r}, {str(self)!r})"


class AdhereError(Exception):
    """Root of all our errors.

    Attributes:
        exit_code: what the command line ends with, per the table of exit codes.
        problems: what is wrong, at least one.
    """

    exit_code = 2

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class UsageError(AdhereError):
    """The command line asks for something that cannot be."""


class ConfigError(AdhereError):
    """A configuration, rule, waiver or ADR file is wrong."""


class SourceError(AdhereError):
    """A source (lock file, environment, SBOM, ...) cannot be read."""


class TemplateError(AdhereError):
    """A Jinja2 template is wrong; the problem names the user's file and line."""


class ReportError(AdhereError):
    """A stored report cannot be read, or comes from a schema that is not ours."""


class NothingToJudgeError(AdhereError):
    """No package was found, or no rule: never the same as success."""

    exit_code = 4
