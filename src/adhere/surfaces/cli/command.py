"""One command, from its words to its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from adhere.app.recall import Memory
from adhere.errors import AdhereError
from adhere.surfaces.cli.terminal import StreamError, Terminal


def _import_msgspec() -> None:
    """Import msgspec without what it can do without.

    Of ``typing_extensions`` it takes what ``typing`` has as well, and with it come ``inspect``,
    ``ast`` and ``dis``: a tenth of a warm run. Of ``platform`` its ``uuid`` takes the name of
    the system. Whoever needs them later gets them.
    """
    stand_ins: dict[str, ModuleType | None] = {"typing_extensions": None}
    if hasattr(os, "uname"):
        stand_ins["platform"] = platform = ModuleType("platform")
        platform.system = lambda: os.uname().sysname  # type: ignore[attr-defined]  # as its own
    ours = {name: module for name, module in stand_ins.items() if name not in sys.modules}
    sys.modules.update(ours)  # type: ignore[arg-type]  # None is how Python is told of none
    try:
        import msgspec  # noqa: F401 - for what it imports
    finally:
        for name in ours:
            del sys.modules[name]


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
        from adhere.surfaces.cli.parser import parse

        command, settings = parse(words, os.environ)
        terminal.adjust(settings)
        _import_msgspec()
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
