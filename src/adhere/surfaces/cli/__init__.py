"""The command line: one parser made from `adhere.app.settings`, one module per command."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

from adhere.errors import AdhereError
from adhere.surfaces.cli.terminal import StreamError, Terminal


def main() -> NoReturn:
    """The program ``adhere``: run the command of this process and end it.

    What was made is not taken apart first: that would be a tenth of a warm run, and the
    system takes it back at once. Nothing is left to write when a command has returned.
    """
    code = run()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # a reader who is gone is told by the exit code
            if stream is not None:  # a stream that was closed before we began
                stream.flush()
    os._exit(code)


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: words after the program's name; those of the process by default.

    Returns:
        The exit code.
    """
    # A command makes values, prints, and ends: nothing of what it makes becomes garbage
    # in cycles, and looking for some costs a twentieth of a warm run.
    if argv is None:
        gc.disable()
    terminal = Terminal(sys.stdout, sys.stderr, os.environ)
    try:
        from adhere.surfaces.cli.parser import parse

        command, settings = parse(sys.argv[1:] if argv is None else argv, os.environ)
        terminal.adjust(settings)
        module, _, function = command.handler.partition(":")
        code: int = getattr(import_module(module), function)(settings, terminal)
        terminal.flush()
    except AdhereError as error:
        if isinstance(error, StreamError):
            terminal.abandon()
        terminal.problems(error.problems)
        return error.exit_code
    except KeyboardInterrupt:
        terminal.say("interrupted")
        return 130
    except BrokenPipeError:
        terminal.abandon()
        return 141
    except Exception as error:  # noqa: BLE001 - the one place where a defect of ours ends: with its trace and a request to report it
        terminal.defect(error)
        return 70
    return code
