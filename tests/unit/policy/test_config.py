from __future__ import annotations

from datetime import date

import pytest

from adhere.errors import ConfigError, Problem
from adhere.model.location import Location
from adhere.policy.config import OwnedRules, decode_config, decode_rules
from adhere.policy.quantity import Duration
from adhere.policy.rule import Decision, Kind
from adhere.policy.settings import ConfigTable
from adhere.spans.document import Node
from corpus.policies import PROBE, decoded, node, places, the_rule
from fakes.kinds import Required, probe


def the_problem(text: str, kind: Kind | None = None, owner: OwnedRules | None = None) -> Problem:
    rules, problems = decoded(text, kind, owner)
    assert rules == []
    (problem,) = problems
    return problem


def test_an_empty_configuration_is_all_defaults() -> None:
    assert decode_config(node("")) == (ConfigTable(), [])


def test_a_section_that_is_wrong_takes_no_other_with_it() -> None:
    config, problems = decode_config(
        node("""
[project]
first_party = ["acme-*"]
[report]
output = "elsewhere"
[waivers]
max = "30d"
[cache]
memory = { items = "many" }
""")
    )
    assert config.project.first_party == ("acme-*",)
    assert config.waivers.max == Duration("30d")
    assert config.report == ConfigTable().report
    assert config.cache == ConfigTable().cache
    assert places(problems) == [
        "adhere.toml:5:1 config-unknown-key",
        "adhere.toml:9:20 config-type",
    ]


@pytest.mark.parametrize("text", ["schema = 2", "schema = 0"])
def test_another_schema_is_not_guessed_at(text: str) -> None:
    _, (problem,) = decode_config(node(text))
    assert problem.code == "config-schema"
    assert "reads schema 1" in problem.hint


def test_a_schema_that_is_no_number_is_told_once() -> None:
    assert places(decode_config(node("schema = '1'"))[1]) == ["adhere.toml:1:10 config-type"]


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("", True),
        ("redis://127.0.0.1:6379/0", True),
        ("rediss://user:word@cache.example.org", True),
        ("unix:///run/redis.sock", True),
        ("env:ADHERE_REDIS_URL", True),
        ("env:", False),
        ("https://user:secret@cache.example.org", False),
        ("cache.example.org", False),
    ],
)
def test_the_address_of_a_shared_cache(url: str, right: bool) -> None:
    _, problems = decode_config(node(f'[cache]\nredis = {{ url = "{url}" }}\n'))
    assert (not problems) == right
    for problem in problems:
        assert (problem.code, problem.line, problem.column) == ("config-type", 2, 17)
        assert "secret" not in f"{problem} {problem.hint}"


def test_a_rule_knows_its_place_and_that_of_its_parameters() -> None:
    rule = the_rule(PROBE + '[rule.with]\nnames = ["a", "b"]\n')
    assert rule.place() == Location("adhere.toml", 1, 1)
    assert rule.place("with", "names", 1) == Location("adhere.toml", 5, 15)
    assert rule.place("with", "limit") == Location("adhere.toml", 4, 1)
    assert rule.params.names == ("a", "b")
    assert rule.title == "r"


def test_an_unknown_kind_has_the_nearest_name() -> None:
    problem = the_problem('[[rule]]\nid = "r"\ncheck = "prob"\n')
    assert (problem.code, problem.line) == ("rule-unknown-kind", 3)
    assert problem.hint == "did you mean `probe`?"


def test_an_unknown_kind_without_a_near_one_names_all() -> None:
    assert the_problem('[[rule]]\nid = "r"\ncheck = "xyz"\n').hint == "known are `probe`"


def test_a_kind_that_cannot_be_loaded_takes_no_other_rule_with_it() -> None:
    class Kinds(dict[str, Kind]):
        def get(self, name: str, _default: object = None) -> Kind:  # type: ignore[override]  # as Mapping.get, which hands on what is raised
            if name == "broken":
                raise ConfigError(Problem("kind-unloadable", "it cannot be loaded"))
            return self[name]

    rules = node('[[rule]]\nid = "b"\ncheck = "broken"\n' + PROBE).child("rule")
    assert rules is not None
    found, problems = decode_rules(rules.value, Kinds(probe=probe()))  # type: ignore[arg-type]  # a list of nodes
    assert [rule.id for rule in found] == ["r"]
    assert places(problems) == [" kind-unloadable"]


@pytest.mark.parametrize(
    "identifier", ["", "Licenses", "a b", "a_b", "-a", "a-", "a--b", "a/b", "../a", "ä", "a\\n"]
)
def test_an_id_is_kebab_case(identifier: str) -> None:
    problem = the_problem(f'[[rule]]\nid = "{identifier}"\ncheck = "probe"\n')
    assert (problem.code, problem.line) == ("rule-id", 2)


