"""``requirements.pinned``: requirement lines are as tight, and as loose, as decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from adhere.checks.wording import decision_note, plural
from adhere.model.finding import Finding, Judgement, Missing, Note, Unjudged
from adhere.model.inventory import Requirement
from adhere.model.location import Location
from adhere.model.names import canonical_name
from adhere.model.need import Facts, FilesNeed, Need, RequirementsNeed
from adhere.model.package import is_commit
from adhere.policy.rule import Code, Kind, ParamProblem, Rule
from adhere.policy.scope import Scope

if TYPE_CHECKING:
    from packaging.specifiers import Specifier


class _NoSpecifier(Exception):  # noqa: N818 - not an error: a line that cannot be judged
    """The bounds of a line cannot be read; the message says so, as a clause."""


class Params(Struct, frozen=True):
    """Parameters of ``requirements.pinned``: files, by what is wanted of their lines.

    Every parameter is a list of file patterns relative to the project.

    Attributes:
        exact: one version (``==`` or ``===`` without a wildcard), or a fixed address.
        bounded: a lower and an upper bound.
        lower: at least a lower bound.
        no_wildcard: no ``==1.*``.
        no_upper_cap: nothing that keeps the next release out (``<``, ``<=``, ``==``, ``~=``).
        ignore: names of packages that may be as they are.
    """

    exact: tuple[str, ...] = ()
    bounded: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()
    no_wildcard: tuple[str, ...] = ()
    no_upper_cap: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


NOT_PINNED = Code("requirement-not-pinned", "A requirement that admits several versions")
NOT_BOUNDED = Code("requirement-not-bounded", "A requirement without a bound that was decided on")
WILDCARD = Code("requirement-wildcard", "A requirement with a wildcard")
CAPPED = Code("requirement-capped", "A requirement that keeps the next release out")

_DEMANDS = ("exact", "bounded", "lower", "no_wildcard", "no_upper_cap")

_Line = tuple[Location, str]
"""A requirement by its place and its words: two may stand in one line."""


def validate(params: Params) -> Iterator[ParamProblem]:
    """Nothing demanded; two demands on one pattern that no line can meet."""
    if not any(getattr(params, name) for name in _DEMANDS):
        yield ((), "it demands nothing: name files in `exact`, `bounded`, `lower`, ...", "")
    for name in ("exact", "bounded"):
        for index, pattern in enumerate(getattr(params, name)):
            if pattern in params.no_upper_cap:
                message = f"`{pattern}` also stands in `no_upper_cap`; no line can be both"
                yield ((name, index), message, "")


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Judge every requirement line of the named files."""
    scope = Scope(rule.table.groups)
    findings: list[Finding] = []
    unjudged: list[Unjudged] = []
    ignored = {canonical_name(name) for name in params.ignore}
    lines: set[_Line] = set()
    wrong: set[_Line] = set()
    empty: list[Unjudged] = []
    for demand in _DEMANDS:
        for index, pattern in enumerate(getattr(params, demand)):
            answer = facts.get(RequirementsNeed(pattern))
            if isinstance(answer, Missing):
                unjudged.append(Unjudged(pattern, answer.reason))
                continue
            if not answer and not facts.get(FilesNeed(pattern)):
                empty.append(Unjudged(pattern, "no file matches"))
            for requirement in answer:
                if requirement.constraint or requirement.name in ignored:
                    continue
                if not scope.admits((requirement.group,)):
                    continue
                line = (requirement.location, requirement.raw)
                lines.add(line)
                try:
                    found = [*_violations(rule, demand, index, requirement)]
                except _NoSpecifier as error:
                    unjudged.append(Unjudged(requirement.name or requirement.raw, str(error)))
                    continue
                findings.extend(found)
                wrong.update(line for _ in found)
    if lines and not rule.table.allow_empty:
        # Nothing at all is vacuous; a file that was renamed must not hide behind another.
        unjudged.extend(empty)
    return Judgement(
        findings=tuple(findings),
        judged=len(lines),
        unjudged=tuple(unjudged),
        observed=f"{len(lines) - len(wrong)} of {plural(len(lines), 'line')} as decided",
        expected="; ".join(
            f"{demand}: {', '.join(getattr(params, demand))}"
            for demand in _DEMANDS
            if getattr(params, demand)
        ),
    )


