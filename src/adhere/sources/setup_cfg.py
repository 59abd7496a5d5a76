"""``setup.cfg``: requirements of projects that setuptools still configures this way."""

from __future__ import annotations

import configparser
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from adhere.errors import Problem, SourceError
from adhere.model.inventory import Requirement
from adhere.model.location import Location
from adhere.model.names import canonical_name
from adhere.sources.entry import EntryError
from adhere.sources.files import decode_text, read_bytes
from adhere.sources.requirement_line import MAX_LINE, parse_requirement
from adhere.sources.toml_file import excerpt
from adhere.spans.text import Lines

_SECTION = re.compile(r"\[(?P<name>[^\]]+)\]")
_OPTION = re.compile(r"(?P<key>[^\s=:][^=:]*?)\s*[=:]\s*(?P<value>.*)")
_GROUPS = {"install_requires": "runtime", "setup_requires": "build", "tests_require": "tests"}


class _Line(NamedTuple):
    """One line of a value.

    Attributes:
        section: of the file, lower-case.
        key: of the option, lower-case.
        text: without indentation and comments.
        number: of the line, from 1.
        column: of the text, from 1.
    """

    section: str
    key: str
    text: str
    number: int
    column: int


def requirements(path: Path, label: str) -> tuple[Requirement, ...]:
    """Requirements of ``[options]`` and ``[options.extras_require]``.

    A ``file:`` directive is followed: the lines of the files it names count.

    Args:
        path: of the ``setup.cfg``.
        label: what to call it.

    Raises:
        SourceError: the file, or a line of it, cannot be read.
    """
    text = decode_text(read_bytes(path, label), label)
    lines = Lines(text)
    _check(text, label, lines)
    found = list(_values(text))
    name = next((v.text for v in found if (v.section, v.key) == ("metadata", "name")), label)
    wanted: list[Requirement] = []
    problems: list[Problem] = []
    for line in found:
        group = _group(line)
        if not group:
            continue
        if line.text.lower().startswith("file:"):
            wanted += _from_files(line, path, label, group, name)
            continue
        try:
            wanted += _read(line, label, group, name)
        except EntryError as error:
            problems.append(_problem(str(error), label, lines, line.number, line.column))
    if problems:
        raise SourceError(problems)
    return tuple(wanted)


def _group(line: _Line) -> str:
    if line.section == "options":
        return _GROUPS.get(line.key, "")
    if line.section == "options.extras_require":
        return f"extra:{canonical_name(line.key)}"
    return ""


def _read(line: _Line, label: str, group: str, by: str) -> Iterator[Requirement]:
    """One requirement, or several with semicolons between them.

    Raises:
        EntryError: it is neither.
    """
    location = Location(label, line.number, line.column)
    try:
        yield parse_requirement(line.text, location, group=group, by=by)
    except EntryError:
        parts = [part for part in line.text.split(";") if part.strip()]
        if len(parts) < 2:
            raise
        for part in parts:
            yield parse_requirement(part, location, group=group, by=by)


def _from_files(line: _Line, path: Path, label: str, group: str, by: str) -> Iterator[Requirement]:
    import msgspec

    from adhere.sources.requirements import read_requirements

    for name in line.text[len("file:") :].split(","):
        if name.strip():
            target = path.parent / name.strip()
            shown = posixpath.join(posixpath.dirname(label), name.strip())
            for found in read_requirements(target, shown):
                yield msgspec.structs.replace(found, group=group, by=by)


def _check(text: str, label: str, lines: Lines) -> None:
    """What the standard parser refuses, setuptools refuses too.

    Raises:
        SourceError: it is no such file; the problem has the line.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MAX_LINE:
            reason = f"the line is longer than {MAX_LINE} characters"
            raise SourceError(_problem(reason, label, lines, number))
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text, label)
    except configparser.MissingSectionHeaderError as error:
        reason = "it stands before the first section"
        raise SourceError(_problem(reason, label, lines, error.lineno)) from None
    except configparser.ParsingError as error:
        reason = "it is neither a section nor an option"
        problems = [_problem(reason, label, lines, number) for number, _ in error.errors]
        raise SourceError(problems) from None
    except (configparser.DuplicateOptionError, configparser.DuplicateSectionError) as error:
        what = error.option if isinstance(error, configparser.DuplicateOptionError) else ""
        reason = f"the {'option' if what else 'section'} stands above already"
        raise SourceError(_problem(reason, label, lines, error.lineno or 0)) from None


def _problem(reason: str, label: str, lines: Lines, number: int, column: int = 0) -> Problem:
    return Problem(
        "source-invalid",
        reason,
        path=label,
        line=number,
        column=column,
        excerpt=excerpt(lines, number),
    )


def _values(text: str) -> Iterator[_Line]:
    """Every line of every value, as the standard parser joins them."""
    section = key = ""
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip()
        stripped = line.lstrip()
        if not stripped or stripped[0] in "#;":
            continue
        column = len(line) - len(stripped) + 1
        if column > 1 and key:
            yield _Line(section, key, stripped, number, column)
        elif header := _SECTION.match(stripped):
            section, key = header["name"].strip().lower(), ""
        elif option := _OPTION.match(stripped):
            key = option["key"].strip().lower()
            if option["value"]:
                at = column + option.start("value")
                yield _Line(section, key, option["value"], number, at)
