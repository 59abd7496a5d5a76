"""``lock.matches``: what is installed is what was locked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from adhere.checks.wording import decision_note, plural
from adhere.model.assemble import DEFAULT_GROUP, version_key
from adhere.model.finding import Finding, Judgement, Level, Missing, Note, Unjudged
from adhere.model.graph import reach
from adhere.model.inventory import INSTALLED_KINDS, LOCK_KINDS, Inventory, Reading
from adhere.model.location import Location
from adhere.model.names import PackageName, canonical_name
from adhere.model.need import CannotJudge, Facts, InventoryNeed, Need, ReadingNeed
from adhere.model.package import Dependency, Package
from adhere.policy.rule import Code, Kind, Rule
from adhere.policy.scope import Scope

INSTALLERS = ("pip", "setuptools", "wheel", "uv")
"""What an environment is made with; no lock of a project lists it."""


class Params(Struct, frozen=True):
    """Parameters of ``lock.matches``.

    Attributes:
        lock: the lock file; empty for the first one of the run.
        environment: the environment; empty for the first one of the run.
        groups: dependency groups that have to be installed; those of the rule itself come
            before them.
        ignore: packages that may be installed without being locked.
        extra: what an installed package that is not locked means.
    """

    lock: str = ""
    environment: str = ""
    groups: tuple[str, ...] = ("runtime",)
    ignore: tuple[str, ...] = INSTALLERS
    extra: Level = "error"


MISSING = Code("lock-missing", "Locked and not installed")
EXTRA = Code("lock-extra", "Installed and not locked")
VERSION = Code("lock-version", "Installed in another version than locked")

Holds = Callable[[str], bool]


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Compare one lock file with one environment, for that environment's markers."""
    lock = _reading(facts, params.lock, LOCK_KINDS, "lock file")
    installed = _reading(facts, params.environment, INSTALLED_KINDS, "environment")
    comparison = Comparison(rule, params, lock, installed)
    findings = tuple(comparison.findings())
    return Judgement(
        findings=findings,
        judged=comparison.compared,
        unjudged=tuple(comparison.unjudged()),
        observed=f"{plural(len(findings), 'difference')} in {plural(comparison.compared, 'package')}",
        expected=f"{installed.source.path} as {lock.source.path} says",
    )


def _reading(facts: Facts, path: str, kinds: Iterable[str], what: str) -> Reading:
    if path:
        reading: Reading = facts.require(ReadingNeed(path))
        return reading
    found = next((r for r in readings(facts.inventory) if r.source.kind in kinds), None)
    if found is None:
        reason = f"the run has no {what}"
        raise CannotJudge(
            Missing(reason, f"name the {what} in the rule, or as a source of the run")
        )
    return found


def readings(inventory: Inventory) -> list[Reading]:
    """The inventory taken apart again by source."""
    packages: list[list[Package]] = [[] for _ in inventory.sources]
    ours: list[list[PackageName]] = [[] for _ in inventory.sources]
    for component in inventory.components:
        for package, index in zip(component.packages, component.seen_in, strict=True):
            packages[index].append(package)
            if component.first_party:
                ours[index].append(component.name)
    return [
        Reading(
            source,
            tuple(packages[index]),
            tuple(r for r in inventory.roots if r.source == index),
            tuple(ours[index]),
            tuple(f for f in inventory.faults if _is_in(f.location.path, source.path)),
        )
        for index, source in enumerate(inventory.sources)
    ]


def _is_in(path: str, source: str) -> bool:
    return path == source or path.startswith(f"{source}/")


