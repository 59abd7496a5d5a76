"""Policies from their text, without a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from adhere.errors import ConfigError, Problem
from adhere.policy.config import OwnedRules, Policy, decode_config, decode_rules
from adhere.policy.layers import load_layers
from adhere.policy.rule import Kind, Rule
from adhere.policy.settings import Waivers
from adhere.policy.waiver import WaiverFile, decode_waivers
from adhere.spans.document import Document, Node
from fakes.kinds import probe

TODAY = date(2026, 11, 23)
PROBE = '[[rule]]\nid = "r"\ncheck = "probe"\n'
"""The shortest rule there is."""


def node(text: str, path: str = "adhere.toml") -> Node:
    """A document."""
    return Document(path, text).root


def decoded(
    text: str, kind: Kind | None = None, owner: OwnedRules | None = None
) -> tuple[list[Rule], list[Problem]]:
    """The rules of a text, whose kinds are probes."""
    found = kind or probe()
    rules = node(text).child("rule")
    assert rules is not None
    return decode_rules(rules.value, {found.name: found}, owner)  # type: ignore[arg-type]  # a list of nodes


def the_rule(text: str = PROBE, kind: Kind | None = None, owner: OwnedRules | None = None) -> Rule:
    """The only rule of a text that is right."""
    rules, problems = decoded(text, kind, owner)
    assert not problems
    (rule,) = rules
    return rule


def policy(text: str = PROBE, kind: Kind | None = None, waivers: str = "") -> Policy:
    """Rules, configuration and waivers that are right."""
    config, problems = decode_config(node(text))
    rules, wrong = decoded(text, kind) if "[[rule]]" in text else ([], [])
    file = read_waivers(waivers, rules=[rule.id for rule in rules], governance=config.waivers)
    assert not [*problems, *wrong, *file.problems]
    return Policy(config, tuple(rules), file.waivers, file.clarifications)


def read_waivers(
    text: str,
    *,
    rules: Any = ("r",),
    governance: Waivers | None = None,
    today: date = TODAY,
) -> WaiverFile:
    """A waiver file."""
    document = Document("adhere.waivers.toml", text)
    return decode_waivers(document, rules, governance or Waivers(), today)


def waiver(**keys: str) -> str:
    """A ``[[waiver]]`` that is right but for what a test changes; values are TOML."""
    values = {
        "id": '"W-1"',
        "rule": '"r"',
        "subject": '"package"',
        "reason": '"accepted-risk"',
        "owner": '"@alice"',
        "created": "2026-11-01",
        "expires": "2027-02-01",
        **keys,
    }
    return "[[waiver]]\n" + "".join(f"{k} = {v}\n" for k, v in values.items() if v)


def clarification(**keys: str) -> str:
    """A ``[[clarification]]``, likewise."""
    values = {
        "id": '"C-1"',
        "subject": '"package"',
        "expression": '"MIT"',
        "sha256": f'["{"a" * 64}"]',
        "owner": '"@alice"',
        "created": "2026-11-01",
        **keys,
    }
    return "[[clarification]]\n" + "".join(f"{k} = {v}\n" for k, v in values.items() if v)


def layered(files: Mapping[str, str], path: str = "adhere.toml") -> Node:
    """A configuration that extends others."""

    def read(name: str) -> str:
        if name not in files:
            raise ConfigError(Problem("file-unreadable", "there is no such file", path=name))
        return files[name]

    return load_layers(path, read)


def places(problems: Any) -> list[str]:
    """``file:line:column code`` of every problem."""
    return [f"{problem.place} {problem.code}" for problem in problems]
