"""One command, from its words to its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from adhere.app.recall import Memory
from adhere.errors import AdhereError
from adhere.surfaces.cli.lean import import_argparse, import_msgspec
from adhere.surfaces.cli.terminal import StreamError, Terminal


def run_command(words: Sequence[str], memory: Memory) -> int:
    """Run one command.

    Args:
        words: after the program's name.
        memory: where a check that can be shown again is written down.

    Returns:
        The exit code.
    """
    terminal = Terminal(sys.stdout, sys.stderr, os.environ)
    terminal.memory = memory
    try:
        if memory.path:
            from adhere.app.watch import Watch

            terminal.watched = (memory, Watch())
        import_argparse()
        from adhere.surfaces.cli.parser import parse

        command, settings = parse(words, os.environ)
        terminal.adjust(settings)
        import_msgspec()
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
    finally:
        if terminal.watched is not None:
            terminal.watched[1].stop()
    return code
