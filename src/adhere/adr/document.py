"""One decision record: what it is called, whether it holds, and the sections that rules enforce.

Three forms are read, any of them in one folder: front matter (MADR 3 and 4), a section
``## Status`` (Nygard, adr-tools), and bullets above the first section (MADR 2).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from adhere.adr.front_matter import FENCE, Front, parse
from adhere.adr.prose import read_prose
from adhere.adr.reference import Reference
from adhere.adr.sections import Heading, headings
from adhere.adr.status import Status
from adhere.errors import ConfigError, Problem
from adhere.model.location import Location
from adhere.policy.rule import Decision

Form = Literal["front matter", "sections", "bullets"]

_NUMBER = re.compile(r"(?:adr[-_ ]?)?([0-9]+)", re.IGNORECASE)
_NUMBERED_TITLE = re.compile(r"\A(?:ADR[- ]?)?[0-9]+[.:)]?\s+(?=\S)", re.IGNORECASE)


class Adr(Struct, frozen=True):
    """A decision record.

    Attributes:
        id: ``ADR-010``.
        title: of the decision.
        status: decides whether its rules are enforced.
        path: relative to the project.
        date: as written, ``""`` for none.
        sections: heading and place by anchor (``#compliance``); ``""`` is the document.
        rules: path of the rule file that it names, ``""`` for none.
        inline: its rules stand in the front matter itself.
        form: how it says what it says.
        deciders: who took it.
        supersedes: what it says to replace.
        superseded_by: what it says to be replaced by.
        review_by: the day until which somebody has to look at it again.
    """

    id: str
    title: str
    status: Status
    path: str
    date: str
    sections: Mapping[str, Decision]
    rules: str = ""
    inline: bool = False
    form: Form = "front matter"
    deciders: tuple[str, ...] = ()
    supersedes: tuple[Reference, ...] = ()
    superseded_by: tuple[Reference, ...] = ()
    review_by: dt.date | None = None


def read_adr(text: str, path: str, statuses: Mapping[str, Status] = {}) -> Adr | None:
    """Read a document of the folder of decisions.

    Args:
        text: of the whole document.
        path: relative to the project.
        statuses: words of the project for a status, in lower case.

    Returns:
        ``None`` for a page that is no decision record: it says neither an id nor a status, or
        is a template of them.

    Raises:
        ConfigError: it is a decision, and says something that cannot be.
    """
    text = text.removeprefix("\ufeff")
    if is_template(path):
        return None
    fence = FENCE.match(text)
    if fence is not None:
        front = Front(parse(fence[1], path), fence[0], path, statuses)
        if front.is_decision:
            return _of_front_matter(front, text, path, fence[0].count("\n") + 1)
    return _of_prose(text, path, statuses, fence[0].count("\n") + 1 if fence else 1)


def is_template(path: str) -> bool:
    """Whether a file is what new decisions are copied from."""
    return "template" in path.rpartition("/")[2].lower()


def number_of(path: str) -> str:
    """The number that a file is named by, as it is written; ``""`` for none."""
    match = _NUMBER.match(path.rpartition("/")[2])
    return match[1] if match else ""


def _of_front_matter(front: Front, text: str, path: str, first_line: int) -> Adr:
    found = list(headings(text, first_line))
    title = front.text("title") or (_bare(found[0].name) if found else "")
    identifier = front.identifier(number_of(path))
    status, by = front.status()
    rules, inline = front.rules()
    return Adr(
        identifier,
        title,
        status,
        path,
        front.date(),
        _sections(found, identifier, title, path),
        rules,
        inline,
        deciders=front.texts("decision-makers") or front.texts("deciders"),
        supersedes=front.references("supersedes"),
        superseded_by=front.references("superseded_by") + front.references("superseded-by") + by,
        review_by=front.day("review_by"),
    )


def _of_prose(text: str, path: str, statuses: Mapping[str, Status], first_line: int) -> Adr | None:
    number = number_of(path)
    found = list(headings(text, first_line))
    said = read_prose(text, found, path, statuses, first_line) if number and found else None
    if said is None:
        return None
    if said.status is None:
        shown = said.words[:80]
        problem = Problem(
            "adr-invalid",
            f"its status is `{shown}`, which is none",
            path=path,
            line=said.line,
            hint="known are proposed, accepted, rejected, deprecated and superseded; `[adr] statuses` may name others",
        )
        raise ConfigError(problem)
    identifier, title = f"ADR-{number}", _bare(found[0].name)
    return Adr(
        identifier,
        title,
        said.status,
        path,
        said.date,
        _sections(found, identifier, title, path),
        form=said.form,
        deciders=said.deciders,
        supersedes=said.supersedes,
        superseded_by=said.superseded_by,
    )


def _sections(
    found: list[Heading], identifier: str, title: str, path: str
) -> Mapping[str, Decision]:
    sections = {"": Decision(identifier, title, location=Location(path, 1))}
    for heading in found:
        place = Location(path, heading.line)
        sections.setdefault(heading.anchor, Decision(identifier, title, heading.name, place))
    return sections


def _bare(title: str) -> str:
    """A heading without the number that it begins with: ``7. Use PostgreSQL``."""
    return _NUMBERED_TITLE.sub("", title, count=1)
