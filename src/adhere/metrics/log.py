"""The log of a run: one event a line, as JSON or as words with values.

Nothing of it is imported before somebody asks for it. A line is written whole or not at all,
and that it cannot be written changes nothing about the run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from adhere.model.events import EVENTS
from adhere.ports import Clock

Form = Literal["json", "logfmt"]

_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")
_QUERY = re.compile(r"(?<=[?&])([A-Za-z0-9_.-]+)=[^&#\s]+")
_PLAIN = re.compile(r"[A-Za-z0-9_.:/@+-]+")
_encode = msgspec.json.Encoder().encode


class StreamLog:
    """`adhere.ports.Log` onto a stream."""

    def __init__(
        self,
        write: Callable[[str], object],
        form: Form,
        run: str,
        clock: Clock,
        hidden: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Begin a log.

        Args:
            write: takes a line, with its end.
            form: of the lines.
            run: stands on every line, so that lines of several runs can be told apart.
            clock: for the time of each.
            hidden: what may not be told and what stands in its place: folders, secrets.
        """
        self._write = write
        self._form = form
        self._run = run
        self._clock = clock
        self._hidden = [(text, instead) for text, instead in hidden if text]
        # The longest first: a project in the home folder is not `~/...`.
        self._hidden.sort(key=lambda pair: -len(pair[0]))

    def tell(self, event: str, **fields: object) -> None:
        """Write one line.

        Raises:
            KeyError: there is no such event, or no such field: a defect.
        """
        about = EVENTS[event]
        line: dict[str, object] = {
            "time": self._clock.now().isoformat(timespec="milliseconds"),
            "level": about.severity,
            "event": event,
            "run": self._run,
        }
        for name, value in fields.items():
            if name not in about.fields:
                raise KeyError(f"{event} has no field {name}")
            line[name] = self.scrubbed(value) if isinstance(value, str) else value
        if about.advice:
            line["advice"] = about.advice
        text = _encode(line).decode() if self._form == "json" else _as_words(line)
        self._write(text + "\n")

    def scrubbed(self, text: str) -> str:
        """A text without credentials, values of queries, and what else may not be told."""
        text = _QUERY.sub(r"\1=...", _CREDENTIALS.sub("", text))
        for secret, instead in self._hidden:
            text = text.replace(secret, instead)
        return text


def _as_words(line: dict[str, object]) -> str:
    return " ".join(f"{name}={_as_word(value)}" for name, value in line.items())


def _as_word(value: object) -> str:
    if isinstance(value, float):
        value = round(value, 6)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: ""}[value]
    text = str(value)
    return text if _PLAIN.fullmatch(text) else _encode(text).decode()


def secrets_of(environ: dict[str, str]) -> list[tuple[str, str]]:
    """Values of variables that look like secrets, so that none of them is ever told."""
    words = ("PASSWORD", "SECRET", "TOKEN", "APIKEY", "API_KEY", "CREDENTIAL")
    return [
        (value, "...")
        for name, value in environ.items()
        if len(value) >= 6 and any(word in name.upper() for word in words)
    ]


def folders_of(root: str) -> list[tuple[str, str]]:
    """Folders that tell about the machine, and what stands for them."""
    home = os.path.expanduser("~")
    return [(root, "."), (home if len(home) > 1 else "", "~")]
