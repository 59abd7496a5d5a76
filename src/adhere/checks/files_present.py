"""``files.present``: files that a decision asks for are there, others are not."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from adhere.checks.selecting import wrong_patterns
from adhere.checks.wording import decision_note, plural
from adhere.model.finding import Finding, Judgement, Note
from adhere.model.location import Location
from adhere.model.need import Facts, FilesNeed, Need
from adhere.policy.rule import Code, Kind, ParamProblem, Rule


class Params(Struct, frozen=True):
    """Parameters of ``files.present``.

    Patterns are relative to the project; ``*`` stays within a folder, ``**`` crosses them.

    Attributes:
        files: every pattern has to match at least one file.
        absent: no pattern may match a file, a folder or a link, wherever that leads.
    """

    files: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


MISSING = Code("file-missing", "A file that a decision asks for is not there")
FORBIDDEN = Code("file-forbidden", "A file that a decision rules out is there")


def validate(params: Params) -> Iterator[ParamProblem]:
    """No pattern; a pattern that leaves the project."""
    if not params.files and not params.absent:
        yield ((), "name files in `files` or `absent`", "")
    yield from wrong_patterns("files", params.files)
    yield from wrong_patterns("absent", params.absent)


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Look at what each pattern matches."""
    findings: list[Finding] = []
    wrong: set[str] = set()
    for index, pattern in enumerate(params.files):
        if not facts.require(FilesNeed(pattern)):
            wrong.add(pattern)
            findings.append(
                Finding(
                    rule=rule.id,
                    code=MISSING.id,
                    message=f"no file matches `{pattern}`",
                    subject=pattern,
                    location=rule.place("with", "files", index),
                    place="asked for here",
                    notes=(decision_note(rule),),
                    fix=f"add {pattern}",
                )
            )
    for index, pattern in enumerate(params.absent):
        for path in facts.require(FilesNeed(pattern, entries=True)):
            wrong.add(pattern)
            findings.append(
                Finding(
                    rule=rule.id,
                    code=FORBIDDEN.id,
                    message=f"`{path}` is there, and `{pattern}` is ruled out",
                    subject=path,
                    detail=pattern,
                    location=Location(path),
                    place="found here",
                    notes=(
                        Note("ruled out", pattern, location=rule.place("with", "absent", index)),
                        decision_note(rule),
                    ),
                    fix="remove it",
                )
            )
    patterns = len(params.files) + len(params.absent)
    return Judgement(
        findings=tuple(findings),
        judged=patterns,
        observed=f"{patterns - len(wrong)} of {plural(patterns, 'pattern')} as decided",
        expected="; ".join(
            text
            for text in (
                params.files and f"present: {', '.join(params.files)}",
                params.absent and f"absent: {', '.join(params.absent)}",
            )
            if text
        ),
    )


def needs(params: Params) -> tuple[Need, ...]:
    """What each pattern matches."""
    wanted = (FilesNeed(pattern) for pattern in params.files)
    ruled_out = (FilesNeed(pattern, entries=True) for pattern in params.absent)
    return tuple(dict.fromkeys((*wanted, *ruled_out)))


KIND = Kind(
    name="files.present",
    summary="files that a decision asks for are there, others are not",
    params=Params,
    codes=(MISSING, FORBIDDEN),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={"files": "larger", "absent": "larger"},
)
