"""What ships: the project that a document is about, by its package URL."""

from __future__ import annotations

import os
import re
from pathlib import Path

from packaging.version import InvalidVersion, Version

from adhere.app.project import PYPROJECT
from adhere.app.stored import Stored
from adhere.errors import Problem, SourceError, UsageError
from adhere.report.bill import bill_of
from adhere.report.openvex import package_url
from adhere.sources.pyproject import project

_PURL = re.compile(r"pkg:[A-Za-z][A-Za-z0-9.+-]*/[!-~]+")


def product(stored: Stored, named: str = "") -> tuple[str, str]:
    """The package URL of what ships, and why there is none.

    It is that of the package that is the project, where a source of the report lists it, else
    what ``pyproject.toml`` says. One without a version would speak of every release.

    Args:
        stored: report and project.
        named: by the user, ``""`` for the project.

    Returns:
        The package URL and ``""``, or ``""`` and a clause.

    Raises:
        UsageError: what is named is no package URL.
    """
    if named:
        if _PURL.fullmatch(named) is None:
            hint = "such as pkg:pypi/shop@1.4.0, or pkg:oci/shop@sha256:..."
            raise UsageError(Problem("usage", f"`{named}` is no package URL", hint=hint))
        return named, ""
    itself = bill_of(stored.report).project
    name, version = (itself.name, itself.version) if itself is not None else ("", "")
    why = ""
    if not version:
        name, version, why = _written(stored.project.root, name)
    if name and version:
        return package_url(name, version), ""
    return "", f"{why}: each package is named as a product; --product names what ships"


def _written(root: str, name: str) -> tuple[str, str, str]:
    """Name and version that the project has in its file, and why not."""
    path = Path(root, PYPROJECT)
    if not os.path.isfile(path):
        return "", "", f"there is no {PYPROJECT} that names the project"
    try:
        about = project(path, PYPROJECT)
    except SourceError:
        return "", "", f"{PYPROJECT} cannot be read"
    if not about.name or name not in ("", about.name):
        return "", "", f"{PYPROJECT} does not name the project"
    try:
        Version(about.version)
    except InvalidVersion:
        return "", "", f"{PYPROJECT} does not say the version of the project"
    return about.name, about.version, ""
