"""The index that pip asks when nobody told it which: read from its own source.

Nothing of pip is imported or run, and no address stands here: an installation whose pip
was built for another index asks that one.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from importlib.util import find_spec
from urllib.parse import urljoin

from adhere.evidence.index.said import Said

_FILE = "pip/_internal/models/index.py"
_MAX = 256 * 1024


def pip_default() -> Said | None:
    """The default of the pip beside the running Python, or of the one that Python brings.

    The pip of an environment that is judged is not looked at: it could name anybody.
    """
    for source, where in _sources():
        url = default_in(source)
        if url:
            return Said(url, f"the default of {where}")
    return None


def default_in(source: str) -> str:
    """The address in pip's module of indexes; ``""`` when it is not where it always was."""
    import ast

    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return ""
    base = path = ""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        words = [*node.value.args[:1], *(w.value for w in node.value.keywords if w.arg == "url")]
        texts = [word.value for word in words if isinstance(word, ast.Constant)]
        value = texts[0] if texts and isinstance(texts[0], str) else ""
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id == "PyPI":
                base = value
            if isinstance(target, ast.Attribute) and target.attr == "simple_url":
                path = value
    return urljoin(base, path) if base and path else ""


def _sources() -> Iterator[tuple[str, str]]:
    found = find_spec("pip")
    for folder in (found.submodule_search_locations if found else None) or ():
        path = os.path.join(os.path.dirname(folder), *_FILE.split("/"))
        try:
            with open(path, encoding="utf-8") as file:
                yield file.read(_MAX), "the pip that is installed"
        except (OSError, UnicodeDecodeError):
            continue
    import zipfile

    bundled = find_spec("ensurepip")
    for folder in (bundled.submodule_search_locations if bundled else None) or ():
        for wheel in sorted(glob.glob(os.path.join(folder, "_bundled", "pip-*.whl"))):
            try:
                with zipfile.ZipFile(wheel) as archive, archive.open(_FILE) as member:
                    yield member.read(_MAX).decode("utf-8"), "the pip that Python brings"
            except (OSError, KeyError, zipfile.BadZipFile, UnicodeDecodeError):
                continue
