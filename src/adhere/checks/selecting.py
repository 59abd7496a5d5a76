"""Parameters by which kinds choose files of the project, and what was found in these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adhere.checks.wording import plural
from adhere.model.code import SourceCode
from adhere.model.finding import Note, Unjudged
from adhere.policy.rule import ParamProblem

_LINES_SHOWN = 5


def wrong_patterns(name: str, patterns: Sequence[str]) -> Iterator[ParamProblem]:
    """Patterns that leave the project, or that no file is called by.

    Args:
        name: of the parameter.
        patterns: relative to the project.
    """
    for index, pattern in enumerate(patterns):
        parts = pattern.split("/")
        if pattern.startswith(("/", "~")) or ".." in parts or "\\" in pattern:
            message = f"`{pattern}` has to be a POSIX path inside the project"
            yield ((name, index), message, "")
        elif "" in parts or "." in parts:
            # It would match nothing, which is just what a rule against something wants.
            message = f"`{pattern}` has an empty part, and no file is called so"
            yield ((name, index), message, "write `folder/**` for what is in a folder")


def wrong_selection(files: Sequence[str], exclude: Sequence[str]) -> Iterator[ParamProblem]:
    """The same for files that are looked into, whose patterns stand in the report as one."""
    if not files:
        yield (("files",), "name the files to look into", "")
    for name, patterns in (("files", files), ("exclude", exclude)):
        yield from wrong_patterns(name, patterns)
        for index, pattern in enumerate(patterns):
            if "," in pattern or pattern.startswith("!"):
                message = f"`{pattern}` has a comma, or begins with `!`"
                yield ((name, index), message, "write `?` in its place")


def unparsed(code: SourceCode) -> tuple[Unjudged, ...]:
    """Source files that nobody understands, so that nobody knows what they do."""
    return tuple(
        Unjudged(path, f"line {file.line}: {file.fault}" if file.line else file.fault)
        for path, file in code.broken
    )


def also_note(lines: Sequence[int], count: int = 0) -> Iterator[Note]:
    """Where else it is, after the first line.

    Args:
        lines: all that are known, the first one too.
        count: how many there are; 0 for those that are known.
    """
    others = sorted(set(lines[1:]))
    shown = ", ".join(map(str, others[:_LINES_SHOWN]))
    more = (count or len(others) + 1) - 1 - min(len(others), _LINES_SHOWN)
    if others:
        words = f"{'line' if len(others) == 1 else 'lines'} {shown}"
        yield Note("also", f"{words} and {plural(more, 'more place')}" if more > 0 else words)
