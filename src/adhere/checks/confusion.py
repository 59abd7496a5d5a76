"""Dependency confusion: a name of ours on an index where anybody may have taken it.

An installer that asks both indexes takes the higher version, whoever published it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from adhere.checks.wording import decision_note, path_note, place
from adhere.model.finding import Finding, Missing, Note, Unjudged
from adhere.model.inventory import Component
from adhere.model.need import Facts, ProjectsNeed
from adhere.model.project import Listed, ProjectPage, Projects
from adhere.policy.rule import Code, Rule
from adhere.policy.scope import judged

CONFUSION = Code("source-confusion", "A name of yours that a public index has, too")
NEED = ProjectsNeed("first-party")

Matches = Callable[[str], bool]
"""Whether an index is one of those that the rule names."""


def confused(rule: Rule, facts: Facts, watched: Matches) -> Iterator[Finding | Unjudged | None]:
    """What is known of every package of ours; ``None`` for one that no such index has.

    Raises:
        CannotJudge: nobody could be asked.
    """
    projects: Projects = facts.require(NEED)
    for component in judged(rule, facts.inventory, first_party=True):
        if component.first_party:
            answer = projects.get(component.name, Missing("nobody asked the index for it"))
            yield _of(rule, facts, component, answer, watched)


def _of(
    rule: Rule, facts: Facts, component: Component, answer: Listed | Missing, watched: Matches
) -> Finding | Unjudged | None:
    if isinstance(answer, Missing):
        return Unjudged(component.name, answer.reason, component.version)
    for page in answer.pages:
        if watched(page.index):
            return _finding(rule, facts, component, page)
    silent = [f"{index}: {why}" for index, why in answer.unanswered if watched(index)]
    if silent:
        return Unjudged(component.name, "; ".join(silent), component.version)
    if not any(watched(index) for index in answer.asked):
        reason = "none of the configured indexes is one of `not_on`"
        return Unjudged(component.name, reason, component.version)
    return None


def _finding(rule: Rule, facts: Facts, component: Component, page: ProjectPage) -> Finding:
    newest = page.releases[-1].version if page.releases else "none"
    return Finding(
        rule=rule.id,
        code=CONFUSION.id,
        message=f"{component.name} is a name of yours, and {page.index} has a project of that name",
        subject=component.name,
        version=component.version,
        detail=page.index,
        location=component.location,
        place=place(component, facts.inventory),
        notes=(
            Note("there", f"newest release {newest}", location=rule.place("with", "not_on")),
            path_note(component, facts.inventory),
            decision_note(rule),
        ),
        fix="bind the name to your own index in the installer's configuration, or take it over",
        groups=component.groups,
    )
