"""Configuration files laid over one another, each value keeping its own place."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from adhere.errors import ConfigError, Problem
from adhere.policy.decode import unknown_schema
from adhere.spans.document import Document, Node

Read = Callable[[str], str]
"""Text of a file by its path; raises `ConfigError` with the reason when it cannot."""

PYPROJECT_TABLE = ("tool", "adhere")
RULES = "rule"


def load_layers(path: str, read: Read, label: Callable[[str], str] = str) -> Node:
    """A configuration with everything it extends below it.

    Local values win. Tables merge key by key, ``[[rule]]`` tables by their id; any other
    list is replaced as a whole.

    Args:
        path: of an ``adhere.toml``, or a ``pyproject.toml`` with ``[tool.adhere]``.
        read: how to get at a file.
        label: what to call a file; its path by default.

    Raises:
        ConfigError: a file cannot be read, is not TOML, or extends itself.
    """
    return _load(path, read, label, ())


def _load(path: str, read: Read, label: Callable[[str], str], above: tuple[str, ...]) -> Node:
    document = Document(label(path), read(path))
    node = document.root
    if posixpath.basename(path) == "pyproject.toml":
        node = node.down(PYPROJECT_TABLE)
    if not isinstance(node.value, dict):
        problem = node.problem("config-type", "`[tool.adhere]` has to be a table")
        raise ConfigError(problem)
    wrong = unknown_schema(node) if above else ()  # local wins, so nobody looks there later
    if wrong:
        raise ConfigError(wrong)
    bases = node.value.get("extends")
    if bases is None or not isinstance(bases.value, list):
        return node
    result: Node | None = None
    for base in bases.value:
        if not isinstance(base.value, str):
            continue  # the decoder says that this has to be a string
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), base.value))
        if target in (*above, path):
            ring = " -> ".join((*above, path, target))
            raise ConfigError(base.problem("config-extends-cycle", f"extends itself: {ring}"))
        try:
            layer = _load(target, read, label, (*above, path))
        except ConfigError as error:
            raise ConfigError(
                tuple(_pointing(base, problem, target) for problem in error.problems)
            ) from None
        result = layer if result is None else merge(result, layer)
    return node if result is None else merge(result, node)


def _pointing(base: Node, problem: Problem, target: str) -> Problem:
    """A file that cannot be opened is a mistake of the line that names it."""
    if problem.code != "file-unreadable":
        return problem
    return base.problem(
        "config-extends-missing",
        f"cannot read `{target}`: {problem.message.removeprefix('cannot read it: ')}",
        hint=problem.hint,
    )


def merge(below: Node, above: Node) -> Node:
    """Lay one value over another; see `load_layers` for how."""
    if isinstance(below.value, dict) and isinstance(above.value, dict):
        value = dict(below.value)
        for key, node in above.value.items():
            join = _merge_rules if key == RULES else merge
            value[key] = join(value[key], node) if key in value else node
        return Node(value, above.document, above.at)
    return above


def _merge_rules(below: Node, above: Node) -> Node:
    """Rules of one id are merged; all others stand one after another.

    Rules without an id, or with the id of an earlier one in the same file, stay in the
    list as they are: whoever decodes it has to see and refuse them.
    """
    if not isinstance(below.value, list) or not isinstance(above.value, list):
        return above
    rules: list[Node] = list(below.value)
    places = {_id(rule): index for index, rule in enumerate(rules) if _id(rule)}
    used: set[str] = set()
    for rule in above.value:
        name = _id(rule)
        if name in places and name not in used:
            used.add(name)
            rules[places[name]] = merge(rules[places[name]], rule)
        else:
            rules.append(rule)
    return Node(rules, above.document, above.at)


def _id(rule: Node) -> str:
    name = rule.child("id")
    return name.value if name is not None and isinstance(name.value, str) else ""
