"""Core metadata of an installed package: the header block of ``METADATA``.

Only the header block is read: the description below it may have megabytes and says
nothing that a rule needs. `email.parser` would read the same fields in five times the
time and mangles UTF-8.
"""

from __future__ import annotations

import re

from msgspec import Struct

from adhere.model.names import is_valid_name

MAX_HEAD = 4 * 1024 * 1024
"""Bytes of a header block that is read; the longest real one has 80 kB, a whole license."""

_FIELD = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*):[ \t]*(.*)")
_MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_LICENSE = "License ::"


class MetadataError(Exception):
    """Metadata that cannot be used.

    Attributes:
        reason: as a clause.
        line: 1-based, 0 when the whole file is meant.
    """

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class Metadata(Struct, frozen=True):
    """The fields that matter here, as their author wrote them.

    Attributes:
        name: valid, not canonical.
        version: not empty.
        summary: one line.
        expression: ``License-Expression``.
        license: ``License``; continuation lines without their indentation.
        classifiers: those that begin with ``License ::``.
        license_files: ``License-File``.
        requires_dist: ``Requires-Dist``.
        links: label and address of each ``Project-URL``, and the home page.
        stray: number of lines that are no field; never a reason to refuse the rest.
    """

    name: str
    version: str
    summary: str = ""
    expression: str = ""
    license: str = ""
    classifiers: tuple[str, ...] = ()
    license_files: tuple[str, ...] = ()
    requires_dist: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    stray: int = 0


def head_of(data: bytes) -> bytes | None:
    """The header block of the beginning of a file, ``None`` when its end is not in it."""
    ends = [at for mark in (b"\n\n", b"\r\n\r\n", b"\n\r\n") if (at := data.find(mark)) >= 0]
    return data[: min(ends)] if ends else None


def parse_metadata(head: bytes) -> Metadata:
    """Read a header block.

    Raises:
        MetadataError: it is not UTF-8, or has no usable name or version.
    """
    fields, stray = _fields(_decoded(head))

    def first(key: str) -> str:
        return fields[key][0].strip() if key in fields else ""

    name, version = first("name"), first("version")
    if not name:
        raise MetadataError("its metadata has no Name")
    if not is_valid_name(name):
        raise MetadataError("its metadata has a Name that is none")
    if not version:
        raise MetadataError("its metadata has no Version")
    links = [link for raw in fields.get("project-url", ()) if (link := _link(raw))]
    if (home := first("home-page")) not in ("", "UNKNOWN"):
        links.append(("Homepage", home))
    return Metadata(
        name=name,
        version=version,
        summary=first("summary").partition("\n")[0],
        expression=first("license-expression"),
        license=first("license"),
        classifiers=tuple(c for c in fields.get("classifier", ()) if c.startswith(_LICENSE)),
        license_files=tuple(fields.get("license-file", ())),
        requires_dist=tuple(fields.get("requires-dist", ())),
        links=tuple(links),
        stray=stray,
    )


def _decoded(head: bytes) -> str:
    for mark, name in _MARKS:
        if head.startswith(mark):
            raise MetadataError(f"its metadata is {name}, not UTF-8", 1)
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = head.count(b"\n", 0, error.start) + 1
        raise MetadataError(f"its metadata is not UTF-8 at byte {error.start}", line) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise MetadataError("its metadata holds a NUL character", line)
    return text


def _fields(text: str) -> tuple[dict[str, list[str]], int]:
    """Values by lower-case field name, in order; and how many lines are no field."""
    fields: dict[str, list[str]] = {}
    current: list[str] | None = None
    stray = 0
    for line in text.replace("\r\n", "\n").split("\n"):
        if line[:1] in (" ", "\t"):
            if current is not None:
                current[-1] += "\n" + _continued(line)
            continue
        match = _FIELD.match(line)
        if match is None:
            current = None
            stray += bool(line)
            continue
        current = fields.setdefault(match[1].lower(), [])
        current.append(match[2].rstrip())
    return fields, stray


def _continued(line: str) -> str:
    """A continuation without the mark that a builder put before it.

    Eight blanks, or seven and a bar, are what the metadata specification recommends.
    """
    line = line.rstrip()
    if line.startswith("       |"):
        return line[8:]
    return line.removeprefix("        ").lstrip("\t")


def _link(raw: str) -> tuple[str, str] | None:
    label, comma, address = raw.partition(",")
    address = address.strip()
    return (label.strip(), address) if comma and address else None
