from __future__ import annotations

import re
from typing import Any

import pytest
from msgspec import Struct

from adhere.checks import KINDS
from adhere.policy.parameters import rule_digest
from adhere.policy.rule import Rule
from corpus.policies import the_rule
from fakes.kinds import probe

GATE = """\
[[rule]]
id = "r"
check = "vulnerabilities.gate"
"""


def gate(parameters: str = "", more: str = "") -> Rule:
    text = GATE + more + (f"with = {parameters}\n" if parameters else "")
    return the_rule(text, KINDS["vulnerabilities.gate"])


BASE = '{ fail_on = ["CRITICAL", "HIGH"], unknown = "warn" }'


@pytest.mark.parametrize(
    "same",
    [
        '{ unknown = "warn", fail_on = ["CRITICAL", "HIGH"] }',
        "{ 'unknown' = 'warn',fail_on=[ 'CRITICAL' ,'HIGH', ] }",
    ],
)
def test_how_it_is_written_does_not_count(same: str) -> None:
    assert rule_digest(gate(same)) == rule_digest(gate(BASE))


def test_words_level_and_dates_do_not_count() -> None:
    more = 'title = "t"\nwhy = "w"\nfix = "f"\nlevel = "warn"\napplies_from = 2026-01-01\n'
    assert rule_digest(gate(BASE, more)) == rule_digest(gate(BASE))


def test_no_parameters_are_none_however_that_is_written() -> None:
    assert rule_digest(gate("{}")) == rule_digest(gate())
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", rule_digest(gate()))


@pytest.mark.parametrize(
    "other",
    [
        "",
        '{ fail_on = ["CRITICAL"], unknown = "warn" }',
        '{ fail_on = ["CRITICAL", "HIGH"], unknown = "fail" }',
        '{ fail_on = ["CRITICAL", "HIGH"], unknown = "warn", only_fixable = true }',
    ],
)
def test_what_it_demands_counts(other: str) -> None:
    assert rule_digest(gate(other)) != rule_digest(gate(BASE))


def _probe(name: str, parameters: str = "{}") -> str:
    return f'[[rule]]\nid = "r"\ncheck = "{name}"\nwith = {parameters}\n'


def test_another_kind_with_the_same_parameters_is_another_rule() -> None:
    first, second = (the_rule(_probe(name), probe(name=name)) for name in ("one", "other"))
    assert rule_digest(first) != rule_digest(second)


class Anything(Struct, frozen=True):
    """A parameter that may be anything that TOML has."""

    value: Any = None


def test_every_value_of_toml_counts_and_none_is_taken_for_another() -> None:
    written = (
        "2026-11-23",
        "2026-11-24",
        '"2026-11-23"',
        "2026-11-23T10:00:00Z",
        "2026-11-23T10:00:00",
        "10:00:00",
        "inf",
        "-inf",
        "nan",
        "1.5",
        "1",
        "1.0",
        "true",
        '"true"',
        "[1, 2]",
        "[2, 1]",
        '{ date = "2026-11-24T" }',
    )
    kind = probe(params=Anything)
    rules = [the_rule(_probe("probe", f"{{ value = {value} }}"), kind) for value in written]
    assert len({rule_digest(rule) for rule in rules}) == len(written)
