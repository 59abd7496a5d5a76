"""One decision record: front matter, status, and the sections that rules enforce."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from posixpath import dirname, join, normpath
from typing import Any, Literal

from msgspec import Struct

from adhere.adr.sections import headings
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
_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")


class Adr(Struct, frozen=True):
    """A decision record.

    Attributes:
        id: ``ADR-010``.
        title: of the decision.
        status: decides whether its rules are enforced.
        path: relative to the project.
        date: as written, ``""`` for none.
        sections: heading and place by anchor (``#compliance``); ``""`` is the document.
        rules: path of the rule file that it names, ``""`` for none.
    """

    id: str
    title: str
    status: Status
    path: str
    date: str
    sections: Mapping[str, Decision]
    rules: str = ""


def read_adr(text: str, path: str) -> Adr | None:
    """Read a MADR 4 document.

    Returns:
        ``None`` for a page without front matter that names an id or a status: it is no
        decision record.

    Raises:
        ConfigError: the front matter is malformed, or says something that cannot be.
    """
    fence = _FENCE.match(text)
    front = _Front(_front_matter(fence[1], path), fence[0], path) if fence else None
    if fence is None or front is None or not front.is_decision:
        return None
    found = list(headings(text, fence[0].count("\n") + 1))
    title = front.text("title") or (found[0].name if found else "")
    identifier = front.identifier()
    status = front.status()
    sections = {"": Decision(identifier, title, location=Location(path, 1))}
    for heading in found:
        place = Location(path, heading.line)
        sections.setdefault(heading.anchor, Decision(identifier, title, heading.name, place))
    return Adr(identifier, title, status, path, front.date(), sections, front.rules())


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


class _Front:
    """The front matter of one document, and what is wrong with it."""

    def __init__(self, values: Mapping[str, Any], text: str, path: str) -> None:
        self._values = values
        self._text = text
        self._path = path

    @property
    def is_decision(self) -> bool:
        return "id" in self._values or "status" in self._values

    def text(self, key: str) -> str:
        value = self._values.get(key)
        return value.strip() if isinstance(value, str) else ""

    def date(self) -> str:
        value = self._values.get("date")
        return str(value) if isinstance(value, (str, date)) else ""

    def rules(self) -> str:
        """``adhere: { rules: ADR-010.rules.toml }``, as a path relative to the project."""
        ours = self._values.get("adhere")
        value = ours.get("rules") if isinstance(ours, dict) else None
        if ours is None or (isinstance(ours, dict) and value is None):
            return ""
        if not isinstance(value, str) or not value.strip():
            hint = "keep rules in a file beside it, and name that: `rules: ADR-010.rules.toml`"
            raise self.wrong("adhere", "its `adhere` names no rule file", hint)
        return normpath(join(dirname(self._path), value.strip()))

    def identifier(self) -> str:
        value = self._values.get("id")
        if value is None:
            name = self._path.rpartition("/")[2]
            match = re.match(r"(?:adr[-_])?([0-9]+)", name, re.IGNORECASE)
            if match is None:
                raise self.wrong("id", "it has no id", "add `id: ADR-010`")
            return f"ADR-{match[1]}"
        if not isinstance(value, str):
            message = f"its id reads as {_shown(value)}, which is no text"
            raise self.wrong("id", message, "YAML reads a bare 010 as the number 8: quote the id")
        if _ID.fullmatch(value.strip()) is None:
            hint = "letters, digits, dots, hyphens: `ADR-010`"
            raise self.wrong("id", f"its id is {_shown(value)}, which is none", hint)
        return value.strip()

    def status(self) -> Status:
        value = self._values.get("status")
        word = value.strip().lower() if isinstance(value, str) else ""
        word = "superseded" if word.startswith("superseded by") else word
        if word not in ENFORCED:
            hint = nearest(word, ENFORCED) or f"known are {quoted(ENFORCED)}"
            message = f"its status is {_shown(value)}, which is none"
            raise self.wrong("status", "it has no status" if value is None else message, hint)
        return word  # type: ignore[return-value]  # it is a key of ENFORCED

    def wrong(self, key: str, message: str, hint: str) -> ConfigError:
        """An error that points at the key, at the first line where it is absent."""
        problem = Problem("adr-invalid", message, path=self._path, line=1, hint=hint)
        for number, line in enumerate(self._text.splitlines(), 1):
            if line.startswith(f"{key}:"):
                problem.line, problem.column = number, 1
                problem.excerpt, problem.width = line, len(line)
                break
        return ConfigError(problem)


def _shown(value: object) -> str:
    """A value in a message; a list or table of YAML can unfold to far more than memory."""
    if isinstance(value, (str, int, float, date)) and not (
        isinstance(value, int) and value.bit_length() > 64
    ):
        text = str(value)
        return f"`{text[:80]}`" if isinstance(value, str) else text
    return "a value that is no text"
