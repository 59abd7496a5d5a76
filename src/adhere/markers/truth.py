"""Where environment markers hold: in one environment, on any platform, under extras.

The parser and the logic are in `adhere.markers.tree`; a single comparison is left
to `packaging`, whose reading of versions is the reference. Answers are remembered: a lock
of 500 packages has thousands of markers and a few dozen comparisons.

A marker that cannot be read *holds*: leaving a package out because of a marker nobody
understands would let it pass unjudged.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from msgspec.structs import asdict

from adhere.markers.interpreter import MATRIX, Environment
from adhere.markers.tree import (
    CHOICES,
    Comparison,
    MarkerError,
    Tree,
    comparisons,
    parse,
    render,
    settle,
)
from adhere.model.names import canonical_name

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
def _installed_by(marker: str, extras: frozenset[str], groups: frozenset[str]) -> bool:
    """Whether a marker is true on some platform when just these are asked for."""

    def known(comparison: Comparison) -> bool:
        return comparison.variable not in CHOICES or _chosen(comparison, extras, groups)

    try:
        return not marker or settle(parse(marker), known) is True
    except MarkerError:
        return True


def groups_of(
    marker: str, extras: Iterable[str], groups: Iterable[str], default: frozenset[str]
) -> tuple[str, ...]:
    """Which extras and groups install a package of a standard lock file.

    Args:
        marker: of the package.
        extras: that the lock knows, canonical.
        groups: that the lock knows, canonical.
        default: groups that stand for the project itself.

    Returns:
        ``("runtime",)`` when it is installed whatever is asked for; else for each extra
        and group that installs it ``extra:<name>`` or the name.
    """
    if _installed_by(marker, _NONE, default):
        return ("runtime",)
    found = [f"extra:{name}" for name in extras if _installed_by(marker, frozenset({name}), _NONE)]
    found += [name for name in groups if _installed_by(marker, _NONE, frozenset({name}))]
    return tuple(found)


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


def either(markers: Iterable[str]) -> str:
    """A marker that holds where one of several does; ``""`` when one of them always does."""
    texts = list(dict.fromkeys(markers))
    if not texts or "" in texts:
        return ""
    return texts[0] if len(texts) == 1 else " or ".join(f"({text})" for text in texts)


def both(first: str, second: str) -> str:
    """A marker that holds where both do; ``""`` holds everywhere."""
    if not first or not second or first == second:
        return first or second
    return f"({first}) and ({second})"
