"""What Python files import and call."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from adhere.app.answers import Given
from adhere.app.answers.selection import content, select
from adhere.app.versions import code_version
from adhere.app.workers import in_processes
from adhere.model.code import FileCode, SourceCode
from adhere.model.key import cache_key
from adhere.model.need import Answer, CodeNeed
from adhere.sources.python_code import read_code

KIND = "code"
"""Of what is kept of a file, by its content."""

_WORTH_A_PROCESS = 3_000_000
"""Bytes from which a second process pays for its start."""


def answer(need: CodeNeed, given: Given) -> Answer:
    """Facts of every file; what no rule asked for yet is read, or remembered."""
    selected = select(need.selection, given)
    new = {path: file for path, file in selected.items() if path not in given.code}
    given.code.update({path: FileCode(fault=file.fault) for path, file in new.items()})
    given.code.update(_facts({p: file.digest for p, file in new.items() if file.digest}, given))
    packages = given.tree.matching("**/__init__.py")
    return SourceCode(
        {path: given.code[path] for path in selected}, module_names(selected, packages)
    )


def _facts(digests: Mapping[str, str], given: Given) -> Iterator[tuple[str, FileCode]]:
    """Facts by path; equal files are parsed once, and not again while they are the same."""
    version = (code_version(), ".".join(map(str, sys.version_info[:2])))
    keys = {path: cache_key(KIND, *version, digest) for path, digest in digests.items()}
    kept = given.cache.get_many(list(dict.fromkeys(keys.values())))
    decoder = msgspec.msgpack.Decoder(FileCode)
    known: dict[str, FileCode] = {}
    for key, data in kept.items():
        try:
            known[key] = decoder.decode(data)
        except msgspec.DecodeError:
            continue  # damaged; it is read again
    unknown = {key: path for path, key in keys.items() if key not in known}
    files = [content(path, given) for path in unknown.values()]
    fresh = dict(zip(unknown, _read(files, given), strict=True))
    if fresh:
        given.cache.put_many({key: msgspec.msgpack.encode(code) for key, code in fresh.items()})
    known.update(fresh)
    yield from ((path, known[key]) for path, key in keys.items())


def _read(files: list[bytes], given: Given) -> Iterator[FileCode]:
    processes = given.jobs or os.cpu_count() or 1
    if processes == 1 or sum(map(len, files)) < _WORTH_A_PROCESS:
        found: Iterable[FileCode] = map(read_code, files)
    else:
        found = in_processes(read_code, files, processes)
    for done, code in enumerate(found, 1):
        given.progress("source files", done, len(files))
        yield code


def module_names(paths: Iterable[str], packages: Collection[str]) -> dict[str, str]:
    """Dotted names of source files.

    A package's parents are packages as long as they have an ``__init__.py``. Where a file is
    in none, it is named from the last ``src`` above it, or from the project's root.

    Args:
        paths: POSIX, relative to the project.
        packages: paths of every ``__init__.py``.
    """
    folders = {path.rpartition("/")[0] for path in packages}
    return {path: _module(path, folders) for path in paths}


def _module(path: str, packages: Collection[str]) -> str:
    *above, name = path.removesuffix(".py").split("/")
    start = len(above)
    if "/".join(above) in packages:
        while start and "/".join(above[:start]) in packages:
            start -= 1
    else:
        start = next((i + 1 for i in range(start - 1, -1, -1) if above[i] == "src"), 0)
    parts = above[start:] if name == "__init__" else [*above[start:], name]
    return ".".join(parts)
