"""``packages.maintained``: nobody has given up, withdrawn or closed what we build on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from msgspec import Struct

from adhere.checks.index_pages import Asked, asked
from adhere.checks.wording import decision_note, path_note, place, plural, unreadable
from adhere.model.finding import Finding, Judgement, Level, Note, Unjudged
from adhere.model.need import Facts, InventoryNeed, Need, ProjectsNeed, TodayNeed
from adhere.model.project import Status
from adhere.policy.quantity import Duration
from adhere.policy.rule import Code, Kind, ParamProblem, Rule

Treatment = Literal["deny", "warn", "allow"]
_LEVEL: dict[Treatment, Level] = {"deny": "error", "warn": "warn"}
_WORST: tuple[Status, ...] = ("quarantined", "archived", "deprecated", "active")


class Params(Struct, frozen=True):
    """Parameters of ``packages.maintained``.

    Attributes:
        yanked: the release in use was withdrawn.
        quarantined: the index closed the project, as it may be harmful.
        archived: its owners say that nothing more will come.
        deprecated: its owners say that something else should be used.
        last_release: a project without a release for so long is silent; none is when this
            is not given.
        silent: what a silent project means.
        only: names or patterns of packages that are judged; empty for all.
        direct: judge only what the project asks for by name.
    """

    yanked: Treatment = "deny"
    quarantined: Treatment = "deny"
    archived: Treatment = "warn"
    deprecated: Treatment = "warn"
    last_release: Duration | None = None
    silent: Treatment = "warn"
    only: tuple[str, ...] = ()
    direct: bool = False


YANKED = Code("package-yanked", "A release that was withdrawn")
CLOSED = Code("package-closed", "A project that was archived, deprecated or quarantined")
SILENT = Code("package-silent", "A project without a release for a long time")


def validate(params: Params) -> Iterator[ParamProblem]:
    """A rule that allows everything."""
    words = {params.yanked, params.quarantined, params.archived, params.deprecated}
    if params.last_release is not None:
        words.add(params.silent)
    if words == {"allow"}:
        yield ((), "everything is allowed, so nothing would be checked", "")


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Look up what the index says of every project, and of the release in use."""
    return _Judge(rule, params, facts).judgement()


class _Judge:
    def __init__(self, rule: Rule, params: Params, facts: Facts) -> None:
        self.rule = rule
        self.params = params
        self.facts = facts
        self.today: date = facts.require(TodayNeed())

    def judgement(self) -> Judgement:
        findings: list[Finding] = []
        unjudged: list[Unjudged] = list(unreadable(self.facts))
        seen = fine = 0
        projects = self.facts.require(need_of(self.params))
        inventory = self.facts.inventory
        only, direct = self.params.only, self.params.direct
        for item in asked(self.rule, inventory, projects, only, direct=direct):
            if isinstance(item, Unjudged):
                unjudged.append(item)
                continue
            found = [*self.yanked(item), *self.closed(item), *self.silent(item)]
            wrong = [one for one in found if isinstance(one, Finding)]
            findings += wrong
            unknown = [one for one in found if isinstance(one, Unjudged)]
            if unknown and not wrong:
                reason = "; ".join(dict.fromkeys(one.reason for one in unknown))
                unjudged.append(Unjudged(unknown[0].subject, reason, unknown[0].version))
                continue
            seen += 1
            fine += not wrong
        return Judgement(
            findings=tuple(findings),
            judged=seen,
            unjudged=tuple(unjudged),
            observed=f"{fine} of {plural(seen + len(unjudged), 'package')} maintained",
            expected="nothing withdrawn, closed or silent",
        )

    def yanked(self, item: Asked) -> Iterator[Finding | Unjudged]:
        if self.params.yanked == "allow":
            return
        name, version = item.component.name, item.component.version
        gone = [release for release in item.own if release.yanked]
        if gone:
            reason = next((release.yanked_reason for release in gone if release.yanked_reason), "")
            why = f": {reason}" if reason else ""
            message = f"{name} {version} was withdrawn{why}"
            yield self.finding(item, YANKED, message, "take another release", "yanked", version)
        elif item.silence:
            yield Unjudged(name, item.silence, version)
        elif not item.own:
            yield Unjudged(name, "no index has this release", version)
        elif all(release.yanked is None for release in item.own):
            yield Unjudged(name, "the index does not tell what was withdrawn", version)

    def closed(self, item: Asked) -> Iterator[Finding | Unjudged]:
        pages = [page for page in item.listed.pages if page.status is not None]
        name, version = item.component.name, item.component.version
        watched = (self.params.quarantined, self.params.archived, self.params.deprecated)
        if set(watched) == {"allow"}:
            return
        page = min(pages, key=lambda page: _WORST.index(page.status or "active"), default=None)
        status = (page and page.status) or "active"
        if page and status != "active" and getattr(self.params, status) != "allow":
            why = f": {page.status_reason}" if page.status_reason else ""
            message = f"the project of {name} {version} is {status}{why}"
            yield self.finding(item, CLOSED, message, "replace it", status, status)
        elif item.silence:  # the index that did not answer may have a worse word
            yield Unjudged(name, item.silence, version)
        elif page is None:
            yield Unjudged(name, "the index does not tell the status of projects", version)

    def silent(self, item: Asked) -> Iterator[Finding | Unjudged]:
        limit = self.params.last_release
        if limit is None or self.params.silent == "allow":
            return
        name, version = item.component.name, item.component.version
        times = [release.uploaded.date() for _, release in item.releases if release.uploaded]
        if not times:
            yield Unjudged(name, "the index does not say when releases came", version)
            return
        days = (self.today - max(times)).days
        if days <= limit.days:
            return
        if item.silence:  # the index that did not answer may have a newer one
            yield Unjudged(name, item.silence, version)
            return
        message = f"the last release of {name} is of {max(times)}, {plural(days, 'day')} ago"
        fix = "find out whether it is finished or given up; waive it, or replace it"
        yield self.finding(item, SILENT, message, fix, "silent", "")

    def finding(
        self, item: Asked, code: Code, message: str, fix: str, parameter: str, detail: str
    ) -> Finding:
        component, inventory = item.component, self.facts.inventory
        treatment: Treatment = getattr(self.params, parameter)
        wanted = Note(
            "wanted", f"{parameter} = {treatment}", location=self.rule.place("with", parameter)
        )
        return Finding(
            rule=self.rule.id,
            code=code.id,
            message=message,
            subject=component.name,
            version=component.version,
            detail=detail,
            level=_LEVEL[treatment],
            location=component.location,
            place=place(component, inventory),
            notes=(wanted, path_note(component, inventory), decision_note(self.rule)),
            fix=fix,
            groups=component.groups,
        )


def need_of(params: Params) -> ProjectsNeed:
    """Which projects the index is asked for."""
    return ProjectsNeed("direct" if params.direct else "all", params.only)


def needs(params: Params) -> tuple[Need, ...]:
    """The inventory, the index, the day."""
    return (InventoryNeed(), TodayNeed(), need_of(params))


KIND = Kind(
    name="packages.maintained",
    summary="nobody has given up, withdrawn or closed what we build on",
    params=Params,
    codes=(YANKED, CLOSED, SILENT),
    needs=needs,
    judge=judge,
    validate=validate,
    offline=False,
    stricter={
        **dict.fromkeys(
            ("yanked", "quarantined", "archived", "deprecated", "silent"), ("deny", "warn", "allow")
        ),
        "last_release": "smaller",
        "only": "wider",
        "direct": "smaller",
    },
)
