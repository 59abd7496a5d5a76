"""The policy of a project: configuration, rules of its decisions, waivers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from adhere.app.decision_files import keeps_decisions
from adhere.app.project import Project
from adhere.errors import ConfigError, Problem, UsageError
from adhere.policy.config import Policy, decode_config, decode_rules
from adhere.policy.layers import RULES, load_layers
from adhere.policy.rule import Registry, Rule, RuleTable
from adhere.policy.settings import ConfigTable, Waivers
from adhere.ports import Tree
from adhere.spans.document import Document, Node

if TYPE_CHECKING:
    from adhere.adr.document import Adr
    from adhere.policy.waiver import WaiverFile

BUILT_IN_RULES = (
    (
        "adhere/sources-complete",
        "sources.complete",
        "Everything that a source lists could be read",
        "error",
    ),
    ("adhere/sources-agree", "sources.agree", "Lock file and environment hold the same", "warn"),
)
"""Rules of every run: id, kind, title, level."""


class LoadedPolicy(Struct, frozen=True):
    """A policy and the files it was read from.

    Attributes:
        policy: what is judged by.
        inputs: text by path of every file that was read.
        adrs: decisions, in the order of their ids.
        root: the configuration with its places, ``None`` without one.
    """

    policy: Policy
    inputs: dict[str, str]
    adrs: tuple[Adr, ...] = ()
    root: Node | None = None

    def place(self, key: str) -> str:
        """``file:line:column`` of a dotted key of the configuration, ``""`` if it is absent."""
        node = self.root
        for part in key.split("."):
            node = node.child(part) if node is not None else None
        if node is None:
            return ""
        return _place(node)

    def written(self) -> Iterator[tuple[str, object, str]]:
        """Every key that a file sets apart from rules: dotted, its value, its place."""
        stack = [("", self.root)] if self.root is not None else []
        while stack:
            name, node = stack.pop()
            if isinstance(node.value, dict):
                below = [(f"{name}.{key}" if name else key, n) for key, n in node.value.items()]
                stack.extend(item for item in reversed(below) if item[0] != RULES)
            else:
                yield name, node.plain(), _place(node)


def _place(node: Node) -> str:
    line, column = node.document.position(node.at)
    return f"{node.document.path}:{line}:{column}"


class _Reader:
    """Reads files once and remembers them, for their digests."""

    def __init__(self, read: Callable[[str], str], label: Callable[[str], str]) -> None:
        self._read = read
        self._label = label
        self.inputs: dict[str, str] = {}

    def __call__(self, path: str) -> str:
        label = self._label(path)
        if label not in self.inputs:
            self.inputs[label] = self._read(path)
        return self.inputs[label]


def load_policy(project: Project, tree: Tree, registry: Registry, today: date) -> LoadedPolicy:
    """Read everything that decides; whatever is wrong is a problem of the policy.

    Args:
        project: whose configuration.
        tree: its files.
        registry: check kinds.
        today: no waiver may have been created later.
    """

    def label(path: str) -> str:
        return project.label(project.path(path))

    read = _Reader(tree.text, label)
    problems: list[Problem] = []
    rules: list[Rule] = []
    config = ConfigTable()
    root: Node | None = None
    if project.config:
        try:
            root = load_layers(project.config, read, label)
        except ConfigError as error:
            return LoadedPolicy(Policy(config, problems=error.problems), read.inputs)
        config, problems = decode_config(root)
        problems += _unknown_levels(root)
        found, wrong = _rules_of(root, registry)
        rules += found
        problems += wrong
    adrs: list[Adr] = []
    if keeps_decisions(config, tree):
        from adhere.app.decisions import read_decisions

        adrs, owned, wrong = read_decisions(config, tree, read)
        problems += wrong
        for owner in owned:
            found, wrong = decode_rules(owner.nodes, registry, owner)
            rules += found
            problems += wrong
    problems += _repeated(rules)
    rules += _built_in(registry, rules, today)
    policy = Policy(config, tuple(rules))
    if config.waivers.file != Waivers().file or tree.matching(config.waivers.file):
        found_waivers = _waivers(config, read, rules, today)
        problems += found_waivers.problems
        policy = Policy(config, tuple(rules), found_waivers.waivers, found_waivers.clarifications)
    policy = msgspec.structs.replace(policy, problems=tuple(problems))
    return LoadedPolicy(policy, read.inputs, tuple(adrs), root)


def _unknown_levels(root: Node) -> list[Problem]:
    """Codes that no finding has: a level for one would change nothing, silently."""
    levels = root.child("levels")
    if levels is None or not isinstance(levels.value, dict):
        return []
    from adhere.app.codes import check_code

    problems: list[Problem] = []
    for code, at in levels.value.items():
        try:
            check_code(code)
        except UsageError as error:
            (wrong,) = error.problems
            problems.append(
                at.problem("config-unknown-key", wrong.message, hint=wrong.hint, on_key=True)
            )
    return problems


def _rules_of(root: Node, registry: Registry) -> tuple[list[Rule], list[Problem]]:
    node = root.child(RULES)
    if node is None:
        return [], []
    if not isinstance(node.value, list):
        message = "write `[[rule]]`, an array of tables"
        return [], [node.problem("config-type", message)]
    rules, problems = decode_rules(node.value, registry)
    kept = [rule for rule in rules if not rule.kind.local or _is_own(rule.node, root)]
    problems += [
        rule.node.down(("check",)).problem(
            "rule-parameter",
            f"a rule of the kind `{rule.kind.name}` has to stand in `{root.document.path}`",
            hint="it runs what it names, so it does not come with a policy that is extended",
        )
        for rule in rules
        if rule not in kept and rule.node is not None
    ]
    return kept, problems


def _is_own(node: Node | None, root: Node) -> bool:
    """Whether all of a value was written in one file, and nothing in those that it extends."""
    if node is None or node.document is not root.document:
        return False
    children = node.value
    if isinstance(children, dict):
        children = list(children.values())
    return not isinstance(children, list) or all(_is_own(child, root) for child in children)


def _repeated(rules: list[Rule]) -> list[Problem]:
    """Two files of one ADR may each have a rule of the same id."""
    seen: dict[str, Rule] = {}
    problems: list[Problem] = []
    for rule in list(rules):
        if rule.id in seen and rule.node is not None:
            message = f"another file has a rule `{rule.id}`"
            problems.append(rule.node.down(("id",)).problem("rule-duplicate", message))
            rules.remove(rule)
        seen.setdefault(rule.id, rule)
    return problems


def _built_in(registry: Registry, rules: list[Rule], today: date) -> list[Rule]:
    """Ours, where no rule of the user's that is in force takes its place."""
    kinds = {rule.kind.name for rule in rules if rule.in_force(today)}
    if "lock.matches" in kinds:
        kinds.add("sources.agree")  # the user's own rule says the same, more exactly
    return [
        Rule(
            id=name,
            table=RuleTable(name.rpartition("/")[2], kind, title, level, allow_empty=True),  # type: ignore[arg-type]  # a literal of BUILT_IN_RULES
            kind=registry[kind],
            params=registry[kind].params(),
            builtin=True,
        )
        for name, kind, title, level in BUILT_IN_RULES
        if kind not in kinds
    ]


def _waivers(config: ConfigTable, read: _Reader, rules: list[Rule], today: date) -> WaiverFile:
    """Nobody has to have exceptions; a file that was named has to be there."""
    from adhere.policy.waiver import WaiverFile, decode_waivers

    path = config.waivers.file
    try:
        document = Document(path, read(path))
    except ConfigError as error:
        return WaiverFile(problems=error.problems)
    return decode_waivers(document, [rule.id for rule in rules], config.waivers, today)
