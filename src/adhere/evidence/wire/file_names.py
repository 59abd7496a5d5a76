"""Names of distribution files: which version a file is of."""

from __future__ import annotations

from adhere.model.names import PackageName, canonical_name

_SDISTS = (".tar.gz", ".zip", ".tar.bz2", ".tar.xz", ".tgz", ".tar.z", ".tar")
_BUILT = (".whl", ".egg")


def version_in(filename: str, name: PackageName) -> str:
    """The version in a file's name.

    Args:
        filename: of a wheel, an egg or an sdist.
        name: canonical name of the project that it should belong to.

    Returns:
        As the name spells it; ``""`` for a file of another kind or another project.
    """
    if any(mark in filename for mark in "/\\\0"):
        return ""
    lowered = filename.lower()
    for ending in _BUILT:
        if lowered.endswith(ending):
            parts = filename[: -len(ending)].split("-")
            fits = len(parts) >= 2 and canonical_name(parts[0]) == name
            return parts[1].replace("_", "-") if fits and parts[1] else ""
    for ending in _SDISTS:
        if lowered.endswith(ending):
            return _after_name(filename[: -len(ending)], name)
    return ""


def _after_name(stem: str, name: PackageName) -> str:
    """What follows the name; either of them may have dashes."""
    at = stem.find("-")
    while at >= 0:
        if canonical_name(stem[:at]) == name:
            return stem[at + 1 :]
        at = stem.find("-", at + 1)
    return ""
