"""SPDX license expressions: a tree, parsed and rendered.

Grammar of the SPDX specification, annex "SPDX license expressions": identifiers and
operators in any case, ``+``, ``WITH``, ``LicenseRef-`` and ``DocumentRef-``. Identifiers
come out in the spelling of the license list, deprecated ones replaced by what the list
says they mean; `Parsed.replaced` remembers that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from adhere.licenses._spdx import EXCEPTIONS, LICENSES, REPLACED

MAX_LENGTH = 10_000
"""Longest text that is read as an expression; real ones have a tenth of it."""

MAX_DEPTH = 100
"""Deepest nesting that is read."""

_TOKEN = re.compile(r"\s*(?:(?P<paren>[()])|(?P<word>[A-Za-z0-9.:_-]+\+?))")
# These are compiled when a text needs them, which hardly any does.
_REF = r"(?i:(?:DocumentRef-(?P<document>[A-Za-z0-9.-]+):)?LicenseRef-(?P<license>[A-Za-z0-9.-]+))"
_ADDITION = r"(?:DocumentRef-[A-Za-z0-9.-]+:)?AdditionRef-[A-Za-z0-9.-]+"


class ExpressionError(ValueError):
    """A text is not an SPDX expression."""

    def __init__(self, message: str, hint: str = "", unknown: str = "") -> None:
        super().__init__(message)
        self._hint = hint
        self._unknown = unknown

    @property
    def hint(self) -> str:
        """The remedy, or the nearest valid reading; ``""`` when there is none.

        Searching for it takes a hundred times as long as parsing, so it is searched only
        when somebody asks.
        """
        if not self._unknown:
            return self._hint
        return _nearest(self._unknown)


class Id(Struct, frozen=True, order=True, tag=True):
    """A license of the SPDX list, or a ``LicenseRef-``.

    Attributes:
        name: as the list spells it. ``X-or-later`` and ``X-only`` are names of their own.
        plus: a trailing ``+`` on a license that has no ``-or-later`` name.
    """

    name: str
    plus: bool = False


class With(Struct, frozen=True, order=True, tag=True):
    """A license with an exception: a unit of its own in any list."""

    license: Id
    exception: str


class And(Struct, frozen=True, tag=True):
    """Every part holds."""

    parts: tuple[Expression, ...]


class Or(Struct, frozen=True, tag=True):
    """One part of the reader's choice holds."""

    parts: tuple[Expression, ...]


Leaf = Id | With
Expression = Id | With | And | Or


class Parsed(Struct, frozen=True):
    """An expression and what was changed on the way to it.

    Attributes:
        expression: the tree.
        replaced: deprecated identifiers as written, with what stands for them now.
    """

    expression: Expression
    replaced: tuple[tuple[str, str], ...] = ()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.replaced: list[tuple[str, str]] = []

    def whole(self) -> Expression:
        if not self.tokens:
            raise ExpressionError("it is empty")
        found = self.disjunction(0)
        if self.at < len(self.tokens):
            raise ExpressionError(f"`{self.tokens[self.at]}` is unexpected")
        return found

    def disjunction(self, depth: int) -> Expression:
        parts = [self.conjunction(depth)]
        while self.take("or"):
            parts.append(self.conjunction(depth))
        return join(Or, parts)

    def conjunction(self, depth: int) -> Expression:
        parts = [self.unit(depth)]
        while self.take("and"):
            parts.append(self.unit(depth))
        return join(And, parts)

    def unit(self, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise ExpressionError("it is nested too deeply")
        if self.take("("):
            inner = self.disjunction(depth + 1)
            if not self.take(")"):
                raise ExpressionError("a parenthesis is not closed")
            return inner
        found = self.simple()
        if not self.take("with"):
            return found
        if not isinstance(found, Id):
            raise ExpressionError("WITH has to follow a license identifier")
        return With(found, self.exception())

    def simple(self) -> Expression:
        word = self.next("a license identifier")
        found, replaced = _license(word)
        if replaced:
            self.replaced.append((word, render(found)))
        return found

    def exception(self) -> str:
        word = self.next("an exception identifier")
        known = EXCEPTIONS.get(word.lower())
        if known is None and re.fullmatch(_ADDITION, word):
            return word
        if known is None:
            raise ExpressionError(f"`{word[:60]}` is no SPDX exception", unknown=word)
        return known

    def take(self, token: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at].lower() == token:
            self.at += 1
            return True
        return False

    def next(self, what: str) -> str:
        if self.at >= len(self.tokens):
            raise ExpressionError(f"it ends where {what} has to follow")
        word = self.tokens[self.at]
        if word.lower() in ("and", "or", "with", "(", ")"):
            raise ExpressionError(f"`{word}` stands where {what} has to follow")
        self.at += 1
        return word


def _tokens(text: str) -> Iterator[str]:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"it is longer than {MAX_LENGTH} characters")
    text = text.rstrip()
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionError(f"`{text[at:].split()[0][:40]}` is no identifier")
        yield match.group(match.lastgroup or 0)
        at = match.end()


