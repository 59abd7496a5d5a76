"""A TOML document whose every value knows where it was written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from adhere.errors import ConfigError, Problem
from adhere.spans.text import KeyPath, Lines, Span
from adhere.spans.toml import locate

_AT = r" \(at (?:line (\d+), column (\d+)|end of document)\)$"


MAX_DEPTH = 64
"""Tables and arrays within one another; whoever walks a document may do it recursively."""


class Document:
    """A TOML file: its text, what it means, and where each part of it stands.

    Attributes:
        path: as shown to people.
        text: the whole file; a byte order mark is removed.
        value: what `tomllib` reads.
    """

    def __init__(self, path: str, text: str) -> None:
        """Parse a document.

        Raises:
            ConfigError: it is not TOML; the problem has line, column and the line itself.
        """
        self.path = path
        self.text = text.removeprefix("\ufeff")
        try:
            self.value = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(self._syntax_problem(str(error))) from None
        except RecursionError:
            raise self._too_deep() from None
        except ValueError as error:  # an integer of more digits than Python reads
            message = f"not usable TOML: {error}"
            raise ConfigError(Problem("toml-invalid", message, path=path)) from None
        if _is_deeper(self.value, MAX_DEPTH):  # dotted keys nest without any recursion
            raise self._too_deep()

    @property
    def root(self) -> Node:
        """The whole document as a tree."""
        return _grow(self, (), self.value)

    def problem(
        self, code: str, message: str, at: KeyPath, *, hint: str = "", on_key: bool = False
    ) -> Problem:
        """A problem that points at a value, or at its key."""
        span = self.span(at, on_key=on_key)
        lines = Lines(self.text)
        line, column = lines.position(span.start)
        excerpt = lines.text_of(line)
        width = max(1, min(span.end - span.start, len(excerpt) - column + 1))
        return Problem(
            code,
            message,
            path=self.path,
            line=line,
            column=column,
            excerpt=excerpt,
            width=width,
            hint=hint,
        )

    def span(self, at: KeyPath, *, on_key: bool = False) -> Span:
        """Where a value stands; for one that is absent, where its nearest parent stands."""
        places = locate(self.text)
        while at:
            place = places.get(at)
            if place is not None:
                return place.key if on_key else place.value
            at = at[:-1]
        return Span(0, 0)

    def position(self, at: KeyPath) -> tuple[int, int]:
        """Line and column of the key of a value, both from 1."""
        return Lines(self.text).position(self.span(at, on_key=True).start)

    def _too_deep(self) -> ConfigError:
        message = f"values are nested more than {MAX_DEPTH} deep"
        return ConfigError(Problem("toml-invalid", message, path=self.path))

    def _syntax_problem(self, message: str) -> Problem:
        lines = Lines(self.text)
        found = re.search(_AT, message)
        if found and found.group(1):
            line, column = int(found.group(1)), int(found.group(2))
        else:
            line, column = lines.position(len(self.text.rstrip()))
        return Problem(
            "toml-invalid",
            "not valid TOML: " + re.sub(_AT, "", message),
            path=self.path,
            line=line,
            column=column,
            excerpt=lines.text_of(line),
        )


class Node:
    """A value of a document together with its place.

    Attributes:
        value: a dict of nodes, a list of nodes, or a plain value.
        document: the file it was written in.
        at: where in that file.
    """

    __slots__ = ("at", "document", "value")

    def __init__(
        self,
        value: dict[str, Node] | list[Node] | object,
        document: Document,
        at: KeyPath,
    ) -> None:
        self.value = value
        self.document = document
        self.at = at

    def plain(self) -> object:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def down(self, path: KeyPath) -> Node:
        """The node below, or the nearest one on the way there."""
        node = self
        for part in path:
            child = node.child(part)
            if child is None:
                break
            node = child
        return node

    def child(self, part: str | int) -> Node | None:
        """The node of a key or index, ``None`` where there is none."""
        if isinstance(part, str):
            return self.value.get(part) if isinstance(self.value, dict) else None
        if isinstance(self.value, list) and 0 <= part < len(self.value):
            found: Node = self.value[part]
            return found
        return None

    def problem(self, code: str, message: str, *, hint: str = "", on_key: bool = False) -> Problem:
        """A problem that points here."""
        return self.document.problem(code, message, self.at, hint=hint, on_key=on_key)

    def files(self) -> Iterator[Document]:
        """Every document that a part of this value was written in, without repetition."""
        seen: dict[int, Document] = {}
        stack = [self]
        while stack:
            node = stack.pop()
            seen.setdefault(id(node.document), node.document)
            if isinstance(node.value, dict):
                stack.extend(node.value.values())
            elif isinstance(node.value, list):
                stack.extend(node.value)
        yield from seen.values()


def _is_deeper(value: object, depth: int) -> bool:
    """Whether tables and arrays lie within one another more often than that."""
    level = [value]
    for _ in range(depth + 1):
        below: list[object] = []
        for container in level:
            if isinstance(container, dict):
                below.extend(container.values())
            elif isinstance(container, list):
                below.extend(container)
        level = below
    return bool(level)


def _grow(document: Document, at: KeyPath, value: object) -> Node:
    if isinstance(value, dict):
        children = {key: _grow(document, (*at, key), child) for key, child in value.items()}
        return Node(children, document, at)
    if isinstance(value, list):
        return Node(
            [_grow(document, (*at, index), child) for index, child in enumerate(value)],
            document,
            at,
        )
    return Node(value, document, at)
