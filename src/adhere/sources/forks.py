"""Locks that hold one package in several versions, each for some environments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from adhere.markers import both
from adhere.model.package import Package


def conditioned(packages: Iterable[Package]) -> tuple[Package, ...]:
    """Put the marker of a version onto what that version needs.

    Whoever follows edges by name sees those of all versions of a package together. What
    only one of them needs is then needed only where that one is.
    """
    packages = tuple(packages)
    count = Counter(package.name for package in packages)
    return tuple(
        _conditioned(package) if count[package.name] > 1 and package.marker else package
        for package in packages
    )


def _conditioned(package: Package) -> Package:
    requires = tuple(
        msgspec.structs.replace(edge, marker=both(package.marker, edge.marker))
        for edge in package.requires
    )
    return msgspec.structs.replace(package, requires=requires)
