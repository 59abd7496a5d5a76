"""A requirements file with everything it includes."""

from __future__ import annotations

import posixpath
from pathlib import Path

import msgspec
from msgspec import Struct

from adhere.errors import Problem, SourceError
from adhere.model.inventory import Requirement
from adhere.model.location import Location
from adhere.sources.addresses import file_name, is_remote, without_credentials
from adhere.sources.direct_reference import from_file_name, looks_direct, read_direct
from adhere.sources.entry import EntryError, hashes, shown
from adhere.sources.files import decode_text, digest, read_bytes
from adhere.sources.requirement_line import MAX_LINE, parse_requirement
from adhere.sources.requirement_lines import (
    LogicalLine,
    Reasons,
    logical_lines,
    reasons,
    variables,
)
from adhere.sources.requirement_options import Option, split_options
from adhere.sources.toml_file import excerpt
from adhere.spans.text import Lines

MAX_FILES = 1_000
"""Files that one requirements file may include, directly or not."""


class Asked(Struct, frozen=True):
    """A line that asks for a package.

    Attributes:
        requirement: what it asks for.
        why: what a lock tool wrote beside it.
        version: that its address tells, ``""`` for none.
        local: the folder it names, ``""`` for anything else.
        remarks: peculiarities of the line.
    """

    requirement: Requirement
    why: Reasons = Reasons()
    version: str = ""
    local: str = ""
    remarks: tuple[str, ...] = ()


class Refused(Struct, frozen=True):
    """A line that cannot be read."""

    text: str
    reason: str
    location: Location


class RequirementFiles:
    """Reads a file and what it includes, relative to itself, each file once.

    Attributes:
        asked: lines that ask for a package, in the order in which pip meets them.
        refused: lines that cannot be read.
        problems: files that cannot be read; nothing about the whole is certain then.
        options: of the whole run, in order.
        unset: environment variables that pip would put in.
        digests: of every file that was read, by label.
    """

    def __init__(self, path: Path, label: str) -> None:
        """Read everything.

        Raises:
            SourceError: the first file cannot be read.
        """
        self.asked: list[Asked] = []
        self.refused: list[Refused] = []
        self.problems: list[Problem] = []
        self.options: list[Option] = []
        self.unset: dict[str, None] = {}
        self.digests: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self._read: set[tuple[Path, bool]] = set()
        self._folders = _bases(path, label)
        self._file(path, label, (), constraint=False)

    def _file(
        self, path: Path, label: str, above: tuple[tuple[Path, str], ...], *, constraint: bool
    ) -> None:
        data = read_bytes(path, label)
        text = decode_text(data, label)
        self.digests[label] = digest(data)
        self.texts[label] = text
        here = (*above, (_identity(path), label))
        self._read.add((_identity(path), constraint))
        lines = Lines(text)
        for line in logical_lines(text):
            self.unset.update(dict.fromkeys(variables(line.text)))
            location = Location(label, line.number, line.column)
            try:
                self._line(line, location, path, here, constraint=constraint)
            except EntryError as error:
                self.refused.append(Refused(line.text, str(error), location))
            except SourceError as error:
                # What is wrong with an included file is wrong with the line that names it.
                self.problems += [_at(problem, location, lines) for problem in error.problems]

    def _line(
        self,
        line: LogicalLine,
        location: Location,
        path: Path,
        here: tuple[tuple[Path, str], ...],
        *,
        constraint: bool,
    ) -> None:
        text, options = split_options(line.text)
        stated = tuple(o.value for o in options if o.name == "--hash")
        if text:
            remarks: list[str] = []
            asked = self._ask(text, location, hashes(stated, remarks), constraint=constraint)
            why = reasons(line.comments)
            self.asked.append(msgspec.structs.replace(asked, why=why, remarks=tuple(remarks)))
            return
        for option in options:
            if option.name == "--editable":
                asked = self._ask(option.value, location, (), constraint=constraint, editable=True)
                self.asked.append(msgspec.structs.replace(asked, why=reasons(line.comments)))
            elif option.name in ("--requirement", "--constraint"):
                narrows = constraint or option.name == "--constraint"
                self._include(option.value, location, path, here, constraint=narrows)
            else:
                self.options.append(option)

    def _ask(
        self,
        text: str,
        location: Location,
        stated: tuple[str, ...],
        *,
        constraint: bool,
        editable: bool = False,
    ) -> Asked:
        if len(text) > MAX_LINE:
            raise EntryError(f"it is longer than {MAX_LINE} characters")
        if editable or looks_direct(text):
            found = read_direct(text, location, self._folders, editable=editable)
            requirement = msgspec.structs.replace(
                found.requirement,
                hashes=found.requirement.hashes + stated,
                constraint=constraint,
                by=location.path,
            )
            return Asked(requirement, version=found.version, local=found.local)
        requirement = parse_requirement(
            text, location, by=location.path, constraint=constraint, hashes=stated
        )
        _, version = from_file_name(file_name(requirement.origin.url))
        return Asked(requirement, version=version)

    def _include(
        self,
        name: str,
        location: Location,
        path: Path,
        here: tuple[tuple[Path, str], ...],
        *,
        constraint: bool,
    ) -> None:
        if is_remote(name):
            address = shown(without_credentials(name))
            raise EntryError(f"the file at {address} is not fetched; keep a copy beside this one")
        name = name.removeprefix("file://")
        target = path.parent / name
        label = posixpath.normpath(posixpath.join(posixpath.dirname(location.path), name))
        ring = [shown_label for _, shown_label in here]
        identities = [identity for identity, _ in here]
        if _identity(target) in identities:
            ring = [*ring[identities.index(_identity(target)) :], label]
            message = f"files include one another: {' -> '.join(ring)}"
            hint = "take one of these lines out"
            raise SourceError(Problem("source-invalid", message, path=label, hint=hint))
        if (_identity(target), constraint) in self._read:
            return
        if len(self._read) >= MAX_FILES:
            message = f"more than {MAX_FILES} files are included"
            raise SourceError(Problem("source-invalid", message, path=label))
        self._file(target, label, here, constraint=constraint)


def _identity(path: Path) -> Path:
    """One path for one file, whatever the way to it."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # a circle of links, a NUL character
        return path


def _at(problem: Problem, location: Location, lines: Lines) -> Problem:
    """A file that cannot be opened is a mistake of the line that names it."""
    if problem.line:
        return problem  # it has a place of its own, deeper down
    name = problem.path
    message = problem.message
    if problem.code == "source-unreadable":
        message = f"{shown(name)} is included here, but {message}"
    return Problem(
        problem.code,
        message,
        path=location.path,
        line=location.line,
        column=location.column,
        excerpt=excerpt(lines, location.line),
        hint=problem.hint,
    )


def _bases(path: Path, label: str) -> tuple[Path, ...]:
    """Folders a relative path may mean: that of the file, and the project's."""
    folder = path.parent
    depth = label.count("/")
    parents = list(path.parents)
    return (folder, parents[depth]) if 0 < depth < len(parents) else (folder,)
