from __future__ import annotations

import pytest

from adhere.model.assemble import assemble
from adhere.model.finding import Judgement
from adhere.model.inventory import Fault, Inventory, Reading
from adhere.model.location import Location
from adhere.model.need import InventoryNeed
from corpus.inventories import component, inventory, package, reading, root
from corpus.judging import judge, rule_of, told, wrong


def said(deny: str, given: Inventory | Reading, keys: str = "") -> Judgement:
    whole = assemble((given,)) if isinstance(given, Reading) else given
    rule = rule_of("packages.denied", f"deny = [{deny}]", keys)
    return judge(rule, {InventoryNeed(): whole})


@pytest.mark.parametrize(
    ("entry", "version", "denied"),
    [
        ("bad", "1.0", True),
        ("Bad", "1.0", True),
        ("bad@<2", "1.0", True),
        ("bad@<2", "2.0", False),
        ("bad@<2", "2.0rc1", False),
        ("bad@>=1", "2.0rc1", True),
        ("bad@1.0", "1.0+local.1", True),
        ("bad@==1.*", "1.5", True),
        ("bad@!=1.0", "1.0", False),
        ("pkg:pypi/bad@1.0", "1.0", True),
        ("pkg:pypi/bad@1.0%2Blocal", "1.0+local", True),
        ("other", "1.0", False),
    ],
)
def test_what_is_denied(entry: str, version: str, denied: bool) -> None:
    judgement = said(f'"{entry}"', inventory(component("bad", version)))
    assert (told(judgement) == ["package-denied bad"]) is denied
    assert (judgement.judged, judgement.unjudged) == (1, ())


@pytest.mark.parametrize("version", ["2026_1", "weird", ""])
def test_a_version_that_cannot_be_compared_is_not_judged(version: str) -> None:
    given = inventory(component("bad", version), component("fine", "weird"))
    judgement = said('"bad@<2"', given)
    assert [(entry.subject, entry.version) for entry in judgement.unjudged] == [("bad", version)]
    assert judgement.judged == 1
    assert told(said('"bad@<2", "bad"', given)) == ["package-denied bad"]


def test_exactly_a_version_that_is_none() -> None:
    given = inventory(component("bad", "weird"))
    assert told(said('"bad@===weird"', given)) == ["package-denied bad"]


WRAPPED = '{ package = "low", wrappers = ["High.Level"] }'


@pytest.mark.parametrize(
    ("packages", "roots", "found"),
    [
        ([("high-level", "low")], ["high-level"], []),
        ([("high-level", "low"), ("other", "low")], ["high-level", "other"], ["low"]),
        ([("high-level", "low")], ["high-level", "low"], ["low"]),
        ([("high-level", "low (x)")], ["high-level"], []),
        ([("other", "low")], ["other"], ["low"]),
        ([("high-level", "")], ["high-level"], ["low"]),
    ],
)
def test_a_wrapper_may_bring_it_in_and_nobody_else(
    packages: list[tuple[str, str]], roots: list[str], found: list[str]
) -> None:
    listed = [package(name, "1.0", *filter(None, [needs])) for name, needs in packages]
    given = reading(*listed, package("low", "1.0", "low (x)"), roots=tuple(map(root, roots)))
    assert told(said(WRAPPED, given)) == [f"package-denied {name}" for name in found]


def test_the_second_denial_of_a_package_counts_where_the_first_admits_it() -> None:
    given = reading(
        package("high-level", "1.0", "low"), package("low"), roots=(root("high-level"),)
    )
    (finding,) = said(f'{WRAPPED}, {{ package = "low@<2", reason = "old" }}', given).findings
    assert finding.detail == "low@<2"
    assert finding.message == "low 1.0 was ruled out: old"


@pytest.mark.parametrize(
    ("extra", "fix"),
    [("", "remove what brings it in"), (', use_instead = "good"', "use good instead")],
)
def test_what_to_do(extra: str, fix: str) -> None:
    (finding,) = said(f'{{ package = "bad"{extra} }}', inventory(component("bad"))).findings
    assert finding.fix == fix
    assert finding.notes[0].location == Location("adhere.toml", 5, 9)


def test_our_own_packages_are_judged_and_groups_narrow_the_choice() -> None:
    given = inventory(
        component("ours", first_party=True), component("tool", groups=("dev",)), component("web")
    )
    judgement = said('"ours", "tool"', given, 'groups = ["runtime"]\n')
    assert (told(judgement), judgement.judged) == (["package-denied ours"], 2)


def test_a_finding_has_the_groups_of_its_package() -> None:
    given = inventory(component("bad", groups=("dev", "runtime")))
    assert said('"bad"', given).findings[0].groups == ("dev", "runtime")


def test_a_package_that_could_not_be_read_is_not_judged() -> None:
    lost = Fault("package-unreadable", "lost", "why", Location("x"))
    judgement = said('"bad"', inventory(component("web"), faults=(lost,)))
    assert [entry.subject for entry in judgement.unjudged] == ["lost"]


@pytest.mark.parametrize(
    "entry", ["bad<2", "bad >= 1", "bad[x]<2", "bad-*", "a b", "bad@", "bad@x"]
)
def test_entries_that_would_never_match_are_refused(entry: str) -> None:
    (problem,) = wrong("packages.denied", deny=["fine", {"package": entry}])
    assert problem.startswith("deny.1: ")


def test_an_empty_list_is_refused() -> None:
    assert wrong("packages.denied", deny=[]) == [
        "deny: nothing is denied, so nothing would be checked"
    ]
