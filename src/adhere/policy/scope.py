"""Which packages a rule speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from msgspec import Struct

from adhere.model.finding import Level, stricter
from adhere.model.inventory import Component, Inventory
from adhere.policy.rule import Rule

DEV_FREE = ("runtime", "extra:*")
"""Groups that ``--no-dev`` keeps: what a user of the project may come to install."""


class Scope(Struct, frozen=True):
    """The dependency groups that a run looks at.

    Attributes:
        groups: patterns of group names; empty for all.
    """

    groups: tuple[str, ...] = ()

    def admits(self, groups: tuple[str, ...]) -> bool:
        """Whether a package of these groups is looked at."""
        if not self.groups:
            return True
        return any(fnmatchcase(group, wanted) for group in groups for wanted in self.groups)


def judged(
    rule: Rule, inventory: Inventory, *, first_party: bool = False, elsewhere: bool = True
) -> Iterator[Component]:
    """The packages a rule speaks of.

    Args:
        rule: its ``groups`` narrow the choice.
        inventory: already narrowed to the run's scope.
        first_party: whether the rule speaks of our own packages too.
        elsewhere: whether it speaks of what is locked for other environments only.
    """
    wanted = Scope(rule.table.groups)
    for component in inventory.components:
        if component.first_party and not first_party:
            continue
        if component.elsewhere and not elsewhere:
            continue
        if wanted.admits(component.groups):
            yield component


def cap(groups: tuple[str, ...], caps: Mapping[str, Level]) -> Level:
    """The level that a package's groups allow at most; the strictest group wins.

    A group that is not configured is capped by nothing.
    """
    found: Level = "report"
    for group in groups:
        found = stricter(found, caps.get(group, "error"))
    return found if groups else "error"
