"""One decision record: front matter, status, and the sections that rules enforce."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from adhere.errors import ConfigError, Problem
from adhere.model.finding import Level
from adhere.model.location import Location
from adhere.policy.decode import nearest, quoted
from adhere.policy.rule import Decision

Status = Literal["proposed", "accepted", "rejected", "deprecated", "superseded"]

ENFORCED: Mapping[Status, Level | None] = {
    "proposed": "report",
    "accepted": "error",
    "deprecated": "warn",
    "superseded": None,
    "rejected": None,
}
"""The level that a rule has at most, by the status of its decision; ``None`` skips it."""

_FENCE = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_CODE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
_NOT_SLUG = re.compile(r"[^\w\- ]")


class Adr(Struct, frozen=True):
    """A decision record.

    Attributes:
        id: ``ADR-010``.
        title: of the decision.
        status: decides whether its rules are enforced.
        path: relative to the project.
        date: as written, ``""`` for none.
        sections: heading and place by anchor (``#compliance``); ``""`` is the document.
    """

    id: str
    title: str
    status: Status
    path: str
    date: str
    sections: Mapping[str, Decision]


def read_adr(text: str, path: str) -> Adr | None:
    """Read a MADR 4 document.

    Returns:
        ``None`` for a page without front matter that names an id or a status: it is no
        decision record.

    Raises:
        ConfigError: the front matter is malformed, or says something that cannot be.
    """
    fence = _FENCE.match(text)
    front = _front_matter(fence.group(1), path) if fence else {}
    if "id" not in front and "status" not in front:
        return None
    body_at = fence.end() if fence else 0
    title = _title(front, text, body_at)
    identifier = _identifier(front, path, text)
    status = _status(front, path, text)
    whole = Decision(identifier, title, location=Location(path, 1))
    sections = {"": whole}
    code = [(match.start(), match.end()) for match in _CODE.finditer(text)]
    for heading in _HEADING.finditer(text, body_at):
        if any(start <= heading.start() < end for start, end in code):
            continue
        line = text.count("\n", 0, heading.start()) + 1
        name = heading.group(2)
        anchor = _free(f"#{slug(name)}", sections)
        sections[anchor] = Decision(identifier, title, name, Location(path, line))
    return Adr(identifier, title, status, path, str(front.get("date", "")), sections)


def slug(heading: str) -> str:
    """The anchor that Markdown renderers give a heading."""
    plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return _NOT_SLUG.sub("", plain.lower()).strip().replace(" ", "-")


def _free(anchor: str, taken: Mapping[str, object]) -> str:
    candidate, count = anchor, 0
    while candidate in taken:
        count += 1
        candidate = f"{anchor}_{count}"
    return candidate


def _front_matter(text: str, path: str) -> dict[str, Any]:
    import yaml

    try:
        value = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        message = f"front matter is not valid YAML: {error.problem or 'malformed'}"
        raise ConfigError(Problem("adr-invalid", message, path=path, line=line)) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        message = f"front matter is not usable YAML: {error}"
        raise ConfigError(Problem("adr-invalid", message, path=path, line=1)) from None
    return value if isinstance(value, dict) else {}


def _title(front: Mapping[str, Any], text: str, body_at: int) -> str:
    if isinstance(front.get("title"), str):
        return str(front["title"])
    heading = _HEADING.search(text, body_at)
    return heading.group(2) if heading else ""


def _identifier(front: Mapping[str, Any], path: str, text: str) -> str:
    value = front.get("id")
    if isinstance(value, str) and value.strip():
        return value.strip()
    if value is None:
        match = re.match(r"(?:adr[-_])?(\d+)", path.rpartition("/")[2], re.IGNORECASE)
        if match:
            return f"ADR-{match.group(1)}"
        raise ConfigError(_problem(path, text, "id", "it has no id", "add `id: ADR-010`"))
    message = f"its id reads as {value!r}, which is no text"
    hint = "YAML reads a bare 010 as the number 8: quote the id"
    raise ConfigError(_problem(path, text, "id", message, hint))


def _status(front: Mapping[str, Any], path: str, text: str) -> Status:
    value = str(front.get("status", "")).strip().lower()
    word = "superseded" if value.startswith("superseded by") else value
    if word not in ENFORCED:
        hint = nearest(word, ENFORCED) or f"known are {quoted(ENFORCED)}"
        message = f"its status is `{value}`, which is none" if value else "it has no status"
        raise ConfigError(_problem(path, text, "status", message, hint))
    return word  # type: ignore[return-value]  # it is a key of ENFORCED


def _problem(path: str, text: str, key: str, message: str, hint: str) -> Problem:
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(f"{key}:"):
            return Problem(
                "adr-invalid",
                message,
                path=path,
                line=number,
                column=1,
                excerpt=line,
                width=len(line),
                hint=hint,
            )
    return Problem("adr-invalid", message, path=path, line=1, hint=hint)
