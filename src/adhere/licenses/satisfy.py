"""Does an expression satisfy lists of accepted and rejected licenses?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from adhere.licenses._spdx import LICENSES
from adhere.licenses.alternatives import alternatives, offers
from adhere.licenses.expression import (
    And,
    Expression,
    ExpressionError,
    Id,
    Leaf,
    Or,
    With,
    category,
    join,
    parse,
    render,
)

CATEGORIES = tuple(sorted({row[2] for row in LICENSES.values() if row[2]}))
"""Every category that a list may name as ``category:<name>``."""

_PREFIX = "category:"
_VERSION = re.compile(r"(?P<family>.+?)-v?(?P<version>\d+(?:\.\d+)*)(?P<rest>-.*)?")

Acceptance = Literal["denied", "review", "allowed"]
ListName = Literal["allow", "review", "deny"]

_RANK: dict[Acceptance, int] = {"denied": 0, "review": 1, "allowed": 2}
_OF_LIST: dict[ListName, Acceptance] = {"allow": "allowed", "review": "review", "deny": "denied"}


class Entry(Struct, frozen=True):
    """One line of a list.

    Attributes:
        text: as it was written.
        list: which list.
        index: zero-based place in that list.
        leaf: the license it names, ``None`` for a category.
        category: the category it names, ``""`` for a license.
    """

    text: str
    list: ListName
    index: int
    leaf: Leaf | None = None
    category: str = ""


class Lists(Struct, frozen=True):
    """Accepted and rejected licenses.

    Attributes:
        entries: of all three lists.
        exceptions: exceptions that a listed license may have without being listed with
            it; ``*`` for any.
    """

    entries: tuple[Entry, ...] = ()
    exceptions: frozenset[str] = frozenset()


class LeafVerdict(Struct, frozen=True):
    """What the lists say of one license of an expression.

    Attributes:
        leaf: canonical text.
        acceptance: what follows.
        reason: why, as a clause.
        entry: the line that decided, ``None`` when no line speaks of it.
    """

    leaf: str
    acceptance: Acceptance
    reason: str
    entry: Entry | None = None


class Satisfaction(Struct, frozen=True):
    """What the lists say of an expression.

    Attributes:
        acceptance: of the whole.
        leaves: every license in it, in order.
        choice: the smallest accepted part: the licenses one has to comply with; ``""``
            when the whole is denied.
    """

    acceptance: Acceptance
    leaves: tuple[LeafVerdict, ...]
    choice: str


def read_entry(text: str, list_name: ListName, index: int) -> Entry:
    """One line of a list: a license, ``X WITH Y``, a ``LicenseRef-`` or a category.

    Raises:
        ExpressionError: it is none of these, or an expression with AND or OR.
    """
    if text.startswith(_PREFIX):
        name = text.removeprefix(_PREFIX)
        if name not in CATEGORIES:
            known = ", ".join(CATEGORIES)
            raise ExpressionError(f"`{name}` is no license category", f"known are {known}")
        return Entry(text, list_name, index, category=name)
    found = parse(text)
    if isinstance(found, And | Or):
        raise ExpressionError("a list names single licenses, one a line, without AND and OR")
    return Entry(text, list_name, index, leaf=found)


def satisfy(expression: Expression, lists: Lists, pinned: str = "") -> Satisfaction:
    """Judge an expression: AND needs every part, OR the best one.

    Args:
        expression: what a package is under.
        lists: what is accepted.
        pinned: an alternative of the expression that was chosen for good; the others are
            then not considered. ``""`` for a free choice.
    """
    verdicts: dict[Leaf, LeafVerdict] = {}
    acceptance, choice = _judge(expression, lists, verdicts)
    if pinned:
        expression = _alternative(expression, pinned)
        acceptance, choice = _judge(expression, lists, verdicts)
    if acceptance != "denied" and isinstance(expression, And | Or):
        choice = _smallest(expression, acceptance, verdicts) or choice
    return Satisfaction(
        acceptance,
        tuple(verdicts.values()),
        "" if acceptance == "denied" else render(choice),
    )


def _alternative(expression: Expression, pinned: str) -> Expression:
    wanted = parse(pinned)
    options = expression.parts if isinstance(expression, Or) else (expression,)
    if wanted in options or offers(expression, wanted):
        return wanted
    words = " OR ".join(render(option) for option in options)
    raise ExpressionError(f"`{pinned}` is not offered", f"the package offers {words}")


def _smallest(
    expression: Expression, acceptance: Acceptance, verdicts: dict[Leaf, LeafVerdict]
) -> Expression | None:
    """The fewest licenses that reach an acceptance, the first of several such sets."""
    enough = [
        leaves_
        for leaves_ in alternatives(expression) or ()
        if all(_RANK[verdicts[leaf].acceptance] >= _RANK[acceptance] for leaf in leaves_)
    ]
    enough.sort(key=len)
    return join(And, list(enough[0])) if enough else None


def _judge(
    expression: Expression, lists: Lists, verdicts: dict[Leaf, LeafVerdict]
) -> tuple[Acceptance, Expression]:
    if isinstance(expression, And):
        parts = [_judge(part, lists, verdicts) for part in expression.parts]
        worst = min((part[0] for part in parts), key=_RANK.__getitem__)
        return worst, join(And, [part[1] for part in parts])
    if isinstance(expression, Or):
        options = [_judge(part, lists, verdicts) for part in expression.parts]
        return max(options, key=lambda option: (_RANK[option[0]], -_size(option[1])))
    verdict = verdicts.get(expression)
    if verdict is None:
        verdict = verdicts[expression] = _leaf(expression, lists)
    return verdict.acceptance, expression


def _size(expression: Expression) -> int:
    if isinstance(expression, And | Or):
        return sum(_size(part) for part in expression.parts)
    return 1


def _leaf(leaf: Leaf, lists: Lists) -> LeafVerdict:
    text = render(leaf)
    for candidates in _by_closeness(leaf, lists):
        for name in ("deny", "review", "allow"):
            for entry in candidates:
                if entry.list == name:
                    return LeafVerdict(text, _OF_LIST[entry.list], _because(entry), entry)
    return LeafVerdict(text, "denied", _not_listed(leaf, lists))


def _by_closeness(leaf: Leaf, lists: Lists) -> Iterable[list[Entry]]:
    """Entries that speak of a license, the most specific kind first.

    A line that names the license beats one that names its category, so that a category
    can be allowed and one member of it denied, or the other way round.
    """
    yield [entry for entry in lists.entries if entry.leaf == leaf]
    yield [entry for entry in lists.entries if entry.leaf is not None and _later(entry.leaf, leaf)]
    base = leaf.license if isinstance(leaf, With) else leaf
    excused = not isinstance(leaf, With) or _excused(leaf, lists)
    if isinstance(leaf, With):
        yield [
            entry
            for entry in lists.entries
            if isinstance(entry.leaf, Id)
            and (excused or entry.list == "deny")
            and (entry.leaf == base or _later(entry.leaf, base))
        ]
    group = category(leaf)
    yield [
        entry
        for entry in lists.entries
        if group and entry.category == group and (excused or entry.list == "deny")
    ]


def _excused(leaf: With, lists: Lists) -> bool:
    return "*" in lists.exceptions or leaf.exception.lower() in lists.exceptions


def _later(listed: Leaf, leaf: Leaf) -> bool:
    """Whether a listed ``X-or-later`` (``X+``) admits this version of the same family."""
    if isinstance(listed, With) or isinstance(leaf, With):
        return (
            isinstance(listed, With)
            and isinstance(leaf, With)
            and listed.exception == leaf.exception
            and _later(listed.license, leaf.license)
        )
    if not (listed.plus or listed.name.endswith("-or-later")):
        return False
    family, version = _family(listed)
    other_family, other_version = _family(leaf)
    return bool(version) and family == other_family and other_version >= version


def _family(leaf: Id) -> tuple[str, tuple[int, ...]]:
    """``GPL-3.0-or-later`` is family ``gpl`` in version (3, 0)."""
    stem = leaf.name.removesuffix("-or-later").removesuffix("-only")
    match = _VERSION.fullmatch(stem)
    if match is None or "-clause" in stem.lower():  # "BSD-2-Clause" counts, it is no version
        return stem.lower(), ()
    family = match.group("family") + (match.group("rest") or "")
    return family.lower(), tuple(int(part) for part in match.group("version").split("."))


def _because(entry: Entry) -> str:
    listed = {"allow": "is in `allow`", "review": "is in `review`", "deny": "is in `deny`"}
    if entry.category:
        return f"its category `{entry.category}` {listed[entry.list]}"
    return f"`{entry.text}` {listed[entry.list]}"


def _not_listed(leaf: Leaf, lists: Lists) -> str:
    base = leaf.license if isinstance(leaf, With) else leaf
    if isinstance(leaf, With):
        accepted = any(e.leaf == base and e.list != "deny" for e in lists.entries)
        if accepted:
            return (
                f"`{render(base)}` is listed, but not with this exception: "
                f'list `{render(leaf)}` or add `exceptions = ["{leaf.exception}"]`'
            )
    family, version = _family(base)
    for entry in lists.entries:
        listed = entry.leaf if entry.list == "allow" and version else None
        if isinstance(listed, Id) and _family(listed) == (family, version):
            return f"not in `allow`; `{entry.text}` is, which is another license"
    return "not in `allow`"
