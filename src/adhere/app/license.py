"""How one license text is read, for ``adhere license explain``."""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec import Struct

from adhere.errors import Problem, SourceError, UsageError
from adhere.licenses.expression import ExpressionError, parse
from adhere.licenses.normalise import Interpretation, interpret, is_text
from adhere.licenses.satisfy import Lists, read_entry, satisfy

MAX_FILE = 64 * 1024 * 1024


class LeafWord(Struct, frozen=True):
    """One license of an expression and whether it is accepted."""

    license: str
    accepted: bool
    why: str


class Explained(Struct, frozen=True):
    """How a text is read.

    Attributes:
        input: the text as it came.
        expression: canonical SPDX expression, ``""`` for none.
        state: ``concluded``, ``ambiguous`` or ``unknown``.
        candidates: licenses that may be meant.
        confidence: 0.0 to 1.0; nothing is certain of what is unknown.
        why: in words.
        satisfied: whether the accepted licenses suffice; ``None`` when none were named.
        leaves: each license of the expression.
    """

    input: str
    expression: str
    state: str
    candidates: tuple[str, ...]
    confidence: float
    why: str
    satisfied: bool | None = None
    leaves: tuple[LeafWord, ...] = ()


def lists_of(allowed: Sequence[str]) -> Lists | None:
    """Accepted licenses from words of the command line; ``None`` when there are none.

    Raises:
        UsageError: one is no license.
    """
    if not allowed:
        return None
    entries = []
    for index, text in enumerate(allowed):
        try:
            entries.append(read_entry(text, "allow", index))
        except ExpressionError as error:
            raise UsageError(
                Problem("usage", f"--allow {text}: {error}", hint=error.hint)
            ) from None
    return Lists(tuple(entries))


def explain_text(text: str, lists: Lists | None = None) -> Explained:
    """How somebody's words for a license are read; a whole license text is read as one."""
    found = interpret(text)
    if found.sense == "unread" and is_text(text):
        found = _text(text)
    return _judged(
        text, found.expression, found.state, found.candidates, found.confidence, found.note, lists
    )


def explain_file(path: str, lists: Lists | None = None) -> Explained:
    """What a license file is.

    Raises:
        SourceError: it cannot be read.
    """
    try:
        if not os.path.isfile(path):
            raise OSError(2, "no such file" if not os.path.lexists(path) else "no regular file")
        with open(path, "rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        words = (error.strerror or type(error).__name__).lower()
        problem = Problem("source-unreadable", f"cannot read it: {words}", path=path)
        raise SourceError(problem) from None
    if len(data) > MAX_FILE:
        problem = Problem("source-unreadable", f"it is larger than {MAX_FILE} bytes", path=path)
        raise SourceError(problem)
    found = _text(data.decode("utf-8-sig", "replace"))
    return _judged(
        path, found.expression, found.state, found.candidates, found.confidence, found.note, lists
    )


def _text(text: str) -> Interpretation:
    from adhere.licenses.evidence import text_reading
    from adhere.licenses.texts import identify

    return text_reading(identify(text))


def _judged(
    text: str,
    expression: str,
    state: str,
    candidates: tuple[str, ...],
    confidence: float,
    why: str,
    lists: Lists | None,
) -> Explained:
    # A `LicenseRef-` is certainly that, but it is not known what it asks for.
    confidence = 0.0 if state == "unknown" else confidence
    if lists is None:
        return Explained(text, expression, state, candidates, confidence, why)
    # Where nothing is concluded nothing is satisfied; each reading is judged all the same.
    readings = [
        satisfy(parse(text), lists) for text in ((expression,) if expression else candidates)
    ]
    satisfied = bool(expression) and readings[0].acceptance == "allowed"
    words = {
        leaf.leaf: LeafWord(leaf.leaf, leaf.acceptance == "allowed", leaf.reason)
        for reading in readings
        for leaf in reading.leaves
    }
    return Explained(
        text,
        expression,
        state,
        candidates,
        confidence,
        why,
        satisfied,
        tuple(words.values()),
    )
