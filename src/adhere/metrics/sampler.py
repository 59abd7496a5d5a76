"""Memory of a process and its children, looked at every few milliseconds.

The system's own high-water mark is of this process alone, and tells no phase from another.
What lies between two looks is not seen: hence the resolution is part of the answer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

from adhere.errors import Problem, UsageError

RESOLUTION = 0.01
"""Seconds between two looks, at least: a look takes its time as well."""


class Sampler:
    """Looks at memory until it is stopped; use it in a ``with`` block.

    Attributes:
        peak: the most memory that was seen, in bytes.
        phases: the most by phase.
        looks: how often it was looked.
    """

    def __init__(self, current: Callable[[], str], resolution: float = RESOLUTION) -> None:
        """Prepare to look.

        Args:
            current: the phase that is under way.
            resolution: seconds between two looks.

        Raises:
            UsageError: psutil is not installed.
        """
        try:
            # Its types are of no use here, and it is only there with an extra.
            self._psutil: Any = import_module("psutil")
        except ImportError:
            message = "memory is sampled by psutil, which is not installed"
            hint = "install adhere[profile]"
            raise UsageError(Problem("usage", message, hint=hint)) from None
        self._current = current
        self._resolution = resolution
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, name="adhere-sampler", daemon=True)
        self.peak = 0
        self.phases: dict[str, int] = {}
        self.looks = 0

    def __enter__(self) -> Sampler:  # noqa: PYI034 - nobody derives from it
        self._note()  # a run that is shorter than a look has been looked at all the same
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._end.wait(self._resolution):
            self._note()
        self._note()

    def _note(self) -> None:
        found = self._memory()
        phase = self._current() or "between"
        self.peak = max(self.peak, found)
        self.phases[phase] = max(self.phases.get(phase, 0), found)
        self.looks += 1

    def _memory(self) -> int:
        total = 0
        process = self._psutil.Process()
        for one in (process, *process.children(recursive=True)):
            try:
                total += one.memory_info().rss
            except self._psutil.Error:  # it has just ended
                continue
        return total
