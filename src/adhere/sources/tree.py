"""The files of a project on disk."""

from __future__ import annotations

import os
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from errno import EFBIG
from functools import lru_cache

from adhere.errors import ConfigError, Problem
from adhere.sources import probe

MAX_TEXT = 16 * 1024 * 1024
"""Bytes of a configuration, rule or data file that is read."""

_IGNORED = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".nox",
        ".tox",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        "__pycache__",
        "node_modules",
    }
)
"""Folders that hold no file of a project's own; virtual environments are left out too."""


class DiskTree:
    """Files below a folder, by POSIX path relative to it.

    Attributes:
        root: absolute path of the folder.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self._listed: dict[tuple[str, bool], tuple[str, ...]] = {}

    def text(self, path: str) -> str:
        """A file's text; UTF-8, with or without a byte order mark.

        Raises:
            ConfigError: it cannot be read; the problem's code is ``file-unreadable``.
        """
        return read_text(os.path.join(self.root, path), path)

    def matching(self, pattern: str, *, entries: bool = False) -> tuple[str, ...]:
        """Files that match a pattern, sorted. Links that lead out of the folder do not.

        Args:
            pattern: ``*`` stays within a folder, ``**`` crosses them.
            entries: folders, and links wherever they lead, are matched as well.

        Raises:
            ConfigError: a folder on the way cannot be listed, so nobody knows.
        """
        key = (pattern, entries)
        if key not in self._listed:
            if any(mark in pattern for mark in "*?["):
                regex = glob_regex(pattern)
                depth = None if "**" in pattern else pattern.count("/")
                below = self._walk(_fixed_part(pattern), depth, entries=entries)
                found = sorted(path for path in below if regex.fullmatch(path))
                if entries:  # a folder is told by what is found in it, where anything is
                    full = {parent for path in found for parent in _parents(path)}
                    found = [path for path in found if path not in full]
            else:
                there = probe.lexists if entries else probe.is_file
                found = [pattern] if there(os.path.join(self.root, pattern)) else []
            self._listed[key] = tuple(found)
        return self._listed[key]

    def _walk(self, start: str, depth: int | None, *, entries: bool) -> Iterator[str]:
        """Files below a folder, in any order; no deeper than a number of slashes."""
        inside = os.path.realpath(self.root) + os.sep
        stack = [start]
        while stack:
            folder = stack.pop()
            try:
                listed = list(os.scandir(os.path.join(self.root, folder)))
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                words = (error.strerror or "unreadable").lower()
                raise _unreadable(folder or ".", words, "let adhere list this folder") from None
            if folder and any(entry.name == "pyvenv.cfg" for entry in listed):
                continue
            for entry in listed:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _IGNORED and (depth is None or path.count("/") < depth):
                        stack.append(path)
                    if entries:
                        yield path
                elif entries or _is_file_inside(entry, inside):
                    yield path


def _parents(path: str) -> Iterator[str]:
    while (end := path.rfind("/")) >= 0:
        path = path[:end]
        yield path


def _is_file_inside(entry: os.DirEntry[str], inside: str) -> bool:
    if not entry.is_symlink():
        return entry.is_file()
    return probe.is_file(entry.path) and probe.realpath(entry.path).startswith(inside)


def read_text(path: str, label: str) -> str:
    """A text file of the user's.

    Args:
        path: what to open.
        label: what to call it in an error.

    Raises:
        ConfigError: it cannot be read; the problem's code is ``file-unreadable``.
    """
    try:
        if probe.exists(path) and not os.path.isfile(path):
            raise _unreadable(label, "it is no regular file")
        with open(path, "rb") as file:
            data = file.read(MAX_TEXT + 1)
    except FileNotFoundError:
        raise _unreadable(label, "there is no such file", "check the path") from None
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or str(error)
        raise _unreadable(label, words.lower()) from None
    if len(data) > MAX_TEXT:
        raise _unreadable(label, f"it is larger than {MAX_TEXT} bytes")
    try:
        return data.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem(
            "file-unreadable",
            f"cannot read it as text: byte {error.start} is not UTF-8",
            path=label,
            line=line,
            hint="save it as UTF-8",
        )
        raise ConfigError(problem) from None


def read_bytes(path: str) -> bytes:
    """A file of the user's that is no text, or of which nobody knows whether it is.

    Raises:
        OSError: it cannot be read, or is too large.
    """
    with open(path, "rb") as file:
        data = file.read(MAX_TEXT + 1)
    if len(data) > MAX_TEXT:
        raise OSError(EFBIG, f"larger than {MAX_TEXT} bytes")
    return data


def _unreadable(label: str, reason: str, hint: str = "") -> ConfigError:
    return ConfigError(
        Problem("file-unreadable", f"cannot read it: {reason}", path=label, hint=hint)
    )


def _fixed_part(pattern: str) -> str:
    """The folder that every match lies in."""
    parts = pattern.split("/")[:-1]
    fixed = []
    for part in parts:
        if any(mark in part for mark in "*?["):
            break
        fixed.append(part)
    return "/".join(fixed)


@lru_cache(maxsize=256)
def glob_regex(pattern: str) -> re.Pattern[str]:
    """A glob as a regular expression over POSIX paths.

    ``*`` and ``?`` stay within a folder, ``**`` as a whole part stands for any number of
    folders, ``[abc]`` is a choice of characters.
    """
    parts = pattern.split("/")
    out = ""
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if part == "**":
            out += ".*" if last else "(?:[^/]+/)*"
            continue
        out += _part_regex(part) + ("" if last else "/")
    return re.compile(out, re.DOTALL)  # a name may hold a line break


def _part_regex(part: str) -> str:
    out = ""
    at = 0
    while at < len(part):
        character = part[at]
        end = part.find("]", at + 2) if character == "[" else -1
        if character == "*":
            out += "[^/]*"
        elif character == "?":
            out += "[^/]"
        elif end > 0:
            inner = part[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            negated = inner.startswith("!")
            out += f"[{'^' if negated else ''}{inner[1:] if negated else inner}]"
            at = end
        else:
            out += re.escape(character)
        at += 1
    return out
