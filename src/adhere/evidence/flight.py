"""Single flight within one process, where there is no file to agree in."""

from __future__ import annotations

from collections.abc import Sequence


class LocalFlight:
    """`adhere.ports.Flight` among the tasks of one event loop."""

    def __init__(self) -> None:
        self._held: set[str] = set()

    def claim(self, keys: Sequence[str], seconds: float) -> frozenset[str]:  # noqa: ARG002 - the port's; a task always releases
        """Those that no other task fetches."""
        free = frozenset(keys) - self._held
        self._held |= free
        return free

    def release(self, keys: Sequence[str]) -> None:
        """The caller is done with these."""
        self._held.difference_update(keys)
