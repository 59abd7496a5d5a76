"""A circuit breaker for one host: a pure state machine.

Closed, it lets everything through and counts failures in a row. At its limit it opens, and
for a while nothing goes to the host. Then it is half-open: exactly one request, the probe,
goes through; if it succeeds the breaker closes, if it fails it opens once more, and if
nobody waits for it any longer, the next request becomes the probe.

Times are of the wall clock, because the state survives the process.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

FAILURES = 5
PAUSE = 300.0

State = Literal["closed", "open", "half-open"]


class Memory(Struct, frozen=True, array_like=True):
    """What of a breaker outlives the process.

    Attributes:
        failures: in a row.
        opened: when it opened, seconds since the epoch; ``None`` while it is closed.
    """

    failures: int = 0
    opened: float | None = None


class Pass(Struct, frozen=True):
    """Leave to send one request; its outcome has to be told, whatever it is.

    Attributes:
        probe: number of the probe that it is, 0 for an ordinary request.
    """

    probe: int = 0


class Breaker:
    """Whether a host is asked at all."""

    def __init__(
        self, memory: Memory | None = None, *, limit: int = FAILURES, pause: float = PAUSE
    ) -> None:
        """Go on from what is remembered.

        Args:
            memory: of an earlier run.
            limit: failures in a row that open it.
            pause: seconds that it stays open.
        """
        self.memory = memory or Memory()
        self._limit = limit
        self._pause = pause
        self._probe = 0  # the one that is under way
        self._probes = 0

    def state(self, now: float) -> State:
        """What it is; ``now`` is in seconds since the epoch."""
        opened = self.memory.opened
        if opened is None:
            return "closed"
        # Opened in the future: somebody has set the clock back. Whoever asked for a pause
        # gets one, from now.
        if opened > now:
            self.memory = Memory(self.memory.failures, now)
            return "open"
        return "open" if now < opened + self._pause else "half-open"

    def admit(self, now: float) -> Pass | None:
        """Leave to send a request, or ``None``."""
        state = self.state(now)
        if state == "closed":
            return Pass()
        if state == "open" or self._probe:
            return None
        self._probes += 1
        self._probe = self._probes
        return Pass(self._probe)

    def reopens(self) -> float | None:
        """When a probe may go, seconds since the epoch; ``None`` while it is closed."""
        return None if self.memory.opened is None else self.memory.opened + self._pause

    def succeeded(self, leave: Pass) -> bool:
        """A request was answered, if only with 404 or 429. Whether that closed the breaker."""
        if self.memory.opened is None:
            self.memory = Memory()
            return False
        if not self._ends(leave):
            return False  # it had started before the breaker opened; the probe decides
        self.memory = Memory()
        return True

    def failed(self, leave: Pass, now: float) -> bool:
        """A request failed. Whether that opened the breaker."""
        if self.memory.opened is not None:
            if not self._ends(leave):
                return False
            self.memory = Memory(self.memory.failures + 1, now)
            return True
        failures = self.memory.failures + 1
        opens = failures >= self._limit
        self.memory = Memory(failures, now if opens else None)
        return opens

    def cancelled(self, leave: Pass) -> None:
        """Nobody waits for a request any longer, so its outcome says nothing."""
        self._ends(leave)

    def _ends(self, leave: Pass) -> bool:
        if leave.probe == 0 or leave.probe != self._probe:
            return False
        self._probe = 0
        return True


def as_stored(memory: Memory) -> bytes:
    """The form in which it survives the run."""
    return msgspec.msgpack.encode(memory)


def from_stored(data: bytes) -> Memory:
    """What `as_stored` made; a new one where it is damaged."""
    try:
        found = msgspec.msgpack.decode(data, type=Memory)
    except msgspec.DecodeError:
        return Memory()
    return found if found.failures >= 0 else Memory()
