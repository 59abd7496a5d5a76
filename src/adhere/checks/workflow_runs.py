"""``workflow.runs``: CI runs a tool on an event, and its failure stops something."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from adhere.checks.selecting import wrong_patterns
from adhere.checks.wording import decision_note
from adhere.checks.workflow_conditions import why_not
from adhere.model.finding import Finding, Judgement, Note
from adhere.model.location import Location
from adhere.model.need import Facts, Need, WorkflowsNeed
from adhere.model.workflow import Step, Workflows
from adhere.policy.rule import Code, Kind, ParamProblem, Rule

WORKFLOWS = (".github/workflows/*.yml", ".github/workflows/*.yaml", ".gitlab-ci.yml")
EVENTS = ("pull_request", "push", "schedule", "merge_group", "release", "workflow_dispatch")


class Params(Struct, frozen=True):
    """Parameters of ``workflow.runs``.

    Attributes:
        runs: the command, ``bandit`` or ``ruff check``: its program, and words that it has to
            have; directly, or through nox, tox, pre-commit or a script of the project.
        uses: actions that do the same, ``acme/audit@*``.
        on: events, each of which it has to run on, in GitHub's words; for GitLab,
            ``pull_request`` is a merge request.
        branch: that a push is to, or a pull request is for.
        blocking: its failure has to fail the job.
        files: workflows that are looked at.
    """

    runs: str
    uses: tuple[str, ...] = ()
    on: tuple[str, ...] = ("pull_request",)
    branch: str = "main"
    blocking: bool = True
    files: tuple[str, ...] = WORKFLOWS


ABSENT = Code("workflow-absent", "No workflow runs what was decided")
LENIENT = Code(
    "workflow-lenient", "A workflow runs it, but not always, or its failure stops nothing"
)

_SHOWN = 5


def validate(params: Params) -> Iterator[ParamProblem]:
    """No command; an event that there is not."""
    try:
        if not shlex.split(params.runs):
            yield (("runs",), "name the command: `bandit`, `ruff check`", "")
    except ValueError as error:
        yield (("runs",), f"this is no command: {error}", "")
    if not params.on:
        yield (("on",), "name the events: `pull_request`, `push`, `schedule`", "")
    for index, event in enumerate(params.on):
        if event not in EVENTS:
            hint = f"known are {', '.join(EVENTS)}"
            yield (("on", index), f"`{event}` is no event that can be judged", hint)
    if not params.files:
        yield (("files",), "name the workflows to look at", "")
    yield from wrong_patterns("files", params.files)


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Look for a step for every event."""
    workflows: Workflows = facts.require(needs(params)[0])
    steps = [step for step in workflows.steps if _is_meant(step, params)]
    findings: list[Finding] = []
    good: dict[str, Step] = {}
    for event in params.on:
        misses: list[tuple[Location, str]] = []
        for step in steps:
            reason = why_not(step, event, params.branch)
            if reason is None:
                continue
            reason = reason or (step.fault if params.blocking else "")
            if not reason:
                good.setdefault(event, step)
            else:
                misses.append((step.where, reason))
        if event not in good:
            findings.append(_finding(rule, params, event, misses, steps, workflows))
    return Judgement(
        findings=tuple(findings),
        judged=len(params.on),
        observed="; ".join(f"{event}: {_by(step)}" for event, step in good.items()) or "nothing",
        expected=f"`{params.runs}` on {', '.join(params.on)}"
        + (", in a step that can fail" if params.blocking else ""),
    )


def _is_meant(step: Step, params: Params) -> bool:
    if step.uses:
        return any(fnmatchcase(step.uses, pattern) for pattern in params.uses)
    program, *rest = shlex.split(params.runs)
    if _plain(step.words[0]) != _plain(program):
        return False
    return all(word in step.words[1:] for word in rest)


def _plain(name: str) -> str:
    """A program and the module of the same name are one: ``pip-audit``, ``pip_audit``."""
    return name.lower().replace("_", "-").partition("==")[0].partition("@")[0]


def _by(step: Step) -> str:
    place = f"{step.where.path}:{step.where.line}" if step.where.line else step.where.path
    return " > ".join((*step.by, place))


def _finding(
    rule: Rule,
    params: Params,
    event: str,
    misses: Sequence[tuple[Location, str]],
    steps: Sequence[Step],
    workflows: Workflows,
) -> Finding:
    notes = [Note("why", reason, location=where) for where, reason in misses[:_SHOWN]]
    if not misses and steps:
        elsewhere = dict.fromkeys(step.where for step in steps)
        notes += [
            Note("only", "on other events", location=where) for where in list(elsewhere)[:_SHOWN]
        ]
    if not workflows.files:
        notes.append(Note("looked at", f"none of {', '.join(params.files)} is there"))
    notes += [Note("unknown", why, location=where) for where, why in workflows.unknown[:_SHOWN]]
    what = f"`{params.runs}` on {event}"
    return Finding(
        rule=rule.id,
        code=(LENIENT if misses else ABSENT).id,
        message=f"CI runs {what}, but its failure may stop nothing"
        if misses
        else f"CI does not run {what}",
        subject=f"{params.runs}:{event}",
        location=misses[0][0] if misses else rule.place("with", "runs"),
        place="run here" if misses else "asked for here",
        notes=(*notes, decision_note(rule)),
        fix="let it run always, in a step that can fail the job"
        if misses
        else "add a step that runs it to a workflow of this event",
    )


def needs(params: Params) -> tuple[Need, ...]:
    """What CI runs."""
    return (WorkflowsNeed(params.files),)


KIND = Kind(
    name="workflow.runs",
    summary="CI runs a tool on an event, and its failure stops something",
    params=Params,
    codes=(ABSENT, LENIENT),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={"uses": "smaller", "on": "larger", "blocking": "larger"},
)
