"""From files to a policy: sections decoded, rules bound to their kinds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from adhere.errors import Problem
from adhere.model.finding import Level
from adhere.policy.decode import Decoder, nearest, quoted
from adhere.policy.rule import Decision, Registry, Rule, RuleTable
from adhere.policy.settings import ConfigTable
from adhere.spans.document import Node

if TYPE_CHECKING:
    from adhere.policy.waiver import Clarification, Waiver

SCHEMA = 1
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Policy(Struct, frozen=True):
    """Everything a verdict depends on besides the facts.

    Attributes:
        config: all sections.
        rules: in the order they are shown.
        waivers: all that could be read.
        clarifications: all that could be read.
        problems: what is wrong with the files; the verdict is never green with any.
    """

    config: ConfigTable
    rules: tuple[Rule, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    clarifications: tuple[Clarification, ...] = ()
    problems: tuple[Problem, ...] = ()


class OwnedRules(Struct, frozen=True):
    """Rules that an ADR owns, before they are decoded.

    Attributes:
        adr: id of the ADR.
        nodes: one per ``[[rule]]``.
        enforced: level cap of the ADR's status; ``None`` skips its rules.
        decisions: for each anchor (``#section``) of the document what it stands for;
            ``""`` for the document itself.
    """

    adr: str
    nodes: tuple[Node, ...]
    enforced: Level | None
    decisions: dict[str, Decision]


def decode_config(root: Node) -> tuple[ConfigTable, list[Problem]]:
    """The sections of a configuration; a section that is wrong keeps its defaults."""
    decoder = Decoder()
    table = decoder.struct(root, ConfigTable, ignore=("rule",))
    if table is None:
        table = _salvage(root)
    problems = decoder.problems
    schema = root.child("schema")
    if schema is not None and isinstance(schema.value, int) and schema.value != SCHEMA:
        problems.append(_unknown_schema(schema))
    return table, problems


def _unknown_schema(schema: Node) -> Problem:
    return schema.problem(
        "config-schema",
        f"schema {schema.value} is not known",
        hint=f"this version of adhere reads schema {SCHEMA}",
    )


def _salvage(root: Node) -> ConfigTable:
    """Every section that is right on its own, so that what is intact can be judged."""
    kept: dict[str, object] = {}
    if isinstance(root.value, dict):
        for key, node in root.value.items():
            if key == "rule":
                continue
            alone = Decoder().struct(Node({key: node}, node.document, root.at), ConfigTable)
            if alone is not None:
                kept[key] = getattr(alone, key)
    return ConfigTable(**kept)  # type: ignore[arg-type]  # each value was decoded for its key


def decode_rules(
    nodes: Iterable[Node], registry: Registry, owner: OwnedRules | None = None
) -> tuple[list[Rule], list[Problem]]:
    """Bind rule tables to their check kinds; whatever is wrong is left out and named."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for node in nodes:
        decoder = Decoder()
        table = decoder.struct(node, RuleTable, ignore=("with",))
        rule = None if table is None else _bind(node, table, registry, decoder, owner)
        problems.extend(decoder.problems)
        if rule is None:
            continue
        if rule.id in seen:
            message = f"a rule with the id `{rule.table.id}` stands above"
            problems.append(node.down(("id",)).problem("rule-duplicate", message))
            continue
        seen.add(rule.id)
        rules.append(rule)
    return rules, problems


def _bind(
    node: Node,
    table: RuleTable,
    registry: Registry,
    decoder: Decoder,
    owner: OwnedRules | None,
) -> Rule | None:
    problems = decoder.problems
    if _ID.fullmatch(table.id) is None:
        at = node.down(("id",))
        problems.append(at.problem("rule-id", "a rule's id is kebab-case: `licenses-approved`"))
    kind = registry.get(table.check)
    if kind is None:
        hint = nearest(table.check, registry) or f"known are {quoted(sorted(registry))}"
        at = node.down(("check",))
        problems.append(
            at.problem("rule-unknown-kind", f"unknown check kind `{table.check}`", hint=hint)
        )
        return None
    given = node.child("with")
    params_node = given if given is not None else Node({}, node.document, node.at)
    params = decoder.struct(params_node, kind.params)
    if params is not None:
        for path, message, hint in kind.validate(params):
            at = params_node.down(path)
            problems.append(at.problem("rule-parameter", message, hint=hint))
    _check_period(node, table, problems)
    decision = _decision(node, table, owner, problems)
    if problems or params is None:
        return None
    return Rule(
        id=f"{owner.adr}/{table.id}" if owner else table.id,
        table=table,
        kind=kind,
        params=params,
        node=node,
        decision=decision,
        enforced=owner.enforced if owner else "error",
    )


def _check_period(node: Node, table: RuleTable, problems: list[Problem]) -> None:
    start, end = table.applies_from, table.applies_until
    if isinstance(start, date) and isinstance(end, date) and end < start:
        at = node.down(("applies_until",))
        problems.append(at.problem("rule-period", "`applies_until` is before `applies_from`"))


def _decision(
    node: Node, table: RuleTable, owner: OwnedRules | None, problems: list[Problem]
) -> Decision | None:
    """The section of the owning ADR that the first reference names; a dangling one is wrong."""
    if owner is None:
        for index, ref in enumerate(table.refs):
            if ref.startswith("#"):
                at = node.down(("refs", index))
                message = f"`{ref}` names a section, but no ADR owns this rule"
                problems.append(at.problem("rule-ref", message))
        return None
    found: Decision | None = None
    for index, ref in enumerate(table.refs):
        if not ref.startswith("#"):
            continue
        decision = owner.decisions.get(ref)
        if decision is None:
            at = node.down(("refs", index))
            anchors = [anchor for anchor in owner.decisions if anchor]
            hint = nearest(ref, anchors) or f"sections are {quoted(anchors)}"
            message = f"{owner.adr} has no section `{ref}`"
            problems.append(at.problem("rule-ref", message, hint=hint))
        elif found is None:
            found = decision
    return found or owner.decisions.get("")
