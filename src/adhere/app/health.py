"""Whether everything that a check relies on is there and answers: `adhere health`.

Each part is looked at on its own, all at once, and none may take longer than the deadline.
What is not configured is said and is no fault. Nothing of the project is judged.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from typing import Literal

from msgspec import Struct

from adhere.app.database import Database
from adhere.app.network import Network
from adhere.app.project import Project
from adhere.app.store import REPORT
from adhere.app.wiring import NoCache, cache_folder, open_shared, open_tiers
from adhere.errors import AdhereError
from adhere.model.finding import Missing
from adhere.model.names import PackageName
from adhere.policy.settings import ConfigTable
from adhere.ports import Clock
from adhere.report.json import decode_report

State = Literal["ok", "warn", "broken", "off"]
"""``warn``: works, but not for long, or not as well; ``off``: not configured, or not asked."""

PROBE = PackageName("adhere")
"""A name that any index may be asked about; that it has no such project is an answer."""

SPACE = 256 << 20
"""Bytes of free room below which the disk is said to be nearly full."""


class Part(Struct, frozen=True):
    """One part, and how it does.

    Attributes:
        name: ``file``, ``redis``, ``index``, ...
        state: see `State`.
        detail: what is, as a clause.
        hint: what would mend it, ``""`` for nothing.
        seconds: that it took to find out.
    """

    name: str
    state: State
    detail: str
    hint: str = ""
    seconds: float = 0.0


class Health(Struct, frozen=True):
    """All parts, and the worst state of them.

    Attributes:
        state: ``ok``, ``warn`` or ``broken``.
        parts: in a fixed order.
    """

    state: State
    parts: tuple[Part, ...]

    @property
    def exit_code(self) -> int:
        """0, or 1 where something is broken."""
        return 1 if self.state == "broken" else 0


Found = tuple[State, str, str]
"""State, detail, hint."""


class Examination:
    """Looks at every part."""

    def __init__(
        self,
        project: Project,
        config: ConfigTable,
        folder: str,
        clock: Clock,
        moment: datetime,
        *,
        offline: bool,
        deadline: float,
    ) -> None:
        """Prepare; nothing is looked at yet.

        Args:
            project: whose parts.
            config: of it.
            folder: of the file cache, ``""`` for the configured one.
            clock: for ages.
            moment: now, or what the environment says.
            offline: nobody is asked over a network.
            deadline: seconds for all of it.
        """
        self._project = project
        self._config = config
        self._folder = cache_folder(config, project.root, folder)
        self._clock = clock
        self._moment = moment
        self._offline = offline
        self._deadline = deadline

    def run(self) -> Health:
        """Look at every part at once."""
        probes: tuple[tuple[str, Callable[[], Found]], ...] = (
            ("cache", self._file),
            ("disk", self._disk),
            ("redis", self._redis),
            ("index", self._index),
            ("osv", self._osv),
            ("snapshot", self._snapshot),
            ("breakers", self._breakers),
            ("reports", self._reports),
            ("budgets", self._budgets),
        )
        pool = ThreadPoolExecutor(len(probes))
        try:
            begun = {name: pool.submit(self._timed, name, probe) for name, probe in probes}
            wait(begun.values(), timeout=self._deadline)
            late = Part("", "broken", "it did not answer in time", "see whether it is reachable")
            parts = tuple(
                future.result()
                if future.done()
                else Part(name, late.state, late.detail, late.hint, self._deadline)
                for name, future in begun.items()
            )
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        states = {part.state for part in parts}
        worst: State = next((one for one in ("broken", "warn") if one in states), "ok")
        return Health(worst, parts)

    def _timed(self, name: str, probe: Callable[[], Found]) -> Part:
        start = self._clock.elapsed()
        try:
            state, detail, hint = probe()
        except AdhereError as error:
            first = error.problems[0]
            place = f"{first.place}: " if first.place else ""
            state, detail, hint = "broken", f"{place}{first.message}", first.hint
        except Exception as error:  # noqa: BLE001 - whatever breaks is what was asked for
            state, detail, hint = "broken", f"{type(error).__name__}: {error}", ""
        return Part(name, state, detail, hint, round(self._clock.elapsed() - start, 4))

    def _file(self) -> Found:
        cache = open_tiers(self._config, self._project.root, self._folder, self._clock)
        try:
            cache.put_many({"health//probe": b"1"}, 1.0)
            again = open_tiers(self._config, self._project.root, self._folder, self._clock)
            kept = again.get_many(["health//probe"])
            trouble = (*cache.trouble, *again.trouble)
            again.close()
        finally:
            cache.close()
        if trouble:
            return "broken", "; ".join(dict.fromkeys(trouble)), "see who may write to its folder"
        if not kept:
            return "broken", "what was stored is not there", "adhere cache verify"
        return "ok", f"{self._project.label(self._folder)} is written and read", ""

    def _disk(self) -> Found:
        folder = self._folder
        while not os.path.isdir(folder) and os.path.dirname(folder) != folder:
            folder = os.path.dirname(folder)
        free = shutil.disk_usage(folder).free
        words = f"{free / 1e9:.1f} GB free where the cache is"
        return ("ok", words, "") if free > SPACE else ("warn", words, "make room")

    def _redis(self) -> Found:
        table = self._config.cache.redis
        cache = open_tiers(self._config, self._project.root, self._folder, self._clock)
        try:
            shared = open_shared(self._config, os.environ, cache, self._clock)
            if shared is None:
                why = "its secret is not set" if table.secret and table.url else "not configured"
                return "off", why, ""
            if self._offline:
                return "off", "not asked: offline", ""
            import asyncio

            async def ask() -> object:
                try:
                    return await shared.ask(lambda client: client.ping())
                finally:
                    await shared.aclose()

            answer = asyncio.run(ask())
            if answer is None or shared.trouble:
                return "broken", "; ".join(shared.trouble) or "it does not answer", "see its log"
            return "ok", f"it answers, prefix {table.prefix}", ""
        finally:
            cache.close()

    def _index(self) -> Found:
        from adhere.evidence.listing import listed

        network = self._network()
        indexes = network.choice().indexes
        if not indexes:
            return "off", "no index is configured", "set [index] url, or ADHERE_INDEX_URL"
        names = ", ".join(index.label for index in indexes)
        if self._offline:
            return "off", f"not asked: offline; it would be {names}", ""
        (answers,) = network.run([listed(indexes, [PROBE], self._moment)])
        answer = answers[PROBE]
        if isinstance(answer, Missing):
            return "broken", f"{names}: {answer.reason}", answer.hint
        if answer.unanswered:
            silent = "; ".join(f"{label}: {reason}" for label, reason in answer.unanswered)
            return "broken", silent, "a rule that needs it is not judged"
        return "ok", f"{names} answers", ""

    def _osv(self) -> Found:
        from adhere.app.outside import Outside
        from adhere.evidence.osv import asked

        source = self._config.advisories.source
        if source in ("snapshot", "reports"):
            return "off", f"not asked: `source` of [advisories] is {source}", ""
        network = self._network()
        outside = Outside(
            self._project, self._config, network, self._moment, "", lambda *_ignored: None
        )
        if self._offline:
            return "off", f"not asked: offline; it would be {outside.service}", ""
        (answer,) = network.run([asked(outside.service, [(PROBE, "0.0.1")])])
        if answer.age is None:
            reasons = (reason for group in answer.refused.values() for reason in group)
            why = "; ".join(dict.fromkeys(reasons)) or "no answer"
            return "broken", f"{outside.service}: {why}", "adhere db update fetches a snapshot"
        return "ok", f"{outside.service} answers", ""

    def _snapshot(self) -> Found:
        config = self._config.advisories
        found = Database(
            self._project, config, self._folder, self._moment, self._clock, lambda *_ignored: None
        ).status()
        if found.as_of is None:
            needed = config.source in ("snapshot", "both")
            return ("broken" if needed else "off"), found.reason, ""
        words = f"{found.records} records, {found.age:.1f} of {found.max_age:g} days old"
        if not found.usable:
            needed = config.source == "snapshot"
            return ("broken" if needed else "warn"), f"{words}: {found.reason}", "adhere db update"
        return "ok", words, ""

    def _breakers(self) -> Found:
        """Hosts that earlier runs gave up on."""
        from adhere.evidence.address import origin_of
        from adhere.evidence.hosts import Hosts

        cache = open_tiers(self._config, self._project.root, self._folder, self._clock)
        try:
            limits = self._network().limits()
            hosts = Hosts(
                cache, self._clock, limit=limits.breaker_failures, pause=limits.breaker_pause
            )
            for url in self._addresses():
                hosts.of(origin_of(url))
            opened = [one.host for one in hosts.health if one.state == "open"]
        finally:
            cache.close()
        if opened:
            return "warn", f"open for {', '.join(opened)}", "they are asked again after a pause"
        return "ok", "all are closed", ""

    def _addresses(self) -> Iterator[str]:
        for index in self._network().choice().indexes:
            if index.url:
                yield index.url
        if self._config.advisories.source not in ("snapshot", "reports"):
            from adhere.app.outside import service_of

            yield service_of(self._config.advisories.url)

    def _reports(self) -> Found:
        folder = self._project.path(self._config.report.out)
        label = self._project.label(folder)
        there = os.path.isdir(folder)
        target = folder if there else os.path.dirname(folder)
        if not os.access(target, os.W_OK):
            return "broken", f"{label} cannot be written", "see who may write to it"
        if not os.path.isfile(os.path.join(folder, REPORT)):
            return "ok", f"{label} has no report yet", ""
        return "ok", f"{label} is written", ""

    def _budgets(self) -> Found:
        """Rules about what runs measured, as the last report has them."""
        path = os.path.join(self._project.path(self._config.report.out), REPORT)
        if not os.path.isfile(path):
            return "off", "there is no report yet", "adhere check"
        with open(path, "rb") as file:
            report = decode_report(file.read(), self._project.label(path))
        rules = [one for one in report.results if one.check == "metrics.budget"]
        if not rules:
            return "off", "no rule is about a budget", ""
        wrong = [one.rule for one in rules if one.outcome not in ("pass", "waived")]
        when = report.subject.today
        if wrong:
            return "warn", f"not kept on {when}: {', '.join(wrong)}", "adhere perf show"
        return "ok", f"{len(rules)} kept on {when}", ""

    def _network(self) -> Network:
        return Network(
            self._project.root,
            self._config,
            NoCache(),
            self._clock,
            lambda *_ignored: None,
            offline=self._offline,
            deadline=max(0.1, self._deadline * 0.8),
        )
