"""``data.assert``: a value in a TOML, YAML or JSON file is as decided."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from datetime import date
from typing import Any, Literal

import msgspec
from msgspec import Struct

from adhere.checks.wording import decision_note, plural
from adhere.model.finding import Finding, Judgement, Note
from adhere.model.need import DataFile, DataNeed, Facts, Need
from adhere.policy.decode import nearest
from adhere.policy.rule import Change, Code, Direction, Kind, ParamProblem, Rule
from adhere.spans.text import KeyPath

Operator = Literal[
    "exists",
    "absent",
    "equals",
    "not_equals",
    "in",
    "not_in",
    "contains",
    "not_contains",
    "matches",
    "min",
    "max",
]


class Params(Struct, frozen=True):
    """Parameters of ``data.assert``.

    Attributes:
        file: a ``.toml``, ``.json``, ``.yaml`` or ``.yml`` file of the project.
        path: keys and indices from the root, ``tool.ruff.lint.select[0]``; a key with dots
            in quotes; ``*`` for every key or element, which then all have to be right.
        op: how to compare.
        value: with what; not for ``exists`` and ``absent``.
    """

    file: str
    path: str
    op: Operator = "exists"
    value: Any = None


WRONG = Code("data-wrong", "A value is not as decided")
ABSENT = Code("data-absent", "A value that a decision asks for is not there")
PRESENT = Code("data-present", "A value that a decision rules out is there")

_STEP = re.compile(r'"([^"]+)"|\[(\d+|\*)\]|([^.\["]+)')
_MAX_MATCH = 10_000


def steps(path: str) -> tuple[str | int, ...]:
    """The keys and indices of a path.

    Raises:
        ValueError: it is none.
    """
    found: list[str | int] = []
    at = 0
    while at < len(path):
        if path[at] == "." and found:
            at += 1
        match = _STEP.match(path, at)
        if match is None:
            raise ValueError(f"`{path[at:]}` is no key or index")
        quoted, index, plain = match.groups()
        found.append(int(index) if index and index != "*" else quoted or index or plain)
        at = match.end()
    if not found:
        raise ValueError("the path is empty")
    if path.endswith("."):
        raise ValueError("the path ends with a dot")
    return tuple(found)


def validate(params: Params) -> Iterator[ParamProblem]:
    """A path or pattern that is none; a comparison without a value."""
    try:
        steps(params.path)
    except ValueError as error:
        yield (("path",), str(error), 'write `tool.ruff."a.b"[0]`')
    if not params.file.endswith((".toml", ".json", ".yaml", ".yml")):
        known = ".toml, .json, .yaml, .yml"
        yield (("file",), f"`{params.file}` is no structured file", f"known are {known}")
    if params.op in ("exists", "absent"):
        if params.value is not None:
            yield (("value",), f"`{params.op}` takes no value", nearest("equals", ("equals",)))
        return
    if params.value is None:
        yield (("op",), f"`{params.op}` needs a `value`", "")
    elif params.op == "matches":
        if not isinstance(params.value, str):
            yield (("value",), "`matches` needs a pattern, which is a string", "")
            return
        try:
            re.compile(params.value)
        except (re.error, RecursionError, OverflowError) as error:
            yield (("value",), f"not a regular expression: {error}", "")
    elif params.op in ("in", "not_in") and not isinstance(params.value, list):
        yield (("value",), f"`{params.op}` needs an array", "")
    elif params.op in ("min", "max") and not _is_measurable(params.value):
        yield (("value",), f"`{params.op}` needs a number or a date", "")


_DIRECTIONS: Mapping[str, Direction] = {
    "max": "smaller",
    "min": "larger",
    "in": "smaller",
    "not_in": "larger",
}
"""Which way the value is stricter, by operator."""


def stricter(old: Params, new: Params) -> Mapping[str, Change]:
    """How a limit has changed, where it is of the same value in both."""
    from adhere.policy.strictness import compare

    same = (old.file, old.path, old.op) == (new.file, new.path, new.op)
    if not same or new.op not in _DIRECTIONS:
        return {}
    return {"value": compare(old.value, new.value, _DIRECTIONS[new.op])}


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Find the values and compare each."""
    data: DataFile = facts.require(needs(params)[0])
    found = list(_select(data.value, steps(params.path), ()))
    present = [(path, value) for path, value, there in found if there]
    lacking = [path for path, _, there in found if not there]
    findings: list[Finding] = []
    for path, value in present:
        if params.op == "absent":
            message = f"`{_words(path)}` is {_shown(value)} and {_should(params)}"
            findings.append(_finding(rule, params, data, path, PRESENT, message))
        elif not holds(params.op, value, params.value, data.matching):
            message = f"`{_words(path)}` is {_shown(value)} and {_should(params)}"
            findings.append(_finding(rule, params, data, path, WRONG, message))
    if params.op != "absent":
        for path in lacking:
            message = f"`{_words(path)}` is not there and {_should(params)}"
            findings.append(_finding(rule, params, data, path, ABSENT, message))
    return Judgement(
        findings=tuple(findings),
        judged=len(found),
        observed="; ".join(_shown(value) for _, value in present[:3]) or "absent",
        expected=f"`{params.path}` {_should(params)} ({plural(len(found), 'value')} looked at)",
    )


