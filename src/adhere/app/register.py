"""The decisions of a project for whoever works on them: listed, checked, begun."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec
from msgspec import Struct

from adhere.adr.document import number_of
from adhere.adr.lint import lint
from adhere.app.decision_files import DOCUMENTS
from adhere.app.policy import LoadedPolicy, load_policy
from adhere.app.project import Project, find_project
from adhere.app.subject import decisions_of
from adhere.checks import KINDS
from adhere.errors import Problem, UsageError
from adhere.policy.decode import nearest, quoted
from adhere.report.document import ReportAdr
from adhere.sources.tree import DiskTree

_SLUG = re.compile(r"[^a-z0-9]+")


class Decisions(Struct, frozen=True):
    """Every decision of a project.

    Attributes:
        project: whose they are.
        loaded: the policy they are a part of.
        adrs: as a report has them, by id.
        today: the day on which reviews are due or not.
    """

    project: Project
    loaded: LoadedPolicy
    adrs: tuple[ReportAdr, ...]
    today: date

    @property
    def folder(self) -> str:
        """Where they are kept, relative to the project."""
        return self.loaded.policy.config.adr.dir.rstrip("/")

    def named(self, name: str) -> ReportAdr:
        """One decision, by its id or by its number.

        Raises:
            UsageError: there is none, or several have the number.
        """
        return named(self.adrs, name)

    def wrong(self) -> list[Problem]:
        """What is wrong with decisions and their rules: what cannot be used, then lint.

        Where no decision is known, anything wrong with the policy may be the reason.

        Raises:
            ConfigError: a document cannot be listed.
        """
        mine = {adr.path for adr in self.adrs}
        folder = f"{self.folder}/"
        found = [
            problem
            for problem in self.loaded.policy.problems
            if not self.adrs
            or problem.path in mine
            or problem.path.startswith(folder)
            or not problem.path
        ]
        texts = {
            path: text
            for path, text in self.loaded.inputs.items()
            if path.startswith(folder) and path.endswith(".md")
        }
        broken = {problem.path for problem in found}
        readable = {p: t for p, t in texts.items() if p in mine or p not in broken}
        if not self.adrs and not found:
            message = f"there is no decision in `{self.folder}`"
            hint = "adhere adr new TITLE begins one; `dir` in `[adr]` names another folder"
            found.append(Problem("adr-folder", message, hint=hint))
        return found + list(lint(self.loaded.adrs, self.loaded.policy.rules, readable, self.today))


def read_register(config: str, today: date) -> Decisions:
    """The decisions of the project of the working directory.

    Args:
        config: configuration file, ``""`` to look for one.
        today: the day.

    Raises:
        ConfigError: there is no telling which configuration is meant.
    """
    return decisions_in(find_project(os.getcwd(), config or None), today)


def decisions_in(project: Project, today: date) -> Decisions:
    """The decisions of a project."""
    loaded = load_policy(project, DiskTree(project.root), KINDS, today)
    return Decisions(project, loaded, decisions_of(loaded), today)


def named(adrs: Sequence[ReportAdr], name: str) -> ReportAdr:
    """One decision, by its id or by its number.

    Raises:
        UsageError: there is none, or several have the number.
    """
    found = [adr for adr in adrs if adr.id == name] or [
        adr for adr in adrs if adr.id.lower() == name.lower()
    ]
    if not found and name.isdecimal():
        found = [adr for adr in adrs if number_of(adr.id) and int(number_of(adr.id)) == int(name)]
    if len(found) == 1:
        return found[0]
    known = [adr.id for adr in adrs]
    if found:
        message, hint = f"several decisions are meant by `{name}`", quoted([a.id for a in found])
    else:
        message = f"there is no decision `{name}`"
        hint = nearest(name, known) or (
            f"known are {quoted(known[:8])}" if known else "there is none"
        )
    raise UsageError(Problem("usage", message, hint=hint))


def only(loaded: LoadedPolicy, ids: Iterable[str]) -> LoadedPolicy:
    """A policy without rules that none of some decisions owns, and without their waivers.

    Args:
        loaded: the whole.
        ids: of the decisions; empty for all.

    Raises:
        UsageError: one of them is not there.
    """
    adrs = decisions_of(loaded)
    wanted = {named(adrs, name).id for name in ids}
    policy = loaded.policy
    rules = tuple(
        rule
        for rule in policy.rules
        if rule.decision is not None and (not wanted or rule.decision.id in wanted)
    )
    kept = {rule.id for rule in rules}
    waivers = tuple(waiver for waiver in policy.waivers if waiver.table.rule in kept)
    policy = msgspec.structs.replace(policy, rules=rules, waivers=waivers)
    return msgspec.structs.replace(loaded, policy=policy)


def lint_code(wrong: Sequence[Problem]) -> int:
    """Exit code for what is wrong with decisions: 1 where all of it is an overdue review."""
    if not wrong:
        return 0
    return 1 if all(problem.code == "adr-review-due" for problem in wrong) else 2


class Begun(Struct, frozen=True):
    """A decision that was begun: its id, and the files that were written."""

    id: str
    written: tuple[str, ...]


def begin(
    decisions: Decisions,
    title: str,
    *,
    status: str,
    supersedes: Sequence[str],
    with_rules: bool,
) -> Begun:
    """Write a document with the next number, named as the others are.

    Raises:
        UsageError: the title says nothing, or a decision it supersedes is not there.
        StoreError: a file cannot be written.
    """
    from adhere.app.store import write_new

    title = " ".join(title.split())
    slug = _SLUG.sub("-", title.lower()).strip("-")[:60].strip("-")
    if not slug:
        raise UsageError(Problem("usage", "the title says nothing", hint="name what was decided"))
    old = [decisions.named(name).id for name in supersedes]
    prefix, number = next_number(decisions)
    identifier = f"ADR-{number}"
    stem = f"{prefix}{number}"
    text = _document(
        identifier, title, status, decisions.today, old, f"{stem}.rules.toml" if with_rules else ""
    )
    written = [f"{decisions.folder}/{stem}-{slug}.md"]
    write_new(decisions.project.path(written[0]), text.encode(), written[0])
    if with_rules:
        written.append(f"{decisions.folder}/{stem}.rules.toml")
        rules = f'schema = 1\nadr = "{identifier}"\n'
        write_new(decisions.project.path(written[1]), rules.encode(), written[1])
    return Begun(identifier, tuple(written))


def next_number(decisions: Decisions) -> tuple[str, str]:
    """The prefix and the next number, as the names of the files that are there have them.

    Raises:
        ConfigError: the folder cannot be listed.
    """
    tree = DiskTree(decisions.project.root)
    names = [
        path.rpartition("/")[2]
        for path in tree.matching(f"{decisions.folder}/{DOCUMENTS}", entries=True)
    ]
    numbered = [name for name in names if number_of(name)]
    known = [int(number_of(name)) for name in numbered]
    known += [int(number_of(adr.id)) for adr in decisions.adrs if number_of(adr.id)]
    if not numbered:
        return "ADR-", f"{max(known, default=0) + 1:03}"
    newest = max(numbered, key=lambda name: int(number_of(name)))
    width = len(number_of(newest))
    prefix = newest[: newest.index(number_of(newest))]
    return prefix, str(max(known) + 1).zfill(width)


def _document(
    identifier: str, title: str, status: str, today: date, supersedes: list[str], rules: str
) -> str:
    import json

    lines = [
        "---",
        f"id: {identifier}",
        f"title: {json.dumps(title, ensure_ascii=False)}",
        f"status: {status}",
        f"date: {today}",
        "decision-makers: []",
    ]
    lines += [f"supersedes: {json.dumps(supersedes)}"] if supersedes else []
    lines += [f"adhere: {{ rules: {rules} }}"] if rules else []
    return "\n".join(lines) + _BODY.replace("@TITLE@", title)


_BODY = """
---

# @TITLE@

## Context and problem statement

What is the matter, and why does it have to be decided now?

## Considered options

- One
- Another

## Decision outcome

What was chosen, and because of what.

## Consequences

What gets better, and what it costs.

## Confirmation

How anybody can see that it is kept: the rules that check it, by the section they enforce.
"""
