from __future__ import annotations

import pytest

from adhere.model.assemble import assemble
from adhere.model.finding import Judgement
from adhere.model.inventory import Fault, Inventory, Reading
from adhere.model.location import Location
from adhere.model.need import InventoryNeed
from corpus.inventories import component, inventory, package, reading, root
from corpus.judging import judge, rule_of, told, wrong


def said(parameters: str, given: Inventory | Reading, keys: str = "") -> Judgement:
    whole = assemble((given,)) if isinstance(given, Reading) else given
    return judge(rule_of("packages.approved", parameters, keys), {InventoryNeed(): whole})


WEB = reading(
    package("web", "2.0", "http", "fast (speed)"),
    package("http", "1.0", "wire"),
    package("wire", "1.0"),
    package("fast", "1.0"),
    package("stray", "1.0"),
    roots=(root("web"), root("stray")),
)


@pytest.mark.parametrize(
    ("allow", "found"),
    [
        ('"web", "stray", "fast"', []),
        ('"web"', ["package-not-reached fast", "package-not-approved stray"]),
        ('"stray", "fast"', ["package-not-reached http", "package-not-approved web"]),
        ('"Web", "STRAY", "fa.st"', ["package-not-reached fast"]),
        ('"web@<2", "stray", "fast"', ["package-not-approved web", "package-not-reached http"]),
        ('"web@2.0", "stray", "fast"', []),
        ('"pkg:pypi/web@2.0", "stray", "fast"', []),
    ],
)
def test_direct_by_the_list_others_by_who_brings_them(allow: str, found: list[str]) -> None:
    judgement = said(f'allow = [{allow}]\nunused = "allow"', WEB)
    assert set(found) <= set(told(judgement))
    assert bool(found) is bool(judgement.findings)
    assert judgement.judged == 5


def test_an_extra_vouches_only_where_it_is_asked_for() -> None:
    packages = (package("web", "2.0", "fast (speed)"), package("fast"))
    for asked, found in (("web", ["package-not-reached fast"]), ("web[speed]", [])):
        given = reading(*packages, roots=(root(asked),))
        assert told(said('allow = ["web"]', given)) == found


def test_a_circle_of_packages_vouches_for_nobody() -> None:
    given = reading(
        package("web"), package("a", "1.0", "b"), package("b", "1.0", "a"), roots=(root("web"),)
    )
    found = told(said('allow = ["web"]', given))
    assert found == ["package-not-reached a", "package-not-reached b"]


def test_every_one_has_to_be_listed_where_the_rule_says_so() -> None:
    allow = 'allow = ["web", "stray"]\ntransitive = "listed"'
    assert told(said(allow, WEB)) == [f"package-not-approved {n}" for n in ("fast", "http", "wire")]


def test_of_two_versions_each_has_to_be_approved() -> None:
    given = reading(package("web", "1.0"), package("web", "2.0"), roots=(root("web"),))
    judgement = said('allow = ["web@<2"]', given)
    assert [(f.code, f.version) for f in judgement.findings] == [("package-not-approved", "2.0")]
    assert "`web@<2` is what was approved" in judgement.findings[0].message


def test_who_is_listed_with_versions_comes_in_with_no_other() -> None:
    judgement = said('allow = ["web", "stray", "fast", "wire@<1"]', WEB)
    assert told(judgement) == ["package-not-approved wire", "approval-unused wire@<1"]
    assert "comes in" in judgement.findings[0].message


@pytest.mark.parametrize(
    ("specifier", "version", "covered"),
    [
        (">=2", "3.0rc1", True),
        ("<3", "3.0rc1", False),
        ("==2.1", "2.1+cpu", True),
        ("2.1", "2.1.0", True),
        ("<3", "not-a-version", False),
    ],
)
def test_versions_are_those_of_pep_440(specifier: str, version: str, covered: bool) -> None:
    given = inventory(component("web", version))
    assert (told(said(f'allow = ["web@{specifier}"]\nunused = "allow"', given)) == []) is covered


@pytest.mark.parametrize(
    ("unused", "found"), [("warn", ["warn"]), ("report", ["report"]), ("allow", [])]
)
def test_an_approval_that_covers_nothing(unused: str, found: list[str]) -> None:
    allow = f'allow = [{{ package = "gone", reason = "r" }}, "web"]\nunused = "{unused}"'
    judgement = said(allow, inventory(component("web")))
    assert [finding.level for finding in judgement.findings] == found
    assert judgement.observed == "1 of 1 package covered"


def test_what_is_ours_is_not_judged() -> None:
    assert said('allow = ["x"]', inventory(component("ours", first_party=True))).judged == 0


def test_groups_narrow_the_choice() -> None:
    given = inventory(component("web"), component("tool", groups=("dev",)))
    found = said('allow = ["web"]', given, 'groups = ["runtime"]\n')
    assert (told(found), found.judged) == ([], 1)


BOOTSTRAP = (package("pip", requested=True), package("setuptools"), package("web"))


def test_what_an_environment_is_made_with_is_left_out() -> None:
    given = reading(*BOOTSTRAP, kind="environment", roots=(root("web"),))
    found = said('allow = ["web"]', given)
    assert (told(found), found.judged) == ([], 1)
    alone = reading(*BOOTSTRAP[:2], kind="environment")
    assert said('allow = ["web"]\nunused = "allow"', alone).judged == 0


MADE = BOOTSTRAP[:2]
ASKING = package("web", "1.0", "setuptools (build)", "pip (test)")


def test_an_extra_that_nobody_asked_for_needs_nothing() -> None:
    given = reading(*MADE, ASKING, kind="environment", roots=(root("web"),))
    assert told(said('allow = ["web"]', given)) == []


def test_but_not_where_somebody_asks_for_it() -> None:
    by_name = reading(*BOOTSTRAP, kind="environment", roots=(root("web"), root("setuptools")))
    assert told(said('allow = ["web"]', by_name)) == ["package-not-approved setuptools"]
    needed = reading(
        package("pip"), package("tool", "1.0", "pip"), package("web"), roots=(root("web"),)
    )
    assert "package-not-reached pip" in told(said('allow = ["web"]', needed))
    by_extra = reading(*MADE, ASKING, kind="environment", roots=(root("web[build]"),))
    assert told(said('allow = ["other"]\nunused = "allow"', by_extra)) == [
        "package-not-reached setuptools",
        "package-not-approved web",
    ]
    none_ignored = reading(*BOOTSTRAP, kind="environment", roots=(root("web"),))
    ignore = 'allow = ["web"]\nignore = ["PIP"]'
    assert told(said(ignore, none_ignored)) == ["package-not-reached setuptools"]


def test_a_package_that_could_not_be_read_is_not_judged() -> None:
    faults = (
        Fault("package-unreadable", "lost", "why", Location("x")),
        Fault("package-duplicate", "kept", "why", Location("x"), kept=True),
    )
    judgement = said('allow = ["web"]', inventory(component("web"), faults=faults))
    assert [entry.subject for entry in judgement.unjudged] == ["lost"]


@pytest.mark.parametrize(
    "entry", ["web<2", "web>=1,<2", "web == 2", "web[x]>=1", "acme-*", "two words", "", "web@x"]
)
def test_entries_that_would_never_match_are_refused(entry: str) -> None:
    (problem,) = wrong("packages.approved", allow=["fine", entry])
    assert problem.startswith("allow.1: ")
