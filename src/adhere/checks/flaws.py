"""What the kinds about vulnerabilities share: whom to judge, by which data, in which words."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from adhere.checks.wording import decision_note, path_note, place, plural, unreadable
from adhere.model.advisory import Severity, Statement, Vulnerabilities, Vulnerability
from adhere.model.finding import Finding, Flaw, Level, Missing, Note, Unjudged
from adhere.model.inventory import Component
from adhere.model.need import CannotJudge, Facts, VulnerabilitiesNeed
from adhere.policy.quantity import Duration
from adhere.policy.rule import Code, Rule
from adhere.policy.scope import judged
from adhere.policy.vulnerability.severity import Source, severity

_DAY = 86_400.0


class Hit(Struct, frozen=True):
    """One flaw in one package of a rule.

    Attributes:
        component: the package.
        flaw: with its severity weighed as the rule says.
    """

    component: Component
    flaw: Vulnerability


def usable(facts: Facts, max_age: Duration | None) -> Vulnerabilities:
    """The data, where it is young enough to judge by.

    Args:
        facts: of the run.
        max_age: of the rule; ``None`` for that of the configuration.

    Raises:
        CannotJudge: there is none, nobody knows how old it is, or it is too old.
    """
    known: Vulnerabilities = facts.require(VulnerabilitiesNeed())
    limit = max_age.seconds if max_age is not None else known.max_age
    hint = "adhere db status tells how old it is; adhere db update fetches another"
    if known.age is None:
        reason = f"nobody knows how old the advisories of {known.source} are"
        raise CannotJudge(Missing(reason, hint))
    if known.age < -_DAY:
        reason = f"the advisories of {known.source} are of the future, by {known.as_of}"
        raise CannotJudge(Missing(reason, "check the clock of this machine"))
    if known.age > limit:
        days, most = known.age / _DAY, limit / _DAY
        reason = (
            f"the advisories of {known.source} are {days:.1f} days old, and {most:g} are the most"
        )
        raise CannotJudge(Missing(reason, hint))
    return known


class LookedUp(Struct, frozen=True):
    """What is known of one package.

    Attributes:
        hits: its flaws.
        unjudged: why it may have others; ``None`` when these are all.
    """

    hits: tuple[Hit, ...] = ()
    unjudged: Unjudged | None = None


def looked_up(
    rule: Rule, facts: Facts, known: Vulnerabilities, source: Source
) -> Iterator[LookedUp]:
    """Every package of a rule, with its flaws, or why they are not known."""
    for component in judged(rule, facts.inventory):
        key = (component.name, component.version)
        answer = known.found.get(key, Missing("nobody looked it up"))
        doubt = answer if isinstance(answer, Missing) else known.doubts.get(key)
        flaws = () if isinstance(answer, Missing) else answer
        yield LookedUp(
            tuple(Hit(component, _weighed(flaw, source)) for flaw in flaws),
            Unjudged(component.name, doubt.reason, component.version) if doubt else None,
        )


def unread(facts: Facts, known: Vulnerabilities) -> list[Unjudged]:
    """What cannot be judged whatever the packages are."""
    return [*unreadable(facts), *(Unjudged(known.source, why) for why in known.remarks)]


def _weighed(flaw: Vulnerability, source: Source) -> Vulnerability:
    if source == "max":  # as it was found
        return flaw
    ids = (flaw.id, *flaw.aliases)
    return msgspec.structs.replace(flaw, severity=severity(ids, flaw.ratings, source))


def rated(level: Severity) -> str:
    """``HIGH (8.1)``."""
    return level.band if level.score is None else f"{level.band} ({level.score})"


def flaw_finding(
    rule: Rule,
    facts: Facts,
    hit: Hit,
    code: Code,
    message: str,
    *,
    level: Level,
    notes: tuple[Note, ...] = (),
    flaw: Flaw,
) -> Finding:
    """A finding about a flaw, with everything that whoever has to act wants to know."""
    component, inventory, found = hit.component, facts.inventory, hit.flaw
    fixed = f"update {component.name} to {found.fixed_in[0]}" if found.fixed_in else ""
    remark = "; ".join(found.severity.derivation[1:])
    own = (
        Note("severity", f"{rated(found.severity)}: {found.severity.derivation[0]}", remark=remark)
        if found.severity.derivation
        else Note("severity", rated(found.severity))
    )
    about = [own]
    if found.aliases:
        about.append(Note("aliases", ", ".join(found.aliases)))
    if found.summary:
        about.append(Note("about", found.summary))
    if found.statement is not None:
        about.append(Note("vex", excuse(found.statement), remark=found.statement.author))
    about.append(Note("fixed in", ", ".join(found.fixed_in) or "no release yet"))
    return Finding(
        rule=rule.id,
        code=code.id,
        message=message,
        subject=component.name,
        version=component.version,
        detail=found.id,
        level=level,
        location=component.location,
        place=place(component, inventory),
        notes=(*about, *notes, path_note(component, inventory), decision_note(rule)),
        fix=fixed or f"replace {component.name}, or mitigate and waive it until it is fixed",
        groups=component.groups,
        flaw=flaw,
    )


def excuse(statement: Statement) -> str:
    """``vex.json says not affected: code_not_reachable``."""
    why = f": {statement.reason}" if statement.reason else ""
    return f"{statement.source} says {statement.status.replace('_', ' ')}{why}"


def counted(hits: int, packages: int) -> str:
    """``3 vulnerabilities in 741 packages``."""
    return f"{plural(hits, 'vulnerability', 'vulnerabilities')} in {plural(packages, 'package')}"
