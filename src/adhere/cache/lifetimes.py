"""How long an answer is fresh, by its kind and by whether there was one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adhere.policy.settings import Cache as CacheTable

ABSENT = "absent"
"""The kind whose lifetime limits that of answers which say that there is nothing."""


class Lifetimes(Mapping[str, float]):
    """Seconds by kind; a kind that the configuration leaves out keeps its default.

    Durations are read when one is first asked for: most runs have nothing that expires.
    """

    def __init__(self, table: CacheTable) -> None:
        """Take what is configured.

        Args:
            table: the section of the configuration.
        """
        self._table = table
        self._seconds: dict[str, float] = {}

    def __getitem__(self, kind: str) -> float:
        return self._known()[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())

    def of(self, kind: str, *, found: bool) -> float:
        """Seconds for which an answer is fresh.

        Args:
            kind: of the entry; one of the known ones.
            found: ``False`` for an answer that there is nothing, such as a 404. What is
                not there today may be published in a minute, so it is asked for sooner.
        """
        return self[kind] if found else min(self[kind], self[ABSENT])

    def _known(self) -> dict[str, float]:
        if not self._seconds:
            table = {**CacheTable().ttl, **self._table.ttl}
            self._seconds = {kind: ttl.seconds for kind, ttl in table.items()}
        return self._seconds
