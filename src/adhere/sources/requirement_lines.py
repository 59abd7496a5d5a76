r"""Logical lines of a requirements file: continuations joined, comments taken off.

The rules are those of pip: a backslash at the end of a line joins the next one; ``#`` at
the start of a line or after a blank begins a comment; a comment line ends a continuation.
Comments are kept apart, because lock tools write there why a package is in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_COMMENT = re.compile(r"(?:^|(?<=\s))#")
_VIA = re.compile(r"\s*via\b\s*(.*)", re.DOTALL)
_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")
_WHO = re.compile(
    r"(?:(?P<option>-[rc]|--requirements?|--constraints?)\s+(?P<file>.+)"
    r"|(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?(?::[^\s()]+)?"
    r"(?:\s*\((?P<project>[^()]*)\))?)"
)


class LogicalLine(Struct, frozen=True):
    """What pip reads as one line.

    Attributes:
        text: without comments, never empty.
        number: of the first line of the file that belongs to it, from 1.
        column: where the text begins on that line, from 1.
        comments: after it, on the same line or alone on lines below, without ``#``.
    """

    text: str
    number: int
    column: int
    comments: tuple[str, ...] = ()


def logical_lines(text: str) -> Iterator[LogicalLine]:
    """Every line that says something, in order."""
    waiting: LogicalLine | None = None
    for number, column, joined in _joined(text):
        stripped, comment = _split_comment(joined)
        if stripped:
            if waiting is not None:
                yield waiting
            start = column + len(joined) - len(joined.lstrip())
            waiting = LogicalLine(stripped, number, start, (comment,) if comment else ())
        elif comment and waiting is not None:
            comments = (*waiting.comments, comment)
            waiting = LogicalLine(waiting.text, waiting.number, waiting.column, comments)
    if waiting is not None:
        yield waiting


def _split_comment(line: str) -> tuple[str, str]:
    found = _COMMENT.search(line)
    if found is None:
        return line.strip(), ""
    return line[: found.start()].strip(), line[found.end() :].rstrip()


def _joined(text: str) -> Iterator[tuple[int, int, str]]:
    """Number, column and text of lines with their continuations."""
    parts: list[str] = []
    first = 0
    for number, line in _physical(text):
        is_comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not is_comment:
            first = first or number
            parts.append(line.strip("\\"))
            continue
        if parts:
            # A comment line ends the continuation but is no part of the line before it.
            yield first, 1, "".join(parts if is_comment else [*parts, line])
            parts, first = [], 0
            if not is_comment:
                continue
        yield number, 1, line
    if parts:
        yield first, 1, "".join(parts)


def _physical(text: str) -> Iterator[tuple[int, str]]:
    """Lines as pip splits them, numbered as an editor does."""
    for number, line in enumerate(text.split("\n"), 1):
        for piece in line.splitlines():
            yield number, piece


class Reasons(Struct, frozen=True):
    """Why a lock tool has a package in the file.

    Attributes:
        stated: whether there is such a comment at all.
        packages: names of what needs it, as written.
        files: files and projects that ask for it by name.
        constraints: files that only narrow it.
    """

    stated: bool = False
    packages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()


def reasons(comments: tuple[str, ...]) -> Reasons:
    """Read ``# via a, b`` and its form over several lines, of pip-compile and uv."""
    start = next((i for i, comment in enumerate(comments) if _VIA.fullmatch(comment)), None)
    if start is None:
        return Reasons()
    first = _VIA.fullmatch(comments[start])
    words = [word.strip() for word in first[1].split(",")] if first and first[1] else []
    if not words:
        for comment in comments[start + 1 :]:
            if not comment.startswith("  "):
                break
            words.append(comment.strip())
    packages: list[str] = []
    files: list[str] = []
    constraints: list[str] = []
    for word in words:
        who = _WHO.fullmatch(word)
        if who is None:
            continue
        if who["option"]:
            narrows = who["option"].lstrip("-").startswith("c")
            (constraints if narrows else files).append(who["file"].strip())
        elif who["project"] is not None:
            files.append(who["name"])
        else:
            packages.append(who["name"])
    return Reasons(
        stated=True,
        packages=tuple(packages),
        files=tuple(files),
        constraints=tuple(constraints),
    )


def variables(text: str) -> tuple[str, ...]:
    """Environment variables that pip would put in: ``${NAME}``."""
    return tuple(dict.fromkeys(_VARIABLE.findall(text)))
