"""What a cached reading depends on besides the files that were read: our own code."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.util import find_spec

import adhere
from adhere.model.digest import sha256

_PACKAGES = ("licenses", "model", "sources", "spans")


@lru_cache(maxsize=1)
def code_version() -> str:
    """A digest that changes when anything changes that reads packages or licenses.

    The alias table, the SPDX list, the thresholds and the readers are files of ours; the
    classifier of license texts is a library, whose import would cost more than all else,
    so its files stand for it. Status of files, not content: reading them would be slower
    than what the cache saves.
    """
    digest = sha256(adhere.__version__.encode())
    root = os.path.dirname(os.path.abspath(adhere.__file__))
    folders = [os.path.join(root, package) for package in _PACKAGES]
    classifier = find_spec("licenseclassifier")
    if classifier is not None and classifier.origin is not None:
        folders.append(os.path.dirname(classifier.origin))
    for folder in folders:
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.is_file():
                found = entry.stat()
                line = f"{entry.path} {found.st_size} {found.st_mtime_ns}\n"
                digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
