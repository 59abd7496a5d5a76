"""Several licenses in one text: ``MIT or Apache 2.0``, ``Dual: MIT / GPLv2+``.

Which operator is meant:

- "or", "|" and "either ... or" say OR; "and", "&" and "both ... and" say AND.
- A list takes the operator of its last comma: "A, B and C" is an AND of three.
- "/", a comma, ";", "+" and "and/or" do not say. The licenses are then candidates.
- "Dual-licensed under A / B" is an OR: it is the usual name for the licensee's choice. With
  "and" between them it stays open: the words contradict one another.
- AND and OR side by side without parentheses stay open: prose has no precedence.

It becomes an expression only when every part does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from adhere.licenses.expression import And, Expression, Or, join, leaves, parse, render
from adhere.licenses.interpretation import Interpretation
from adhere.licenses.phrases import qualifiers

Read = Callable[[str], Interpretation | None]
Joint = Literal["or", "and", "list", "open"]

MAX_PARTS = 16
"""Most parts of a text; a longer list is no license field."""

_DUAL = re.compile(
    r"(?:dual|double|multi|tri|triple)[- ]*(?:licen[cs]ed?|licen[cs]ing)?\b(?:\s+(?:as|under|with))?"
    r"(?:\s+the)?\s*[:=,-]*\s*|(?:licen[cs]ed\s+)?under\s+(?:either|any)\s+of\s*(?:the\s+)?:?\s*",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"(?:either|your choice of|choice of|any of|one of)\s*:?\s+", re.IGNORECASE)
_BOTH = re.compile(r"(?:both|all of)\s*:?\s+", re.IGNORECASE)
_LATER = r"\W*(?:at\s+your\s+option\W+)?(?:any\s+)?(?:later|newer|above|greater|higher|up|sp|ult)"
_JOINT = re.compile(
    r"\s*,?\s*\band\s*/\s*or\b\s*"
    rf"|\s*,?\s+(?P<or>or|oder|ou|o)\b(?!{_LATER})\s+"
    rf"|\s*,?\s+(?P<and>and|und|et|y|e)\b(?!{_LATER})\s+"
    r"|\s*(?P<bar>\|\|?)\s*|\s*(?P<amp>&&?)\s*|\s*(?P<list>,)\s*|\s*(?:[/;]|\s\+\s)\s*",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(?:v|version\s)?\.?\s*\d(?:\.\d)*\+?", re.IGNORECASE)
_NAME = re.compile(r"(.*?[^\W\d_])[\s-]*(?:v|version|ver)?[\s.-]*\d[\d.]*\+?$", re.IGNORECASE)


def compound(text: str, read: Read) -> Interpretation | None:
    """Read a text that joins licenses; ``None`` when it does not, or no part is understood.

    Args:
        text: without surrounding quotes.
        read: reads one part.
    """
    dual = _DUAL.match(text)
    rest = text[dual.end() :] if dual else text
    choice, both = _CHOICE.match(rest), _BOTH.match(rest)
    rest = rest[(choice or both).end() :] if (choice or both) else rest  # type: ignore[union-attr]  # one of them matched
    pieces, joints = _split(rest)
    if len(pieces) == 1 or len(pieces) > MAX_PARTS:
        return None
    parts, between = _cover(pieces, joints, read)
    if len(parts) == 1:
        return parts[0] if parts[0] is not None and dual is None else None
    return _joined(parts, between, dual=dual is not None, choice=choice is not None)


def _split(text: str) -> tuple[list[str], list[tuple[Joint, str]]]:
    """Pieces of a text outside parentheses, and how each is joined to the next."""
    pieces: list[str] = []
    joints: list[tuple[Joint, str]] = []
    start = 0
    closed = _depths(text)
    for match in _JOINT.finditer(text):
        if match.start() == 0 or match.end() == len(text) or closed[match.start()]:
            continue
        pieces.append(text[start : match.start()])
        joints.append((_kind(match), match[0]))
        start = match.end()
    pieces.append(text[start:])
    return pieces, joints


def _depths(text: str) -> list[int]:
    depth, depths = 0, []
    for character in text:
        depth += (character == "(") - (character == ")")
        depths.append(depth)
    return depths


def _kind(match: re.Match[str]) -> Joint:
    if match["or"] or match["bar"]:
        return "or"
    if match["and"] or match["amp"]:
        return "and"
    return "list" if match["list"] else "open"


def _cover(
    pieces: list[str], joints: list[tuple[Joint, str]], read: Read
) -> tuple[list[Interpretation | None], list[Joint]]:
    """Readings of the longest runs of pieces that are names.

    "Apache License, Version 2.0" has a comma, "Historical Permission Notice and Disclaimer"
    an "and": a run of pieces that is one name is one part.
    """
    parts: list[Interpretation | None] = []
    between: list[Joint] = []
    at, before = 0, ""
    while at < len(pieces):
        end, found = at + 1, None
        for stop in range(min(len(pieces), at + 4), at, -1):
            run = pieces[at] + "".join(joints[i - 1][1] + pieces[i] for i in range(at + 1, stop))
            found = read(run) if stop - at == 1 else _name(run, read)
            if found is not None:
                end = stop
                break
        if found is None:
            found = _inherited(before, pieces[at], read)
        if found is None and qualifiers(pieces[at]):
            found = Interpretation(sense="reserved")
        parts.append(found)
        before = pieces[end - 1]
        if end < len(pieces):
            between.append(joints[end - 1][0])
        at = end
    return parts, between


def _name(run: str, read: Read) -> Interpretation | None:
    """A run of pieces, when it is one name and not itself a compound."""
    from adhere.licenses.names import look_up

    known = look_up(run)
    return read(run) if known is not None and known.sense in ("license", "family") else None


def _inherited(before: str, piece: str, read: Read) -> Interpretation | None:
    """The second part of "GPL v2 or v3", which goes without the name."""
    if not before or not _VERSION.fullmatch(piece.strip()):
        return None
    name = _NAME.match(before.strip())
    return read(f"{name[1]} {piece}") if name else None


def _joined(
    parts: list[Interpretation | None], between: list[Joint], *, dual: bool, choice: bool
) -> Interpretation | None:
    understood = [part for part in parts if part is not None]
    if any(part.sense == "reserved" for part in understood) and set(between) != {"or"}:
        return Interpretation(sense="reserved", note="one part of it is no listed license")
    trees = [parse(part.expression) for part in understood if part.expression]
    if not trees and not any(part.candidates for part in understood):
        return None
    if len(trees) == len(parts) and (operator := _operator(between, dual=dual, choice=choice)):
        confidence = round(min(part.confidence for part in understood) * 0.97, 3)
        notes = dict.fromkeys(part.note for part in understood if part.candidates)
        said = "the text says so" if not dual else "dual licensing is the licensee's choice"
        note = f"{'AND' if operator is And else 'OR'}: {'; '.join((said, *notes))}"
        return Interpretation(render(join(operator, trees)), (), confidence, note, "license")
    return _open(parts, understood, trees)


def _operator(between: list[Joint], *, dual: bool, choice: bool) -> type[And | Or] | None:
    kinds = set(between)
    if dual or choice:
        return Or if "and" not in kinds else None
    if kinds == {"or"} or (between[-1] == "or" and kinds == {"or", "list"}):
        return Or
    if kinds == {"and"} or (between[-1] == "and" and kinds == {"and", "list"}):
        return And
    return None


def _open(
    parts: list[Interpretation | None], understood: list[Interpretation], trees: list[Expression]
) -> Interpretation:
    found = {render(leaf) for tree in trees for leaf in leaves(tree)}
    for part in understood:
        if not part.expression:
            found.update(part.candidates)
    if len(trees) == len(parts):
        note = "it names several licenses, but does not say AND or OR"
    else:
        note = "it names several licenses, and not every one of them exactly"
    return Interpretation("", tuple(sorted(found)), 0.4, note, "open")
