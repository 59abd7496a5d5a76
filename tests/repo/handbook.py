"""The documentation as data: pages, their blocks, headings and links.

A block says by itself what it is: a ``toml`` block whose first line is ``# adhere.toml``
is that file, one that begins ``# in adhere.toml`` is put at its end. What a reader does not
need stands in a comment before the block, or in the front matter where the page is also
read in a terminal:

- ``project: NAME``: run in a copy of ``projects/NAME``, a fresh one from here on;
- ``installed: NAME``: the sample distribution NAME is installed beside adhere;
- ``exit: 1``: how the commands of the block end, when their output does not say so;
- ``not run: REASON``: the commands need a network, or somebody else's machine;
- ``wrong``: the file is wrong on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GENERATED = ("compliance", "_adhere")
"""Folders that ``adhere docs sync`` writes; nobody's prose."""

_FENCE = re.compile(r"^( *)(```+)(\w*)[ \t]*$")
_COMMENT = re.compile(r"<!-- (.*?) -->")
_NAMED = re.compile(r"^(?:# |<!-- |\{# |\.\. )(in )?([\w./-]+\.\w+|[\w/]*LICENSE)(?: -->| #\})?$")
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *$")
_LINK = re.compile(r"(?<!!)\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")


class Block(Struct):
    """A fenced block of a page.

    Attributes:
        language: after the fence, ``""`` for none.
        line: of the fence, from 1.
        indent: blanks before the fence, for a block in a list.
        text: between the fences, without the indent.
        options: what the comment before it, or the page's front matter, says.
    """

    language: str
    line: int
    indent: str
    text: str
    options: Mapping[str, Any]

    @property
    def file(self) -> str:
        """The file that the block is, ``""`` for none."""
        match = _NAMED.match(self.text.partition("\n")[0])
        return match[2] if match else ""

    @property
    def appends(self) -> bool:
        """Whether the block is put at the end of its file."""
        match = _NAMED.match(self.text.partition("\n")[0])
        return bool(match and match[1])

    @property
    def content(self) -> str:
        """The text without the line that names the file."""
        return self.text.partition("\n")[2] if self.file else self.text


class Page(Struct):
    """A Markdown file.

    Attributes:
        path: of the file.
        text: all of it.
        front: its front matter.
        blocks: in order.
    """

    path: Path
    text: str
    front: Mapping[str, Any]
    blocks: tuple[Block, ...]

    @property
    def name(self) -> str:
        """What to call it: its path in the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def prose(self) -> str:
        """The text without blocks and front matter."""
        lines = self.text.splitlines()
        inside = _fenced(lines)
        start = _body_at(lines)
        kept = (line for i, line in enumerate(lines) if i >= start and i not in inside)
        return "\n".join(kept)

    def headings(self) -> Iterator[str]:
        """The anchors of its headings, as Python-Markdown makes them."""
        seen: set[str] = set()
        for line in self.prose.splitlines():
            match = _HEADING.match(line)
            if match:
                yield _free(slug(match[2]), seen)

    def links(self) -> Iterator[str]:
        """Where its links lead."""
        plain = re.sub(r"`[^`\n]*`", "", self.prose)
        for match in _LINK.finditer(plain):
            yield match[1]


def read_page(path: Path) -> Page:
    """Read a page."""
    text = path.read_text("utf-8")
    lines = text.splitlines()
    start = _body_at(lines)
    front = yaml.safe_load("\n".join(lines[1 : start - 1])) if start else None
    front = front if isinstance(front, dict) else {}
    return Page(path, text, front, tuple(_blocks(lines, start, front)))


def pages() -> list[Path]:
    """Every page that somebody wrote."""
    found = [ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("changelog.d/*.md")]
    for path in DOCS.rglob("*.md"):
        if path.relative_to(DOCS).parts[0] not in GENERATED:
            found.append(path)
    return sorted(found)


def slug(heading: str) -> str:
    """The anchor of a heading."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)|[`*]", lambda m: m[1] or "", heading)
    words = re.sub(r"\{[^}]*\}$", "", words)
    words = re.sub(r"[^\w\s-]", "", words).strip().lower()
    return re.sub(r"[-\s]+", "-", words)


def _free(name: str, seen: set[str]) -> str:
    candidate, count = name, 0
    while candidate in seen:
        count += 1
        candidate = f"{name}_{count}"
    seen.add(candidate)
    return candidate


def _body_at(lines: list[str]) -> int:
    """Index of the first line after the front matter."""
    if lines and lines[0] == "---":
        return lines.index("---", 1) + 1
    return 0


def _fenced(lines: list[str]) -> set[int]:
    inside: set[int] = set()
    for opening, closing in _fences(lines, 0):
        inside.update(range(opening, closing + 1))
    return inside


def _fences(lines: list[str], start: int) -> Iterator[tuple[int, int]]:
    at = start
    while at < len(lines):
        match = _FENCE.match(lines[at])
        if match:
            closing = at + 1
            while lines[closing] != f"{match[1]}{match[2]}":
                closing += 1
            yield at, closing
            at = closing
        at += 1


def _blocks(lines: list[str], start: int, front: Mapping[str, Any]) -> Iterator[Block]:
    before = start
    fresh = {key: front[key] for key in ("project", "installed") if key in front}
    lasting = {key: front[key] for key in ("exit", "wrong") if key in front}
    for opening, closing in _fences(lines, start):
        match = _FENCE.match(lines[opening])
        assert match is not None
        said: dict[str, Any] = {}
        for comment in _COMMENT.findall("\n".join(lines[before:opening])):
            key, _, value = comment.partition(": ")
            said[key] = value or True
        indent = match[1]
        body = (line.removeprefix(indent) for line in lines[opening + 1 : closing])
        text = "".join(f"{line}\n" for line in body)
        yield Block(match[3], opening + 1, indent, text, {**lasting, **fresh, **said})
        before, fresh = closing + 1, {}
