"""Environment markers: where they hold, and the edges that ``Requires-Dist`` gives.

The parser and the logic are in `adhere.sources.marker_tree`; a single comparison is left
to `packaging`, whose reading of versions is the reference. Answers are remembered: a lock
of 500 packages has thousands of markers and a few dozen comparisons.

A marker that cannot be read *holds*: leaving a package out because of a marker nobody
understands would let it pass unjudged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec.structs import asdict

from adhere.model.names import canonical_name, is_valid_name
from adhere.model.package import Dependency
from adhere.sources.marker_environment import MATRIX, Environment, environment
from adhere.sources.marker_tree import (
    CHOICES,
    Comparison,
    MarkerError,
    Tree,
    comparisons,
    parse,
    render,
    settle,
)

__all__ = [
    "MATRIX",
    "Environment",
    "by_extra",
    "either",
    "environment",
    "environments",
    "holds",
    "locked_edges",
    "requires_dist",
    "without_choices",
]

_NONE: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def _truth(comparison: Comparison, where: Environment) -> bool:
    """One comparison in one environment; one without meaning holds."""
    from packaging.markers import Marker

    try:
        return Marker(str(comparison)).evaluate({"extra": "", **asdict(where)})
    except (ValueError, KeyError):  # InvalidMarker, UndefinedComparison, InvalidVersion
        return True


def _chosen(comparison: Comparison, extras: Iterable[str], groups: Iterable[str]) -> bool:
    """A comparison with what is to be installed, which is a set of names."""
    name = canonical_name(comparison.value)
    among = groups if comparison.variable == "dependency_groups" else extras
    return (name in among) is (comparison.operator in ("==", "===", "in"))


@lru_cache(maxsize=65_536)
def holds(
    marker: str,
    where: Environment,
    extras: frozenset[str] = _NONE,
    groups: frozenset[str] = _NONE,
) -> bool:
    """Whether a marker is true.

    Args:
        marker: a marker; ``""`` and one that cannot be read hold.
        where: environment.
        extras: extras that are asked for, canonical.
        groups: dependency groups that are asked for, canonical.
    """
    if not marker:
        return True

    def known(comparison: Comparison) -> bool:
        if comparison.variable in CHOICES:
            return _chosen(comparison, extras, groups)
        return _truth(comparison, where)

    try:
        return settle(parse(marker), known) is True
    except MarkerError:
        return True


@lru_cache(maxsize=8192)
def environments(marker: str) -> tuple[Environment, ...]:
    """Those of `MATRIX` in which a marker can be true, whatever extras are asked for."""
    anywhere = without_choices(marker)
    return tuple(where for where in MATRIX if holds(anywhere, where))


@lru_cache(maxsize=8192)
def without_choices(marker: str) -> str:
    """A marker without what it says of extras and groups, as if all were asked for.

    Returns:
        The weaker marker, ``""`` when nothing is left or it cannot be read.
    """
    try:
        rest = settle(parse(marker), lambda c: True if c.variable in CHOICES else None)
    except MarkerError:
        return ""
    return "" if isinstance(rest, bool) else render(rest)


@lru_cache(maxsize=8192)
def by_extra(marker: str) -> tuple[tuple[str, str], ...]:
    """Take ``extra == "x"`` out of a marker.

    Returns:
        Pairs of an extra, canonical, and the marker that remains under it; the extra
        ``""`` stands for always. Empty when the marker can never be true.

    Raises:
        MarkerError: it is no marker.
    """
    tree = parse(marker)
    named = [c.value for c in comparisons(tree) if c.variable == "extra"]
    found: list[tuple[str, str]] = []
    always: Tree | bool = False
    for extra in dict.fromkeys(["", *(str(canonical_name(name)) for name in named)]):
        rest = _under(tree, extra)
        if rest is False or (extra and rest == always):
            continue
        if not extra:
            always = rest
        found.append((extra, "" if rest is True else render(rest)))
        if always is True:
            break
    return tuple(found)


def _under(tree: Tree, extra: str) -> Tree | bool:
    asked = frozenset({extra}) if extra else _NONE

    def known(comparison: Comparison) -> bool | None:
        return _chosen(comparison, asked, ()) if comparison.variable == "extra" else None

    return settle(tree, known)


MAX_LINE = 20_000
"""Characters of a ``Requires-Dist`` value that is read; real ones have a tenth of it."""


def either(markers: Iterable[str]) -> str:
    """A marker that holds where one of several does; ``""`` when one of them always does."""
    texts = list(dict.fromkeys(markers))
    if not texts or "" in texts:
        return ""
    return texts[0] if len(texts) == 1 else " or ".join(f"({text})" for text in texts)


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