class Comparison:
    """A lock file beside an environment.

    Attributes:
        compared: number of packages that were looked at.
    """

    def __init__(self, rule: Rule, params: Params, lock: Reading, installed: Reading) -> None:
        self._rule = rule
        self._params = params
        self._lock = lock
        self._installed = installed
        self._ours = {*lock.first_party, *installed.first_party}
        self._wanted = Scope(rule.table.groups or params.groups)
        self._unclear: set[PackageName] = set()
        self.compared = 0

    def findings(self) -> Iterator[Finding]:
        """Every difference; `compared` is set when the last one was asked for."""
        locked: dict[PackageName, list[Package]] = {}
        for package in self._lock.packages:
            locked.setdefault(package.name, []).append(package)
        present: dict[PackageName, list[Package]] = {}
        for package in self._installed.packages:
            present.setdefault(package.name, []).append(package)
        # What is locked is compared, whoever it is.
        installers = {canonical_name(name) for name in self._params.ignore} - locked.keys()
        ignored = installers | self._ours
        surely, possibly = self._holds()
        expected = self._expected(locked, surely)
        self.compared = len({*present, *expected} - ignored)
        for name in sorted(present.keys() - ignored):
            if name not in locked:
                yield self._extra(present[name][0])
                continue
            meant = [other for other in locked[name] if not other.marker or possibly(other.marker)]
            if not meant:
                yield self._foreign(present[name][0], locked[name][0])
                continue
            for package in present[name]:
                if not any(_same(package.version, other.version) for other in meant):
                    yield self._version(package, meant)
        for name in sorted(expected - present.keys() - ignored):
            yield self._missing(locked[name][0])
        if surely is not possibly:
            self._unclear = self._expected(locked, possibly) - expected - present.keys() - ignored

    def unjudged(self) -> Iterator[Unjudged]:
        """What no comparison can speak of; to be asked for after the differences."""
        for reading in (self._lock, self._installed):
            for fault in reading.faults:
                if not fault.kept:
                    yield Unjudged(fault.subject, fault.reason)
        for name in sorted(self._unclear):
            reason = "its marker asks for a Python or platform that the environment does not tell"
            yield Unjudged(name, reason)
        known = {root.group for root in self._lock.roots}
        known.update(group for package in self._lock.packages for group in package.groups)
        for group in self._wanted.groups:
            if group != DEFAULT_GROUP and not Scope((group,)).admits(tuple(known)):
                yield Unjudged(group, f"{self._lock.source.path} has no such group")

    def _expected(self, locked: dict[PackageName, list[Package]], holds: Holds) -> set[PackageName]:
        """What has to be installed here: the wanted groups, where the markers hold."""
        edges: dict[PackageName, list[Dependency]] = {}
        for name, packages in locked.items():
            edges[name] = [edge for package in packages for edge in package.requires]
        start = [
            (root.name, root.extras)
            for root in self._lock.roots
            if self._wanted.admits((root.group,)) and (not root.marker or holds(root.marker))
        ]
        if self._lock.roots:
            names = set(reach(edges, start, holds))
        else:
            names = {
                name
                for name, packages in locked.items()
                if any(not p.groups or self._wanted.admits(p.groups) for p in packages)
            }
        return {
            name
            for name in names & set(locked)
            if any(not p.marker or holds(p.marker) for p in locked[name])
        }

    def _holds(self) -> tuple[Holds, Holds]:
        """Whether a marker surely holds in the environment, and whether it may hold there.

        They differ for an environment that does not tell its Python and platform.
        """
        from adhere.markers import MATRIX, environments, holds, of_source

        source = self._installed.source
        if not source.python or not source.platform:
            return (
                lambda marker: len(environments(marker)) == len(MATRIX),
                lambda marker: bool(environments(marker)),
            )
        where = of_source(source)
        here: Holds = lambda marker: holds(marker, where)  # noqa: E731 - one function for both
        return here, here

    def _extra(self, package: Package) -> Finding:
        return self._finding(
            EXTRA,
            package,
            f"{package.name} {package.version} is installed and not locked",
            "lock it, or uninstall it",
            level=self._params.extra,
            other=Note("lock", "it is not in", Location(self._lock.source.path)),
        )

    def _foreign(self, package: Package, locked: Package) -> Finding:
        return self._finding(
            EXTRA,
            package,
            f"{package.name} {package.version} is installed and locked only for other environments",
            "install from the lock file again, or uninstall it",
            level=self._params.extra,
            other=Note("locked", f"where {locked.marker}", locked.location),
        )

    def _version(self, package: Package, locked: list[Package]) -> Finding:
        versions = ", ".join(other.version for other in locked)
        return self._finding(
            VERSION,
            package,
            f"{package.name} {package.version} is installed and {versions} is locked",
            "install from the lock file again, or lock again",
            other=Note("locked", versions, locked[0].location),
        )

    def _missing(self, package: Package) -> Finding:
        return self._finding(
            MISSING,
            package,
            f"{package.name} {package.version} is locked and not installed",
            "install from the lock file again",
            other=Note("environment", "it is not in", Location(self._installed.source.path)),
        )

    def _finding(
        self,
        code: Code,
        package: Package,
        message: str,
        fix: str,
        *,
        other: Note,
        level: Level = "error",
    ) -> Finding:
        return Finding(
            rule=self._rule.id,
            code=code.id,
            message=message,
            subject=package.name,
            version=package.version,
            # Of several lock files each may have another version, and each has to be mended.
            detail=self._lock.source.path if code is VERSION else "",
            level=level,
            location=package.location,
            place="locked here" if code is MISSING else "installed here",
            notes=(other, decision_note(self._rule)),
            fix=fix,
        )


def _same(installed: str, locked: str) -> bool:
    """Whether a version is the locked one; a lock need not tell what a build works out."""
    return not locked or installed == locked or version_key(installed) == version_key(locked)


def needs(params: Params) -> tuple[Need, ...]:
    """The named sources, and the inventory for those that are not named."""
    named = tuple(ReadingNeed(path) for path in (params.lock, params.environment) if path)
    return (InventoryNeed(), *named)


KIND = Kind(
    name="lock.matches",
    summary="what is installed is what was locked",
    params=Params,
    codes=(MISSING, EXTRA, VERSION),
    needs=needs,
    judge=judge,
    stricter={"groups": "wider", "ignore": "smaller", "extra": ("error", "warn", "report")},
)