def _license(word: str) -> tuple[Expression, bool]:
    """One identifier, and whether it was replaced by what it is called today."""
    key = word.lower()
    reference = re.fullmatch(_REF, word) if "licenseref-" in key else None
    if reference is not None:
        document = reference.group("document")
        prefix = f"DocumentRef-{document}:" if document else ""
        return Id(f"{prefix}LicenseRef-{reference.group('license')}"), False
    row = LICENSES.get(key)
    if row is not None and (modern := REPLACED.get(row[0])):
        return parse(modern), True
    if row is not None:
        return Id(row[0]), False
    if key.endswith("+") and (row := LICENSES.get(key[:-1])):
        return _or_later(row[0], word)
    raise ExpressionError(f"`{word[:60]}` is no SPDX license", unknown=word)


def _or_later(name: str, word: str) -> tuple[Expression, bool]:
    if name.endswith("-or-later"):
        return Id(name), False
    stem = name.removesuffix("-only")
    later = LICENSES.get(f"{stem}-or-later".lower())
    if later is not None:
        return Id(later[0]), word.lower() != later[0].lower()
    return Id(name, plus=True), False


def _nearest(word: str) -> str:
    from difflib import get_close_matches

    known = {key: row[0] for key, row in LICENSES.items()} | EXCEPTIONS
    close = get_close_matches(word[:60].lower(), list(known), n=1, cutoff=0.6)
    return f"did you mean `{known[close[0]]}`?" if close else ""


def join(kind: type[And | Or], parts: list[Expression]) -> Expression:
    """Parts under one operator: nested ones flattened, repeated ones dropped."""
    flat: list[Expression] = []
    for part in parts:
        for item in part.parts if isinstance(part, kind) else (part,):
            if item not in flat:
                flat.append(item)
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


@lru_cache(maxsize=4096)
def parse_full(text: str) -> Parsed:
    """Read an SPDX expression and say which deprecated identifiers it used.

    Raises:
        ExpressionError: it is none; the message says where and why.
    """
    parser = _Parser(text)
    expression = parser.whole()
    return Parsed(expression, tuple(parser.replaced))


def parse(text: str) -> Expression:
    """Read an SPDX expression.

    Raises:
        ExpressionError: it is none; the message says where and why.
    """
    return parse_full(text).expression


def render(expression: Expression) -> str:
    """The canonical text: upper-case operators, parentheses only where they are needed."""
    match expression:
        case Id(name, plus):
            return f"{name}+" if plus else name
        case With(license_, exception):
            return f"{render(license_)} WITH {exception}"
        case And(parts):
            return " AND ".join(
                f"({render(part)})" if isinstance(part, Or) else render(part) for part in parts
            )
        case Or(parts):
            return " OR ".join(render(part) for part in parts)


def leaves(expression: Expression) -> Iterator[Leaf]:
    """Every license of an expression, in order, each once."""
    seen: set[Leaf] = set()
    stack: list[Expression] = [expression]
    while stack:
        part = stack.pop()
        if isinstance(part, And | Or):
            stack.extend(reversed(part.parts))
        elif part not in seen:
            seen.add(part)
            yield part


def known(expression: Expression) -> bool:
    """Whether one can comply with it by licenses and exceptions of the SPDX list alone.

    ``MIT OR LicenseRef-Acme`` can, ``MIT AND LicenseRef-Acme`` cannot: what
    ``LicenseRef-Acme`` asks for stands in a document that this package may not even have.
    """
    match expression:
        case Id(name):
            return name.lower() in LICENSES
        case With(license_, exception):
            return known(license_) and exception.lower() in EXCEPTIONS
        case And(parts):
            return all(known(part) for part in parts)
        case Or(parts):
            return any(known(part) for part in parts)


def category(leaf: Leaf) -> str:
    """License category by the data of `_spdx`; ``""`` where it has none.

    An exception only ever grants more, so ``X WITH Y`` has the category of X.
    """
    identifier = leaf.license if isinstance(leaf, With) else leaf
    row = LICENSES.get(identifier.name.lower())
    return row[2] if row else ""
