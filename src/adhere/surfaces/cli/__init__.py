"""The command line: one parser made from `adhere.app.commands`, one module per command.

This module imports next to nothing: a check whose answer is remembered ends in it.
"""

from __future__ import annotations

import gc
import os
import sys

from adhere.app.recall import Memory, Remembered

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing itself takes longer to import than Python takes to start
    from collections.abc import Sequence
    from typing import NoReturn


_LARGEST = 1 << 24
"""Bytes that are asked for and given back unused when a command starts.

From then on the allocator of glibc keeps blocks of up to this size for their next use. It
would ask the system for each anew, which costs more than filling it: a report is encoded,
indented and written, and each time it is a larger block. Elsewhere it changes nothing.
"""


def main() -> NoReturn:
    """The program ``adhere``: run the command of this process and end it.

    What was made is not taken apart first: that would be a tenth of a warm run, and the
    system takes it back at once. Nothing is left to write when a command has returned.
    """
    code = run()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:  # a stream that was closed before we began
                stream.flush()
        except (OSError, ValueError):  # a reader who is gone is told by the exit code
            pass
    os._exit(code)


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command, or show once more what it would show again.

    Args:
        argv: words after the program's name; those of the process by default.

    Returns:
        The exit code.
    """
    # A command makes values, prints, and ends: nothing of what it makes becomes garbage
    # in cycles, and looking for some costs a twentieth of a warm run.
    if argv is None:
        gc.disable()
        bytes(_LARGEST)
    words = sys.argv[1:] if argv is None else argv
    try:
        memory = Memory(words, os.environ, (sys.stdout, sys.stderr))
        found = memory.recall()
        if found is not None and _show(found):
            found.leave_row(memory)
            return found.exit_code
    except KeyboardInterrupt:
        return 130
    from adhere.surfaces.cli.command import run_command

    return run_command(words, memory)


def _show(found: Remembered) -> bool:
    """Show what was shown; whether that went well.

    What is wrong with a stream is told by the command itself, which then runs.
    """
    streams = {b"out": sys.stdout, b"err": sys.stderr}
    try:
        parts = [(streams[name], data) for name, data in found.parts()]
        if any(stream is not None and not hasattr(stream, "buffer") for stream, _ in parts):
            return False
        for stream, data in parts:
            if stream is not None:
                stream.buffer.write(data)
        for stream in streams.values():
            if stream is not None:
                stream.flush()
    except (OSError, ValueError, KeyError):
        return False
    return True