def test_two_rules_of_one_id() -> None:
    rules, (problem,) = decoded(PROBE + 'title = "first"\n' + PROBE + 'title = "second"\n')
    assert [rule.title for rule in rules] == ["first"]
    assert (problem.code, problem.place) == ("rule-duplicate", "adhere.toml:6:6")


def test_every_mistake_of_a_rule_is_told() -> None:
    rules, problems = decoded("""\
[[rule]]
id = "Bad Id"
check = "probe"
levl = "warn"
level = "loud"
with = { limit = "many", names = ["good", "bad"], mod = 1 }
""")
    assert rules == []
    assert places(problems) == [
        "adhere.toml:4:1 config-unknown-key",
        "adhere.toml:5:9 config-type",
        "adhere.toml:6:18 config-type",
        "adhere.toml:6:51 config-unknown-key",
        "adhere.toml:6:43 rule-parameter",
    ]


def test_what_concerns_a_whole_parameter_waits_until_all_have_their_types() -> None:
    text = PROBE + 'with = { limit = -1, mode = "loud" }\n'
    assert places(decoded(text)[1]) == ["adhere.toml:4:29 config-type"]
    fixed = PROBE + 'with = { limit = -1, mode = "mild" }\n'
    assert places(decoded(fixed)[1]) == ["adhere.toml:4:18 rule-parameter"]


def test_a_parameter_that_has_to_be_there() -> None:
    problem = the_problem(PROBE, probe(params=Required))
    assert (problem.code, problem.message) == ("config-missing-key", "`names` is missing")
    assert problem.line == 1


@pytest.mark.parametrize("value", ["1", '"text"', "[]"])
def test_parameters_are_a_table(value: str) -> None:
    problem = the_problem(PROBE + f"with = {value}\n")
    assert (problem.code, problem.line) == ("config-type", 4)


@pytest.mark.parametrize(
    ("start", "end", "right"),
    [
        ("2026-01-02", "2026-01-01", False),
        ("2026-01-01", "2026-01-01", True),
        ("2026-01-01", "2026-01-02", True),
    ],
)
def test_a_rule_does_not_end_before_it_begins(start: str, end: str, right: bool) -> None:
    text = PROBE + f"applies_from = {start}\napplies_until = {end}\n"
    assert (places(decoded(text)[1]) == []) is right
    if not right:
        assert the_problem(text).code == "rule-period"


OWNER = OwnedRules(
    "ADR-010",
    (),
    "warn",
    {
        "": Decision("ADR-010", "Dependencies"),
        "#licenses": Decision("ADR-010", "Dependencies", "Licenses"),
        "#origin": Decision("ADR-010", "Dependencies", "Origin"),
    },
)


def test_a_rule_of_a_decision_carries_its_id() -> None:
    rule = the_rule(PROBE, owner=OWNER)
    assert rule.id == "ADR-010/r"
    assert rule.enforced == "warn"
    assert rule.decision == Decision("ADR-010", "Dependencies")


def test_the_first_section_that_is_named_is_the_one_that_is_shown() -> None:
    rule = the_rule(PROBE + 'refs = ["SEC-1", "#origin", "#licenses"]\n', owner=OWNER)
    assert rule.decision is not None
    assert rule.decision.section == "Origin"


def test_a_section_that_is_not_there() -> None:
    problem = the_problem(PROBE + 'refs = ["#licences"]\n', owner=OWNER)
    assert (problem.code, problem.place) == ("rule-ref", "adhere.toml:4:9")
    assert problem.hint == "did you mean `#licenses`?"


def test_a_section_of_no_decision() -> None:
    problem = the_problem(PROBE + 'refs = ["SEC-1", "#licenses"]\n')
    assert (problem.code, problem.place) == ("rule-ref", "adhere.toml:4:18")


def test_a_rule_without_a_decision_is_enforced_in_full() -> None:
    rule = the_rule()
    assert (rule.enforced, rule.decision, rule.id) == ("error", None, "r")


def test_dates_are_days() -> None:
    assert the_rule(PROBE + "applies_from = 2026-06-01\n").table.applies_from == date(2026, 6, 1)
    assert the_problem(PROBE + "applies_from = 2026-06-01T12:00:00\n").code == "config-type"


def test_rules_that_are_no_tables() -> None:
    found, problems = decode_rules(
        [Node(1, node("a = 1").document, ("a",)), Node("x", node("a = 1").document, ("a",))],
        {"probe": probe()},
    )
    assert found == []
    assert [problem.code for problem in problems] == ["config-type", "config-type"]


def test_a_secret_stands_in_a_variable() -> None:
    assert decode_config(node('[cache]\nredis = { secret = "env:WORD" }\n'))[1] == []
    for value in ("hunter2", "env:"):
        (problem,) = decode_config(node(f'[cache]\nredis = {{ secret = "{value}" }}\n'))[1]
        assert problem.message == "a secret does not belong into a file"
        assert "hunter2" not in repr((problem.message, problem.hint, problem.excerpt))
