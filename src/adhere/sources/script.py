"""Scripts with inline metadata (PEP 723), and the lock that uv keeps beside them."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from adhere.errors import Problem, SourceError
from adhere.model.inventory import Fault, Reading, Requirement, Source
from adhere.model.location import Location
from adhere.model.package import Origin, Package
from adhere.sources import probe
from adhere.sources.entry import UNPINNED, EntryError, shown, sort_of
from adhere.sources.files import decode_text, digest, read_bytes
from adhere.sources.requirement_line import parse_requirement, pinned_version
from adhere.sources.toml_file import excerpt, parse_toml
from adhere.sources.uv_sources import UvSources
from adhere.spans.text import KeyPath, Lines
from adhere.spans.toml import locate

_OPEN = re.compile(r"# /// ([a-zA-Z0-9-]+)")
_CLOSE = "# ///"


class _Block(NamedTuple):
    """A metadata block.

    Attributes:
        kind: what stands behind the slashes.
        line: of the opening, from 1.
        text: between opening and closing, without comment marks.
        prefixes: number of characters that were taken off each line of the text.
    """

    kind: str
    line: int
    text: str
    prefixes: tuple[int, ...]


def requirements(path: Path, label: str) -> tuple[Requirement, ...]:
    """What a script asks for.

    Raises:
        SourceError: it cannot be read, has no metadata block, or a wrong one.
    """
    return _Script(path, label).requirements


def read(path: Path, label: str) -> Reading:
    """A script's packages: those of its lock, else those that it pins itself.

    Raises:
        SourceError: it or its lock cannot be read, or it has no valid metadata block.
    """
    script = _Script(path, label)
    lock = path.with_name(path.name + ".lock")
    if probe.exists(str(lock)):
        return _locked(script, lock, label + ".lock")
    packages: list[Package] = []
    faults: list[Fault] = []
    for wanted in script.requirements:
        version = pinned_version(wanted)
        direct = wanted.origin.kind != "index"
        if not version and not direct:
            reason = (
                f"{shown(wanted.raw)} is not pinned, so which version is installed is not known"
            )
            faults.append(Fault(UNPINNED, wanted.name, reason, wanted.location))
            continue
        remarks = () if version else ("the script does not tell its version",)
        packages.append(
            Package(
                wanted.name,
                version,
                wanted.location,
                origin=wanted.origin,
                requested=True,
                marker=wanted.marker,
                remarks=remarks,
            )
        )
    name = posixpath.basename(label)
    remark = f"there is no {name}.lock beside it, so what its packages need is not known"
    return Reading(
        source=Source("script", label, script.digest, remarks=(remark,)),
        packages=tuple(packages),
        roots=script.requirements,
        faults=tuple(faults),
    )


def _locked(script: _Script, lock: Path, label: str) -> Reading:
    from adhere.sources import uv_lock

    found = uv_lock.read(lock, label)
    both = digest(f"{script.digest}\0{found.source.digest}".encode())
    narrowing = tuple(root for root in found.roots if root.constraint)
    remarks = (f"its packages are those of {label}", *found.source.remarks)
    return msgspec.structs.replace(
        found,
        source=Source("script", script.label, both, remarks=remarks),
        roots=script.requirements + narrowing,
    )


class _Script:
    """A script that was read.

    Attributes:
        label: what to call it.
        digest: of its bytes.
        requirements: in the order of the block.
    """

    def __init__(self, path: Path, label: str) -> None:
        data = read_bytes(path, label)
        self.label = label
        self.digest = digest(data)
        # Python reads a script with every kind of line end as the same.
        text = decode_text(data, label, code=True).replace("\r\n", "\n").replace("\r", "\n")
        self._lines = Lines(text)
        self._block = self._only_block(text)
        self._value = self._parsed()
        self.requirements = self._wanted()

    def _only_block(self, text: str) -> _Block:
        found = [block for block in _blocks(text) if block.kind == "script"]
        if not found:
            hint = "begin it with a line `# /// script` and end it with a line `# ///`"
            raise SourceError(self._problem("it has no metadata block", 0, hint=hint))
        if len(found) > 1:
            message = f"it has a metadata block on line {found[0].line} already"
            raise SourceError([self._problem(message, block.line) for block in found[1:]])
        return found[0]

    def _parsed(self) -> dict[str, Any]:
        try:
            return parse_toml(self._block.text, self.label)
        except SourceError as error:
            (problem,) = error.problems
            line, column = self._place(problem.line or 1, problem.column or 1)
            raise SourceError(self._problem(problem.message, line, column)) from None

    def _wanted(self) -> tuple[Requirement, ...]:
        lines = self._value.get("dependencies", [])
        if not isinstance(lines, list):
            message = f"`dependencies` is {sort_of(lines)}, not an array of requirements"
            raise SourceError(self._problem(message, *self._position(("dependencies",))))
        tool = self._value.get("tool")
        uv = tool.get("uv") if isinstance(tool, dict) else None
        sources = UvSources(uv if isinstance(uv, dict) else {})
        found: list[Requirement] = []
        problems: list[Problem] = []
        for index, text in enumerate(lines):
            line, column = self._position(("dependencies", index))
            try:
                if not isinstance(text, str):
                    raise EntryError(f"a requirement is {sort_of(text)}, not a string")
                place = Location(self.label, line, column)
                wanted = parse_requirement(text, place, by=self.label)
            except EntryError as error:
                problems.append(self._problem(str(error), line, column))
                continue
            origin: Origin = sources.origin(wanted)
            found.append(msgspec.structs.replace(wanted, origin=origin))
        python = self._value.get("requires-python", "")
        if not isinstance(python, str):
            message = f"`requires-python` is {sort_of(python)}, not a string"
            problems.append(self._problem(message, *self._position(("requires-python",))))
        if problems:
            raise SourceError(problems)
        return tuple(found)

    def _position(self, at: KeyPath) -> tuple[int, int]:
        """Line and column of a key, in the script."""
        place = locate(self._block.text)[at]
        return self._place(*Lines(self._block.text).position(place.key.start))

    def _place(self, line: int, column: int) -> tuple[int, int]:
        """A place of the block, in the script."""
        inside = min(line, len(self._block.prefixes))
        prefix = self._block.prefixes[inside - 1] if inside else 0
        return self._block.line + inside, column + prefix

    def _problem(self, message: str, line: int, column: int = 0, hint: str = "") -> Problem:
        return Problem(
            "source-invalid",
            message,
            path=self.label,
            line=line,
            column=column,
            excerpt=excerpt(self._lines, line),
            hint=hint,
        )


def _blocks(text: str) -> list[_Block]:
    """Every closed block; the last closing line of a run of comments is the one."""
    lines = text.split("\n")
    blocks: list[_Block] = []
    at = 0
    while at < len(lines):
        opening = _OPEN.fullmatch(lines[at])
        if opening is None:
            at += 1
            continue
        end = at + 1
        closing = 0
        while end < len(lines) and (lines[end] == "#" or lines[end].startswith("# ")):
            if lines[end] == _CLOSE and end > at + 1:
                closing = end
            end += 1
        if closing:
            body = lines[at + 1 : closing]
            content = "".join(f"{line[2:]}\n" for line in body)
            prefixes = tuple(len(line[:2]) for line in body)
            blocks.append(_Block(opening[1], at + 1, content, prefixes))
            at = closing + 1
        else:
            at = end  # nothing in this run is closed
    return blocks
