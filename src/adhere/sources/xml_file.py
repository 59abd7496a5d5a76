"""XML without document types, as a tree whose elements know their place: no entity is ever expanded."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from adhere.errors import AdhereError

MAX_DEPTH = 200
"""Deepest nesting of elements that is read."""

MAX_ELEMENTS = 1_000_000
"""Elements that are read; as many take a third of a gigabyte."""

Refuse = Callable[[str, int, int], AdhereError]
"""Makes the error for a document that cannot be used, of a message, a line and a column."""


def parse_xml(data: bytes | str, refuse: Refuse) -> tuple[Element, str]:
    """Read a document.

    Args:
        data: all of it; a text is taken for what it is, whatever encoding it speaks of.
        refuse: makes the error that is raised.

    Returns:
        Its first element, and the namespace of that, ``""`` for none.

    Raises:
        AdhereError: it is not XML, has a document type, is nested too deeply, or too large.
    """
    builder = _Builder(refuse)
    return builder.build(data), builder.namespace


class Element:
    """An element of the document.

    Attributes:
        tag: without its namespace.
        attributes: by name.
        children: elements in it.
        text: in it, blanks at both ends removed.
        line: where it begins, from 1.
        column: where it begins, from 1.
    """

    __slots__ = ("_pieces", "attributes", "children", "column", "line", "tag")

    def __init__(self, tag: str, attributes: dict[str, str], line: int, column: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element] = []
        self.line = line
        self.column = column
        self._pieces: list[str] = []

    @property
    def text(self) -> str:
        """In it, blanks at both ends removed."""
        return "".join(self._pieces).strip()

    def add(self, text: str) -> None:
        """Put more text at its end."""
        self._pieces.append(text)

    def child(self, tag: str) -> Element | None:
        """The first element of a name in it."""
        return next((child for child in self.children if child.tag == tag), None)

    def value(self, tag: str) -> str:
        """The text of the first element of a name in it, ``""`` without one."""
        found = self.child(tag)
        return found.text if found is not None else ""

    def inside(self, tag: str) -> list[Element]:
        """What is in the first element of a name in it."""
        found = self.child(tag)
        return found.children if found is not None else []


class _Builder:
    """Builds the tree of a document from what the parser reports."""

    def __init__(self, refuse: Refuse) -> None:
        self.root: Element | None = None
        self.namespace = ""
        self._refuse = refuse
        self._count = 0
        self._open: list[Element] = []
        self._parser = expat.ParserCreate(namespace_separator="\n")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype

    def build(self, data: bytes | str) -> Element:
        try:
            self._parser.Parse(data, True)  # noqa: FBT003 - the parser takes it by position
        except expat.ExpatError as error:
            reason = expat.errors.messages.get(error.code, "it is malformed")
            message = f"not valid XML: {reason}"
            raise self._refuse(message, error.lineno, error.offset + 1) from None
        except (ValueError, LookupError):  # an encoding that nobody has
            raise self._refuse("not valid XML: its encoding is not known", 1, 1) from None
        if self.root is None:
            raise self._refuse("not valid XML: it has no element", 1, 1)
        return self.root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, tag = name.rpartition("\n")
        if len(self._open) >= MAX_DEPTH:
            raise self._refuse("its elements are nested too deeply", *self._here())
        self._count += 1
        if self._count > MAX_ELEMENTS:
            message = f"it has more than {MAX_ELEMENTS} elements"
            raise self._refuse(message, *self._here())
        element = Element(tag, attributes, *self._here())
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root, self.namespace = element, namespace
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].add(text)

    def _doctype(self, *_: object) -> None:
        message = "it has a document type, which could make it say anything"
        raise self._refuse(message, *self._here())

    def _here(self) -> tuple[int, int]:
        return self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
