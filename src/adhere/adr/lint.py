"""What is wrong with decisions though each of them can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from adhere.adr.document import Adr, is_template, number_of
from adhere.adr.numbers import drift, stated
from adhere.adr.register import Register
from adhere.errors import Problem
from adhere.policy.rule import Rule


def lint(
    adrs: Sequence[Adr], rules: Sequence[Rule], texts: Mapping[str, str], today: date
) -> Iterator[Problem]:
    """Every finding, decision by decision.

    Args:
        adrs: that could be read.
        rules: that they own.
        texts: of their documents by path.
        today: reviews before it are overdue.
    """
    register = Register(adrs)
    read = {adr.path for adr in adrs}
    for path in sorted(texts):
        named = number_of(path) and path.endswith(".md") and not is_template(path)
        if named and path not in read:
            yield Problem(
                "adr-invalid",
                "it is named like a decision and says no status",
                path=path,
                line=1,
                hint="add `status: accepted` in front matter, or a section `## Status`",
            )
    owned: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.decision is not None:
            owned.setdefault(rule.decision.id, []).append(rule)
    for adr in adrs:
        yield from _supersession(adr, register)
        yield from _parts(adr, register, owned)
        if adr.review_by is not None and adr.review_by < today and adr.status in _HOLDS:
            yield Problem(
                "adr-review-due",
                f"{adr.id} was to be reviewed by {adr.review_by}",
                path=adr.path,
                line=_line(texts.get(adr.path, ""), "review_by:"),
                hint="look at it again, then set `review_by` to the next day of review",
            )
        if adr.path in texts:
            yield from _numbers(adr, owned.get(adr.id, ()), texts[adr.path])


_HOLDS = ("proposed", "accepted", "deprecated")


def _line(text: str, start: str) -> int:
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if line.startswith(start)), 1)


def _supersession(adr: Adr, register: Register) -> Iterator[Problem]:
    """Both sides have to say it, and the older one by its status."""
    for reference in adr.superseded_by:
        by = register.find(reference)
        if by is None or by is adr:
            continue
        if not any(register.find(back) is adr for back in by.supersedes):
            yield _one_sided(
                f"{adr.id} is superseded by {by.id}, which does not say that it supersedes it",
                adr.path,
                reference.line,
                f'add `supersedes: ["{adr.id}"]` to {by.path}',
            )
        if by.status in ("proposed", "rejected") and not reference.part:
            yield _one_sided(
                f"{adr.id} is superseded by {by.id}, which is {by.status}",
                adr.path,
                reference.line,
                "until a decision is accepted, the one before it holds",
            )
    if adr.status in ("proposed", "rejected"):
        return
    for reference in adr.supersedes:
        old = register.find(reference)
        if old is None or old is adr:
            continue
        if not any(register.find(back) is adr for back in old.superseded_by):
            yield _one_sided(
                f"{adr.id} supersedes {old.id}, which does not say so",
                adr.path,
                reference.line,
                f'add `superseded_by: ["{adr.id}"]` to {old.path}',
            )
        if not reference.part and old.status != "superseded":
            yield _one_sided(
                f"{adr.id} supersedes {old.id}, which is {old.status} all the same",
                adr.path,
                reference.line,
                f"its rules are enforced until its status is `superseded`: {old.path}",
            )


def _one_sided(message: str, path: str, line: int, hint: str) -> Problem:
    return Problem("adr-supersession", message, path=path, line=line, hint=hint)


def _parts(adr: Adr, register: Register, owned: Mapping[str, Sequence[Rule]]) -> Iterator[Problem]:
    """A part that is replaced has to be there: a section, or a rule."""
    for reference in (*adr.superseded_by, *adr.supersedes):
        if not reference.part:
            continue
        about = adr if reference in adr.superseded_by else register.find(reference)
        if about is None:
            continue
        rules = {rule.table.id for rule in owned.get(about.id, ())}
        if reference.part not in rules and f"#{reference.part}" not in about.sections:
            yield Problem(
                "adr-dangling",
                f"{about.id} has no rule and no section `{reference.part}`",
                path=adr.path,
                line=reference.line,
                hint="a part is a rule's id, or the anchor of a section",
            )


def _numbers(adr: Adr, rules: Sequence[Rule], text: str) -> Iterator[Problem]:
    lines = text.removeprefix("\ufeff").split("\n")
    starts = sorted(s.location.line for a, s in adr.sections.items() if a and s.location)
    for rule in rules:
        if rule.node is None or rule.enforced is None:
            continue
        given = rule.node.child("with")
        numbers = list(stated(given.plain())) if given is not None else []
        for ref in rule.table.refs if numbers else ():
            section = adr.sections.get(ref)
            if section is None or section.location is None:
                continue
            start = section.location.line
            end = next((line for line in starts if line > start), len(lines) + 1)
            prose = "\n".join(lines[start : end - 1])
            for one in numbers:
                said = drift(one, numbers, prose)
                if said:
                    yield _differs(adr, rule, ".".join(map(str, one.at)), one.written, said, ref)


def _differs(
    adr: Adr, rule: Rule, name: str, written: str, said: Sequence[str], ref: str
) -> Problem:
    place = rule.place("with", *name.split("."))
    section = adr.sections[ref]
    where = f"{adr.path}:{section.location.line}" if section.location else adr.path
    words = " or ".join(f"`{one}`" for one in said[:3])
    return Problem(
        "adr-number",
        f"{rule.id} has `{name} = {written}`, and the section it enforces says {words}",
        path=place.path if place else adr.path,
        line=place.line if place else 1,
        column=place.column if place else 0,
        hint=f"change the sentence at {where}, or the rule",
    )
