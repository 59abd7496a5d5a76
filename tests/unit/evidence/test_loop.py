"""The loop that a run makes for itself, where the thread has one already."""

from __future__ import annotations

import asyncio
import threading

import pytest

from adhere.evidence.loop import run_until_told


async def where() -> str:
    await asyncio.sleep(0)
    return threading.current_thread().name


async def breaks() -> None:
    raise LookupError("as it is")


def test_a_thread_without_a_loop_runs_it_itself() -> None:
    assert run_until_told(where()) == threading.current_thread().name


def test_a_thread_with_a_loop_waits_for_another() -> None:
    async def main() -> str:
        return run_until_told(where())

    assert asyncio.run(main()) != threading.current_thread().name


def test_what_it_raises_is_raised() -> None:
    async def main() -> None:
        run_until_told(breaks())

    with pytest.raises(LookupError, match="as it is"):
        asyncio.run(main())
