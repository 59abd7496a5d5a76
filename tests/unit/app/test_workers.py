"""Processes that share work: none is left behind, and none speaks when it is interrupted."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from adhere.app.workers import in_processes

WAIT = "import os, time; os.write(1, b'up\\n'); time.sleep(60)"
WORK = f"from adhere.app.workers import in_processes; list(in_processes(exec, [{WAIT!r}] * 4, 2))"


def interrupt_is(_: object) -> tuple[bool, bool]:
    """Whether this process ignores Ctrl-C, and did so from its start."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    return signal.getsignal(signal.SIGINT) == signal.SIG_IGN, signal.SIGINT in held


def test_results_come_in_the_order_of_the_items() -> None:
    assert list(in_processes(abs, [-3, 2, -1], 2)) == [3, 2, 1]


def test_only_the_first_process_hears_of_an_interruption() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    script = (
        f"import sys; sys.path.insert(0, {__file__.rpartition('/')[0]!r}); import test_workers; "
        "from adhere.app.workers import in_processes; "
        "print(*in_processes(test_workers.interrupt_is, [1, 2], 2))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "(True, True) (True, True)\n"
    list(in_processes(abs, [1], 1))
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_the_one_that_started_it(how: signal.Signals) -> None:
    work = subprocess.Popen([sys.executable, "-c", WORK], stdout=subprocess.PIPE)
    assert work.stdout is not None
    assert [work.stdout.readline(), work.stdout.readline()] == [b"up\n", b"up\n"]
    work.send_signal(how)
    # Each process holds the pipe: it ends when the last of them does.
    rest, _ = work.communicate(timeout=20)
    assert rest == b""
    assert work.returncode
