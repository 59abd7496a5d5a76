"""Facts about well-known packages whose own metadata leaves their license open.

They never overrule evidence: they are asked only when everything a package brings along
leaves the license open, and a fact outside the family that the package names is not used.
Each row says where a person can read the license.
"""

from __future__ import annotations

from adhere.licenses.evidence import Voice
from adhere.model.claim import Claim

VERSION = "2026.1"

# name: ((version specifier, expression, where it can be read), ...)
CURATED: dict[str, tuple[tuple[str, str, str], ...]] = {}


def curated_fact(name: str, version: str) -> Voice | None:
    """What is known about a package in one version, ``None`` for nothing."""
    for specifier, expression, where in CURATED.get(name, ()):
        if _within(version, specifier):
            claim = Claim(
                kind="curated",
                document="built-in list",
                raw=where,
                expression=expression,
                confidence=0.8,
                note=f"read by us in {where}",
            )
            return Voice(claim, "license")
    return None


def _within(version: str, specifier: str) -> bool:
    from packaging.specifiers import SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        return SpecifierSet(specifier).contains(Version(version), prereleases=True)
    except InvalidVersion:
        return False
