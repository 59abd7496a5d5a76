"""``vulnerabilities.slo``: every known vulnerability is gone by its deadline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from adhere.checks.flaws import Hit, counted, excuse, flaw_finding, looked_up, rated, unread, usable
from adhere.checks.wording import plural
from adhere.model.advisory import Band
from adhere.model.finding import Finding, Flaw, Judgement, Level, Missing, Note, Unjudged
from adhere.model.need import (
    Facts,
    InventoryNeed,
    LedgerNeed,
    Need,
    ProjectsNeed,
    TodayNeed,
    VulnerabilitiesNeed,
)
from adhere.model.project import Projects
from adhere.policy.quantity import Duration
from adhere.policy.rule import Code, Kind, ParamProblem, Rule
from adhere.policy.vulnerability.severity import Source

ClockName = Literal["published", "first_seen", "fix_available"]


class Params(Struct, frozen=True):
    """Parameters of ``vulnerabilities.slo``.

    Attributes:
        critical: days until it has to be gone, ``7`` or ``"7d"``; without them there is no
            deadline.
        high: the same.
        medium: the same.
        low: the same.
        unknown: the same for what nobody rated.
        malicious: the same for a package that is an attack.
        clock: from when the days are counted: when the vulnerability was published, when it
            was first seen here, by the project's ledger, or when a release fixed it.
        announce: so many days before its end a deadline is a warning.
        severity_source: as in ``vulnerabilities.gate``.
        max_age: older data cannot judge; that of ``[advisories]`` when it is not given.
    """

    critical: int | str | None = 7
    high: int | str | None = 30
    medium: int | str | None = 90
    low: int | str | None = None
    unknown: int | str | None = 30
    malicious: int | str | None = 0
    clock: ClockName = "first_seen"
    announce: int = 7
    severity_source: Source = "max"
    max_age: Duration | None = None


OVERDUE = Code("vulnerability-overdue", "A vulnerability that should be gone by now")
OPEN = Code("vulnerability-open", "A vulnerability with a deadline, or without one")


def in_days(value: int | str | None) -> int | None:
    """Days of a deadline, as a number or as a length of time.

    Raises:
        ValueError: it is neither, or ends within a day.
    """
    if not isinstance(value, str):
        return value
    seconds = Duration(value).seconds
    if seconds % 86400:
        raise ValueError(f"{value} is no number of whole days")
    return int(seconds // 86400)


def validate(params: Params) -> Iterator[ParamProblem]:
    """Days that are none, or negative; no deadline at all."""
    names = ("critical", "high", "medium", "low", "unknown", "malicious")
    for name in (*names, "announce"):
        try:
            value = in_days(getattr(params, name))
        except ValueError as error:
            yield ((name,), str(error), 'write a number of days, or "7d"')
            continue
        if value is not None and value < 0:
            yield ((name,), f"{value} is less than no day", "")
    if all(getattr(params, name) is None for name in names):
        yield ((), "nothing has a deadline, so nothing would be checked", "")


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Count the days of every flaw."""
    return _Judge(rule, params, facts).judgement()


