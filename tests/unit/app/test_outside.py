"""Where advisories come from, whose word counts, and which projects an index is asked about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adhere.app.network import Asked, Network
from adhere.app.outside import Outside
from adhere.app.project import Project
from adhere.evidence.fetch import Answers, Fetch, Fetched, missing
from adhere.evidence.osv import Answered
from adhere.evidence.plan import Plan
from adhere.model.advisory import Vulnerabilities
from adhere.model.finding import Missing
from adhere.model.inventory import Inventory
from adhere.model.names import PackageName
from adhere.model.need import ProjectsNeed, VulnerabilitiesNeed
from adhere.policy.settings import Advisories, ConfigTable
from corpus.advisories import osv, snapshot_of, spans
from corpus.inventories import component, inventory
from fakes.clock import FakeClock

NEED = VulnerabilitiesNeed()
SERVICE = "https://osv.example.org"
P, Q = PackageName("p"), PackageName("q")
DAY = timedelta(days=1)


def quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def known(name: str, id_: str, age: timedelta = timedelta(hours=1)) -> dict[str, Any]:
    modified = (FakeClock().now() - age).isoformat()
    return osv(id_, affected=[spans(name, ("0", "2"))], modified=modified)


class FakeNetwork(Network):
    """Answers questions about advisories and projects without a network.

    Attributes:
        records: of the service; ``None`` where it cannot be reached.
        silent: packages that it says nothing about.
        age: of what it says, in seconds.
        asked_for: names of projects, in the order of the questions.
    """

    def __init__(self, *records: dict[str, Any]) -> None:
        self.asked = Asked()
        self.records: tuple[dict[str, Any], ...] | None = records
        self.silent: tuple[str, ...] = ()
        self.age = 0.0
        self.packages: list[str] = []
        self.asked_for: list[str] = []

    def choice(self) -> Any:
        from adhere.evidence.index.choice import choose

        return choose(("https://i.example.org/",), {}, root=".")

    def run(self, plans: Sequence[Plan[Any]]) -> list[Any]:
        return [self._played(plan) for plan in plans]

    def _played(self, plan: Plan[Any]) -> Any:
        try:
            fetches, decode = next(plan)
            while True:
                answers: Answers = {one: self._one(one, decode) for one in fetches}
                fetches, decode = plan.send(answers)
        except StopIteration as end:
            return self._quiet_about(end.value) if isinstance(end.value, Answered) else end.value

    def _quiet_about(self, said: Answered) -> Answered:
        refused = {PackageName(name): ("timeout",) for name in self.silent}
        return Answered(said.records, {**said.refused, **refused}, said.age)

    def _one(self, one: Fetch, decode: Any) -> Fetched | Missing:
        last = one.url.rstrip("/").rpartition("/")[2]
        if one.url.startswith("https://i.example.org/"):
            self.asked_for.append(last)
            return Fetched(b"", found=False)
        if self.records is None:
            return missing("unreachable", "refused")
        if last == "querybatch":
            queries = json.loads(one.body)["queries"]
            self.packages = [query["package"]["name"] for query in queries]
            body = {"results": [{"vulns": self._hits(name)} for name in self.packages]}
            return Fetched(decode(one, json.dumps(body).encode()), self.age)
        (record,) = (r for r in self.records if r["id"] == last)
        return Fetched(decode(one, json.dumps(record).encode()), self.age)

    def _hits(self, name: str) -> list[dict[str, str]]:
        return [
            {"id": record["id"], "modified": record["modified"]}
            for record in self.records or ()
            if record["affected"][0]["package"]["name"] == name
        ]


def outside(tmp_path: Path, network: FakeNetwork, **advisories: Any) -> Outside:
    config = ConfigTable(advisories=Advisories(**{"url": SERVICE, **advisories}))
    moment = FakeClock().now()
    return Outside(Project(str(tmp_path)), config, network, moment, "", quiet)


@pytest.fixture(autouse=True)
def nobody_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADHERE_OSV_URL", raising=False)


PACKAGES = inventory(component("p"), component("q"))


def answer(given: Outside, packages: Inventory = PACKAGES) -> Any:
    return given.gather([NEED], packages)[NEED]


def flaws(found: Any) -> dict[str, list[str] | str]:
    """Ids by package, or why nobody knows."""
    assert isinstance(found, Vulnerabilities), found
    return {
        name: said.reason if isinstance(said, Missing) else [flaw.id for flaw in said]
        for (name, _), said in found.found.items()
    }


def snapshot(tmp_path: Path, *records: dict[str, Any]) -> None:
    snapshot_of(tmp_path / ".adhere/osv-pypi.zip", *records)


def test_a_service_that_answers_is_enough(tmp_path: Path) -> None:
    snapshot(tmp_path, known("p", "PYSEC-2"))
    given = outside(tmp_path, FakeNetwork(known("p", "PYSEC-1")))
    found = answer(given)
    assert flaws(found) == {"p": ["PYSEC-1"], "q": []}
    assert (found.source, found.age) == (SERVICE, 0.0)
    assert given.digests == {}, "what was not read is no input"


def test_without_a_service_the_snapshot_judges(tmp_path: Path) -> None:
    snapshot(tmp_path, known("p", "PYSEC-2"))
    network = FakeNetwork()
    network.records = None
    given = outside(tmp_path, network)
    found = answer(given)
    assert flaws(found) == {"p": ["PYSEC-2"], "q": []}
    assert found.source == ".adhere/osv-pypi.zip"
    assert set(given.digests) == {".adhere/osv-pypi.zip"}


def test_without_either_the_reason_names_both(tmp_path: Path) -> None:
    network = FakeNetwork()
    network.records = None
    found = answer(outside(tmp_path, network))
    assert isinstance(found, Missing)
    assert found.reason == (
        f"{SERVICE} did not answer: unreachable: refused, and "
        "there is no snapshot of advisories, .adhere/osv-pypi.zip"
    )
    assert found.hint == "adhere db update fetches one"


def test_a_young_snapshot_judges_before_a_stale_answer(tmp_path: Path) -> None:
    snapshot(tmp_path, known("p", "PYSEC-2"))
    network = FakeNetwork(known("p", "PYSEC-1"))
    network.age = 5 * 86_400.0
    assert flaws(answer(outside(tmp_path, network))) == {"p": ["PYSEC-2"], "q": []}


@pytest.mark.parametrize("there", [True, False])
def test_a_stale_answer_stays_where_nothing_younger_is(tmp_path: Path, *, there: bool) -> None:
    """Its age is what a rule then says of it."""
    if there:
        snapshot(tmp_path, known("p", "PYSEC-2", age=30 * DAY))
    network = FakeNetwork(known("p", "PYSEC-1"))
    network.age = 5 * 86_400.0
    found = answer(outside(tmp_path, network))
    assert (found.source, found.age) == (SERVICE, network.age)


def test_a_snapshot_alone_asks_nobody(tmp_path: Path) -> None:
    snapshot(tmp_path, known("p", "PYSEC-2"))
    network = FakeNetwork(known("p", "PYSEC-1"))
    found = answer(outside(tmp_path, network, source="snapshot"))
    assert flaws(found) == {"p": ["PYSEC-2"], "q": []}
    assert network.packages == []


def test_both_fill_the_gaps_of_the_service(tmp_path: Path) -> None:
    snapshot(tmp_path, known("p", "PYSEC-2"), known("q", "PYSEC-3"))
    network = FakeNetwork(known("p", "PYSEC-1"))
    network.silent = ("q",)
    found = answer(outside(tmp_path, network, source="both"))
    assert flaws(found) == {"p": ["PYSEC-1"], "q": ["PYSEC-3"]}
    assert found.source == f"{SERVICE}, .adhere/osv-pypi.zip"
    alone = answer(outside(tmp_path, network, source="osv"))
    assert flaws(alone) == {"p": ["PYSEC-1"], "q": "timeout"}


def test_an_old_snapshot_fills_no_gaps(tmp_path: Path) -> None:
    snapshot(tmp_path, known("q", "PYSEC-3", age=30 * DAY))
    network = FakeNetwork(known("p", "PYSEC-1"))
    network.silent = ("q",)
    found = answer(outside(tmp_path, network, source="both"))
    assert flaws(found) == {"p": ["PYSEC-1"], "q": "timeout"}
    assert found.source == SERVICE


def test_without_packages_nothing_is_wrong_and_nobody_asked(tmp_path: Path) -> None:
    network = FakeNetwork()
    network.records = None
    ours = inventory(component("p", first_party=True))
    found = answer(outside(tmp_path, network), ours)
    assert flaws(found) == {}
    assert found.age == 0.0


def test_direct_packages_are_asked_about_first_and_ours_never(tmp_path: Path) -> None:
    network = FakeNetwork()
    packages = inventory(
        component("a", direct=False), component("b"), component("ours", first_party=True)
    )
    answer(outside(tmp_path, network), packages)
    assert network.packages == ["b", "a"]


def test_the_service_is_that_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADHERE_OSV_URL", "https://mirror.example.org/osv/")
    assert outside(tmp_path, FakeNetwork()).service == "https://mirror.example.org/osv"
    monkeypatch.delenv("ADHERE_OSV_URL")
    assert outside(tmp_path, FakeNetwork()).service == SERVICE


GRAPH = inventory(
    component("a", direct=False),
    component("b"),
    component("c", direct=False),
    component("d"),
    component("ours", first_party=True),
)


@pytest.mark.parametrize(
    ("needs", "names"),
    [
        ([ProjectsNeed()], ["b", "d", "a", "c"]),
        ([ProjectsNeed("direct")], ["b", "d"]),
        ([ProjectsNeed("first-party")], ["ours"]),
        ([ProjectsNeed(names=("C",))], ["c"]),
        ([ProjectsNeed(names=("c", "x*"))], ["c"]),
        ([ProjectsNeed("direct", names=("a", "b"))], ["b"]),
        ([ProjectsNeed(), ProjectsNeed(names=("c",))], ["c", "b", "d", "a"]),
        ([ProjectsNeed("direct"), ProjectsNeed("first-party")], ["ours", "b", "d"]),
    ],
)
def test_what_rules_name_is_asked_for_first(
    tmp_path: Path, needs: list[ProjectsNeed], names: list[str]
) -> None:
    network = FakeNetwork()
    found = outside(tmp_path, network).gather(needs, GRAPH)
    assert network.asked_for == names
    assert set(found) == set(needs)
    assert all(found[need] == found[needs[0]] for need in needs), "one answer for all of them"


def test_advisories_and_projects_at_once(tmp_path: Path) -> None:
    network = FakeNetwork(known("p", "PYSEC-1"))
    found = outside(tmp_path, network).gather([ProjectsNeed(), NEED], PACKAGES)
    assert flaws(found[NEED]) == {"p": ["PYSEC-1"], "q": []}
    projects = found[ProjectsNeed()]
    assert isinstance(projects, dict)
    assert set(projects) == {P, Q}
