"""A check kind judged alone, on facts that a test makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from adhere.checks import KINDS
from adhere.model.finding import Judgement
from adhere.model.need import Answer, Facts, InventoryNeed, Need
from adhere.policy.rule import Rule
from corpus.inventories import inventory
from corpus.policies import PROBE, the_rule


def rule_of(kind: str, parameters: str = "", keys: str = "") -> Rule:
    """A rule of a kind; parameters are the TOML below ``[rule.with]``."""
    text = PROBE.replace("probe", kind) + keys + f"[rule.with]\n{parameters}\n"
    return the_rule(text, KINDS[kind])


def judge(rule: Rule, answers: Mapping[Need, Answer] | None = None) -> Judgement:
    """What a rule says; the inventory is empty unless it is among the answers."""
    facts = Facts({InventoryNeed(): inventory(), **(answers or {})})
    return rule.kind.judge(rule, rule.params, facts)


def told(judgement: Judgement) -> list[str]:
    """``code subject`` of every finding."""
    return [f"{finding.code} {finding.subject}" for finding in judgement.findings]


def wrong(kind: str, **parameters: Any) -> list[str]:
    """What the kind says against parameters: path and message."""
    params = msgspec.convert(parameters, KINDS[kind].params)
    return [
        f"{'.'.join(map(str, path))}: {message}"
        for path, message, _ in KINDS[kind].validate(params)
    ]
