"""From files to a policy: sections decoded, rules bound to their kinds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from adhere.errors import ConfigError, Problem
from adhere.model.finding import Level
from adhere.policy.answer import described
from adhere.policy.decode import Decoder, nearest, quoted, unknown_schema
from adhere.policy.rule import Decision, Kind, Registry, Rule, RuleTable
from adhere.policy.settings import Cache, ConfigTable
from adhere.spans.document import Node

if TYPE_CHECKING:
    from adhere.policy.waiver import Clarification, Waiver

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
        replaced: parts that another decision replaces, a rule's id or an anchor without its
            ``#``, with the id of that one.
    """

    adr: str
    nodes: tuple[Node, ...]
    enforced: Level | None
    decisions: dict[str, Decision]
    replaced: dict[str, str] = {}


def decode_config(root: Node) -> tuple[ConfigTable, list[Problem]]:
    """The sections of a configuration; a section that is wrong keeps its defaults."""
    decoder = Decoder()
    table = decoder.struct(root, ConfigTable, ignore=("rule",))
    if table is None:
        table = _salvage(root)
    decoder.problems.extend(_unknown_lifetimes(root))
    decoder.problems.extend(_wrong_server(root))
    decoder.problems.extend(_bare_secrets(root))
    schema = root.child("schema")
    typed = schema is not None and isinstance(schema.value, int)
    return table, [*decoder.problems, *(unknown_schema(root) if typed else ())]


def _unknown_lifetimes(root: Node) -> list[Problem]:
    """Kinds of entries that no cache holds: a time to live for one would change nothing."""
    cache = root.child("cache")
    node = cache.child("ttl") if cache is not None else None
    if node is None or not isinstance(node.value, dict):
        return []
    known = Cache().ttl
    return [
        child.problem(
            "config-unknown-key",
            f"unknown kind of entry `{name}`",
            hint=nearest(name, known) or f"known are {quoted(known)}",
            on_key=True,
        )
        for name, child in node.value.items()
        if name not in known
    ]


def _wrong_server(root: Node) -> list[Problem]:
    """An address of the shared cache that no client can have."""
    node = _down(root, "cache", "redis", "url")
    if node is None or not isinstance(node.value, str) or not node.value:
        return []
    if node.value.startswith(("redis://", "rediss://", "unix://")):
        return []
    if node.value.startswith("env:") and len(node.value) > len("env:"):
        return []
    # Not the value itself: it may hold a password.
    hint = "write redis://, rediss:// or unix://, or env:NAME for that of a variable"
    return [node.problem("config-type", "this is no address of Redis or Valkey", hint=hint)]


_SECRETS = (("cache", "redis", "secret"), ("alerts", "secret"), ("alerts", "webhook"))
"""Keys that name a variable: whoever knows the address of a webhook can mostly use it."""


def _bare_secrets(root: Node) -> Iterator[Problem]:
    """Secrets that stand in the file itself, where everybody can read them."""
    for keys in _SECRETS:
        node = _down(root, *keys)
        if node is None or not isinstance(node.value, str) or not node.value:
            continue
        if node.value.startswith("env:") and len(node.value) > len("env:"):
            continue
        hint = "put it into a variable, and write env:NAME for that"  # and do not show it here
        found = node.problem("config-type", "a secret does not belong into a file", hint=hint)
        yield Problem(found.code, found.message, path=found.path, line=found.line, hint=hint)


def _down(root: Node, *keys: str) -> Node | None:
    node: Node | None = root
    for key in keys:
        node = node.child(key) if node is not None else None
    return node


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
        # Parameters are looked at even where another key is wrong: all mistakes at once.
        kind = _kind(node, registry, decoder.problems)
        params, broken = (None, "") if kind is None else _params(node, kind, decoder)
        rule = None
        if table is not None:
            _check_table(node, table, decoder.problems)
            decision = _decision(node, table, owner, decoder.problems)
            if kind is not None and params is not None and not decoder.problems:
                rule = _rule(node, table, kind, params, broken, owner, decision)
        problems.extend(decoder.problems)
        # A rule that is wrong holds its id all the same: what waivers name it is one rule.
        name = node.child("id")
        if name is not None and isinstance(name.value, str):
            if name.value in seen:
                message = f"a rule with the id `{name.value}` stands above"
                problems.append(name.problem("rule-duplicate", message))
                continue
            seen.add(name.value)
        if rule is not None:
            rules.append(rule)
    return rules, problems


def _kind(node: Node, registry: Registry, problems: list[Problem]) -> Kind | None:
    """The kind that a rule names; a rule that names none is the decoder's to refuse."""
    at = node.child("check")
    if at is None or not isinstance(at.value, str):
        return None
    try:
        kind = registry.get(at.value)
    except ConfigError as error:
        problems.extend(error.problems)
        return None
    if kind is None:
        hint = nearest(at.value, registry) or f"known are {quoted(sorted(registry))}"
        message = f"unknown check kind `{at.value}`"
        problems.append(at.problem("rule-unknown-kind", message, hint=hint))
    return kind


def _params(node: Node, kind: Kind, decoder: Decoder) -> tuple[Struct | None, str]:
    """Parameters of the kind's own type; ``None`` when something is wrong with them.

    And what the kind itself did wrong, ``""`` for nothing: one that cannot even look at its
    parameters has to break its own rule and no other.

    A parameter of the wrong type does not hide what is wrong with an element of another.
    What concerns several parameters together is only told when all have their types.
    """
    given = node.child("with")
    at = given if given is not None else Node({}, node.document, node.at)
    params = decoder.struct(at, kind.params)
    sound = params if params is not None else _sound(at, kind.params)
    if sound is None:
        return None, ""
    try:
        found = [
            at.down(path).problem("rule-parameter", f"{message}", hint=f"{hint}")
            for path, message, hint in kind.validate(sound)
            if params is not None or len(path) > 1
        ]
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a kind may come from anywhere
        return params, f"its parameters: {described(error)}"
    decoder.problems.extend(found)
    return params, ""


def _sound(at: Node, params: type[Struct]) -> Struct | None:
    """The parameters that have their types, with defaults in place of the others."""
    if not isinstance(at.value, dict):
        return None
    kept: dict[str, Node] = {}
    for field in msgspec.structs.fields(params):
        decoder = Decoder()
        child = at.child(field.encode_name)
        if child is not None:
            decoder.value(child, field.type)
            if not decoder.problems:
                kept[field.encode_name] = child
    return Decoder().struct(Node(kept, at.document, at.at), params)


def _rule(
    node: Node,
    table: RuleTable,
    kind: Kind,
    params: Struct,
    broken: str,
    owner: OwnedRules | None,
    decision: Decision | None,
) -> Rule:
    by = _replaced_by(table, owner) if owner else ""
    return Rule(
        id=f"{owner.adr}/{table.id}" if owner else table.id,
        table=table,
        kind=kind,
        params=params,
        node=node,
        decision=decision,
        enforced=None if by else owner.enforced if owner else "error",
        replaced_by=by,
        broken=broken,
    )


def _replaced_by(table: RuleTable, owner: OwnedRules) -> str:
    """The decision that replaces a rule: by its id, or with every section that it enforces."""
    if table.id in owner.replaced:
        return owner.replaced[table.id]
    by = [owner.replaced.get(ref.removeprefix("#"), "") for ref in table.refs]
    return by[0] if by and all(by) else ""


def _check_table(node: Node, table: RuleTable, problems: list[Problem]) -> None:
    if _ID.fullmatch(table.id) is None:
        at = node.down(("id",))
        problems.append(at.problem("rule-id", "a rule's id is kebab-case: `licenses-approved`"))
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
