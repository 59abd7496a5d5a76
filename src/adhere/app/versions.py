"""What a cached reading depends on besides the files that were read: our own code."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.util import find_spec

import adhere
from adhere.model.digest import sha256

_OURS = (
    "licenses",
    "markers",
    "model",
    "sources",
    "spans",
    "app/entry.py",
    "app/environment.py",
    "app/read_distributions.py",
)
_LIBRARIES = ("licenseclassifier", "packaging")


@lru_cache(maxsize=1)
def code_version() -> str:
    """A digest that changes when anything changes that reads packages or licenses.

    The alias table, the SPDX list, the thresholds and the readers are files of ours; what
    classifies license texts and what reads versions are libraries, whose import would cost
    more than all else, so their files stand for them. Status of files, not content: reading
    them would be slower than what the cache saves.
    """
    digest = sha256(adhere.__version__.encode())
    for path in code_files():
        status = os.stat(path)
        line = f"{path} {status.st_size} {status.st_mtime_ns}\n"
        digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


@lru_cache(maxsize=1)
def code_files() -> tuple[str, ...]:
    """Absolute paths of all that `code_version` is about."""
    root = os.path.dirname(os.path.abspath(adhere.__file__))
    places = [os.path.join(root, part) for part in _OURS]
    for library in _LIBRARIES:
        found = find_spec(library)
        if found is not None and found.origin is not None:
            places.append(os.path.dirname(found.origin))
    return tuple(path for place in places for path in _files(place))


def _files(place: str) -> list[str]:
    if not os.path.isdir(place):
        return [place]
    return sorted(entry.path for entry in os.scandir(place) if entry.is_file())
