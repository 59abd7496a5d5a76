"""The logic of an environment marker: comparisons joined by ``and`` and ``or``.

A lock file holds thousands of markers made of a few dozen comparisons. With the logic
apart, each comparison is judged once per environment, and the part of a marker that
speaks of extras can be taken out of it, which edges of a dependency graph need.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from msgspec import Struct

MAX_LENGTH = 50_000
"""Characters of a marker that is read; those of a lock with conflicting extras are long."""

MAX_DEPTH = 50
"""Deepest nesting of parentheses that is read."""

VARIABLES = frozenset(
    {
        "python_version",
        "python_full_version",
        "os_name",
        "sys_platform",
        "platform_release",
        "platform_system",
        "platform_version",
        "platform_machine",
        "platform_python_implementation",
        "implementation_name",
        "implementation_version",
    }
)
"""Marker variables of the dependency specifiers specification, but for those of `CHOICES`."""

CHOICES = frozenset({"extra", "extras", "dependency_groups"})
"""Variables that stand for what a user asks to be installed, not for where."""

_FORMER = {
    "os.name": "os_name",
    "sys.platform": "sys_platform",
    "platform.version": "platform_version",
    "platform.machine": "platform_machine",
    "platform.python_implementation": "platform_python_implementation",
    "python_implementation": "platform_python_implementation",
}
"""Spellings of PEP 345 that installers still accept."""

_TOKEN = re.compile(
    r"\s*(?:([()])|(\"[^\"]*\"|'[^']*')|(===|==|~=|!=|<=|>=|<|>)|([A-Za-z_][A-Za-z0-9_.]*))"
)


class MarkerError(ValueError):
    """A text is not an environment marker; the message says why."""


class Comparison(Struct, frozen=True):
    """One variable compared with one text.

    Attributes:
        variable: one of `VARIABLES` or `CHOICES`.
        operator: as written, blanks normalised (``not in``).
        value: without quotes.
        value_first: the text stands on the left (``'x' in extras``).
    """

    variable: str
    operator: str
    value: str
    value_first: bool = False

    def __str__(self) -> str:
        quote = "'" if '"' in self.value else '"'
        sides = [self.variable, f"{quote}{self.value}{quote}"]
        if self.value_first:
            sides.reverse()
        return f"{sides[0]} {self.operator} {sides[1]}"


class AllOf(Struct, frozen=True):
    """Parts joined by ``and``."""

    parts: tuple[Tree, ...]


class AnyOf(Struct, frozen=True):
    """Parts joined by ``or``."""

    parts: tuple[Tree, ...]


Tree = Comparison | AllOf | AnyOf


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0

    def whole(self) -> Tree:
        found = self.either(0)
        if self.at < len(self.tokens):
            raise MarkerError(f"`{self.tokens[self.at][:40]}` is not expected there")
        return found

    def either(self, depth: int) -> Tree:
        parts = [self.both(depth)]
        while self.take("or"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def both(self, depth: int) -> Tree:
        parts = [self.unit(depth)]
        while self.take("and"):
            parts.append(self.unit(depth))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def unit(self, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise MarkerError("it is nested too deeply")
        if self.take("("):
            inner = self.either(depth + 1)
            if not self.take(")"):
                raise MarkerError("a parenthesis is not closed")
            return inner
        left, operator, right = self.next(), self.operator(), self.next()
        if left[0] in "\"'" and right[0] not in "\"'":
            return Comparison(_variable(right), operator, left[1:-1], value_first=True)
        if right[0] in "\"'" and left[0] not in "\"'":
            return Comparison(_variable(left), operator, right[1:-1])
        raise MarkerError("a comparison needs a variable on one side and a text on the other")

    def operator(self) -> str:
        word = self.next()
        if word == "not" and self.take("in"):
            return "not in"
        if word == "in" or word[0] in "=<>!~":
            return word
        raise MarkerError(f"`{word[:40]}` is no comparison")

    def take(self, token: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at] == token:
            self.at += 1
            return True
        return False

    def next(self) -> str:
        if self.at >= len(self.tokens):
            raise MarkerError("it ends too early")
        self.at += 1
        return self.tokens[self.at - 1]


def _tokens(text: str) -> Iterator[str]:
    if len(text) > MAX_LENGTH:
        raise MarkerError(f"it is longer than {MAX_LENGTH} characters")
    text = text.rstrip()
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise MarkerError(f"`{text[at : at + 40].strip()}` cannot be read")
        yield match.group(match.lastindex or 0)
        at = match.end()


def _variable(word: str) -> str:
    name = _FORMER.get(word, word)
    if name not in VARIABLES and name not in CHOICES:
        raise MarkerError(f"`{word[:40]}` is no marker variable")
    return name


@lru_cache(maxsize=4096)
def parse(text: str) -> Tree:
    """Read a marker.

    Raises:
        MarkerError: it is none.
    """
    return _Parser(text).whole()


def render(tree: Tree) -> str:
    """The text of a tree, parentheses only where they are needed."""
    if isinstance(tree, AllOf):
        return " and ".join(
            f"({render(part)})" if isinstance(part, AnyOf) else render(part) for part in tree.parts
        )
    if isinstance(tree, AnyOf):
        return " or ".join(render(part) for part in tree.parts)
    return str(tree)


def comparisons(tree: Tree) -> Iterator[Comparison]:
    """Every comparison of a tree, in order."""
    stack = [tree]
    while stack:
        part = stack.pop()
        if isinstance(part, Comparison):
            yield part
        else:
            stack.extend(reversed(part.parts))


def settle(tree: Tree, known: Callable[[Comparison], bool | None]) -> Tree | bool:
    """What is left of a tree when some of its comparisons are known.

    Args:
        tree: a marker.
        known: the truth of a comparison, ``None`` where it stays open.

    Returns:
        A truth, or the marker of what is still open.
    """
    if isinstance(tree, Comparison):
        truth = known(tree)
        return tree if truth is None else truth
    decisive = isinstance(tree, AnyOf)  # one true part decides an ``or``, a false one an ``and``
    left: list[Tree] = []
    for part in tree.parts:
        rest = settle(part, known)
        if isinstance(rest, bool):
            if rest is decisive:
                return decisive
        elif rest not in left:
            left.append(rest)
    if not left:
        return not decisive
    if len(left) == 1:
        return left[0]
    return AnyOf(tuple(left)) if decisive else AllOf(tuple(left))
