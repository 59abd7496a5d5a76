"""The main job: plan, gather, judge, report.

Longer than other modules: it is the one place that has the order of a run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec

import adhere
from adhere.app.answers import Given
from adhere.app.basis import Basis, lasts_until
from adhere.app.gather import Gatherer, conclude_all
from adhere.app.policy import LoadedPolicy, load_policy
from adhere.app.project import Project, find_project
from adhere.app.request import Checked, Request
from adhere.app.sources import SourceReader
from adhere.app.subject import decisions_of, run_of, subject_of
from adhere.app.wiring import SystemClock, cache_folder, open_cache, report_time
from adhere.checks import KINDS
from adhere.errors import AdhereError, NothingToJudgeError, Problem, ReportError, UsageError
from adhere.licenses._spdx import VERSION as SPDX_VERSION
from adhere.metrics.environment import is_class
from adhere.metrics.meter import RunMeter
from adhere.model.assemble import assemble
from adhere.model.inventory import Inventory, Source
from adhere.model.need import (
    Facts,
    InventoryNeed,
    LicensesNeed,
    Need,
    ProjectsNeed,
    VulnerabilitiesNeed,
)
from adhere.model.verdict import exit_code
from adhere.policy.answer import planned
from adhere.policy.evaluate import Context, evaluate
from adhere.policy.scope import DEV_FREE, Scope
from adhere.policy.settings import ConfigTable
from adhere.ports import SILENCE, Cache, Clock, Log, Progress
from adhere.report.build import Facts as ReportFacts
from adhere.report.build import build_report
from adhere.report.document import Tool
from adhere.sources.git import Asked, ask
from adhere.sources.tree import DiskTree

if TYPE_CHECKING:
    from adhere.app.outside import Outside
    from adhere.metrics.sampler import Sampler
    from adhere.policy.config import Policy


def _silent(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def _holds(marker: str, source: Source) -> bool:
    from adhere.markers import holds, of_source

    return holds(marker, of_source(source))


def check(
    request: Request | None = None,
    *,
    clock: Clock | None = None,
    progress: Progress | None = None,
    log: Log = SILENCE,
    given: tuple[Project, LoadedPolicy] | None = None,
) -> Checked:
    """Judge a project's dependencies by its rules. Nothing is written but the cache.

    Args:
        request: what and how; the current folder by default.
        clock: for tests.
        progress: is told what is done, how much of it, of how much.
        log: is told what happens.
        given: the project and a policy to judge it by, in place of what lies there.

    Raises:
        UsageError: the request asks for something that cannot be.
        ConfigError: there is no telling which configuration is meant.
    """
    return _Check(request or Request(), clock or SystemClock(), progress, log, given).run()


async def acheck(request: Request | None = None, *, clock: Clock | None = None) -> Checked:
    """`check`, for callers that have an event loop: it runs in a thread of its own."""
    import asyncio

    return await asyncio.to_thread(check, request, clock=clock)


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems file by file, from top to bottom.

    A file that is read twice, as configuration and as evidence, is wrong once.
    """
    found: dict[str, Problem] = {}
    files: dict[str, int] = {}
    for problem in problems:
        found.setdefault(str(problem), problem)
        files.setdefault(problem.path, len(files))
    return sorted(found.values(), key=lambda p: (files[p.path], p.line, p.column))


