"""References from one decision to another, or to a part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath

from msgspec import Struct

ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
"""An id of a decision, which can be the name of a file on every system."""

_LINK = re.compile(r"\[([^\]\[]*)\]\(\s*<?([^()\s>#]+)(?:#([^()\s>]*))?>?[^()]*\)")
_NAMED = re.compile(r"\b(ADR[-_ ]?[0-9]+)(?:#([\w-]+))?", re.IGNORECASE)


class Reference(Struct, frozen=True):
    """What a decision names.

    Attributes:
        target: an id, or the path of a document relative to the project.
        part: a section's anchor or a rule's id without the ``#``, ``""`` for the whole.
        line: where it is written, from 1.
    """

    target: str
    part: str = ""
    line: int = 1

    def __str__(self) -> str:
        return f"{self.target}#{self.part}" if self.part else self.target


def references(words: str, path: str, line: int = 1) -> Iterator[Reference]:
    """Every decision that a text names, as a link or by its id.

    Args:
        words: one line.
        path: of the document that holds them, to which links are relative.
        line: of the words.
    """
    rest = []
    end = 0
    for link in _LINK.finditer(words):
        rest.append(words[end : link.start()])
        end = link.end()
        if "://" not in link[2]:
            target = normpath(join(dirname(path), link[2]))
            yield Reference(target, link[3] or "", line)
    rest.append(words[end:])
    for found in _NAMED.finditer(" ".join(rest)):
        yield Reference(found[1], found[2] or "", line)
