"""What a rule demands, as a digest: a waiver is bound to it."""

from __future__ import annotations

import json
from datetime import date, time

from adhere.model.digest import text_digest
from adhere.policy.rule import Rule


def rule_digest(rule: Rule) -> str:
    """``sha256:<hex>`` of a rule's kind and its parameters, as they are written.

    As they are written, so that it stays the same when a kind learns a new parameter. The
    order of keys does not count, that of a list does: only its kind knows what it means.
    """
    given = rule.node.child("with") if rule.node is not None else None
    parameters = given.plain() if given is not None else {}
    text = json.dumps([rule.kind.name, parameters], sort_keys=True, default=_dated)
    return text_digest(text)


def _dated(value: object) -> dict[str, str]:
    """A date or time of TOML, which is none of the types of JSON."""
    if isinstance(value, (date, time)):
        return {type(value).__name__: value.isoformat()}
    raise TypeError(f"a {type(value).__name__} is no value of TOML")
