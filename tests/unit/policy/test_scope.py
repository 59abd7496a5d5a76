from __future__ import annotations

import pytest

from adhere.model.finding import Level
from adhere.policy.scope import DEV_FREE, Scope, cap, judged
from corpus.inventories import component, inventory
from corpus.policies import PROBE, the_rule


@pytest.mark.parametrize(
    ("wanted", "groups", "admitted"),
    [
        ((), ("dev",), True),
        (("runtime",), ("runtime",), True),
        (("runtime",), ("dev", "runtime"), True),
        (("runtime",), ("dev",), False),
        (("extra:*",), ("extra:fast",), True),
        (DEV_FREE, ("dev",), False),
        (DEV_FREE, ("dev", "extra:x"), True),
        (DEV_FREE, ("runtime",), True),
    ],
)
def test_a_package_is_looked_at_when_one_of_its_groups_is(
    wanted: tuple[str, ...], groups: tuple[str, ...], admitted: bool
) -> None:
    assert Scope(wanted).admits(groups) is admitted


COMPONENTS = inventory(
    component("dep"),
    component("tool", groups=("dev",)),
    component("ours", first_party=True),
    component("windows", elsewhere=True),
)


@pytest.mark.parametrize(
    ("options", "groups", "names"),
    [
        ({}, "[]", "dep tool windows"),
        ({"first_party": True}, "[]", "dep tool ours windows"),
        ({"elsewhere": False}, "[]", "dep tool"),
        ({}, '["dev"]', "tool"),
        ({}, '["d*"]', "tool"),
        ({}, '["none"]', ""),
    ],
)
def test_a_rule_speaks_of_these_packages(options: dict[str, bool], groups: str, names: str) -> None:
    rule = the_rule(PROBE + f"groups = {groups}\n")
    assert " ".join(c.name for c in judged(rule, COMPONENTS, **options)) == names


@pytest.mark.parametrize(
    ("groups", "caps", "level"),
    [
        (("dev",), {"dev": "warn"}, "warn"),
        (("dev", "runtime"), {"dev": "warn"}, "error"),
        (("dev", "docs"), {"dev": "report", "docs": "warn"}, "warn"),
        (("dev",), {}, "error"),
        ((), {"dev": "report"}, "error"),
        (("dev", "runtime"), {"dev": "report", "runtime": "report"}, "report"),
    ],
)
def test_the_strictest_group_of_a_package_decides(
    groups: tuple[str, ...], caps: dict[str, Level], level: Level
) -> None:
    assert cap(groups, caps) == level
