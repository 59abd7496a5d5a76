"""``text.match``: what text files have to say, and what they must not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from adhere.checks.selecting import also_note, wrong_selection
from adhere.checks.wording import decision_note, plural
from adhere.model.finding import Finding, Judgement, Note, Unjudged
from adhere.model.location import Location
from adhere.model.need import Facts, Need, Selection, TextsNeed
from adhere.model.text import Found, Texts
from adhere.policy.rule import Code, Kind, ParamProblem, Rule


class Params(Struct, frozen=True):
    """Parameters of ``text.match``.

    Attributes:
        files: patterns of the files that are meant, relative to the project; ``*`` stays within
            a folder, ``**`` crosses them.
        exclude: patterns of files that are not.
        require: regular expressions; every file has to match each of them somewhere.
        forbid: regular expressions; no file may match any of them.
    """

    files: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()


MISSING = Code("text-missing", "A file does not say what a decision asks for")
FORBIDDEN = Code("text-forbidden", "A file says what a decision rules out")


def validate(params: Params) -> Iterator[ParamProblem]:
    """Nothing to look for; a pattern that is none."""
    if not params.require and not params.forbid:
        yield ((), "name patterns in `require` or `forbid`", "")
    yield from wrong_selection(params.files, params.exclude)
    for name in ("require", "forbid"):
        for index, pattern in enumerate(getattr(params, name)):
            try:
                expression = re.compile(pattern, re.MULTILINE)
            except (re.error, RecursionError, OverflowError) as error:
                yield ((name, index), f"not a regular expression: {error}", "")
                continue
            if expression.match("") is not None:
                hint = "say what has to be there: `x+` rather than `x*`"
                yield ((name, index), f"`{pattern}` matches where there is nothing", hint)


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Look at what each pattern matches in each file."""
    texts: Texts = facts.require(needs(params)[0])
    findings: list[Finding] = []
    unjudged: list[Unjudged] = []
    for path, file in texts.items():
        if file.fault:
            unjudged.append(Unjudged(path, f"{file.fault}; {file.hint}"))
            continue
        for index, pattern in enumerate(params.require):
            if not file.found[pattern].count:
                findings.append(_missing(rule, path, pattern, index))
        for index, pattern in enumerate(params.forbid):
            if file.found[pattern].count:
                findings.append(_forbidden(rule, path, pattern, index, file.found[pattern]))
    wrong = len({finding.subject for finding in findings})
    judged = len(texts) - len(unjudged)
    return Judgement(
        findings=tuple(findings),
        judged=judged,
        unjudged=tuple(unjudged),
        observed=f"{judged - wrong} of {plural(len(texts), 'file')} as decided",
        expected="; ".join(
            words
            for words in (
                params.require and f"each says: {', '.join(params.require)}",
                params.forbid and f"none says: {', '.join(params.forbid)}",
            )
            if words
        ),
    )


def _missing(rule: Rule, path: str, pattern: str, index: int) -> Finding:
    return Finding(
        rule=rule.id,
        code=MISSING.id,
        message=f"nothing in `{path}` matches `{pattern}`",
        subject=path,
        detail=pattern,
        location=Location(path),
        place="looked for here",
        notes=(
            Note("asked for", pattern, location=rule.place("with", "require", index)),
            decision_note(rule),
        ),
        fix="add what the decision asks for",
    )


def _forbidden(rule: Rule, path: str, pattern: str, index: int, found: Found) -> Finding:
    first = found.shown[0]
    return Finding(
        rule=rule.id,
        code=FORBIDDEN.id,
        message=f"`{path}` says what matches `{pattern}`",
        subject=path,
        detail=pattern,
        location=Location(path, first.line, first.column),
        place="said here",
        notes=(
            Note("says", first.text),
            *also_note([match.line for match in found.shown], found.count),
            Note("ruled out", pattern, location=rule.place("with", "forbid", index)),
            decision_note(rule),
        ),
        fix="remove it",
    )


def needs(params: Params) -> tuple[Need, ...]:
    """What all patterns match in all files."""
    patterns = tuple(dict.fromkeys((*params.require, *params.forbid)))
    return (TextsNeed(Selection(params.files, params.exclude), patterns),)


KIND = Kind(
    name="text.match",
    summary="what text files have to say, and what they must not",
    params=Params,
    codes=(MISSING, FORBIDDEN),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={"files": "larger", "exclude": "smaller", "require": "larger", "forbid": "larger"},
)
