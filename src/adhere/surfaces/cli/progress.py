"""A progress bar for work that takes long, where a person watches."""

from __future__ import annotations

import time

from adhere.surfaces.cli.terminal import Terminal

_PATIENCE = 0.5  # seconds before anything is shown
_EVERY = 0.1
_WIDTH = 30


class Progress:
    """Shows how far work has come; nothing in a pipe unless it is asked for."""

    def __init__(self, terminal: Terminal, *, wanted: bool | None) -> None:
        """Prepare.

        Args:
            terminal: where to show it.
            wanted: asked for or forbidden; ``None`` shows it to a person only.
        """
        self._terminal = terminal
        self._on = terminal.is_watched if wanted is None else wanted
        self._start = time.monotonic()
        self._last = 0.0
        self._shown = False

    def update(self, what: str, done: int, total: int) -> None:
        """Work has come to ``done`` of ``total``."""
        now = time.monotonic()
        if not self._on or now - self._start < _PATIENCE or now - self._last < _EVERY:
            return
        self._last = now
        self._shown = True
        filled = _WIDTH * done // max(total, 1)
        bar = "#" * filled + "-" * (_WIDTH - filled)
        self._terminal.transient(f"{what} [{bar}] {done}/{total}")

    def end(self) -> None:
        """Leave no trace."""
        if self._shown:
            self._terminal.transient("")
