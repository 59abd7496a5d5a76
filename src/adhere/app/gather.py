"""What rules need, gathered once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from adhere.app.answers import Given, answer
from adhere.app.environment import Key
from adhere.app.sources import SourceReader
from adhere.errors import AdhereError, Problem
from adhere.model.claim import Conclusion
from adhere.model.finding import Missing
from adhere.model.inventory import Component, Inventory, Reading
from adhere.model.need import (
    Answer,
    ComparisonNeed,
    Facts,
    InventoryNeed,
    LedgerNeed,
    LicensesNeed,
    Need,
    PreviousNeed,
    ProjectsNeed,
    ReadingNeed,
    TodayNeed,
    VulnerabilitiesNeed,
)
from adhere.model.package import Declared

if TYPE_CHECKING:
    from adhere.app.outside import Outside
    from adhere.evidence.described import Described
    from adhere.policy.waiver import Clarification

OUTSIDE = (VulnerabilitiesNeed, ProjectsNeed, PreviousNeed)
"""Needs that a network answers, all at once."""

NO_METADATA = "it is not installed here, and no source holds its metadata"


class Gatherer:
    """Answers needs from the project's files and what was read already.

    Attributes:
        problems: files that rules ask for and that are malformed.
        read: inputs by the need that they were read for; no need that a network answers.
        given: what files are read with, and the text of those that were.
        outside: what answered from outside of the project; ``None`` when nothing was asked.
        licenses: conclusions, with what indexes said where that was asked for.
    """

    def __init__(
        self,
        given: Given,
        reader: SourceReader,
        inventory: Inventory,
        readings: Iterable[Reading],
        conclude: Callable[[Described], Mapping[Key, Conclusion]],
        outside: Callable[[], Outside],
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            given: what files are read with; nothing is read of them yet.
            reader: of sources that rules name.
            inventory: of the run.
            readings: it was put together from.
            conclude: licenses, from what indexes say besides what sources hold.
            outside: opens what is asked for the rest.
        """
        self.given = given
        self._reader = reader
        self._inventory = inventory
        given.readings = tuple(readings)
        self._readings = {reading.source.path: reading for reading in given.readings}
        self._conclude = conclude
        self.licenses = conclude({})
        self._open = outside
        self.outside: Outside | None = None
        self.problems: list[Problem] = []
        self.read: dict[Need, frozenset[str]] = {}

    def facts(self, needs: Iterable[Need]) -> Facts:
        """One answer for every need; one that cannot be had is `Missing` and a problem."""
        answers: dict[Need, Answer] = {
            InventoryNeed(): self._inventory,
            TodayNeed(): self.given.today,
        }
        needs = tuple(dict.fromkeys(needs))
        answers.update(self._asked(needs))
        answers[LicensesNeed()] = self.licenses
        # What a comparison is held to is everything else that was read.
        for need in sorted(needs, key=lambda need: isinstance(need, ComparisonNeed)):
            if need not in answers:
                self.given.touched = set()
                answers[need] = self._answer(need)
                self.read[need] = frozenset(self.given.touched)
        return Facts(answers)

    def _asked(self, needs: Sequence[Need]) -> Mapping[Need, Answer]:
        """What has to be asked for is asked at once, by one deadline."""
        wanted = [need for need in needs if isinstance(need, OUTSIDE)]
        unread = self._unread() if LicensesNeed() in needs else ()
        if not wanted and not unread:
            return {}
        outside = self._outside()
        try:
            return outside.gather(wanted, self._inventory, unread)
        except AdhereError as error:
            return dict.fromkeys(wanted, self._unusable(error))
        finally:
            self.given.inputs.update(outside.inputs)
            if outside.described:
                self.licenses = self._conclude(outside.described)

    def _unread(self) -> tuple[Component, ...]:
        """Components that an index may know the license of, where nothing here tells it."""
        return tuple(
            component
            for component in self._inventory.components
            if not component.first_party
            and component.version
            and all(p.origin.kind in ("index", "unknown") for p in component.packages)
            and (conclusion := self.licenses[component.name, component.version]).missing
            and NO_METADATA in conclusion.missing
            and conclusion.state != "clarified"
        )

    def _answer(self, need: Need) -> Answer:
        try:
            if isinstance(need, ReadingNeed):
                return self._reading(need)
            if isinstance(need, LedgerNeed):
                return self._ledger()
            return answer(need, self.given)
        except AdhereError as error:
            return self._unusable(error)

    def _unusable(self, error: AdhereError) -> Missing:
        """An input that is wrong: a problem of the run, and missing for whoever needs it."""
        self.problems.extend(error.problems)
        first = error.problems[0]
        return Missing(f"{first.path or 'a file'} cannot be used", first.hint or "mend the file")

    def _outside(self) -> Outside:
        if self.outside is None:
            self.outside = self._open()
        return self.outside

    def _ledger(self) -> Answer:
        outside = self._outside()
        try:
            return outside.ledger()
        finally:
            self.given.inputs.update(outside.inputs)

    def _reading(self, need: ReadingNeed) -> Answer:
        path = need.path.rstrip("/")
        if path not in self._readings:
            self._readings[path] = self._reader.read(path).reading
        return self._readings[path]


def conclude_all(
    inventory: Inventory,
    concluded: Mapping[Key, Conclusion],
    clarifications: Iterable[Clarification],
    today: date,
    described: Described,
) -> dict[Key, Conclusion]:
    """A license conclusion for every component.

    Args:
        inventory: all components.
        concluded: what was concluded while an environment was read.
        clarifications: that lie over it.
        today: for their end.
        described: what indexes say of components that no source holds metadata of.
    """
    clarifications = tuple(clarifications)
    found: dict[Key, Conclusion] = {}
    for component in inventory.components:
        key = (component.name, component.version)
        conclusion = concluded.get(key) or _from_elsewhere(component, concluded, described.get(key))
        if clarifications:
            from adhere.policy.clarify import clarify

            conclusion = clarify(component, conclusion, clarifications, today)
        found[key] = conclusion
    return found


def _from_elsewhere(
    component: Component,
    concluded: Mapping[Key, Conclusion],
    said: Declared | Missing | None,
) -> Conclusion:
    """A package of a lock file or SBOM, or one whose version is spelled differently there."""
    for package in component.packages:
        spelled = concluded.get((package.name, package.version))
        if spelled is not None:
            return spelled
    from adhere.licenses.choose import conclude

    if isinstance(said, Declared):
        return _by_an_index(conclude(component.name, component.version, said, ()))
    missing: tuple[str, ...] = () if component.declared is not None else (NO_METADATA,)
    if said is not None:
        missing += (said.reason,)
    return conclude(component.name, component.version, component.declared, (), missing=missing)


def _by_an_index(conclusion: Conclusion) -> Conclusion:
    claims = tuple(
        msgspec.structs.replace(claim, kind="index") if claim.kind != "curated" else claim
        for claim in conclusion.claims
    )
    return msgspec.structs.replace(conclusion, claims=claims)
