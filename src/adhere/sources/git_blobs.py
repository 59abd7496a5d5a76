"""What files of a repository hold: one process of git that is asked for one after the other."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, cast

_HEADER = 512
"""Bytes of the line before a content; it has an id, a word and a number."""

_LEAVE = 5.0
"""Seconds in which git ends by itself when there are no more questions."""

_SAID = 4_000
"""Bytes of git's last words that are looked at."""


class UnreadableBlobError(Exception):
    """A content that cannot be had.

    Attributes:
        message: why, as a clause.
        hint: what to do about it, ``""`` where nobody knows.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        """Take both."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class Blobs:
    """Contents by their id.

    The process is started with the first question, and anew after one that it did not survive.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: str,
        environment: Mapping[str, str],
        *,
        seconds: float,
        limit: int,
    ) -> None:
        """Take what is needed.

        Args:
            command: git and its settings, without the words of a subcommand.
            folder: in the repository, absolute.
            environment: of the process.
            seconds: in which one answer has to be there.
            limit: largest size in bytes that is read.
        """
        self._command = [*command, "cat-file", "--batch"]
        self._folder = folder
        self._environment = environment
        self._seconds = seconds
        self._limit = limit
        self._process: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None
        self._slow = False
        self._lock = threading.Lock()

    def read(self, object_id: str) -> bytes:
        """What a file holds.

        Args:
            object_id: of the content, all of its digits.

        Raises:
            UnreadableBlobError: it is not here, is too large, or git does not tell.
        """
        with self._lock:
            found = self._answer(object_id)
            if found is None:  # it may have died of something else, between two questions
                found = self._answer(object_id)
            if found is None:
                raise UnreadableBlobError(f"git ended while it was read{self._last_words()}")
            return found

    def close(self) -> None:
        """End the process; another question would start one."""
        with self._lock:
            if self._process is not None:
                with suppress(OSError, subprocess.TimeoutExpired):
                    _questions(self._process).close()
                    self._process.wait(_LEAVE)
            self._end()
            if self._said is not None:
                self._said.close()
                self._said = None

    def _answer(self, object_id: str) -> bytes | None:
        """The content; ``None`` where git died on it."""
        process = self._process or self._start()
        self._slow = False
        timer = threading.Timer(self._seconds, self._give_up, (process,))
        timer.daemon = True
        timer.start()
        try:
            found = self._ask(process, object_id)
        except OSError:  # nobody reads the question any more
            found = None
        except UnreadableBlobError:
            raise
        except BaseException:
            self._end()  # what it still says would be taken for the answer to another question
            raise
        finally:
            timer.cancel()
        if found is None:
            self._end()
            if self._slow:
                raise UnreadableBlobError("git does not answer")
        return found

    def _ask(self, process: subprocess.Popen[bytes], object_id: str) -> bytes | None:
        questions, answers = _questions(process), _answers(process)
        questions.write(object_id.encode() + b"\n")
        questions.flush()
        header = answers.readline(_HEADER)
        if not header.endswith(b"\n"):
            return None
        name, *about = header.decode("ascii", "replace").split()
        if name != object_id:
            return None
        if about == ["missing"]:
            hint = "fetch it: a partial clone has only those files that were asked for"
            raise UnreadableBlobError("this clone does not have what it holds", hint)
        if len(about) != 2 or about[0] != "blob" or not about[1].isdigit():
            self._end()
            raise UnreadableBlobError(f"git says that it is `{' '.join(about)[:80]}`")
        size = int(about[1])
        if size > self._limit:
            self._end()  # rather than read on to the end of it
            raise UnreadableBlobError(f"it is larger than {self._limit} bytes")
        data = answers.read(size + 1)
        return data[:-1] if len(data) == size + 1 and data.endswith(b"\n") else None

    def _start(self) -> subprocess.Popen[bytes]:
        if self._said is not None:
            self._said.close()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - it is as old as the process
        try:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                start_new_session=True,  # so that those can be ended that it starts itself
            )
        except OSError as error:
            words = (error.strerror or type(error).__name__).lower()
            raise UnreadableBlobError(f"git cannot be started: {words}") from None
        return self._process

    def _give_up(self, process: subprocess.Popen[bytes]) -> None:
        self._slow = True
        _kill(process)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process)
        process.wait()
        _answers(process).close()
        with suppress(OSError):  # a question that was not read
            _questions(process).close()

    def _last_words(self) -> str:
        if self._said is None:
            return ""
        self._said.seek(0)
        said = self._said.read(_SAID).decode("utf-8", "replace").strip().splitlines()
        return f": {said[-1].removeprefix('fatal: ')[:200]}" if said else ""


def _questions(process: subprocess.Popen[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", process.stdin)


def _answers(process: subprocess.Popen[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", process.stdout)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End it and those that it started; not one that was waited for, whose number may be another's."""
    if process.returncode is not None:
        return
    with suppress(OSError):  # it ended meanwhile
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