def _select(
    value: Any, rest: tuple[str | int, ...], at: KeyPath
) -> Iterator[tuple[KeyPath, Any, bool]]:
    """Every value that a path means: its place, itself, and whether it is there.

    A ``*`` over nothing means nothing: the rule is then vacuous, not right.
    """
    if not rest:
        yield at, value, True
        return
    step, further = rest[0], rest[1:]
    children: dict[str | int, Any] = {}
    if isinstance(value, dict):
        children = {**value}
    elif isinstance(value, list):
        children = {**dict(enumerate(value))}
    if step == "*":
        for key, child in children.items():
            yield from _select(child, further, (*at, key))
    elif step in children:
        yield from _select(children[step], further, (*at, step))
    else:
        yield (*at, *rest), None, False


def selected(value: Any, path: str) -> Iterator[Any]:
    """Every value that a path means and that is there."""
    return (found for _, found, there in _select(value, steps(path), ()) if there)


def matchable(value: Any) -> Iterator[str]:
    """The text that a pattern is compared with; nothing for what has none, or too much."""
    if isinstance(value, (str, int, float, date)) and not isinstance(value, bool):
        text = str(value)
        if len(text) <= _MAX_MATCH:
            yield text


def holds(op: Operator, value: Any, wanted: Any, matching: Container[str] = frozenset()) -> bool:
    """Whether a value that is there compares as wanted.

    Values of types that do not compare are unequal, never an error: a string where a
    number was decided on is exactly what the rule is there to find.

    Args:
        op: how to compare.
        value: that is there.
        wanted: with what.
        matching: texts that the pattern of ``matches`` matches.
    """
    if op in ("equals", "not_equals"):
        return _equal(value, wanted) is (op == "equals")
    if op in ("in", "not_in"):
        return any(_equal(value, option) for option in wanted) is (op == "in")
    if op in ("contains", "not_contains"):
        # Each of several has to be there, or none of them may.
        wanted = wanted if isinstance(wanted, list) else [wanted]
        return all(_contains(value, item) is (op == "contains") for item in wanted)
    if op == "matches":
        return any(text in matching for text in matchable(value))
    if op in ("min", "max"):
        if not _is_measurable(value):
            return False
        try:
            return bool(value >= wanted if op == "min" else value <= wanted)
        except TypeError:
            return False
    return True


def _is_measurable(value: Any) -> bool:
    """A number or a date; a truth value is neither, though Python counts with it."""
    return isinstance(value, (int, float, date)) and not isinstance(value, bool)


def _equal(value: Any, wanted: Any) -> bool:
    """``True`` is not 1 here, however deep, as it is not in any of these file formats."""
    if isinstance(value, list) and isinstance(wanted, list):
        return len(value) == len(wanted) and all(map(_equal, value, wanted))
    if isinstance(value, dict) and isinstance(wanted, dict):
        return value.keys() == wanted.keys() and all(_equal(value[k], wanted[k]) for k in value)
    if isinstance(value, bool) is not isinstance(wanted, bool):
        return False
    return bool(value == wanted)


def _contains(value: Any, item: Any) -> bool:
    if isinstance(value, str):
        return isinstance(item, str) and item in value
    if isinstance(value, (list, dict)):
        return any(_equal(item, own) for own in value)
    return False


_SHOULD: dict[Operator, str] = {
    "exists": "should be there",
    "absent": "should not be there",
    "equals": "should be",
    "not_equals": "should not be",
    "in": "should be one of",
    "not_in": "should be none of",
    "contains": "should contain",
    "not_contains": "should not contain",
    "matches": "should match",
    "min": "should be at least",
    "max": "should be at most",
}


def _should(params: Params) -> str:
    words = _SHOULD[params.op]
    return words if params.value is None else f"{words} {_shown(params.value)}"


def _shown(value: Any) -> str:
    """A value as JSON, which readers of all three formats understand."""
    try:
        text = msgspec.json.encode(value).decode()
    except (UnicodeEncodeError, TypeError, ValueError, RecursionError):
        text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."


def _words(path: KeyPath) -> str:
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            name = f'"{step}"' if "." in step else step
            text += f".{name}" if text else name
    return text


def _finding(
    rule: Rule, params: Params, data: DataFile, path: KeyPath, code: Code, message: str
) -> Finding:
    decided = "op" if params.value is None else "value"
    return Finding(
        rule=rule.id,
        code=code.id,
        message=f"{params.file}: {message}",
        subject=params.file,
        detail=_words(path),
        location=data.locate(path),
        place="missing here" if code is ABSENT else "found here",
        notes=(
            Note("decided", f"it {_should(params)}", location=rule.place("with", decided)),
            decision_note(rule),
        ),
        fix="set the value as decided, or change the decision",
    )


def needs(params: Params) -> tuple[Need, ...]:
    """The file, and which of its values match."""
    if params.op == "matches":
        return (DataNeed(params.file, params.value, params.path),)
    return (DataNeed(params.file),)


KIND = Kind(
    name="data.assert",
    summary="a value in a TOML, YAML or JSON file is as decided",
    params=Params,
    codes=(WRONG, ABSENT, PRESENT),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter=stricter,
)
