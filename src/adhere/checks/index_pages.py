"""What checks that ask the package index share: whom to judge, and what was answered."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from msgspec import Struct
from packaging.version import InvalidVersion, Version

from adhere.model.finding import Missing, Unjudged
from adhere.model.inventory import Component, Inventory
from adhere.model.names import canonical_name
from adhere.model.project import Listed, Projects, Release
from adhere.policy.rule import Rule
from adhere.policy.scope import judged


class Asked(Struct, frozen=True):
    """A package from an index, with what the indexes say of its project.

    Attributes:
        component: the package.
        version: its version, parsed.
        listed: the answer; at least one index has the name.
    """

    component: Component
    version: Version
    listed: Listed

    @property
    def releases(self) -> list[tuple[Version, Release]]:
        """Every release of every index that is a PEP 440 version."""
        found = []
        for page in self.listed.pages:
            for release in page.releases:
                try:
                    found.append((Version(release.version), release))
                except InvalidVersion:
                    continue
        return found

    @property
    def own(self) -> list[Release]:
        """The release that is installed or locked, as each index that has it describes it.

        Nobody knows which of them it came from, so the worst word counts.
        """
        return [found for version, found in self.releases if version == self.version]

    @property
    def silence(self) -> str:
        """Which indexes did not answer, as a clause; ``""`` when all did."""
        silent = "; ".join(f"{index}: {reason}" for index, reason in self.listed.unanswered)
        return silent and f"an index did not answer: {silent}"


def asked(
    rule: Rule,
    inventory: Inventory,
    projects: Projects,
    only: tuple[str, ...],
    *,
    direct: bool,
) -> Iterator[Asked | Unjudged]:
    """The packages of a rule that came from an index, and those that cannot be judged.

    What comes from a repository, an address or a folder has no newer release that an index
    would know of; `sources.allowed` speaks of it.
    """
    patterns = [canonical_name(pattern) for pattern in only]
    for component in judged(rule, inventory, elsewhere=False):
        if direct and not component.direct:
            continue
        if patterns and not any(fnmatchcase(component.name, p) for p in patterns):
            continue
        if any(package.origin.kind not in ("index", "unknown") for package in component.packages):
            continue
        yield _asked(component, projects)


def _asked(component: Component, projects: Projects) -> Asked | Unjudged:
    answer = projects.get(component.name, Missing("nobody asked the index for it"))
    reason = ""
    if isinstance(answer, Missing):
        reason = answer.reason
    elif not answer.pages:
        silent = "; ".join(f"{index}: {why}" for index, why in answer.unanswered)
        reason = silent or "no configured index has it"
    if reason or isinstance(answer, Missing):
        return Unjudged(component.name, reason, component.version)
    try:
        version = Version(component.version)
    except InvalidVersion:
        reason = f"`{component.version}` is no PEP 440 version"
        return Unjudged(component.name, reason, component.version)
    return Asked(component, version, answer)
