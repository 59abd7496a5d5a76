"""HTML as a browser's parser sees it: elements, attributes, text, links."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

VOID = ("meta", "link", "br", "img", "hr", "input")


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str]


class Page(HTMLParser):
    """A parsed page; `unclosed` holds what was opened and never closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.words: list[str] = []
        self.unclosed: list[str] = []
        self.stray: list[str] = []
        self.comments: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.unclosed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.unclosed and self.unclosed[-1] == tag:
            self.unclosed.pop()
        else:
            self.stray.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    @property
    def shape(self) -> set[tuple[str, str]]:
        """Every element with each of its attributes, and with none."""
        found = {(element.tag, "") for element in self.elements}
        return found | {(e.tag, name) for e in self.elements for name in e.attributes}

    def values(self, name: str) -> list[str]:
        return [e.attributes[name] for e in self.elements if name in e.attributes]
