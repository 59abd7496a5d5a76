"""Evidence from outside the project: advisories, the index, and what is remembered of them.

Nothing here is imported by a run whose rules do not ask for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from adhere.app.beside import BesideReader
from adhere.app.network import Network
from adhere.app.project import Project
from adhere.app.vulnerabilities import NOTHING, Data, answered, from_snapshot
from adhere.errors import ConfigError
from adhere.evidence.advisories import open_snapshot
from adhere.evidence.osv import PUBLIC, Answered, asked
from adhere.evidence.plan import Plan
from adhere.model.advisory import Ledger, Vulnerabilities
from adhere.model.finding import Missing
from adhere.model.inventory import Component, Inventory
from adhere.model.names import PackageName, canonical_name
from adhere.model.need import Answer, Need, PreviousNeed, ProjectsNeed, VulnerabilitiesNeed
from adhere.model.project import PreviousReleases, Projects
from adhere.policy.settings import ConfigTable
from adhere.ports import Progress
from adhere.sources import probe

if TYPE_CHECKING:
    from adhere.evidence.described import Described

UPDATE = "adhere db update fetches one"


class Outside:
    """Answers needs that no file of the project answers.

    Attributes:
        network: what is asked, and how it went.
        inputs: text by path of the files that answers rest on.
        digests: digest by path of those that are no text.
        described: what indexes say of licenses, by name and version.
    """

    def __init__(
        self,
        project: Project,
        config: ConfigTable,
        network: Network,
        moment: datetime,
        folder: str,
        progress: Progress,
    ) -> None:
        """Prepare; nothing is read or asked yet.

        Args:
            project: whose paths are meant.
            config: where advisories come from, and how old they may be.
            network: by which indexes and services are asked.
            moment: of the verdict.
            folder: where indexes of snapshots are kept, ``""`` to keep none.
            progress: is told how far long work has come.
        """
        self.network = network
        self._project = project
        self._config = config
        self._moment = moment
        self._folder = folder
        self._progress = progress
        self._reader = BesideReader(project, config.advisories)
        self._beside = NOTHING
        self.inputs: dict[str, str] = {}
        self.digests: dict[str, str] = {}
        self.described: Described = {}

    def gather(
        self, needs: Sequence[Need], inventory: Inventory, unread: Sequence[Component] = ()
    ) -> dict[Need, Answer]:
        """Everything that has to be asked for, at once and by one deadline.

        Args:
            needs: that are answered from outside.
            inventory: of the run.
            unread: components whose metadata no source holds, and whose licenses are needed.

        Raises:
            AdhereError: a configuration of an installer, the snapshot, a report of another
                scanner or a VEX document is malformed.
        """
        projects = [need for need in needs if isinstance(need, ProjectsNeed)]
        flaws = any(isinstance(need, VulnerabilitiesNeed) for need in needs)
        source = self._config.advisories.source
        service = flaws and source not in ("snapshot", "reports")
        if flaws:
            self._read_beside()
        before = [need for need in needs if isinstance(need, PreviousNeed)]
        plans: dict[str, Plan[Any]] = {}
        if service:
            plans["service"] = self._ask_service(inventory)
        if projects:
            plans["projects"] = self._ask_indexes(projects, inventory)
        if before:
            plans["before"] = self._ask_previous(before, inventory)
        licenses = self._ask_licenses(unread)
        if licenses is not None:
            plans["licenses"] = licenses
        values = dict(zip(plans, self.network.run(list(plans.values())), strict=True))
        if licenses is not None:
            self.described = values["licenses"]
        found: dict[Need, Answer] = {}
        if flaws:
            found[VulnerabilitiesNeed()] = self._vulnerabilities(values.get("service"), inventory)
        if projects:
            found.update(dict.fromkeys(projects, values["projects"]))
        if before:
            found.update(dict.fromkeys(before, values["before"]))
        return found

    def _read_beside(self) -> None:
        try:
            self._beside = self._reader.read()
        finally:
            self.inputs.update(self._reader.inputs)

    def _ask_service(self, inventory: Inventory) -> Plan[Answered]:
        """Direct dependencies first: what they say counts for whoever asked for them."""
        components = sorted(_theirs(inventory), key=lambda component: not component.direct)
        return asked(self.service, [(one.name, one.version) for one in components])

    @property
    def service(self) -> str:
        """Address of the OSV service."""
        return service_of(self._config.advisories.url)

    def _ask_indexes(self, needs: Sequence[ProjectsNeed], inventory: Inventory) -> Plan[Projects]:
        from adhere.evidence.listing import listed

        names = list(_wanted(needs, inventory))
        return listed(self.network.choice().indexes, names, self._moment)

    def _ask_previous(
        self, needs: Sequence[PreviousNeed], inventory: Inventory
    ) -> Plan[PreviousReleases]:
        from adhere.evidence.previous import previous

        asked_for = [
            component
            for component in _theirs(inventory)
            if any(_is_meant(component, need) for need in needs)
        ]
        asked_for.sort(key=lambda component: not component.direct)
        keys = [(component.name, component.version) for component in asked_for]
        return previous(self.network.choice().indexes, keys)

    def _ask_licenses(self, unread: Sequence[Component]) -> Plan[Described] | None:
        """Nothing where no index could have it: what a rule then says is known already."""
        if not unread:
            return None
        from adhere.evidence.described import described, wanted_of

        try:
            indexes = self.network.choice().indexes
        except ConfigError as error:  # a license is not what that file is for
            where = error.problems[0].path or "the configuration of an installer"
            reason = Missing(f"{where} cannot be used")
            self.described = {(one.name, one.version): reason for one in unread}
            return None
        if not any(index.url and index.kind == "simple" for index in indexes):
            return None
        ordered = sorted(unread, key=lambda component: not component.direct)
        return described(indexes, map(wanted_of, ordered))

    def _vulnerabilities(
        self, said: Answered | None, inventory: Inventory
    ) -> Vulnerabilities | Missing:
        """The service's answer; the snapshot's where there is none, or only a stale one."""
        if self._config.advisories.source == "reports":
            return self._reader.alone(self._beside, inventory, self._moment)
        known = self._from_service(said, inventory) if said and said.age is not None else None
        if known is not None and _is_young(known):
            both = self._config.advisories.source == "both"
            return self._filled(known, inventory) if both else known
        kept = self._from_snapshot(inventory)
        if isinstance(kept, Vulnerabilities):
            return kept if known is None or _is_young(kept) else known
        if known is not None or said is None:
            return known or kept
        reasons = dict.fromkeys(reason for group in said.refused.values() for reason in group)
        why = "; ".join(reasons)
        return Missing(f"{self.service} did not answer: {why}, and {kept.reason}", UPDATE)

    def _from_service(self, said: Answered, inventory: Inventory) -> Vulnerabilities:
        as_of = self._moment - timedelta(seconds=said.age or 0.0)
        limit = self._config.advisories.max_age.seconds
        data = Data(self.service, as_of)
        components = list(_theirs(inventory))
        return answered(
            data, components, said.records, said.refused, self._moment, limit, self._beside
        )

    def _filled(self, known: Vulnerabilities, inventory: Inventory) -> Vulnerabilities:
        """With what the snapshot says of packages that the service said nothing about."""
        import msgspec

        kept = self._from_snapshot(inventory)
        if not isinstance(kept, Vulnerabilities) or not _is_young(kept):
            return known
        found = {
            key: kept.found.get(key, answer) if isinstance(answer, Missing) else answer
            for key, answer in known.found.items()
        }
        return msgspec.structs.replace(known, found=found, source=f"{known.source}, {kept.source}")

    def _from_snapshot(self, inventory: Inventory) -> Vulnerabilities | Missing:
        path = self._project.path(os.path.expanduser(self._config.advisories.snapshot))
        label = self._project.label(path)
        if not probe.exists(path):
            return Missing(f"there is no snapshot of advisories, {label}", UPDATE)
        if self._folder:
            return self._answer(path, label, self._folder, inventory)
        from tempfile import TemporaryDirectory

        with TemporaryDirectory(prefix="adhere-") as folder:
            return self._answer(path, label, folder, inventory)

    def _answer(self, path: str, label: str, folder: str, inventory: Inventory) -> Vulnerabilities:
        snapshot = open_snapshot(path, label, folder, self._progress)
        self.digests[label] = snapshot.digest
        limit = self._config.advisories.max_age.seconds
        return from_snapshot(snapshot, inventory.components, self._moment, limit, self._beside)

    def ledger(self) -> Ledger:
        """The project's ledger; an empty one where there is no file.

        Raises:
            ConfigError: it is malformed, or cannot be read.
        """
        from adhere.sources.ledger import NAME, read_ledger

        path = self._project.path(os.path.join(self._config.report.out, NAME))
        label = self._project.label(path)
        if not probe.exists(path):
            return Ledger(label)
        from adhere.sources.tree import read_text

        self.inputs[label] = read_text(path, label)
        return read_ledger(self.inputs[label], label)


def service_of(configured: str) -> str:
    """Address of the OSV service: what the environment says, the configuration, or the public one."""
    return (os.environ.get("ADHERE_OSV_URL", "") or configured or PUBLIC).rstrip("/")


def _is_young(known: Vulnerabilities) -> bool:
    return known.age is not None and known.age <= known.max_age


def _theirs(inventory: Inventory) -> Iterable[Component]:
    return (component for component in inventory.components if not component.first_party)


def _is_meant(component: Component, need: PreviousNeed) -> bool:
    if need.direct and not component.direct:
        return False
    patterns = [canonical_name(pattern) for pattern in need.names]
    return not patterns or any(fnmatchcase(component.name, pattern) for pattern in patterns)


def _wanted(needs: Sequence[ProjectsNeed], inventory: Inventory) -> Iterable[PackageName]:
    """Names that needs ask for: those that rules name first, then what is direct."""
    ranked: dict[PackageName, int] = {}
    for need in needs:
        patterns = [canonical_name(pattern) for pattern in need.names]
        for component in inventory.components:
            if component.first_party is not (need.which == "first-party"):
                continue
            if need.which == "direct" and not component.direct:
                continue
            named = any(fnmatchcase(component.name, pattern) for pattern in patterns)
            if patterns and not named:
                continue
            rank = 0 if named or need.which == "first-party" else 2 - component.direct
            ranked[component.name] = min(rank, ranked.get(component.name, rank))
    return sorted(ranked, key=lambda name: (ranked[name], name))
