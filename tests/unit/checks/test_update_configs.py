"""How often a configuration updates, and what."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.checks.update_configs import Interval, Update, updates
from adhere.model.location import Location
from adhere.model.need import DataFile


def found(path: str, value: Any, ecosystem: str = "pip", directory: str = "/") -> list[Update]:
    data = DataFile(path, value, lambda _at: Location(path, 1))
    return list(updates(data, ecosystem, directory, ""))


def renovate(**value: Any) -> Update:
    (one,) = found("renovate.json", value)
    return one


@pytest.mark.parametrize(
    ("schedule", "interval"),
    [
        (None, "daily"),
        ("at any time", "daily"),
        (["before 5am"], "daily"),
        (["after 10pm every weekday"], "daily"),
        (["before 5am on monday"], "weekly"),
        (["every weekend"], "weekly"),
        (["before 4am on Sundays", "at any time"], "daily"),
        (["on the first day of the month"], "monthly"),
        (["every 3 months on the first day of the month"], "quarterly"),
        ("* 0-3 * * *", "daily"),
        ("* 0-3 * * 1", "weekly"),
        ("* 0-3 1 * *", "monthly"),
        ("* 0-3 1 1 *", "yearly"),
        ("when the moon is full", None),
        ([], None),
    ],
)
def test_schedules_of_renovate(schedule: object, interval: Interval | None) -> None:
    one = renovate(schedule=schedule)
    assert one.interval == interval
    assert bool(one.unknown) is (interval is None)


@pytest.mark.parametrize(
    ("extends", "interval", "unknown"),
    [
        (["config:recommended"], "daily", False),
        (["config:recommended", ":semanticCommits", "schedule:weekly"], "weekly", False),
        (["schedule:someday"], None, True),
        (["github>acme/presets"], "daily", True),
        (["local>acme/presets:default"], "daily", True),
        (["@acme/renovate-config"], "daily", True),
        ([":label(dependencies)"], "daily", False),
    ],
)
def test_what_renovate_extends(
    extends: list[str], interval: Interval | None, *, unknown: bool
) -> None:
    one = renovate(extends=extends)
    assert one.interval == interval
    assert bool(one.unknown) is unknown


@pytest.mark.parametrize(
    ("rule", "disabled"),
    [
        ({"enabled": False}, True),
        ({"matchManagers": ["npm"], "enabled": False}, False),
        ({"matchPackageNames": ["*"], "enabled": False}, True),
        ({"matchUpdateTypes": ["major"], "enabled": False}, False),
        ({"matchPackageNames": ["left-pad"], "enabled": False}, False),
    ],
)
def test_rules_of_renovate(rule: dict[str, Any], *, disabled: bool) -> None:
    assert bool(renovate(packageRules=[rule]).fault) is disabled


def test_one_manager_of_several_is_enough() -> None:
    assert not renovate(poetry={"enabled": False}).fault
    assert not renovate(enabledManagers=["pep621", "npm"]).fault


def entry(**given: Any) -> dict[str, Any]:
    base = {"package-ecosystem": "pip", "directory": "/", "schedule": {"interval": "weekly"}}
    return {"version": 2, "updates": [{**base, **given}]}


@pytest.mark.parametrize(
    ("directory", "given", "covered"),
    [
        ("/", {}, True),
        ("/docs", {}, False),
        ("docs/", {"directory": "/docs"}, True),
        ("/a/b", {"directories": ["/x", "/a/*"]}, True),
        ("/a", {"directories": ["/a/*"]}, False),
        ("/a", {"directories": ["**/*"]}, True),
    ],
)
def test_directories(directory: str, given: dict[str, Any], *, covered: bool) -> None:
    (one,) = found("dependabot.yml", entry(**given), directory=directory)
    assert one.fault is not covered


@pytest.mark.parametrize(
    ("ignored", "covered"),
    [
        ({"dependency-name": "*"}, False),
        ({"dependency-name": "left-pad"}, True),
        ({"dependency-name": "*", "update-types": ["version-update:semver-major"]}, True),
    ],
)
def test_what_dependabot_ignores(ignored: dict[str, Any], *, covered: bool) -> None:
    (one,) = found("dependabot.yml", entry(ignore=[ignored]))
    assert one.fault is not covered


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "version",
                    "updates",
                    "package-ecosystem",
                    "directory",
                    "directories",
                    "schedule",
                    "interval",
                    "ignore",
                    "dependency-name",
                    "extends",
                    "enabled",
                    "enabledManagers",
                    "packageRules",
                    "ignorePaths",
                    "pep621",
                    "matchManagers",
                    "matchPackageNames",
                    "renovate",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@given(VALUES)
def test_any_configuration_is_looked_at(value: object) -> None:
    for path in ("dependabot.yml", "renovate.json", "package.json"):
        found(path, value)
        found(path, {"version": 2, "updates": [value], "renovate": value, "packageRules": [value]})
        found(path, entry(ignore=[value], schedule=value, directories=value))
