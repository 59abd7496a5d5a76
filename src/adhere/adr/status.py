"""Statuses of a decision, and the words for them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from adhere.model.finding import Level
from adhere.policy.settings import AdrStatus

Status = AdrStatus

ENFORCED: Mapping[Status, Level | None] = {
    "proposed": "report",
    "accepted": "error",
    "deprecated": "warn",
    "superseded": None,
    "rejected": None,
}
"""The level that a rule has at most, by the status of its decision; ``None`` skips it."""

SUPERSEDED_BY = re.compile(r"supers?c?eded\s+by\b", re.IGNORECASE)
"""As people write it: adr-tools has long written ``Superceded by``."""


def status_of(words: str, statuses: Mapping[str, Status]) -> Status | None:
    """The status that a text begins with, ``None`` for none.

    Args:
        words: ``Accepted``, ``superseded by ADR-0005``, ``Accepted on 2026-01-01``.
        statuses: words of the project, in lower case, beside our own.
    """
    said = " ".join(words.replace("*", " ").replace("_", " ").split()).lower()
    if SUPERSEDED_BY.match(said):
        return "superseded"
    own: dict[str, Status] = {status: status for status in ENFORCED}
    for word, status in sorted({**own, **statuses}.items(), key=lambda one: -len(one[0])):
        if said == word or re.match(rf"{re.escape(word)}(?![\w-])", said):
            return status
    return None
