from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.app.commands.option import Command, Option
from adhere.app.settings import effective, seconds, whole, with_config
from adhere.errors import UsageError
from adhere.policy.settings import ConfigTable

OUT = Option("out", ("--out",), "", default=".adhere", env="ADHERE_OUT", key="report.out")
DEADLINE = Option(
    "deadline", ("--deadline",), "", "number", 8.0, env="ADHERE_DEADLINE", key="index.deadline"
)
CODES = Option("deny", ("-D",), "", "list", (), env="ADHERE_DENY")
COMMAND = Command("c", "", "", options=(OUT, DEADLINE, CODES))


def found(
    given: dict[str, Any], environ: dict[str, str], places: dict[str, str]
) -> dict[str, tuple[Any, str]]:
    settings = effective(COMMAND, given, environ)
    laid = with_config(COMMAND, settings, ConfigTable(), lambda key: places.get(key, ""))
    return {name: (setting.value, setting.source) for name, setting in laid.items()}


def test_nobody_says_anything() -> None:
    assert found({}, {}, {})["out"] == (".adhere", "default")


def test_each_source_lies_over_the_next() -> None:
    places = {"report.out": "adhere.toml:2:1"}
    environ = {"ADHERE_OUT": "env"}
    assert found({}, {}, places)["out"] == (".adhere", "adhere.toml:2:1")
    assert found({}, environ, places)["out"] == ("env", "environment, ADHERE_OUT")
    assert found({"out": "line"}, environ, places)["out"] == ("line", "command line")


def test_what_was_given_is_told_apart_from_the_default() -> None:
    assert effective(COMMAND, {}, {}).given("out") == ""
    assert effective(COMMAND, {"out": ".adhere"}, {}).given("out") == ".adhere"


def test_an_option_that_the_command_does_not_have() -> None:
    with pytest.raises(AttributeError):
        _ = effective(COMMAND, {}, {}).nothing


def test_a_list_of_the_environment() -> None:
    settings = effective(COMMAND, {}, {"ADHERE_DENY": " a, b,,c  d "})
    assert settings.deny == ("a", "b", "c", "d")


def test_a_wrong_value_names_its_variable() -> None:
    with pytest.raises(UsageError, match="ADHERE_DEADLINE is 'soon'"):
        effective(COMMAND, {}, {"ADHERE_DEADLINE": "soon"})


def test_a_wrong_value_that_the_command_line_overrules_does_no_harm() -> None:
    assert effective(COMMAND, {"deadline": 1.0}, {"ADHERE_DEADLINE": "soon"}).deadline == 1.0


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3.0), ("0.5", 0.5), ("2m", 120.0), ("PT1H", 3600.0)]
)
def test_seconds(text: str, value: float) -> None:
    assert seconds(text) == value


@given(st.text(max_size=20))
def test_numbers_are_positive_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert seconds(text) > 0
    with suppress(ValueError):
        assert whole(text) >= 0
