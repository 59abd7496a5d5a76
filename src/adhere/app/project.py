"""Which project a run is about: its root, its configuration, and what to call its files."""

from __future__ import annotations

import os
import tomllib

from msgspec import Struct

from adhere.errors import ConfigError, Problem

CONFIG = "adhere.toml"
PYPROJECT = "pyproject.toml"
_STOP = (".git", ".hg")


class Project(Struct, frozen=True):
    """A project on disk.

    Attributes:
        root: absolute path; every path in a report is relative to it.
        config: path of the configuration relative to the root, ``""`` for none.
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
        absolute = os.path.abspath(path)
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
    without any, the folder itself. The search ends where version control begins.

    Args:
        start: absolute path of the working directory.
        config: file that was named, relative to it or absolute; ``None`` to look for one.

    Raises:
        ConfigError: the named file is missing, or two configurations stand side by side.
    """
    if config is not None:
        path = os.path.join(start, config)
        if not os.path.isfile(path):
            problem = Problem("file-unreadable", "there is no such file", path=config)
            raise ConfigError(problem)
        path = os.path.abspath(path)
        return Project(os.path.dirname(path), os.path.basename(path))
    folder = start
    while True:
        found = _config_in(folder)
        if found:
            return Project(folder, found)
        parent = os.path.dirname(folder)
        ends = any(os.path.lexists(os.path.join(folder, name)) for name in _STOP)
        if parent == folder or ends:
            return Project(folder if ends else start)
        folder = parent


def _config_in(folder: str) -> str:
    own = os.path.isfile(os.path.join(folder, CONFIG))
    table = has_table(os.path.join(folder, PYPROJECT))
    if own and table:
        problem = Problem(
            "config-twice",
            f"there is an {CONFIG} and a [tool.adhere] in {PYPROJECT}",
            path=CONFIG,
            hint=f"keep one of them; {CONFIG} can `extends` the other's rules",
        )
        raise ConfigError(problem)
    return CONFIG if own else PYPROJECT if table else ""


def has_table(path: str) -> bool:
    """Whether a ``pyproject.toml`` configures us, or cannot be read and seems to."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return False
    if b"adhere" not in data:  # nearly every project; parsing would be the costly part
        return False
    try:
        tool = tomllib.loads(data.decode("utf-8-sig")).get("tool")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return b"[tool.adhere" in data  # the reader then says what is wrong, and where
    return isinstance(tool, dict) and "adhere" in tool
