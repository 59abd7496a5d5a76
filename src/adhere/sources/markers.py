"""Edges of the dependency graph, from ``Requires-Dist`` and what is written like it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from adhere.markers import MATRIX, Environment, MarkerError, by_extra, environment, holds
from adhere.model.names import canonical_name, is_valid_name
from adhere.model.package import Dependency

__all__ = ["MATRIX", "Environment", "environment", "holds", "locked_edges", "requires_dist"]

MAX_LINE = 20_000
"""Characters of a ``Requires-Dist`` value that is read; real ones have a tenth of it."""


_VERSION = r"v?(?:\d+!)?\d+(?:\.\d+)*(?:\.\*|[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview|post|rev|r|dev)[-_.]?\d*)*+(?:\+[a-z0-9.]+)?"
_CLAUSE = rf"\s*(?:~=|===?|!=|<=?|>=?)\s*{_VERSION}\s*"
_SPECIFIER = re.compile(rf"(?:{_CLAUSE}(?:,{_CLAUSE})*+(?:,\s*)?)?", re.IGNORECASE)
_NAME = re.compile(r"\s*+([A-Za-z0-9][A-Za-z0-9._-]*+)")
_LINE = re.compile(
    r"\s*+(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*+)\s*+"
    r"(?:\[(?P<extras>[A-Za-z0-9._,\s-]*+)\]\s*+)?"
    r"(?:\((?P<parens>[^()@;]*+)\)|(?P<plain>[^()@;\[]*+))\s*+"
    r"(?:;(?P<marker>.*))?",
    re.DOTALL,
)


def requires_dist(
    lines: Iterable[str], where: Environment, broken: list[str] | None = None
) -> tuple[Dependency, ...]:
    """Edges of the dependency graph, from ``Requires-Dist`` of one package.

    Args:
        lines: the values of the field.
        where: environment that markers are evaluated for; edges that do not hold there
            are dropped, the others have no marker left.
        broken: gets the lines that could not be read in full. Where at least the name
            could be, there is an edge without a specifier.

    Returns:
        In the order of the lines; an edge under several extras once for each.
    """
    found: list[Dependency] = []
    for line in lines:
        needs, extras = _edge(line)
        if needs is None:
            if broken is not None:
                broken.append(line)
            start = _NAME.match(line)
            name = start[1].rstrip("._-") if start else ""
            if not is_valid_name(name):
                continue
            needs, extras = Dependency(canonical_name(name)), (("", ""),)
        for extra, marker in extras:
            if marker and not holds(marker, where):
                continue
            if not extra:
                found.append(needs)
                break  # it holds whatever is asked for
            found.append(Dependency(needs.name, needs.specifier, needs.extras, extra))
    return tuple(found)


def locked_edges(lines: Iterable[str], broken: list[str]) -> tuple[Dependency, ...]:
    """Edges from the same lines in a lock file, with their markers left in.

    Args:
        lines: dependency specifiers.
        broken: gets the lines that cannot be read; they give no edge.
    """
    found: list[Dependency] = []
    for line in lines:
        needs, extras = _edge(line)
        if needs is None:
            broken.append(line)
            continue
        for extra, marker in extras:
            found.append(
                Dependency(needs.name, needs.specifier, needs.extras, extra, marker)
                if extra or marker
                else needs
            )
    return tuple(found)


_UNREADABLE: tuple[None, tuple[tuple[str, str], ...]] = (None, ())


@lru_cache(maxsize=16_384)
def _edge(line: str) -> tuple[Dependency | None, tuple[tuple[str, str], ...]]:
    """The edge that a line gives, and under which extras and markers."""
    if len(line) > MAX_LINE:
        return _UNREADABLE
    match = _LINE.fullmatch(line)
    name = match["name"] if match else ""
    specifier = (match["parens"] or match["plain"] or "") if match else ""
    if match is None or not is_valid_name(name) or _SPECIFIER.fullmatch(specifier) is None:
        return _edge_by_packaging(line)
    marker, extras = match["marker"], match["extras"]
    try:
        where = by_extra(marker) if marker and not marker.isspace() else (("", ""),)
    except MarkerError:
        return _UNREADABLE
    asked = (str(canonical_name(extra.strip())) for extra in extras.split(",")) if extras else ()
    edge = Dependency(
        canonical_name(name),
        "".join(specifier.split()).rstrip(","),
        tuple(sorted({extra for extra in asked if extra})),
    )
    return edge, where


def _edge_by_packaging(line: str) -> tuple[Dependency | None, tuple[tuple[str, str], ...]]:
    """Addresses, versions with odd parts: whatever the quick way does not know."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        needs = Requirement(line)
        where = by_extra(str(needs.marker)) if needs.marker else (("", ""),)
    except (InvalidRequirement, MarkerError, RecursionError, ValueError):
        return _UNREADABLE
    if not is_valid_name(needs.name):
        return _UNREADABLE
    extras = tuple(sorted(str(canonical_name(extra)) for extra in needs.extras))
    return Dependency(canonical_name(needs.name), str(needs.specifier), extras), where