class _Judge:
    def __init__(self, rule: Rule, params: Params, facts: Facts) -> None:
        self.rule = rule
        self.params = params
        self.facts = facts
        self.today: date = facts.require(TodayNeed())
        self.known = usable(facts, params.max_age)

    def judgement(self) -> Judgement:
        findings: list[Finding] = []
        unjudged = unread(self.facts, self.known)
        count = 0
        source = self.params.severity_source
        for answer in looked_up(self.rule, self.facts, self.known, source):
            found = [self.flaw(hit) for hit in answer.hits]
            findings += [one for one in found if isinstance(one, Finding)]
            missing = [one for one in (*found, answer.unjudged) if isinstance(one, Unjudged)]
            unjudged += missing[:1]
            count += not missing
        overdue = sum(finding.code == OVERDUE.id for finding in findings)
        return Judgement(
            findings=tuple(findings),
            judged=count,
            unjudged=tuple(unjudged),
            observed=f"{counted(len(findings), count)}, {overdue} overdue",
            expected=self.expected(),
        )

    def expected(self) -> str:
        bands = ("malicious", "critical", "high", "medium", "low", "unknown")
        days = {name: in_days(getattr(self.params, name)) for name in bands}
        words = [f"{name} {value}" for name, value in days.items() if value is not None]
        return f"gone within days: {', '.join(words)}"

    def flaw(self, hit: Hit) -> Finding | Unjudged:
        component, found = hit.component, hit.flaw
        days = self.days(found.severity.band)
        ids = tuple(sorted((found.id, *found.aliases)))
        flaw = Flaw(ids, found.severity.band, found.fixed_in)
        about = f"{component.name} {component.version}: {found.id}, {rated(found.severity)}"
        if found.statement is not None:
            words = f"{about}, has no deadline: {excuse(found.statement)}"
            return self.finding(hit, OPEN, words, "report", flaw)
        if days is None:
            return self.finding(hit, OPEN, f"{about}, has no deadline", "report", flaw)
        start, why = self.start(hit, ids)
        if start is None and not why:
            reason = f"no record says when {found.id} was published"
            return Unjudged(component.name, reason, component.version)
        if start is None:
            return self.finding(hit, OPEN, f"{about}, {why}", "report", flaw)
        due = start + timedelta(days=days)
        left = (due - self.today).days
        flaw = Flaw(ids, found.severity.band, found.fixed_in, due)
        clock = Note("clock", f"{start.isoformat()} and {plural(days, 'day')}: {why}")
        if left < 0:
            words = f"{about}, was due on {due}, {plural(-left, 'day')} ago"
            return self.finding(hit, OVERDUE, words, "error", flaw, clock)
        words = f"{about}, is due on {due}, in {plural(left, 'day')}"
        level: Level = "warn" if left <= self.params.announce else "report"
        return self.finding(hit, OPEN, words, level, flaw, clock)

    def days(self, band: Band) -> int | None:
        low = band == "NONE"
        return in_days(self.params.low if low else getattr(self.params, band.lower()))

    def start(self, hit: Hit, ids: tuple[str, ...]) -> tuple[date | None, str]:
        """The day from which is counted, and in words why; ``None`` with words: not yet."""
        published = hit.flaw.published.date() if hit.flaw.published else None
        if self.params.clock == "fix_available":
            return self.fix(hit, published)
        if self.params.clock == "first_seen":
            ledger = self.facts.get(LedgerNeed())
            if not isinstance(ledger, Missing):
                seen = ledger.first_seen(hit.component.name, ids)
                if seen is not None:
                    return seen, f"first seen here, by {ledger.path}"
            return published, "published; the ledger has no row for it" if published else ""
        return published, "published" if published else ""

    def fix(self, hit: Hit, published: date | None) -> tuple[date | None, str]:
        """When the first release that fixes it came out."""
        fixed_in = hit.flaw.fixed_in
        if not fixed_in:
            return None, "has no fix, so its clock has not started"
        answer = self.facts.get(ProjectsNeed("all"))
        projects: Projects = {} if isinstance(answer, Missing) else answer
        listed = projects.get(hit.component.name)
        pages = () if listed is None or isinstance(listed, Missing) else listed.pages
        wanted = frozenset(fixed_in)
        times = [
            release.uploaded.date()
            for page in pages
            for release in page.releases
            if release.version in wanted and release.uploaded is not None
        ]
        if times:
            return min(times), f"{fixed_in[0]} fixed it"
        # Not knowing when the fix came must not stop the clock.
        return published, "published; nobody says when the fix came" if published else ""

    def finding(
        self, hit: Hit, code: Code, message: str, level: Level, flaw: Flaw, *notes: Note
    ) -> Finding:
        wanted = Note("wanted", self.expected(), location=self.rule.place("with"))
        return flaw_finding(
            self.rule,
            self.facts,
            hit,
            code,
            message,
            level=level,
            notes=(*notes, wanted),
            flaw=flaw,
        )


def needs(params: Params) -> tuple[Need, ...]:
    """Inventory, advisories and the day; the ledger or the index for their clocks."""
    wanted: list[Need] = [InventoryNeed(), TodayNeed(), VulnerabilitiesNeed()]
    if params.clock == "first_seen":
        wanted.append(LedgerNeed())
    if params.clock == "fix_available":
        wanted.append(ProjectsNeed("all"))
    return tuple(wanted)


KIND = Kind(
    name="vulnerabilities.slo",
    summary="every known vulnerability is gone by its deadline",
    params=Params,
    codes=(OVERDUE, OPEN),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={
        **dict.fromkeys(("critical", "high", "medium", "low", "unknown", "malicious"), "smaller"),
        "max_age": "smaller",
    },
)
