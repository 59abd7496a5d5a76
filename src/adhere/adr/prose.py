"""What a decision without front matter says of itself: a section ``Status``, or bullets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from adhere.adr.reference import Reference, references
from adhere.adr.sections import Heading
from adhere.adr.status import SUPERSEDED_BY, Status, status_of

_FIELD = re.compile(r"[ \t]*(?:[-*+][ \t]+)?([A-Za-z][A-Za-z -]{0,30}?)[ \t]*:[ \t]*(.*)")
_SUPERSEDES = re.compile(r"super[sc]edes\b|replaces\b", re.IGNORECASE)
_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")


class Said(Struct, frozen=True):
    """What a document says of itself.

    Attributes:
        words: of its status, as written.
        status: that they mean, ``None`` for none.
        line: of the status.
        form: where it stands.
        date: as written, ``""`` for none.
        deciders: who decided.
        supersedes: what it says to replace.
        superseded_by: what it says to be replaced by.
    """

    words: str
    status: Status | None
    line: int
    form: Literal["sections", "bullets"]
    date: str = ""
    deciders: tuple[str, ...] = ()
    supersedes: tuple[Reference, ...] = ()
    superseded_by: tuple[Reference, ...] = ()


def read_prose(
    text: str,
    found: Sequence[Heading],
    path: str,
    statuses: Mapping[str, Status],
    first_line: int = 1,
) -> Said | None:
    """What a document says; ``None`` where it says no status.

    Args:
        text: of the whole document.
        found: its headings, at least one.
        path: to which links are relative.
        statuses: words of the project for a status.
        first_line: after any front matter.
    """
    lines = text.splitlines()
    fields = dict(_fields(lines, found, first_line))
    section = next((h for h in found if _plain(h.name).lower() == "status"), None)
    if section is not None:
        spoken = list(_below(lines, found, section))
        form: Literal["sections", "bullets"] = "sections"
    elif "status" in fields:
        spoken, form = [fields["status"]], "bullets"
    else:
        return None
    spoken = [(line, words) for line, words in spoken if words]
    if not spoken:
        return Said("", None, section.line if section else first_line, form)
    decided = fields.get("deciders") or fields.get("decision-makers") or (0, "")
    day = _DAY.search(fields.get("date", (0, ""))[1]) or _DAY.search(spoken[0][1])
    return Said(
        spoken[0][1],
        _status(spoken, statuses),
        spoken[0][0],
        form,
        day[0] if day else "",
        tuple(name.strip() for name in decided[1].split(",") if name.strip()),
        (*_named(spoken, path, _SUPERSEDES), *_field(fields, "supersedes", path)),
        (*_named(spoken, path, SUPERSEDED_BY), *_field(fields, "superseded by", path)),
    )


def _status(spoken: Sequence[tuple[int, str]], statuses: Mapping[str, Status]) -> Status | None:
    """The first word for one; a line that says by what the whole was replaced outweighs it."""
    found = [status_of(words, statuses) for _, words in spoken]
    if any(
        SUPERSEDED_BY.match(_plain(words)) and not any(r.part for r in references(words, ""))
        for _, words in spoken
    ):
        return "superseded"
    return found[0]


def _named(
    spoken: Sequence[tuple[int, str]], path: str, verb: re.Pattern[str]
) -> Iterator[Reference]:
    for line, words in spoken:
        if (said := verb.search(words)) is not None:
            yield from references(words[said.end() :], path, line)


def _field(fields: Mapping[str, tuple[int, str]], name: str, path: str) -> Iterator[Reference]:
    line, words = fields.get(name, (0, ""))
    yield from references(words, path, line)


def _fields(
    lines: Sequence[str], found: Sequence[Heading], first_line: int
) -> Iterator[tuple[str, tuple[int, str]]]:
    """``Name: value`` above the second heading, whatever marks it as a list or as bold."""
    end = found[1].line - 1 if len(found) > 1 else len(lines)
    for number in range(first_line, end + 1):
        match = _FIELD.match(lines[number - 1].replace("**", "").replace("__", ""))
        if match is not None:
            yield match[1].strip().lower(), (number, match[2].strip())


def _below(
    lines: Sequence[str], found: Sequence[Heading], section: Heading
) -> Iterator[tuple[int, str]]:
    """Lines of a section, up to the next heading, without marks of a list."""
    end = min((h.line for h in found if h.line > section.line), default=len(lines) + 1)
    in_comment = False
    for number in range(section.line + 1, end):
        words = lines[number - 1].strip()
        in_comment = (in_comment or words.startswith("<!--")) and "-->" not in words
        if words and not in_comment and not words.endswith("-->"):
            yield number, words.lstrip("-*+ ").strip("*_ ")


def _plain(words: str) -> str:
    return words.strip("*_: ")
