"""``packages.fresh``: no package is too far behind, and none came out just now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from adhere.checks.index_pages import Asked, asked
from adhere.checks.wording import decision_note, path_note, place, plural, unreadable
from adhere.model.finding import Finding, Judgement, Note, Unjudged
from adhere.model.need import Facts, InventoryNeed, Need, ProjectsNeed, TodayNeed
from adhere.model.project import Release
from adhere.policy.quantity import Duration
from adhere.policy.rule import Code, Kind, ParamProblem, Rule


class Behind(Struct, frozen=True):
    """How far behind a package may be.

    Attributes:
        releases: so many admissible releases may be newer.
        days: for so long a newer admissible release may have been there.
    """

    releases: int | None = None
    days: int | None = None


class Params(Struct, frozen=True):
    """Parameters of ``packages.fresh``.

    Attributes:
        max_behind: how far behind the newest admissible release a package may be. Not
            admissible is what was yanked, what is younger than ``cooldown``, what does not
            run on the Python at hand, and a pre-release where none is in use.
        cooldown: a release has to have been out for so long before it may come in.
        only: names or patterns of packages that are judged; empty for all.
        direct: judge only what the project asks for by name.
    """

    max_behind: Behind = Behind()
    cooldown: Duration | None = None
    only: tuple[str, ...] = ()
    direct: bool = False


BEHIND = Code("package-behind", "A package that is too far behind its newest release")
TOO_NEW = Code("package-too-new", "A release that came out too recently")


def validate(params: Params) -> Iterator[ParamProblem]:
    """Limits that are negative; a rule without any."""
    for name in ("releases", "days"):
        value = getattr(params.max_behind, name)
        if value is not None and value < 0:
            yield (("max_behind", name), f"{value} is less than none", "")
    if params.max_behind == Behind() and params.cooldown is None:
        hint = "say how far behind with `max_behind`, or how young with `cooldown`"
        yield ((), "nothing is limited, so nothing would be checked", hint)


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Compare every package with what the index has."""
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
            found = [*self.behind(item), *self.too_new(item)]
            wrong = [one for one in found if isinstance(one, Finding)]
            findings += wrong
            if not wrong and found:
                unjudged += [one for one in found if isinstance(one, Unjudged)][:1]
                continue
            seen += 1
            fine += not wrong
        return Judgement(
            findings=tuple(findings),
            judged=seen,
            unjudged=tuple(unjudged),
            observed=f"{fine} of {plural(seen + len(unjudged), 'package')} fresh",
            expected=self.expected(),
        )

    def expected(self) -> str:
        limit = self.params.max_behind
        words = []
        if limit.releases is not None:
            words.append(f"at most {plural(limit.releases, 'newer release')}")
        if limit.days is not None:
            words.append(f"none for more than {plural(limit.days, 'day')}")
        if self.params.cooldown is not None:
            words.append(f"out for {self.params.cooldown} or longer")
        return ", ".join(words)

    def behind(self, item: Asked) -> Iterator[Finding | Unjudged]:
        limit = self.params.max_behind
        if limit == Behind():
            return
        newer = sorted(
            ((v, r) for v, r in item.releases if v > item.version and self.admissible(item, r)),
            key=lambda pair: pair[0],
        )
        versions = {version for version, _ in newer}
        times = [release.uploaded.date() for _, release in newer if release.uploaded]
        days = (self.today - min(times)).days if times else 0
        many = limit.releases is not None and len(versions) > limit.releases
        long = limit.days is not None and days > limit.days
        name, version = item.component.name, item.component.version
        if many or long:
            newest = newer[-1][0]
            since = f", the first of them for {plural(days, 'day')}" if times else ""
            message = (
                f"{name} {version} is {plural(len(versions), 'release')} behind {newest}{since}"
            )
            fix = f"update it to {newest}"
            yield self.finding(item, BEHIND, message, fix, Note("newest", str(newest)))
        elif item.silence:
            yield Unjudged(name, item.silence, version)
        elif newer and limit.days is not None and len(times) < len(newer):
            yield Unjudged(name, "the index does not say when releases came", version)

    def admissible(self, item: Asked, release: Release) -> bool:
        from packaging.version import Version

        if release.yanked:
            return False
        if Version(release.version).is_prerelease and not item.version.is_prerelease:
            return False
        if self.params.cooldown is not None and self.young(release):
            return False
        return self.runs(item, release)

    def young(self, release: Release) -> bool:
        """Whether a release is known to be younger than the cooldown."""
        if release.uploaded is None or self.params.cooldown is None:
            return False
        return (self.today - release.uploaded.date()).days < self.params.cooldown.days

    def runs(self, item: Asked, release: Release) -> bool:
        """Whether a release runs on the Python at hand; one that nobody knows admits all."""
        sources = self.facts.inventory.sources
        python = next((s.python for i in item.component.seen_in if (s := sources[i]).python), "")
        if not python or not release.requires_python:
            return True
        try:
            return SpecifierSet(release.requires_python).contains(python, prereleases=True)
        except InvalidSpecifier:
            return True

    def too_new(self, item: Asked) -> Iterator[Finding | Unjudged]:
        if self.params.cooldown is None:
            return
        name, version = item.component.name, item.component.version
        times = [release.uploaded.date() for release in item.own if release.uploaded]
        if any(self.young(release) for release in item.own):
            came = max(times)
            age = (self.today - came).days
            message = f"{name} {version} came out {plural(age, 'day')} ago"
            fix = f"wait until it has been out for {self.params.cooldown}, or take an older one"
            yield self.finding(item, TOO_NEW, message, fix, Note("uploaded", came.isoformat()))
        elif item.silence:
            yield Unjudged(name, item.silence, version)
        elif not item.own:
            yield Unjudged(name, "no index has this release", version)
        elif not times:
            yield Unjudged(name, "the index does not say when releases came", version)

    def finding(self, item: Asked, code: Code, message: str, fix: str, note: Note) -> Finding:
        component, inventory = item.component, self.facts.inventory
        limit = ("cooldown",) if code is TOO_NEW else ("max_behind",)
        wanted = Note("wanted", self.expected(), location=self.rule.place("with", *limit))
        return Finding(
            rule=self.rule.id,
            code=code.id,
            message=message,
            subject=component.name,
            version=component.version,
            location=component.location,
            place=place(component, inventory),
            notes=(note, wanted, path_note(component, inventory), decision_note(self.rule)),
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
    name="packages.fresh",
    summary="no package is too far behind, and none came out just now",
    params=Params,
    codes=(BEHIND, TOO_NEW),
    needs=needs,
    judge=judge,
    validate=validate,
    offline=False,
    stricter={"max_behind": "smaller", "cooldown": "larger", "only": "wider", "direct": "smaller"},
)
