"""TOML files: values by `tomllib`, and the line of each table.

The exact positions of `adhere.spans.toml` cost seconds on a lock of megabytes. Headers
of an array of tables are found by a pattern instead, wherever that cannot go wrong.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from adhere.errors import Problem, SourceError
from adhere.model.location import Location
from adhere.sources.addresses import masked
from adhere.sources.files import decode_text, digest, read_bytes
from adhere.spans.text import KeyPath, Lines
from adhere.spans.toml import locate

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_MAX_EXCERPT = 200

MEND = "mend the file, or make it anew with the tool it is from"
"""What to do about a file whose syntax is wrong."""


class TomlFile:
    """A TOML file as it was read.

    Attributes:
        label: what to call it.
        text: the whole file.
        value: what it means.
        digest: ``sha256:<hex>`` of its bytes.
    """

    def __init__(self, label: str, data: bytes) -> None:
        """Parse a file.

        Raises:
            SourceError: it is not text, or not TOML.
        """
        self.label = label
        self.digest = digest(data)
        self.text = decode_text(data, label)
        self.value: dict[str, Any] = parse_toml(self.text, label)
        self._lines: Lines | None = None

    def tables(self, key: str) -> tuple[list[Any], list[int]]:
        """The tables of ``[[key]]`` and the lines of their headers, from 1.

        Raises:
            SourceError: ``key`` is something else than an array.
        """
        found = self.value.get(key, [])
        if not isinstance(found, list):
            message = f"`{key}` is not an array of tables"
            raise self.refuse(message, (key,), hint="is it a lock file of this kind?")
        return found, self._header_lines(key, len(found))

    def _header_lines(self, key: str, count: int) -> list[int]:
        if '"""' not in self.text and "'''" not in self.text:
            header = re.compile(rf"^[ \t]*\[\[[ \t]*{re.escape(key)}[ \t]*\]\]", re.MULTILINE)
            starts = [match.start() for match in header.finditer(self.text)]
            if len(starts) == count:
                return [self.lines.position(start)[0] for start in starts]
        return [self.location((key, index)).line for index in range(count)]

    @property
    def lines(self) -> Lines:
        """Lines of the text."""
        if self._lines is None:
            self._lines = Lines(self.text)
        return self._lines

    def location(self, at: KeyPath) -> Location:
        """Where a key stands; of an array's element, the element; else the nearest parent."""
        places = locate(self.text)
        while at:
            place = places.get(at)
            if place is not None:
                return Location(self.label, *self.lines.position(place.key.start))
            at = at[:-1]
        return Location(self.label)

    def refuse(
        self, message: str, at: KeyPath, *, hint: str = "", code: str = "source-invalid"
    ) -> SourceError:
        """An error about a part of the file, or about the whole with an empty path."""
        return SourceError(self.problem(message, at, hint=hint, code=code))

    def problem(
        self, message: str, at: KeyPath, *, hint: str = "", code: str = "source-invalid"
    ) -> Problem:
        """A problem of a part of the file."""
        place = self.location(at)
        return Problem(
            code,
            message,
            path=self.label,
            line=place.line,
            column=place.column,
            excerpt=excerpt(self.lines, place.line),
            hint=hint,
        )


def read_toml(path: Path, label: str) -> TomlFile:
    """Read and parse a file.

    Raises:
        SourceError: it cannot be read, is not text, or not TOML.
    """
    return TomlFile(label, read_bytes(path, label))


def parse_toml(text: str, label: str) -> dict[str, Any]:
    """What a TOML text means.

    Raises:
        SourceError: it is not TOML; the problem has line and column.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text, label) from None
    except RecursionError:
        message = "values are nested too deeply"
    except ValueError:  # an integer of thousands of digits
        message = "a number is too long"
    message = f"not valid TOML: {message}"
    raise SourceError(Problem("source-invalid", message, path=label, hint=MEND))


def _syntax_error(message: str, text: str, label: str) -> SourceError:
    lines = Lines(text)
    found = _AT.search(message)
    if found and found[1]:
        line, column = int(found[1]), int(found[2])
    else:
        line, column = lines.position(len(text.rstrip()))
    return SourceError(
        Problem(
            "source-invalid",
            "not valid TOML: " + _AT.sub("", message),
            path=label,
            line=line,
            column=column,
            excerpt=excerpt(lines, line),
            hint=MEND,
        )
    )


def excerpt(lines: Lines, line: int) -> str:
    """A line for an error: without secrets, ``""`` when it is too long to be shown."""
    found = lines.text_of(line) if line else ""
    return masked(found) if len(found) <= _MAX_EXCERPT else ""
