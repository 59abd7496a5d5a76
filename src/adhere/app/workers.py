"""Work that is shared among processes, none of which outlives the one that asked for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_processes(function: Callable[[T], R], items: Sequence[T], processes: int) -> Iterator[R]:
    """Results of a function, in the order of the items.

    Args:
        function: of a module, so that another process finds it.
        items: what to call it with.
        processes: how many to start.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import active_children, get_context

    # Spawned, not forked: whoever calls us as a library may have threads.
    context = get_context("spawn")
    size = max(1, len(items) // 32)
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin) as pool:
        others = set(active_children())
        with _interrupts_wait():
            parts = [
                pool.submit(_each, function, items[start : start + size])
                for start in range(0, len(items), size)
            ]
        started = set(active_children()) - others
        try:
            for part in parts:
                yield from part.result()
        except BaseException:  # also when nobody wants the rest: the pool would wait for it
            for process in started:
                process.terminate()
            raise


def _each(function: Callable[[T], R], items: Sequence[T]) -> list[R]:
    return [function(item) for item in items]


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Keep Ctrl-C until processes are started.

    It goes to every process of a terminal, and one that is still starting would print a
    trace before it could be told to leave that to us. The mask is inherited.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """In a process that was started: leave Ctrl-C to its parent, and end with it."""
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that was killed tells nobody; its children would wait for work for ever."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
