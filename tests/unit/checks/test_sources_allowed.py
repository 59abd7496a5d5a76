from __future__ import annotations

import pytest

from adhere.model.assemble import assemble
from adhere.model.finding import Judgement
from adhere.model.inventory import Fault, Inventory
from adhere.model.location import Location
from adhere.model.need import InventoryNeed
from adhere.model.package import Origin
from corpus.inventories import component, inventory, package, reading
from corpus.judging import judge, rule_of, told, wrong

INDEX = Origin("index", "https://index.example.org/simple")
PUBLIC = Origin("index", "https://public.example.org/simple")
UNSAID = Origin("index")
GIT = Origin("vcs", "https://git.example.org/team/web.git", "main", "a" * 40)
URL = Origin("url", "https://files.example.org/a/web.whl")


def from_(origin: Origin, **fields: object) -> Inventory:
    return inventory(component("web", packages=(package("web", origin=origin),), **fields))


def said(parameters: str, given: Inventory, keys: str = "") -> Judgement:
    return judge(rule_of("sources.allowed", parameters, keys), {InventoryNeed(): given})


@pytest.mark.parametrize(
    ("origin", "parameters", "allowed"),
    [
        (INDEX, "", True),
        (UNSAID, "", True),
        (INDEX, 'indexes = ["https://index.example.org/simple"]', True),
        (INDEX, 'indexes = ["https://index.example.org/simple/"]', True),
        (INDEX, 'indexes = ["HTTPS://INDEX.example.org/simple"]', True),
        (INDEX, 'indexes = ["index.example.org"]', True),
        (INDEX, 'indexes = ["https://index.example.org"]', True),
        (INDEX, 'indexes = ["https://index.example.org/sim"]', False),
        (INDEX, 'indexes = ["example.org"]', False),
        (INDEX, 'indexes = ["http://index.example.org/simple"]', False),
        (INDEX, 'indexes = ["https://other.example.org"]', False),
        (GIT, "", False),
        (GIT, 'git = ["git.example.org"]', True),
        (GIT, 'git = ["git.example.org/team"]', True),
        (GIT, 'git = ["https://git.example.org/team/web"]', True),
        (GIT, 'git = ["git+https://git.example.org/team/web.git"]', True),
        (GIT, 'git = ["https://git.example.org/te"]', False),
        (GIT, 'git = ["git.example.org/tea"]', False),
        (GIT, 'url = ["git.example.org"]', False),
        (
            Origin("vcs", "ssh://git@git.example.org/team/web.git"),
            'git = ["git.example.org"]',
            True,
        ),
        (Origin("vcs", "https://git.example.org@evil.org/a"), 'git = ["git.example.org"]', False),
        (Origin("vcs", "https://git.example.org.evil.org/a"), 'git = ["git.example.org"]', False),
        (Origin("vcs", ""), 'git = ["git.example.org"]', False),
        (URL, "", False),
        (URL, 'url = ["https://files.example.org/a"]', True),
        (URL, 'url = ["https://files.example.org/b"]', False),
        (URL, 'indexes = ["files.example.org"]', False),
        (Origin("path", "wheels"), "", False),
        (Origin("path", "wheels"), "path = true", True),
        (Origin("path", "wheels"), "editable = true", False),
        (Origin("editable", "lib"), "", False),
        (Origin("editable", "lib"), "editable = true", True),
        (Origin("editable", "lib"), "path = true", False),
    ],
)
def test_places(origin: Origin, parameters: str, allowed: bool) -> None:
    judgement = said(parameters, from_(origin))
    assert (told(judgement) == []) is allowed
    assert (judgement.judged, judgement.unjudged) == (1, ())


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example.org/team/../evil/web",
        "https://git.example.org/team/%2e%2E/evil/web",
        "https://git.example.org/./team/../evil",
        "https://git.example.org/team/..",
    ],
)
def test_steps_back_lead_out_of_what_is_allowed(address: str) -> None:
    given = from_(Origin("vcs", address))
    assert told(said('git = ["https://git.example.org/team"]', given)) == ["source-not-allowed web"]


@pytest.mark.parametrize(
    ("origin", "parameters"),
    [(Origin(), ""), (Origin(), "path = true"), (UNSAID, 'indexes = ["index.example.org"]')],
)
def test_a_place_that_nobody_tells_is_not_judged(origin: Origin, parameters: str) -> None:
    judgement = said(parameters, from_(origin))
    assert (judgement.judged, told(judgement)) == (0, [])
    assert [entry.subject for entry in judgement.unjudged] == ["web"]


def test_what_one_source_does_not_tell_another_may() -> None:
    whole = assemble(
        (
            reading(package("web", origin=UNSAID), kind="environment"),
            reading(package("web", origin=INDEX), kind="uv.lock"),
        )
    )
    judgement = said('indexes = ["index.example.org"]', whole)
    assert (judgement.judged, told(judgement), judgement.unjudged) == (1, [], ())


def test_every_source_is_believed() -> None:
    """The lock names the index; what is installed came from an address all the same."""
    whole = assemble(
        (
            reading(package("web", origin=INDEX), kind="uv.lock"),
            reading(
                package("web", origin=URL, location=Location(".venv/METADATA")), kind="environment"
            ),
        )
    )
    judgement = said('indexes = ["index.example.org"]', whole)
    (finding,) = judgement.findings
    assert URL.url in finding.message
    assert (finding.location, finding.place) == (Location(".venv/METADATA"), "installed here")
    assert judgement.observed == "0 of 1 package from approved places"


def test_two_wrong_places_of_one_package_are_two_findings() -> None:
    whole = assemble(
        (
            reading(package("web", origin=PUBLIC)),
            reading(package("web", origin=URL), kind="uv.lock"),
        )
    )
    found = said('indexes = ["index.example.org"]', whole).findings
    assert len({finding.fingerprint for finding in found}) == 2


@pytest.mark.parametrize(
    ("origin", "judged", "found"),
    [
        (PUBLIC, 1, ["source-not-allowed web"]),
        (INDEX, 1, []),
        (UNSAID, 0, []),
        (Origin("editable", "."), 0, []),
        (GIT, 0, []),
        (Origin(), 0, []),
    ],
)
def test_a_name_of_ours_does_not_make_it_ours(
    origin: Origin, judged: int, found: list[str]
) -> None:
    judgement = said('indexes = ["index.example.org"]', from_(origin, first_party=True))
    assert (judgement.judged, told(judgement), judgement.unjudged) == (judged, found, ())
    if found:
        assert "its name is one of yours" in judgement.findings[0].message


def test_groups_narrow_the_choice_and_findings_have_them() -> None:
    assert said("", from_(GIT, groups=("dev",)), 'groups = ["runtime"]\n').judged == 0
    assert said("", from_(GIT, groups=("dev",))).findings[0].groups == ("dev",)


def test_a_package_that_could_not_be_read_is_not_judged() -> None:
    lost = Fault("package-unreadable", "lost", "why", Location("x"))
    judgement = said("", inventory(faults=(lost,)))
    assert [entry.subject for entry in judgement.unjudged] == ["lost"]


@pytest.mark.parametrize("entry", ["", "  ", "https://", "/"])
@pytest.mark.parametrize("key", ["indexes", "git", "url"])
def test_entries_that_name_no_place(key: str, entry: str) -> None:
    assert wrong("sources.allowed", **{key: ["index.example.org", entry]}) == [
        f"{key}.1: `{entry}` names no host"
    ]
