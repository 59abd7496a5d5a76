"""What Python source files import and call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

When = Literal["import", "call", "typing"]
"""When an import happens: as its module is imported, as a function is called, or never but
for a type checker."""


class Import(Struct, frozen=True, array_like=True):
    """An import, as it is written.

    Attributes:
        module: that is named, ``""`` in ``from . import x``.
        names: that are taken from it, ``("*",)`` for all; empty for the module itself.
        level: dots before the module.
        line: from 1.
        column: from 1, in characters.
        when: it happens.
    """

    module: str
    names: tuple[str, ...]
    level: int
    line: int
    column: int
    when: When


class Call(Struct, frozen=True, array_like=True):
    """A call, by the name that its imports give to what is called.

    Attributes:
        name: ``subprocess.run`` however it was imported, ``eval`` for a builtin; ``?.run``
            where nobody can tell what it belongs to.
        words: text among its arguments, joined with blanks: ``pip show``.
        scope: function and class around it, ``Client.get``; ``""`` for the module.
        line: from 1.
        column: from 1, in characters.
        loop: it is done again and again.
        coroutine: it is done in one.
        when: as its module is imported, or as a function is called.
    """

    name: str
    words: str
    scope: str
    line: int
    column: int
    loop: bool
    coroutine: bool
    when: When


class FileCode(Struct, frozen=True, array_like=True):
    """What one file imports and calls, in its order.

    Attributes:
        imports: all of them, in functions and below conditions too.
        calls: all of them.
        fault: why nobody knows, ``""`` for a file that was understood.
        line: of that, 0 for the whole file.
    """

    imports: tuple[Import, ...] = ()
    calls: tuple[Call, ...] = ()
    fault: str = ""
    line: int = 0


class SourceCode:
    """Source files of a project.

    Attributes:
        files: by POSIX path relative to the project, sorted.
        modules: dotted name by path.
    """

    def __init__(self, files: Mapping[str, FileCode], modules: Mapping[str, str]) -> None:
        """Nothing is computed yet."""
        self.files = files
        self.modules = modules
        self._by_name: dict[str, list[tuple[str, Call]]] | None = None

    @property
    def broken(self) -> Iterator[tuple[str, FileCode]]:
        """Files that could not be understood."""
        return ((path, file) for path, file in self.files.items() if file.fault)

    @property
    def calls(self) -> Mapping[str, list[tuple[str, Call]]]:
        """Every call and the file it is in, by name; made once for all rules."""
        if self._by_name is None:
            found: dict[str, list[tuple[str, Call]]] = {}
            for path, file in self.files.items():
                for call in file.calls:
                    found.setdefault(call.name, []).append((path, call))
            self._by_name = found
        return self._by_name

    def imported(self, path: str, found: Import) -> tuple[str, ...]:
        """Full names of what an import may bring in: the module, and each name in it.

        Args:
            path: of the file that it stands in.
            found: an import of that file.
        """
        module = found.module
        if found.level:
            parts = self.modules[path].split(".")
            if not path.endswith("__init__.py"):
                parts = parts[:-1]
            parts = parts[: len(parts) - found.level + 1]
            module = ".".join([*parts, module] if module else parts)
        names = tuple(f"{module}.{name}" if module else name for name in found.names if name != "*")
        return (module, *names) if module else names
