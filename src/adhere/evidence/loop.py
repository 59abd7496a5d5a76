"""An event loop that ends at once when the process is asked to end."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


def run_until_told(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine; Ctrl-C and SIGTERM cancel it, so that it can put things in order.

    A thread that runs a loop of its own, as that of a notebook, waits for another one.

    Raises:
        KeyboardInterrupt: it was cancelled by either of them.
    """
    if _runs_a_loop():
        return _in_a_thread(main)
    if threading.current_thread() is not threading.main_thread() or sys.platform == "win32":
        return asyncio.run(main)  # which cancels on Ctrl-C by itself
    return asyncio.run(_cancellable(main))


def _runs_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _in_a_thread(main: Coroutine[Any, Any, T]) -> T:
    ready: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[T]]] = Future()

    async def begun() -> T:
        task = asyncio.ensure_future(main)
        ready.set_result((asyncio.get_running_loop(), task))
        return await task

    with ThreadPoolExecutor(1, "adhere") as threads:
        answer = threads.submit(asyncio.run, begun())
        try:
            return answer.result()
        except KeyboardInterrupt:  # this thread's, for which the other would go on
            loop, task = ready.result()
            with suppress(RuntimeError):  # it has just ended
                loop.call_soon_threadsafe(task.cancel)
            raise


async def _cancellable(main: Coroutine[Any, Any, T]) -> T:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(main)
    told = False

    def end() -> None:
        nonlocal told
        told = True
        task.cancel()

    # An embedding program may have a handler of its own, which then has the say.
    own = signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    if own:
        loop.add_signal_handler(signal.SIGTERM, end)
    try:
        return await task
    except asyncio.CancelledError:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        if told:
            raise KeyboardInterrupt from None
        raise
    finally:
        if own:
            loop.remove_signal_handler(signal.SIGTERM)
