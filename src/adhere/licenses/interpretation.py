"""How a piece of license metadata is read."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from adhere.licenses.expression import ExpressionError, known, parse
from adhere.model.claim import State

Sense = Literal["license", "open", "guess", "reserved", "unread", "silent"]


ALIAS = 0.93
"""Confidence of another spelling that is clear by itself."""


class Interpretation(Struct, frozen=True, omit_defaults=True):
    """What an author's words say about a license.

    Attributes:
        expression: canonical SPDX expression, ``""`` when the words do not come to one.
        candidates: licenses that may be meant, canonical, sorted. Not complete: it is no
            ground to accept anything. With an expression: what else it may mean.
        confidence: 0.0 to 1.0, of the expression; of the candidates below 0.5.
        note: why it is read this way, as a clause.
        sense: ``license`` has an expression; ``open`` has candidates or a family;
            ``guess`` has candidates that stand in it misspelt or among other words;
            ``reserved`` says that the terms are the author's own, or changes what it names;
            ``unread`` says something that is not understood; ``silent`` says nothing about
            a license.
        family: name of the family that was named (`adhere.licenses.families`), ``""`` else.
    """

    expression: str = ""
    candidates: tuple[str, ...] = ()
    confidence: float = 0.0
    note: str = ""
    sense: Sense = "silent"
    family: str = ""

    @property
    def state(self) -> State:
        """What follows when there is no other evidence."""
        if self.expression:
            return "concluded" if _is_known(self.expression) else "unknown"
        return "ambiguous" if self.candidates else "unknown"


def _is_known(expression: str) -> bool:
    try:
        return known(parse(expression))
    except ExpressionError:
        return False
