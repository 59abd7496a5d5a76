"""What a documentation shows, while a server rebuilds it again and again."""

from __future__ import annotations

from msgspec import Struct

from adhere.app.ground import Wanted
from adhere.app.project import Project
from adhere.app.publish import Published, is_as_it_was, publish_or_nothing
from adhere.app.wiring import SystemClock
from adhere.policy.settings import ConfigTable
from adhere.ports import Clock

TRUSTED = 30.0
"""Seconds for which an environment that was judged is believed to be as it was.

Whether it changed is told by thousands of files. The report, the rules, lock files and
templates are looked at in every rebuild.
"""


class _Last(Struct, frozen=True):
    """What was published, for whom, and when."""

    about: tuple[Project, ConfigTable, Wanted]
    looked: float
    found: Published


class Publisher:
    """Publishes, and does not do so twice while nothing changed."""

    def __init__(self, clock: Clock | None = None) -> None:
        """Nothing was published yet.

        Args:
            clock: for how long ago it was.
        """
        self._clock = clock or SystemClock()
        self._last: _Last | None = None

    def publish(self, project: Project, config: ConfigTable, wanted: Wanted) -> Published:
        """What there is to show; arguments and errors are those of `publish_or_nothing`."""
        about, now, last = (project, config, wanted), self._clock.elapsed(), self._last
        known = last is not None and last.about == about and now - last.looked < TRUSTED
        if last is not None and known and is_as_it_was(last.found):
            return last.found
        self._last = None
        found = publish_or_nothing(project, config, wanted, clock=self._clock)
        self._last = _Last(about, now, found)
        return found