def _violations(rule: Rule, demand: str, index: int, requirement: Requirement) -> Iterator[Finding]:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        bounds = list(SpecifierSet(requirement.specifier))
    except InvalidSpecifier:
        reason = f"`{requirement.specifier}` is no version specifier"
        raise _NoSpecifier(reason) from None
    fixed = _is_fixed(requirement)
    exact = [b for b in bounds if b.operator in ("==", "===") and not b.version.endswith(".*")]
    wildcards = [b for b in bounds if b.operator == "==" and b.version.endswith(".*")]
    caps = [b for b in bounds if b.operator in ("<", "<=", "~=") or _holds_still(b)]
    floors = [b for b in bounds if b.operator in (">", ">=", "~=") or _holds_still(b)]
    if demand == "exact" and not exact and not fixed:
        yield _finding(rule, demand, index, requirement, NOT_PINNED, "is not pinned to one version")
    elif demand == "bounded" and not fixed and not (floors and caps):
        what = "has neither a lower nor an upper bound"
        if requirement.origin.kind != "index":
            what = "is an address whose content can change"
        elif floors or caps:
            what = f"has no {'upper' if floors else 'lower'} bound"
        yield _finding(rule, demand, index, requirement, NOT_BOUNDED, what)
    elif demand == "lower" and not fixed and not floors:
        what = "has no lower bound"
        if requirement.origin.kind != "index":
            what = "is an address whose content can change"
        yield _finding(rule, demand, index, requirement, NOT_BOUNDED, what)
    elif demand == "no_wildcard" and wildcards:
        yield _finding(rule, demand, index, requirement, WILDCARD, "has a wildcard")
    elif demand == "no_upper_cap" and caps:
        yield _finding(rule, demand, index, requirement, CAPPED, "keeps the next release out")


def _holds_still(bound: Specifier) -> bool:
    return bound.operator in ("==", "===")


def _is_fixed(requirement: Requirement) -> bool:
    """A commit or a local file stays what it is; a branch or an archive's address may not."""
    origin = requirement.origin
    if origin.kind == "vcs":
        return is_commit(origin.commit or origin.reference)
    if origin.kind == "url":
        return bool(requirement.hashes)
    return origin.kind in ("path", "editable")


_FIX = {
    "exact": "pin it with `==`, or a full commit id",
    "bounded": "give it a lower and an upper bound, `>=1.2,<2`",
    "lower": "give it a lower bound, `>=1.2`",
    "no_wildcard": "name the version, or write bounds",
    "no_upper_cap": "drop the cap; exclude single broken versions with `!=`",
}


def _finding(
    rule: Rule, demand: str, index: int, requirement: Requirement, code: Code, what: str
) -> Finding:
    return Finding(
        rule=rule.id,
        code=code.id,
        message=f"`{requirement.raw}` {what}",
        subject=requirement.name or requirement.raw,
        detail=f"{requirement.location.path} {requirement.group} {demand}",
        location=requirement.location,
        place="required here",
        notes=(
            Note("wanted", demand.replace("_", " "), location=rule.place("with", demand, index)),
            Note("group", requirement.group),
            decision_note(rule),
        ),
        fix=_FIX[demand],
        groups=(requirement.group,),
    )


def needs(params: Params) -> tuple[Need, ...]:
    """The requirement lines of every named file, and whether there is one."""
    patterns = {pattern: None for name in _DEMANDS for pattern in getattr(params, name)}
    lines = tuple(RequirementsNeed(pattern) for pattern in patterns)
    return (*lines, *(FilesNeed(pattern) for pattern in patterns))


KIND = Kind(
    name="requirements.pinned",
    summary="requirement lines are as tight, and as loose, as decided",
    params=Params,
    codes=(NOT_PINNED, NOT_BOUNDED, WILDCARD, CAPPED),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={**dict.fromkeys(_DEMANDS, "larger"), "ignore": "smaller"},
)
