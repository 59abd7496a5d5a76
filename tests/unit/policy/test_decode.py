from __future__ import annotations

from datetime import date
from typing import Any, Literal

import pytest
from msgspec import Struct

from adhere.errors import Problem
from adhere.policy.decode import FORMER, Decoder, nearest, quoted
from adhere.policy.quantity import ByteSize, Duration
from corpus.policies import node, places


class Inner(Struct, frozen=True):
    package: str
    reason: str = ""


class Table(Struct, frozen=True):
    name: str
    mode: Literal["strict", "mild"] = "strict"
    numbers: tuple[int, ...] = ()
    inner: Inner | str = ""
    inners: tuple[Inner | str, ...] = ()
    by_name: dict[str, Literal["error", "warn"]] = {}
    text_or_list: str | tuple[str, ...] = ""
    day: date | None = None
    flag: bool = False
    rate: float = 1.0
    wait: Duration = Duration("1s")
    size: ByteSize = ByteSize("1")


def decode(text: str, **options: Any) -> tuple[Table | None, list[Problem]]:
    decoder = Decoder()
    return decoder.struct(node(text), Table, **options), decoder.problems


def the_problem(text: str) -> Problem:
    table, problems = decode(text)
    assert table is None
    (problem,) = problems
    return problem


def test_everything_that_is_right() -> None:
    table, problems = decode("""
name = "n"
mode = "mild"
numbers = [1, 2]
inner = { package = "p", reason = "r" }
inners = ["plain", { package = "p" }]
by_name = { dev = "warn" }
text_or_list = ["a", "b"]
day = 2026-11-23
flag = true
rate = 2
wait = "2h"
size = 1024
""")
    assert not problems
    assert table == Table(
        name="n",
        mode="mild",
        numbers=(1, 2),
        inner=Inner("p", "r"),
        inners=("plain", Inner("p")),
        by_name={"dev": "warn"},
        text_or_list=("a", "b"),
        day=date(2026, 11, 23),
        flag=True,
        rate=2.0,
        wait=Duration("2h"),
        size=ByteSize("1024"),
    )


def test_defaults_stand_for_what_is_absent() -> None:
    table, problems = decode('name = "n"')
    assert (table, problems) == (Table("n"), [])


def test_all_mistakes_of_a_table_are_told_together() -> None:
    _, problems = decode("""\
mode = "stict"
numbers = [1, "two", 3.5]
inner = { pakage = "p" }
inners = ["plain", { package = 1 }, 7]
by_name = { dev = "warn", test = "loud" }
day = "soon"
unknown = 1
""")
    assert places(problems) == [
        "adhere.toml:1:8 config-type",
        "adhere.toml:2:15 config-type",
        "adhere.toml:2:22 config-type",
        "adhere.toml:3:11 config-unknown-key",
        "adhere.toml:3:9 config-missing-key",
        "adhere.toml:4:32 config-type",
        "adhere.toml:4:37 config-type",
        "adhere.toml:5:34 config-type",
        "adhere.toml:6:7 config-type",
        "adhere.toml:7:1 config-unknown-key",
        "adhere.toml:1:1 config-missing-key",
    ]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('name = "n"\nmode = "stict"', "'stict' is none of `strict`, `mild`", "`strict`"),
        ("name = 1", "expected a string, got a whole number", ""),
        ('name = "n"\nflag = "yes"', "expected true or false, got a string", ""),
        ('name = "n"\nwait = "soon"', "not a duration", ""),
        ('name = "n"\nwait = 5', "a duration needs a unit", ""),
        ('name = "n"\nwait = true', "expected a string, got true or false", ""),
        ('name = "n"\nsize = "big"', "not a size", ""),
        ('name = "n"\nsize = -1', "not a size", ""),
        ('name = "n"\nnames = "m"', "unknown key `names`", "did you mean `name`?"),
        ('name = "n"\nxyz = 1', "unknown key `xyz`", "known are `name`, `mode`"),
        ('name = "n"\nday = 2026-11-23T12:00:00', "expected a date", ""),
        ('name = "n"\ninners = 5', "expected a list", ""),
    ],
)
def test_a_mistake_is_worded_for_its_author(text: str, message: str, hint: str) -> None:
    problem = the_problem(text)
    assert message in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize("value", ["1", '"text"', "[1]"])
def test_a_table_that_is_none(value: str) -> None:
    decoder = Decoder()
    child = node(f"t = {value}").child("t")
    assert child is not None
    assert decoder.struct(child, Table) is None
    assert "expected a table" in decoder.problems[0].message


def test_the_former_name_of_a_key_is_known() -> None:
    class Current(Struct, frozen=True):
        level: str = ""

    decoder = Decoder()
    decoder.struct(node('severity = "high"'), Current)
    assert decoder.problems[0].hint == "it is called `level`"


def test_a_former_name_says_nothing_where_the_key_does_not_belong() -> None:
    _, problems = decode('name = "n"\nseverity = "high"')
    assert "it is called" not in problems[0].hint


def test_no_former_name_is_a_current_one_too() -> None:
    from adhere.policy import rule, settings, waiver

    current = {
        name
        for module in (rule, settings, waiver)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Struct)
        for name in value.__struct_fields__
    }
    assert set(FORMER.values()) <= {*current, "with"}
    assert not {name for name in FORMER if name in rule.RuleTable.__struct_fields__}


def test_a_struct_without_keys_says_so() -> None:
    class Nothing(Struct, frozen=True):
        pass

    decoder = Decoder()
    decoder.struct(node("a = 1"), Nothing)
    assert decoder.problems[0].hint == "known are none"


def test_what_somebody_else_decodes_is_left_alone() -> None:
    table, problems = decode('name = "n"\nwith = { any = 1 }', ignore=("with",))
    assert (table, problems) == (Table("n"), [])


def test_the_nearest_name() -> None:
    assert nearest("licence", ["license", "files"]) == "did you mean `license`?"
    assert nearest("zzz", ["license", "files"]) == ""
    assert nearest("anything", []) == ""
    assert quoted(["a", "b"]) == "`a`, `b`"


def test_a_hostile_key_is_only_words() -> None:
    problem = the_problem('name = "n"\n"\\u001b[31m\\n<b>" = 1')
    assert problem.code == "config-unknown-key"
    assert problem.line == 2
