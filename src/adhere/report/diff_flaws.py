"""Known vulnerabilities of two reports compared: new, gone, nearer to their deadline.

Databases call one vulnerability by several names: what shares an id or an alias is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from adhere.report.differences import FlawChange, FlawKind
from adhere.report.extract import Extract, FlawFacts
from adhere.report.trend import Trend, by_rank

NEAR = 7
"""Days before a deadline from which on it is near."""


def flaw_changes(old: Extract, new: Extract) -> Iterator[FlawChange]:
    """What changed, by package and id."""
    was, now = _by_package(old.vulnerabilities), _by_package(new.vulnerabilities)
    unlooked = {package.name for package in new.packages if package.unlooked}
    days = old.standing.today, new.standing.today
    for package in sorted({*was, *now}):
        found = _joined(was.get(package, []), now.get(package, []))
        for flaws, others in sorted(found, key=lambda pair: _name(*pair)):
            first, second = _one(flaws), _one(others)
            kind = _kind(first, second, *days)
            if kind == "gone" and package in unlooked:
                kind = "unlooked"
            if kind:
                trend = _trend(kind, first, second)
                yield FlawChange(package, _name(flaws, others), kind, first, second, trend)


def _by_package(flaws: Iterable[FlawFacts]) -> dict[str, list[FlawFacts]]:
    found: dict[str, list[FlawFacts]] = {}
    for flaw in flaws:
        found.setdefault(flaw.package, []).append(flaw)
    return found


Pair = tuple[list[FlawFacts], list[FlawFacts]]


def _joined(old: Iterable[FlawFacts], new: Iterable[FlawFacts]) -> list[Pair]:
    """Both sides of each vulnerability, joined by what they are called."""
    groups: list[tuple[set[str], Pair]] = []
    for side, flaws in enumerate((old, new)):
        for flaw in flaws:
            names = {flaw.id, *flaw.aliases}
            pair: Pair = ([], [])
            pair[side].append(flaw)
            apart = []
            for known, other in groups:
                if known & names:
                    names |= known
                    pair = (other[0] + pair[0], other[1] + pair[1])
                else:
                    apart.append((known, other))
            groups = [*apart, (names, pair)]
    return [pair for _, pair in groups]


def _name(old: Sequence[FlawFacts], new: Sequence[FlawFacts]) -> str:
    return min(flaw.id for flaw in (*old, *new))


def _one(flaws: Sequence[FlawFacts]) -> FlawFacts | None:
    """Several versions of a package, or records of one vulnerability, as one: the worst counts."""
    if not flaws:
        return None
    names = {name for flaw in flaws for name in (flaw.id, *flaw.aliases)}
    name = min(flaw.id for flaw in flaws)
    return FlawFacts(
        package=flaws[0].package,
        id=name,
        aliases=tuple(sorted(names - {name})),
        severity=max((flaw.severity for flaw in flaws), key=_badness),
        due=min((flaw.due for flaw in flaws if flaw.due), default=""),
        fixed_in=tuple(sorted({version for flaw in flaws for version in flaw.fixed_in})),
    )


_BY_BADNESS = ("", "NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL", "UNKNOWN", "MALICIOUS")
"""What nobody rated may be anything, so that only an attack is worse."""


def _badness(severity: str) -> int:
    return _BY_BADNESS.index(severity) if severity in _BY_BADNESS else len(_BY_BADNESS) - 2


def days_left(flaw: FlawFacts, today: date) -> int | None:
    """Days until a vulnerability has to be gone, ``None`` where nothing says so."""
    try:
        return (date.fromisoformat(flaw.due) - today).days
    except ValueError:
        return None


_OVERDUE = 3


def _pressure(flaw: FlawFacts, today: date) -> int:
    """0 without a deadline, 1 far from it, 2 near it, 3 behind it."""
    left = days_left(flaw, today)
    return 0 if left is None else _OVERDUE if left < 0 else 2 if left <= NEAR else 1


def _kind(
    old: FlawFacts | None, new: FlawFacts | None, before: date, after: date
) -> FlawKind | None:
    if old is None or new is None:
        return "new" if old is None else "gone"
    was, now = _pressure(old, before), _pressure(new, after)
    if was < _OVERDUE == now:
        return "overdue"
    if was != now:
        return "nearer" if was < now else "later"
    if old.due != new.due:
        return "nearer" if (new.due or "9") < (old.due or "9") else "later"
    return "severity" if old.severity != new.severity else None


_TRENDS: Mapping[FlawKind, Trend] = {
    "new": "worse",
    "gone": "better",
    "unlooked": "changed",
    "overdue": "worse",
    "nearer": "worse",
    "later": "better",
}


def _trend(kind: FlawKind, old: FlawFacts | None, new: FlawFacts | None) -> Trend:
    """That a deadline came or went with the rule that sets it is neither good nor bad."""
    if kind == "severity" and old and new:
        return by_rank(_badness(old.severity), _badness(new.severity))
    if kind in ("nearer", "later") and not (old and new and old.due and new.due):
        return "changed"
    return _TRENDS[kind]
