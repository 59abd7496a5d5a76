"""JSON files: values by `msgspec`, positions by `adhere.spans.json`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from adhere.errors import Problem, SourceError
from adhere.model.location import Location
from adhere.sources.files import decode_text, digest, read_bytes
from adhere.sources.toml_file import MEND, excerpt
from adhere.spans.json import locate
from adhere.spans.text import KeyPath, Lines

_AT_BYTE = re.compile(r" \(byte (\d+)\)$")
_HALF_PAIR = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)


class JsonFile:
    """A JSON file as it was read.

    Attributes:
        label: what to call it.
        text: the whole file.
        value: what it means; numbers may be of any size.
        digest: ``sha256:<hex>`` of its bytes.
    """

    def __init__(self, label: str, data: bytes) -> None:
        """Parse a file.

        Raises:
            SourceError: it is not text, or not JSON.
        """
        self.label = label
        self.digest = digest(data)
        self.text = decode_text(data, label)
        self.value: Any = parse_json(self.text, label)
        self._lines: Lines | None = None

    @property
    def lines(self) -> Lines:
        """Lines of the text."""
        if self._lines is None:
            self._lines = Lines(self.text)
        return self._lines

    def location(self, at: KeyPath, depth: int = 0) -> Location:
        """Where a key or an element begins; else its nearest parent.

        Args:
            at: keys and indices from the root.
            depth: longest path that will be asked for in this file, ``0`` for this one;
                one number for all questions saves a walk over the text for each.
        """
        starts = locate(self.text, depth or len(at))
        while at:
            start = starts.get(at)
            if start is not None:
                return Location(self.label, *self.lines.position(start.key))
            at = at[:-1]
        return Location(self.label)

    def refuse(
        self, message: str, at: KeyPath, *, hint: str = "", code: str = "source-invalid"
    ) -> SourceError:
        """An error about a part of the file, or about the whole with an empty path."""
        place = self.location(at)
        problem = Problem(
            code,
            message,
            path=self.label,
            line=place.line,
            column=place.column,
            excerpt=excerpt(self.lines, place.line),
            hint=hint,
        )
        return SourceError(problem)


def read_json(path: Path, label: str) -> JsonFile:
    """Read and parse a file.

    Raises:
        SourceError: it cannot be read, is not text, or not JSON.
    """
    return JsonFile(label, read_bytes(path, label))


def parse_json(text: str, label: str) -> Any:
    """What a JSON text means: dicts, lists, strings, numbers, truth values, ``None``.

    Raises:
        SourceError: it is not JSON; the problem has line and column.
    """
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        reason, offset = "values are nested too deeply", None
    except msgspec.ValidationError as error:  # a number that no program could hold
        reason, offset = str(error).partition(" - at ")[0].lower(), None
    except (msgspec.DecodeError, UnicodeError) as error:
        reason, offset = _reason(str(error), text)
    problem = Problem("source-invalid", f"not valid JSON: {reason}", path=label, hint=MEND)
    if offset is not None:
        lines = Lines(text)
        problem.line, problem.column = lines.position(offset)
        problem.excerpt = excerpt(lines, problem.line)
    raise SourceError(problem)


def _reason(message: str, text: str) -> tuple[str, int | None]:
    """What is wrong, and at which character."""
    if not text.strip():
        return "the file is empty", None
    found = _AT_BYTE.search(message)
    if found is not None:
        reason = _AT_BYTE.sub("", message).removeprefix("JSON is malformed: ")
        return reason, len(text.encode()[: int(found[1])].decode(errors="ignore"))
    half = _HALF_PAIR.search(text)
    if half is not None and text.rstrip()[-1] in "]}":
        return "a string holds half of a surrogate pair", half.start()
    return "it ends too early, as a file does that was cut off", len(text.rstrip())