class _Check:
    def __init__(
        self,
        request: Request,
        clock: Clock,
        progress: Progress | None,
        log: Log,
        given: tuple[Project, LoadedPolicy] | None = None,
    ) -> None:
        self.request = request
        self.log = log
        self.given = given
        self.clock = clock
        self.progress = progress or _silent
        self.began = clock.elapsed()
        self.meter = RunMeter(clock)
        self.sampler: Sampler | None = None
        if request.profile:
            from adhere.metrics.sampler import Sampler

            self.sampler = Sampler(lambda: self.meter.current)
        self.moment: datetime = report_time(clock, os.environ)
        self.folder = os.path.abspath(request.folder)
        self.found: tuple[str, ...] = ()
        self.remarks: tuple[Problem, ...] = ()

    def run(self) -> Checked:
        named = self.request.environment
        if named and not is_class(named):
            message = f"`{named[:80]}` is no name for a class of machines"
            hint = "letters, digits, dots, hyphens and underscores, 64 of them at most"
            raise UsageError(Problem("usage", message, hint=hint))
        if self.given is not None:
            project = self.given[0]
        else:
            project = find_project(self.folder, self.request.config)
        git = ask(project.root)  # it answers while we work
        try:
            with self.sampler or nullcontext():
                return self.judge(project, git)
        finally:
            git.close()

    def judge(self, project: Project, git: Asked) -> Checked:
        tree = DiskTree(project.root)
        with self.meter.phase("policy"):
            loaded = self.policy(project, tree)
        config = loaded.policy.config
        project = msgspec.structs.replace(project, redact="paths" in config.report.redact)
        named = os.path.expanduser(self.request.cache_dir)
        folder = os.path.join(self.folder, named) if named else ""
        cache = open_cache(config, project.root, folder, self.clock, enabled=self.request.cache)
        reader = SourceReader(
            project,
            cache=cache,
            clock=self.clock,
            meter=self.meter,
            jobs=self.request.jobs,
            progress=self.progress,
        )
        problems = list(loaded.policy.problems)
        given = Given(
            project,
            tree,
            config,
            loaded=loaded,
            cache=cache,
            clock=self.clock,
            progress=self.progress,
            today=self.moment.date(),
            commit=git.answer,
            jobs=self.request.jobs,
            run_commands=self.request.run_commands,
        )
        try:
            with self.meter.phase("inventory"):
                paths = self.sources(project, loaded, problems)
                gathered = reader.gather(paths)
                problems += gathered.problems
                whole = assemble(
                    gathered.readings,
                    config.project.first_party,
                    _holds if len(gathered.readings) > 1 else None,
                )
                inventory = self.scoped(whole)
            rules, needs = planned(loaded.policy.rules)
            policy = msgspec.structs.replace(loaded.policy, rules=rules)
            with self.meter.phase("licenses"):
                gatherer = Gatherer(
                    given,
                    reader,
                    inventory,
                    gathered.readings,
                    partial(
                        conclude_all,
                        whole,
                        gathered.conclusions,
                        loaded.policy.clarifications,
                        self.moment.date(),
                    ),
                    lambda: self.outside(project, config, cache, folder),
                )
            with self.meter.phase("evidence"):
                wanted = [need for all_ in needs.values() for need in all_]
                facts = gatherer.facts([*wanted, *self.ahead(loaded.policy)])
                problems += [*gatherer.problems, *reader.trouble]
                problems = _in_order(problems)
            with self.meter.phase("verdict"):
                verdict = evaluate(policy, facts, self.context(project))
        finally:
            given.close()
            cache.close()
        for name, count in cache.statistics.counts().items():
            self.meter.count(name, count)
        trouble = list(cache.trouble)
        indexes: tuple[tuple[str, str], ...] = ()
        if gatherer.outside is not None:
            asked_for = gatherer.outside.network.asked
            self.meter.count("licenses.looked_up", len(gatherer.outside.described))
            trouble += asked_for.trouble
            indexes = gatherer.outside.network.chosen
            for name, count in asked_for.counts.items():
                self.meter.count(f"network.{name}", count)
        asked = {
            need for rule in loaded.policy.rules if not rule.builtin for need in needs[rule.id]
        }
        commit = git.answer()
        self.meter.add("total", self.clock.elapsed() - self.began)
        code = exit_code(
            verdict.results,
            problems=bool(problems),
            packages=self.counted(inventory, asked, config_rules=bool(asked)),
            allow_empty=self.request.allow_empty,
        )
        report_facts = ReportFacts(
            tool=Tool("adhere", adhere.__version__, SPDX_VERSION),
            subject=subject_of(
                project,
                loaded,
                gathered.readings,
                given.inputs,
                {**given.digests, **(gatherer.outside.digests if gatherer.outside else {})},
                given.selections,
                self.moment.date(),
                self.scope().groups,
                commit,
            ),
            inventory=inventory,
            out_of_scope=len(whole.components) - len(inventory.components),
            licenses=gatherer.licenses,
            verdict=verdict,
            exit_code=code,
            problems=tuple(problems),
            adrs=decisions_of(loaded),
            needs=needs,
            answers=facts.answers,
            read=gatherer.read,
            rules=policy.rules,
        )
        report = build_report(
            report_facts,
            run_of(
                self.meter,
                self.moment,
                trouble,
                indexes,
                cache.statistics.hit_rate,
                offline=self.request.offline,
                environment=self.request.environment,
                sampled=self.sampler.phases if self.sampler is not None else {},
            ),
        )
        return Checked(
            report,
            inventory,
            code,
            project,
            loaded,
            tuple(problems),
            self.found,
            self.remarks,
            Basis(
                reader.entries,
                tuple(map(project.path, (*given.inputs, *given.digests))),
                commit,
                self.until(policy, facts, cache) if not problems and not trouble else 0.0,
            ),
            self.began,
            self.meter.spans(),
            gatherer.outside.network.asked.hosts if gatherer.outside is not None else {},
        )

    def policy(self, project: Project, tree: DiskTree) -> LoadedPolicy:
        if self.given is not None:
            return self.given[1]
        loaded = load_policy(project, tree, KINDS, self.moment.date())
        if self.request.decisions is None:
            return loaded
        from adhere.app.register import only

        return only(loaded, self.request.decisions)

    def until(self, policy: Policy, facts: Facts, cache: Cache) -> float:
        """Until when the verdict is the same, seconds since the epoch."""
        url = policy.config.index.url
        if any("${" in one for one in ((url,) if isinstance(url, str) else url)):
            return 0.0  # it rests on a variable that only this configuration names
        fixed = bool(os.environ.get("SOURCE_DATE_EPOCH", ""))
        lasts = lasts_until(policy.rules, facts.answers, self.moment, fixed=fixed)
        return min(cache.until, lasts)

    def ahead(self, policy: Policy) -> list[Need]:
        """What is gathered though no rule asks for it."""
        ruled = policy.problems or any(not rule.builtin for rule in policy.rules)
        return [VulnerabilitiesNeed(), ProjectsNeed()] if self.request.ahead and not ruled else []

    def outside(self, project: Project, config: ConfigTable, cache: Cache, folder: str) -> Outside:
        from adhere.app.network import Network
        from adhere.app.outside import Outside

        network = Network(
            project.root,
            config,
            cache,
            self.clock,
            self.progress,
            offline=self.request.offline,
            deadline=self.request.deadline or config.index.deadline.seconds,
            log=self.log,
        )
        kept = cache_folder(config, project.root, folder) if self.request.cache else ""
        return Outside(project, config, network, self.moment, kept, self.progress)

    def sources(
        self, project: Project, loaded: LoadedPolicy, problems: list[Problem]
    ) -> tuple[str, ...]:
        if self.request.sources:
            paths = (os.path.expanduser(source) for source in self.request.sources)
            return tuple(os.path.join(self.folder, path) for path in paths)
        configured = loaded.policy.config.project.sources
        if configured:
            return configured
        from adhere.app.find_sources import find_sources  # a run that names its own needs none

        try:
            self.found = find_sources(project, os.environ)
        except NothingToJudgeError as error:
            self.remarks = error.problems  # whether that matters depends on the rules
            return ()
        except AdhereError as error:
            problems.extend(error.problems)
            return ()
        return self.found

    @staticmethod
    def counted(inventory: Inventory, asked: set[Need], *, config_rules: bool) -> int | None:
        """Packages, where anything asks for packages."""
        wanted = any(isinstance(need, (InventoryNeed, LicensesNeed)) for need in asked)
        return len(inventory.components) if wanted or not config_rules else None

    def scoped(self, inventory: Inventory) -> Inventory:
        """The inventory narrowed to the groups that were asked for.

        Raises:
            UsageError: a group that no package belongs to.
        """
        scope = self.scope()
        if not scope.groups:
            return inventory
        known = {group for component in inventory.components for group in component.groups}
        for name in (*self.request.groups, *(f"extra:{e}" for e in self.request.extras)):
            if name not in known:
                words = ", ".join(sorted(known)) or "none"
                message = f"no package belongs to the group `{name}`"
                raise UsageError(Problem("usage", message, hint=f"groups are {words}"))
        components = tuple(c for c in inventory.components if scope.admits(c.groups))
        return msgspec.structs.replace(inventory, components=components)

    def scope(self) -> Scope:
        groups = [*self.request.groups, *(f"extra:{extra}" for extra in self.request.extras)]
        if self.request.no_dev:
            groups.extend(DEV_FREE)
        return Scope(tuple(groups))

    def context(self, project: Project) -> Context:
        baseline: frozenset[str] = frozenset()
        if self.request.baseline:
            from adhere.app.answers.baseline import read_baseline

            path = os.path.join(self.folder, self.request.baseline)
            label = project.label(path)
            try:
                with open(path, "rb") as file:
                    baseline = read_baseline(file.read(), label).fingerprints
            except OSError as error:
                words = (error.strerror or "unreadable").lower()
                problem = Problem("report-invalid", f"cannot read it: {words}", path=label)
                raise ReportError(problem) from None
        return Context(
            today=self.moment.date(),
            levels=self.request.levels,
            baseline=baseline,
            whole=not self.scope().groups and self.request.decisions is None,
            measure=self.meter.phase,
        )
