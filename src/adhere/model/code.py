"""What Python source files import and call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

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


class Imported(NamedTuple):
    """What an import brings in.

    Attributes:
        names: full names: the module, and each name that is taken from it.
        top: the first part of the name of the module that it stands in.
    """

    names: tuple[str, ...]
    top: str


class SourceCode:
    """Source files of a project, and what is in them by name, each made once for all rules.

    Attributes:
        files: by POSIX path relative to the project, sorted.
        modules: dotted name by path.
    """

    def __init__(self, files: Mapping[str, FileCode], modules: Mapping[str, str]) -> None:
        """Nothing is computed yet."""
        self.files = files
        self.modules = modules

    @cached_property
    def broken(self) -> Sequence[tuple[str, FileCode]]:
        """Files that could not be understood."""
        return [(path, file) for path, file in self.files.items() if file.fault]

    @cached_property
    def calls(self) -> Mapping[str, Sequence[tuple[str, Call]]]:
        """Every call and the file it is in, by name."""
        found: dict[str, list[tuple[str, Call]]] = {}
        for path, file in self.files.items():
            for call in file.calls:
                found.setdefault(call.name, []).append((path, call))
        return found

    @cached_property
    def calls_by_part(self) -> Mapping[str, Sequence[str]]:
        """Names of calls by their first part, ``os.``, and by their last, ``.system``."""
        found: dict[str, list[str]] = {}
        for name in self.calls:
            first, _, _ = name.partition(".")
            _, _, last = name.rpartition(".")
            found.setdefault(f"{first}.", []).append(name)
            found.setdefault(f".{last}", []).append(name)
        return found

    @cached_property
    def imports(self) -> Mapping[Imported, Sequence[tuple[str, Import]]]:
        """Every import and the file it is in, by what it brings in."""
        found: dict[Imported, list[tuple[str, Import]]] = {}
        for path, file in self.files.items():
            top = self.modules[path].partition(".")[0]
            for one in file.imports:
                found.setdefault(Imported(self._names(path, one), top), []).append((path, one))
        return found

    @cached_property
    def imports_by_prefix(self) -> Mapping[str, Sequence[Imported]]:
        """What imports bring in, by every name and by every module that is above one."""
        found: dict[str, dict[Imported, None]] = {}
        for imported in self.imports:
            for name in imported.names:
                for above in and_above(name):
                    found.setdefault(above, {})[imported] = None
        return {name: tuple(all_) for name, all_ in found.items()}

    def _names(self, path: str, found: Import) -> tuple[str, ...]:
        """Full names of what an import brings in: the module, and each name in it."""
        module = found.module
        if found.level:
            parts = self.modules[path].split(".")
            if not path.endswith("__init__.py"):
                parts = parts[:-1]
            parts = parts[: len(parts) - found.level + 1]
            module = ".".join([*parts, module] if module else parts)
        names = tuple(f"{module}.{name}" if module else name for name in found.names if name != "*")
        return (module, *names) if module else names


def and_above(module: str) -> Iterator[str]:
    """A dotted name, and every package that it is in."""
    while module:
        yield module
        module = module.rpartition(".")[0]
