"""What an OSV service is asked, and what its answers come to: a plan, played by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from adhere.evidence.fetch import Brief, Decode, Fetch, Fetched, missing
from adhere.evidence.osv import Answered, asked, queries_of, record_fetch
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.osv import Hit
from adhere.model.finding import Missing
from adhere.model.names import PackageName
from corpus.advisories import MODIFIED, osv, spans

URL = "https://osv.example.org"
P, Q = PackageName("p"), PackageName("q")
Answer = Callable[[dict[str, Any]], dict[str, Any]]


def hit(id_: str, modified: str = MODIFIED) -> dict[str, str]:
    return {"id": id_, "modified": modified}


class Service:
    """Answers a plan as a service would, through the plan's own decoding.

    Attributes:
        batches: what was asked, batch by batch.
        records: by id, as they come over the wire; an absent one is a 404.
        broken: reasons by the end of an address.
        kept: what a cache gives in place of what was decoded.
        age: of every answer.
    """

    def __init__(self, answer: Answer, *records: Mapping[str, Any]) -> None:
        self.answer = answer
        self.records = {record["id"]: json.dumps(record).encode() for record in records}
        self.batches: list[list[dict[str, Any]]] = []
        self.asked: list[str] = []
        self.broken: dict[str, Missing] = {}
        self.kept: dict[str, bytes] = {}
        self.age = 0.0

    def play(self, *packages: tuple[PackageName, str]) -> Answered:
        plan = asked(URL, packages)
        try:
            fetches, decode = next(plan)
            while True:
                answers = {one: self._one(one, decode) for one in fetches}
                fetches, decode = plan.send(answers)
        except StopIteration as end:
            found: Answered = end.value
            return found

    def _one(self, one: Fetch, decode: Decode) -> Fetched | Missing:
        last = one.url.rpartition("/")[2]
        self.asked.append(last)
        if last in self.broken:
            return self.broken[last]
        if last in self.kept:
            return Fetched(self.kept[last], self.age)
        if last == "querybatch":
            queries = json.loads(one.body)["queries"]
            self.batches.append(queries)
            body = json.dumps({"results": [self.answer(query) for query in queries]}).encode()
        elif last in self.records:
            body = self.records[last]
        else:
            return Fetched(b"", self.age, found=False)
        try:
            made = decode(one, body)
            return Fetched(made.body if isinstance(made, Brief) else made, self.age)
        except Garbage as error:
            return missing("garbage", str(error))


def names(*ids: str) -> Answer:
    """Every query is answered with these."""
    return lambda _query: {"vulns": [hit(id_) for id_ in ids]} if ids else {}


def ids_of(found: Answered, name: PackageName = P) -> Sequence[str]:
    return [record.id for record in found.records[name]]


RECORD = osv("PYSEC-1", affected=[spans("p", ("0", "2"))])


def test_an_older_state_than_was_announced_counts_and_is_said() -> None:
    """A cache between us and the service may lag behind it; so may one of its machines."""
    record = osv("PYSEC-1", affected=[spans("p", ("0", "2"))], modified="2026-10-01T00:00:00Z")
    for announced, as_announced in (
        ("2026-10-01T00:00:00Z", True),
        ("2026-10-01T00:00:00.913Z", True),
        ("2026-09-01T00:00:00Z", True),
        ("0001-01-01T00:00:00Z", True),
        ("0001-01-01T00:00:00+05:00", True),
        ("", True),
        ("2026-10-01T00:00:02Z", False),
        ("2026-11-01T00:00:00Z", False),
    ):
        named = {"vulns": [hit("PYSEC-1", announced)]}
        answer = Service(lambda _, named=named: named, record).play((P, "1.0"))  # type: ignore[misc]  # a default binds it
        why = "PYSEC-1: the service has it as of 2026-10-01T00:00:00Z, and says that it changed on "
        said = () if as_announced else (f"{why}{announced}",)
        assert answer.refused.get(P, ()) == said
        assert ids_of(answer) == ["PYSEC-1"]


def test_two_answers_speak_of_two_changes_and_the_last_counts() -> None:
    days = iter(("2026-11-24T12:00:00Z", "2026-10-01T00:00:00Z"))
    by_name: dict[str, str] = {}

    def answer(query: dict[str, Any]) -> dict[str, Any]:
        day = by_name.setdefault(query["package"]["name"], next(days))
        return {"vulns": [hit("PYSEC-1", day)]}

    record = {**RECORD, "modified": "2026-10-01T00:00:00Z"}
    found = Service(answer, record).play((P, "1.0"), (Q, "1.0"))
    assert set(found.refused) == {P, Q}


@pytest.mark.parametrize("modified", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-01:00"])
def test_a_time_that_no_calendar_has_is_garbage(modified: str) -> None:
    found = Service(names("PYSEC-1"), {**RECORD, "modified": modified}).play((P, "1.0"))
    assert found.refused[P][0].startswith("PYSEC-1: garbage: `modified` is no time")


def test_one_batch_and_one_request_for_each_record() -> None:
    service = Service(names("PYSEC-1"), RECORD)
    found = service.play((P, "1.0"), (Q, "1.0"))
    assert service.asked == ["querybatch", "PYSEC-1"]
    assert (ids_of(found), ids_of(found, Q)) == (["PYSEC-1"], ["PYSEC-1"])
    assert (found.refused, found.age) == ({}, 0.0)


def test_nothing_known_is_an_answer() -> None:
    found = Service(names()).play((P, "1.0"))
    assert (ids_of(found), found.refused) == ([], {})


def test_pages_are_turned_to_the_last() -> None:
    pages = {"": ("PYSEC-1", "2"), "2": ("PYSEC-2", "3"), "3": ("PYSEC-3", "")}

    def answer(query: dict[str, Any]) -> dict[str, Any]:
        if query["package"]["name"] != "p":
            return {}
        id_, token = pages[query.get("page_token", "")]
        return {"vulns": [hit(id_)], **({"next_page_token": token} if token else {})}

    service = Service(answer, *({**RECORD, "id": f"PYSEC-{n}"} for n in (1, 2, 3)))
    found = service.play((P, "1.0"), (Q, "1.0"))
    assert ids_of(found) == ["PYSEC-1", "PYSEC-2", "PYSEC-3"]
    assert [len(batch) for batch in service.batches] == [2, 1, 1]
    assert found.refused == {}


def test_pages_without_end_are_left_and_said() -> None:
    service = Service(lambda _query: {"next_page_token": str(len(service.batches))})
    found = service.play((P, "1.0"))
    assert len(service.batches) == 20
    assert found.refused == {P: ("the service has more pages than are turned",)}


def test_a_page_that_cannot_be_had_leaves_its_package_open() -> None:
    def answer(query: dict[str, Any]) -> dict[str, Any]:
        service.broken["querybatch"] = missing("timeout")
        return {"vulns": [hit("PYSEC-1")], "next_page_token": "2"}

    service = Service(answer, RECORD)
    found = service.play((P, "1.0"))
    assert ids_of(found) == ["PYSEC-1"]
    assert found.refused == {P: ("timeout",)}


@pytest.mark.parametrize(
    ("version", "sent"),
    [
        ("1.0", "1.0"),
        ("1.0-RC1", "1.0rc1"),
        ("2004d-x", None),
        ("", None),
        ("1.0+local", "1.0+local"),
    ],
)
def test_a_version_that_has_no_order_is_asked_for_by_name(version: str, sent: str | None) -> None:
    service = Service(names())
    service.play((P, version))
    ((query,),) = service.batches
    assert query.get("version") == sent
    assert query["package"] == {"name": "p", "ecosystem": "PyPI"}


def test_two_spellings_of_a_version_are_one_query() -> None:
    assert len(queries_of([(P, "1.0rc1"), (P, "1.0-RC1"), (P, "1.0")])) == 2


def test_more_than_a_batch_takes_are_two_batches() -> None:
    service = Service(lambda query: names("PYSEC-1")(query) if query["version"] == "1041" else {})
    service.records["PYSEC-1"] = json.dumps(RECORD).encode()
    found = service.play(*((PackageName(f"p{n}"), str(n)) for n in range(1_042)))
    assert [len(batch) for batch in service.batches] == [1_000, 42]
    assert ids_of(found, PackageName("p1041")) == ["PYSEC-1"]
    assert len(found.records) == 1_042


def test_without_packages_nothing_is_asked() -> None:
    service = Service(names())
    assert service.play() == Answered({}, {}, 0.0)
    assert service.asked == []


def test_a_record_that_is_gone_is_said() -> None:
    found = Service(names("PYSEC-1", "PYSEC-2"), RECORD).play((P, "1.0"))
    assert ids_of(found) == ["PYSEC-1"]
    assert found.refused == {P: ("PYSEC-2: the service no longer has it",)}


def test_a_record_that_cannot_be_had_is_said_for_every_package() -> None:
    service = Service(names("PYSEC-1"), RECORD)
    service.broken["PYSEC-1"] = missing("deadline")
    found = service.play((P, "1.0"), (Q, "1.0"))
    assert found.refused == {P: ("PYSEC-1: deadline",), Q: ("PYSEC-1: deadline",)}
    assert found.age == 0.0, "the batch was answered all the same"


def test_another_record_than_was_asked_for_is_garbage() -> None:
    service = Service(names("PYSEC-1"))
    service.records["PYSEC-1"] = json.dumps({**RECORD, "id": "PYSEC-2"}).encode()
    found = service.play((P, "1.0"))
    assert (ids_of(found), found.refused) == (
        [],
        {P: ("PYSEC-1: garbage: it is the record PYSEC-2",)},
    )


def test_an_answer_to_fewer_queries_than_were_asked_is_garbage() -> None:
    service = Service(names())
    one_short = b'{"results": [{}]}'
    plan = asked(URL, [(P, "1.0"), (Q, "1.0")])
    (batch,), decode = next(plan)
    with pytest.raises(Garbage, match="it answers 1 of 2 queries"):
        decode(batch, one_short)
    service.kept["querybatch"] = one_short
    found = service.play((P, "1.0"), (Q, "1.0"))
    assert set(found.refused) == {P, Q}, "nor is it believed out of a cache"
    assert found.age is None


@pytest.mark.parametrize("kept", [b"", b"\xc1", b"\x93\x01\x02\x03", b"{}"])
def test_garbage_in_the_cache_is_no_record(kept: bytes) -> None:
    service = Service(names("PYSEC-1"), RECORD)
    service.kept["PYSEC-1"] = kept
    found = service.play((P, "1.0"))
    assert ids_of(found) == []
    assert found.refused[P][0].startswith("PYSEC-1: it is no stored record: ")


def test_another_record_in_the_cache_is_not_the_one() -> None:
    plan = asked(URL, [(P, "1.0")])
    (batch,), decode = next(plan)
    body = json.dumps({"results": [{"vulns": [hit("PYSEC-1")]}]}).encode()
    (fetch,), decode = plan.send({batch: Fetched(decode(batch, body))})
    service = Service(names("PYSEC-2"), {**RECORD, "id": "PYSEC-2"})
    service.kept["PYSEC-2"] = decode(fetch, json.dumps(RECORD).encode())
    assert service.play((P, "1.0")).refused == {P: ("PYSEC-2: it is the record PYSEC-1",)}


def test_the_oldest_batch_tells_the_age() -> None:
    service = Service(names("PYSEC-1"), RECORD)
    service.age = 90.0
    assert service.play((P, "1.0")).age == 90.0


def test_a_service_that_says_nothing_has_no_age() -> None:
    service = Service(names())
    service.broken["querybatch"] = missing("unreachable", "refused")
    found = service.play((P, "1.0"), (Q, "1.0"))
    assert found.age is None
    assert found.refused == {P: ("unreachable: refused",), Q: ("unreachable: refused",)}


def test_a_record_that_changed_is_another_entry_of_the_cache() -> None:
    first, second = (record_fetch(URL, Hit("PYSEC-1", day)) for day in ("2026-01-01", "2026-01-02"))
    assert first.key != second.key
    assert first.url == second.url == f"{URL}/v1/vulns/PYSEC-1"
    assert first.key != record_fetch("https://other.example.org", Hit("PYSEC-1", "2026-01-01")).key


def test_a_name_of_a_record_that_is_no_name_makes_no_address() -> None:
    service = Service(names("../../admin"))
    found = service.play((P, "1.0"))
    assert service.asked == ["querybatch"]
    assert "is no id of a record" in found.refused[P][0]
