"""Which project a run is about: its root, its configuration, and what to call its files."""

from __future__ import annotations

import os
import tomllib
from contextlib import suppress
from typing import Any

from msgspec import Struct

from adhere.errors import ConfigError, Problem
from adhere.model.names import as_text, is_valid_name
from adhere.sources import probe

CONFIG = "adhere.toml"
PYPROJECT = "pyproject.toml"
_STOP = (".git", ".hg")


class Project(Struct, frozen=True):
    """A project on disk.

    Attributes:
        root: absolute path; every path in a report is relative to it.
        config: path of the configuration relative to the root, ``""`` for none; one that was
            named may lie outside.
        redact: whether places outside of the root are shown by their last parts only.
    """

    root: str
    config: str = ""
    redact: bool = True

    def label(self, path: str) -> str:
        """What to call a file or folder in a report: POSIX, relative to the root.

        Outside of the root, a path that does not lead through the root of the file system
        is shown relative all the same; any other is cut to its last two parts, because
        the rest would tell about the machine and not about the project.
        """
        absolute = as_text(os.path.abspath(path))
        try:
            relative = os.path.relpath(absolute, self.root)
        except ValueError:  # another drive
            return _cut(absolute)
        relative = relative.replace(os.sep, "/")
        if not self.redact or not relative.startswith(".."):
            return relative
        shared = os.path.commonpath([absolute, self.root])
        return _cut(absolute) if os.path.dirname(shared) == shared else relative

    def path(self, label: str) -> str:
        """Absolute path of something that is named relative to the root."""
        return os.path.normpath(os.path.join(self.root, label))


def _cut(path: str) -> str:
    parts = [part for part in path.replace(os.sep, "/").split("/") if part]
    return "/".join((OUTSIDE, *parts[-2:]))


OUTSIDE = "..."
"""First part of the label of something whose place is not shown."""


def find_project(start: str, config: str | None) -> Project:
    """The project that a folder belongs to.

    The nearest folder upwards with an ``adhere.toml`` or a ``[tool.adhere]`` is its root;
    without any, the folder itself. The search ends where version control begins. A
    configuration that was named is used in place of the project's own, wherever it lies.

    Args:
        start: absolute path of the working directory.
        config: file that was named, relative to it or absolute; ``None`` to look for one.

    Raises:
        ConfigError: the named file is missing, or two configurations stand side by side.
    """
    root, found = _enclosing(start)
    if config is not None:
        return Project(root, _named(start, config, root))
    if len(found) > 1:
        problem = Problem(
            "config-twice",
            f"there is an {CONFIG} and a [tool.adhere] in {PYPROJECT}",
            path=CONFIG,
            hint=f"keep one of them; {CONFIG} can `extends` the other's rules",
        )
        raise ConfigError(problem)
    return Project(root, found[0] if found else "")


def _enclosing(start: str) -> tuple[str, tuple[str, ...]]:
    """The root of the project that a folder lies in, and the configurations there."""
    folder = start
    while True:
        found = _configs_in(folder)
        parent = os.path.dirname(folder)
        ends = any(probe.lexists(os.path.join(folder, name)) for name in _STOP)
        if found or ends:
            return folder, found
        if parent == folder:
            return start, ()
        folder = parent


def _named(start: str, config: str, root: str) -> str:
    path = os.path.abspath(os.path.join(start, os.path.expanduser(config)))
    if not probe.is_file(path):
        words = "it is no regular file" if probe.lexists(path) else "there is no such file"
        raise ConfigError(Problem("file-unreadable", words, path=config, hint="check the path"))
    with suppress(ValueError):  # another drive
        path = os.path.relpath(path, root)
    return path.replace(os.sep, "/")


def _configs_in(folder: str) -> tuple[str, ...]:
    """Whatever is called like one is meant as one: a folder or a dead link is an error later."""
    found = (CONFIG,) if probe.lexists(os.path.join(folder, CONFIG)) else ()
    return (*found, PYPROJECT) if has_table(os.path.join(folder, PYPROJECT)) else found


def called(root: str) -> tuple[str, str]:
    """Name and version that a project's ``pyproject.toml`` states, also as Poetry has them.

    Where it states no name, that is the folder's; the version is ``""`` where a build works
    it out. What is wrong with the file is for those to say whom it is a source of:
    `adhere.sources.pyproject` reads all of it, and takes imports that a warm run does without.
    """
    document: dict[str, Any] = {}
    try:
        with open(os.path.join(root, PYPROJECT), "rb") as file:
            data = file.read()
        if b"name" in data:  # parsing is the costly part
            document = tomllib.loads(data.decode("utf-8-sig"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        pass
    tools = document.get("tool")
    poetry = tools.get("poetry") if isinstance(tools, dict) else None
    stated = [table for table in (document.get("project"), poetry) if isinstance(table, dict)]
    name = next((table["name"] for table in stated if "name" in table), None)
    version = next((table["version"] for table in stated if "version" in table), None)
    if not isinstance(name, str) or not is_valid_name(name):
        return os.path.basename(root), ""
    return name, version if isinstance(version, str) else ""


def has_table(path: str) -> bool:
    """Whether a ``pyproject.toml`` configures us, or cannot be read and seems to."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return False
    return configures(data)


def configures(data: bytes) -> bool:
    """The same of what a ``pyproject.toml`` holds."""
    if b"adhere" not in data:  # nearly every project; parsing would be the costly part
        return False
    try:
        tool = tomllib.loads(data.decode("utf-8-sig")).get("tool")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return b"[tool.adhere" in data  # the reader then says what is wrong, and where
    return isinstance(tool, dict) and "adhere" in tool
