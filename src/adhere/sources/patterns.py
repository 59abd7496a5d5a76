"""Patterns looked for in texts, within a bounded time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, Queue
from threading import Thread
from typing import IO, cast

from adhere.model.text import Found, Match
from adhere.sources import matcher

SECONDS = 3.0
"""That one pattern may take on one text. What is well written takes milliseconds."""


class PatternError(Exception):
    """A pattern that cannot be looked for; the message says why, as a clause."""


class Patterns:
    """Looks for patterns, and gives up on those that take too long.

    The process that does it is started with the first question, and ends when it is closed.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        """Nothing runs yet.

        Args:
            seconds: for one pattern on one text.
        """
        self._seconds = seconds
        self._process: subprocess.Popen[str] | None = None
        self._answers: Queue[str] = Queue()
        self._slow: set[str] = set()

    def close(self) -> None:
        """End the process, where there is one; it is started again when it is needed."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            with suppress(OSError):  # what was not sent yet is of no use any more
                cast("IO[str]", process.stdin).close()

    def find(self, text: str, patterns: Sequence[str], *, lines: bool) -> list[Found]:
        """What each pattern matches.

        Args:
            text: to look into.
            patterns: regular expressions.
            lines: ``^`` and ``$`` mean lines, not the whole text.

        Raises:
            PatternError: one of them takes too long, here or before; it is not tried again.
        """
        slow = next((pattern for pattern in patterns if pattern in self._slow), None)
        if slow is not None:
            raise PatternError(f"the pattern `{slow}` took too long on another text")
        process = self._process or self._start()
        asking = cast("IO[str]", process.stdin)
        try:
            asking.write(json.dumps([text, re.MULTILINE if lines else 0, *patterns]) + "\n")
            asking.flush()
        except OSError:
            self.close()
            raise PatternError("the process that looks for patterns ended") from None
        found: list[Found] = []
        for pattern in patterns:
            try:
                answer = self._answers.get(timeout=self._seconds)
            except Empty:
                self._slow.add(pattern)
                self.close()
                message = f"the pattern `{pattern}` takes longer than {self._seconds:g} s on it"
                raise PatternError(message) from None
            if not answer:
                self.close()
                raise PatternError(f"the pattern `{pattern}` ended the process that looked for it")
            count, places = json.loads(answer)
            found.append(Found(count, tuple(Match(*place) for place in places)))
        return found

    def _start(self) -> subprocess.Popen[str]:
        # Isolated, and without site: neither the folder nor the environment changes what it does.
        command = [sys.executable, "-I", "-S", "-X", "utf8", matcher.__file__]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._process = process
        self._answers = Queue()
        Thread(target=_listen, args=(process, self._answers), daemon=True).start()
        return process


def _listen(process: subprocess.Popen[str], answers: Queue[str]) -> None:
    """Hand on what it says; an empty line at its end."""
    with cast("IO[str]", process.stdout) as lines:
        for line in lines:
            answers.put(line)
    answers.put("")
