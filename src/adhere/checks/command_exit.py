"""``command.exit``: a command ends as decided."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import join

from msgspec import Struct, field

from adhere.checks.wording import decision_note
from adhere.model.exit import Exit
from adhere.model.finding import Finding, Judgement, Missing, Note
from adhere.model.need import CannotJudge, CommandNeed, Facts, Need
from adhere.policy.quantity import Duration
from adhere.policy.rule import Code, Kind, ParamProblem, Rule


class Params(Struct, frozen=True):
    """Parameters of ``command.exit``.

    Attributes:
        command: program and arguments; no shell reads them.
        codes: exit codes that are as decided.
        folder: that it runs in, relative to the project.
        within: the longest time; it is then ended, and everything that it started.
    """

    command: tuple[str, ...]
    codes: tuple[int, ...] = (0,)
    folder: str = "."
    within: Duration = field(default_factory=lambda: Duration("60s"))


WRONG = Code("command-failed", "A command does not end as decided")

_MOST_SECONDS = 3600
_SHOWN = 5


def validate(params: Params) -> Iterator[ParamProblem]:
    """No command; a folder elsewhere; no code, or no time."""
    if not params.command or not params.command[0].strip():
        yield (("command",), "name a program, and its arguments", "")
    elif len(params.command) == 1 and " " in params.command[0]:
        hint = 'write ["make", "check"]; no shell reads it'
        yield (("command", 0), "a program and its arguments are one text each", hint)
    for index, word in enumerate(params.command):
        if "\0" in word:
            yield (("command", index), "a text with a NUL in it is no argument", "")
    if params.folder.startswith(("/", "~")) or ".." in params.folder.split("/"):
        yield (("folder",), f"`{params.folder}` has to be a POSIX path inside the project", "")
    if not params.codes:
        yield (("codes",), "name the exit codes that are as decided", "")
    if not 0 < params.within.seconds <= _MOST_SECONDS:
        yield (("within",), "has to be more than nothing, and an hour at most", "")


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Compare its exit code."""
    ended: Exit = facts.require(needs(params)[0])
    words = join(params.command)
    if ended.fault:
        raise CannotJudge(Missing(f"`{words}`: {ended.fault}", "run it by hand to see why"))
    expected = " or ".join(f"exit code {code}" for code in params.codes)
    observed = f"exit code {ended.code}" if ended.code >= 0 else f"ended by signal {-ended.code}"
    if ended.code in params.codes:
        return Judgement(judged=1, observed=observed, expected=expected)
    said = (Note("said", line) for line in ended.output[-_SHOWN:])
    finding = Finding(
        rule=rule.id,
        code=WRONG.id,
        message=f"`{words}`: {observed}, not {expected}",
        subject=words,
        location=rule.place("with", "command"),
        place="run as written here",
        notes=(*said, decision_note(rule)),
        fix="run it by hand, and mend what it tells",
    )
    return Judgement(findings=(finding,), judged=1, observed=observed, expected=expected)


def needs(params: Params) -> tuple[Need, ...]:
    """How it ends."""
    return (CommandNeed(params.command, params.folder, params.within.seconds),)


KIND = Kind(
    name="command.exit",
    summary="a command ends as decided; only run where the command line allows it",
    params=Params,
    codes=(WRONG,),
    needs=needs,
    judge=judge,
    validate=validate,
    local=True,
    stricter={"codes": "smaller", "within": "smaller"},
)
