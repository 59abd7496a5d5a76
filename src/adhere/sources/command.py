"""Commands that a rule asks for, run within bounds."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO

from adhere.model.exit import Exit

_LAST_BYTES = 8 << 10
_LAST_LINES = 20
_WIDTH = 200


def run_command(command: Sequence[str], folder: str, seconds: float) -> Exit:
    """Run a command without a shell and without input, and everything that it starts.

    Args:
        command: program and arguments.
        folder: that it runs in.
        seconds: after which all of it is ended.
    """
    with TemporaryFile() as said:
        try:
            process = subprocess.Popen(
                list(command),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            words = getattr(error, "strerror", None) or str(error)
            return Exit(fault=f"it cannot be started: {words.lower()}")
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            return Exit(
                output=_last(said), fault=f"it ran longer than {seconds:g} s, and was ended"
            )
        finally:
            _end(process)
        return Exit(code, _last(said))


def _end(process: subprocess.Popen[bytes]) -> None:
    """The process, and whatever it left behind in its group."""
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _last(said: IO[bytes]) -> tuple[str, ...]:
    size = said.seek(0, os.SEEK_END)
    said.seek(max(0, size - _LAST_BYTES))
    text = said.read().decode("utf-8", "replace")
    lines = (line[:_WIDTH] for line in text.splitlines() if line.strip())
    return tuple(lines)[-_LAST_LINES:]
