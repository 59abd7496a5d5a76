"""What the file of a rule says, as values that JSON has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adhere.spans.document import Node

_WORDS = ("id", "title", "why", "fix", "refs")
"""Keys of a rule that decide nothing."""

_EXACT = 2**53
"""Whole numbers up to here are the same in every JSON reader."""


def stated(node: Node) -> dict[str, Any]:
    """A rule's table as it was written, but for its words.

    Args:
        node: of the rule.
    """
    table = _plain(node.plain())
    if not isinstance(table, dict):
        return {}
    return {key: value for key, value in table.items() if key not in _WORDS}


def _plain(value: object) -> object:
    """A value of TOML or YAML; what JSON does not have, or not exactly, is its text."""
    if isinstance(value, dict):
        return {str(key): _plain(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(child) for child in value]
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int) and abs(value) < _EXACT:
        return value
    if isinstance(value, float) and abs(value) < _EXACT:
        return value
    return str(value)
