"""``calls.forbidden``: calls that a decision rules out, on the syntax tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from adhere.checks.selecting import also_note, unparsed, wrong_selection
from adhere.checks.wording import decision_note, plural
from adhere.model.code import Call, SourceCode
from adhere.model.finding import Finding, Judgement, Note
from adhere.model.location import Location
from adhere.model.need import CodeNeed, Facts, Need, Selection
from adhere.policy.rule import Code, Kind, ParamProblem, Rule

Within = Literal["anywhere", "loop", "coroutine", "import"]


class Params(Struct, frozen=True):
    """Parameters of ``calls.forbidden``.

    Attributes:
        calls: what may not be called, by its full name wherever and however it was imported:
            ``subprocess.run``, ``eval``; ``*`` stands for any text, so that ``os.exec*`` is a
            family, ``requests.*`` all of a module, ``*.execute`` a method of anything.
        words: only calls with each of these among the text of their arguments; ``pip show``
            is found in ``["pip", "show"]`` as well.
        within: ``anywhere``; ``loop`` for what is done again and again; ``coroutine`` for what
            would keep an event loop waiting; ``import`` for what happens when a module is
            imported.
        files: patterns of the files that are meant, relative to the project.
        exclude: patterns of files that are not.
        use_instead: what the decision offers.
    """

    calls: tuple[str, ...]
    words: tuple[str, ...] = ()
    within: Within = "anywhere"
    files: tuple[str, ...] = ("**/*.py",)
    exclude: tuple[str, ...] = ()
    use_instead: str = ""


FORBIDDEN = Code("call-forbidden", "Something is called that a decision rules out")

_NAME = re.compile(r"[\w*]+(\.[\w*]+)*")
_WITHIN: Mapping[Within, str] = {
    "anywhere": "",
    "loop": " in a loop",
    "coroutine": " in a coroutine",
    "import": " when its module is imported",
}


def validate(params: Params) -> Iterator[ParamProblem]:
    """No call; a name that is none."""
    if not params.calls:
        yield (("calls",), "name what may not be called", "")
    for index, name in enumerate(params.calls):
        if _NAME.fullmatch(name) is None:
            hint = "write `subprocess.run`, `requests.*` or `*.execute`"
            yield (("calls", index), f"`{name}` is no name of anything to call", hint)
    for index, words in enumerate(params.words):
        if not words.strip():
            yield (("words", index), "an empty text is in every call", "")
    yield from wrong_selection(params.files, params.exclude)


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Look up every call that is meant."""
    code: SourceCode = facts.require(needs(params)[0])
    found: dict[tuple[str, str, str], list[Call]] = {}
    ruled_out: dict[str, int] = {}
    for index, pattern in enumerate(params.calls):
        for name in _named(pattern, code):
            if ruled_out.setdefault(name, index) != index:
                continue  # another pattern has it already
            for path, call in code.calls[name]:
                if _is_meant(call, params):
                    found.setdefault((path, name, call.scope), []).append(call)
    findings = tuple(
        _finding(rule, params, path, calls, ruled_out[name])
        for (path, name, _), calls in sorted(found.items())
    )
    unjudged = unparsed(code)
    judged = len(code.files) - len(unjudged)
    calls = sum(map(len, found.values()))
    return Judgement(
        findings=findings,
        judged=judged,
        unjudged=unjudged,
        observed=f"{plural(calls, 'call')} in {plural(judged, 'file')}"
        if calls
        else "no such call",
        expected=f"no call of {', '.join(params.calls)}{_with(params)}{_WITHIN[params.within]}",
    )


def _named(pattern: str, code: SourceCode) -> Iterator[str]:
    """Names of calls that a pattern means."""
    if "*" not in pattern:
        if pattern in code.calls:
            yield pattern
        return
    first, _, _ = pattern.partition(".")
    _, dot, last = pattern.rpartition(".")
    names: Iterable[str] = code.calls
    if "*" not in first and dot:
        names = code.calls_by_part.get(f"{first}.", ())
    elif "*" not in last:
        names = code.calls_by_part.get(f".{last}", ())
    expression = re.compile(".*".join(map(re.escape, pattern.split("*"))))
    yield from (name for name in names if expression.fullmatch(name))


def _is_meant(call: Call, params: Params) -> bool:
    if params.within == "loop" and not call.loop:
        return False
    if params.within == "coroutine" and not call.coroutine:
        return False
    if params.within == "import" and call.when != "import":
        return False
    return all(" ".join(words.split()) in " ".join(call.words.split()) for words in params.words)


def _with(params: Params) -> str:
    return f" with `{'`, `'.join(params.words)}`" if params.words else ""


def _finding(rule: Rule, params: Params, path: str, calls: list[Call], index: int) -> Finding:
    first = calls[0]
    name = first.name.removeprefix("?.")
    notes = [Note("in", first.scope)] if first.scope else []
    where = f"{_with(params)}{_WITHIN[params.within]}"
    return Finding(
        rule=rule.id,
        code=FORBIDDEN.id,
        message=f"`{path}` calls `{name}`{where}",
        subject=path,
        detail=f"{first.name} in {first.scope}" if first.scope else first.name,
        location=Location(path, first.line, first.column),
        place="called here",
        notes=(
            *notes,
            *also_note([call.line for call in calls]),
            Note("ruled out", params.calls[index], location=rule.place("with", "calls", index)),
            decision_note(rule),
        ),
        fix=f"use {params.use_instead}" if params.use_instead else "do without the call",
    )


def needs(params: Params) -> tuple[Need, ...]:
    """What the files call."""
    return (CodeNeed(Selection(params.files, params.exclude)),)


KIND = Kind(
    name="calls.forbidden",
    summary="calls that a decision rules out, on the syntax tree",
    params=Params,
    codes=(FORBIDDEN,),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={
        "calls": "larger",
        "words": "smaller",
        "files": "larger",
        "exclude": "smaller",
    },
)
