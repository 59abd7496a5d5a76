"""The front matter of a decision, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from posixpath import dirname, join, normpath
from typing import Any

from adhere.adr.reference import ID, Reference, references
from adhere.adr.status import ENFORCED, Status, status_of
from adhere.errors import ConfigError, Problem
from adhere.policy.decode import nearest, quoted

FENCE = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_REFERENCE = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:#([\w-]+))?")


def parse(text: str, path: str) -> dict[str, Any]:
    """The table that a front matter is; an empty one where it is something else.

    Raises:
        ConfigError: it is not YAML.
    """
    import yaml

    try:
        value = _load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        message = f"front matter is not valid YAML: {error.problem or 'malformed'}"
        raise ConfigError(Problem("adr-invalid", message, path=path, line=line)) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        message = f"front matter is not usable YAML: {error}"
        raise ConfigError(Problem("adr-invalid", message, path=path, line=1)) from None
    return value if isinstance(value, dict) else {}


def _load(text: str) -> object:
    """The value: by libyaml where it is there, and what is wrong in the words of the other."""
    import yaml

    fast = getattr(yaml, "CSafeLoader", None)
    if fast is not None:
        try:
            return yaml.load(text, Loader=fast)  # noqa: S506 - it builds plain values only
        except yaml.YAMLError:
            pass
    return yaml.safe_load(text)


class Front:
    """The front matter of one document."""

    def __init__(
        self, values: Mapping[str, Any], text: str, path: str, statuses: Mapping[str, Status]
    ) -> None:
        self._values = values
        self._text = text
        self._path = path
        self._statuses = statuses

    @property
    def is_decision(self) -> bool:
        """Whether it says an id or a status."""
        return "id" in self._values or "status" in self._values

    def text(self, key: str) -> str:
        """A text, ``""`` for anything else."""
        value = self._values.get(key)
        return value.strip() if isinstance(value, str) else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text with commas."""
        value = self._values.get(key)
        if isinstance(value, str):
            value = value.split(",")
        if not isinstance(value, list):
            return ()
        return tuple(one.strip() for one in value if isinstance(one, str) and one.strip())

    def date(self) -> str:
        """The day of the decision, as written."""
        value = self._values.get("date")
        return str(value) if isinstance(value, (str, dt.date)) else ""

    def day(self, key: str) -> dt.date | None:
        """A day that something has to be done by.

        Raises:
            ConfigError: it is none: a review that is never due would be lost.
        """
        value = self._values.get(key)
        if value is None or type(value) is dt.date:
            return value
        try:
            return dt.date.fromisoformat(str(value).strip()[:10])
        except ValueError:
            raise self.wrong(
                key, f"its `{key}` is {shown(value)}, which is no day", "write 2027-05-04"
            ) from None

    def references(self, key: str) -> tuple[Reference, ...]:
        """Decisions that a key names: ids, each with a part behind a ``#`` or without.

        Raises:
            ConfigError: something else stands there.
        """
        value = self._values.get(key)
        line = self._line(key)
        if value is None:
            return ()
        found: list[Reference] = []
        for one in value if isinstance(value, list) else [value]:
            match = _REFERENCE.fullmatch(one.strip()) if isinstance(one, str) else None
            linked = list(references(one, self._path, line)) if isinstance(one, str) else []
            if match is not None:
                found.append(Reference(match[1], match[2] or "", line))
            elif linked:
                found.extend(linked)
            else:
                hint = 'name decisions by their ids: ["ADR-022", "ADR-023#rule-id"]'
                raise self.wrong(key, f"its `{key}` names {shown(one)}, which is no id", hint)
        return tuple(found)

    def rules(self) -> tuple[str, bool]:
        """``adhere: { rules: ADR-010.rules.toml }``: the path, and whether they stand inline.

        Raises:
            ConfigError: it names neither.
        """
        ours = self._values.get("adhere")
        value = ours.get("rules") if isinstance(ours, dict) else None
        if ours is None or (isinstance(ours, dict) and value is None):
            return "", False
        if isinstance(value, list) and value:
            return "", True
        if not isinstance(value, str) or not value.strip():
            hint = "name a file beside it, `rules: ADR-010.rules.toml`, or list the rules"
            raise self.wrong("adhere", "its `adhere` names no rules", hint)
        return normpath(join(dirname(self._path), value.strip())), False

    def identifier(self, number: str) -> str:
        """The id of the decision.

        Args:
            number: in the name of its file, for one that says none.

        Raises:
            ConfigError: it has none, or none that can be.
        """
        value = self._values.get("id")
        if value is None:
            if not number:
                raise self.wrong("id", "it has no id", "add `id: ADR-010`")
            return f"ADR-{number}"
        if not isinstance(value, str):
            message = f"its id reads as {shown(value)}, which is no text"
            raise self.wrong("id", message, "YAML reads a bare 010 as the number 8: quote the id")
        if ID.fullmatch(value.strip()) is None:
            hint = "letters, digits, dots, hyphens: `ADR-010`"
            raise self.wrong("id", f"its id is {shown(value)}, which is none", hint)
        return value.strip()

    def status(self) -> tuple[Status, tuple[Reference, ...]]:
        """The status, and by what the decision is superseded if that says so.

        Raises:
            ConfigError: it is none.
        """
        value = self._values.get("status")
        words = value.strip() if isinstance(value, str) else ""
        status = status_of(words, self._statuses)
        if status is None or (status != "superseded" and words.lower() not in self._known()):
            hint = nearest(words.lower(), self._known()) or f"known are {quoted(self._known())}"
            message = f"its status is {shown(value)}, which is none"
            raise self.wrong("status", "it has no status" if value is None else message, hint)
        by = references(words, self._path, self._line("status")) if status == "superseded" else ()
        return status, tuple(by)

    def _known(self) -> list[str]:
        return [*ENFORCED, *(word for word in self._statuses if word not in ENFORCED)]

    def _line(self, key: str) -> int:
        for number, line in enumerate(self._text.splitlines(), 1):
            if line.startswith(f"{key}:"):
                return number
        return 1

    def wrong(self, key: str, message: str, hint: str) -> ConfigError:
        """An error that points at the key, at the first line where it is absent."""
        problem = Problem("adr-invalid", message, path=self._path, line=1, hint=hint)
        lines = self._text.splitlines()
        line = self._line(key)
        if lines[line - 1].startswith(f"{key}:"):
            problem.line, problem.column = line, 1
            problem.excerpt, problem.width = lines[line - 1], len(lines[line - 1])
        return ConfigError(problem)


def shown(value: object) -> str:
    """A value in a message; a list or table of YAML can unfold to far more than memory."""
    if isinstance(value, (str, int, float, dt.date)) and not (
        isinstance(value, int) and value.bit_length() > 64
    ):
        text = str(value)
        return f"`{text[:80]}`" if isinstance(value, str) else text
    return "a value that is no text"
