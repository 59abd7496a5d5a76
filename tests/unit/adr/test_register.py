from __future__ import annotations

from typing import Any

from adhere.adr.document import Adr, read_adr
from adhere.adr.register import Register


def adr(name: str, status: str = "accepted", **more: Any) -> Adr:
    front = "".join(f"{key}: {value}\n" for key, value in more.items())
    found = read_adr(
        f"---\nid: {name}\nstatus: {status}\n{front}---\n# {name}\n\n## Decision\n",
        f"docs/adr/{name}.md",
    )
    assert found is not None
    return found


def said(*adrs: Adr) -> list[tuple[str, str]]:
    return [(p.code, p.message) for p in Register(adrs).problems()]


def test_a_decision_is_found_by_id_path_or_number() -> None:
    one, two = adr("ADR-001", superseded_by="[ADR-2, '[x](ADR-002.md)']"), adr("ADR-002")
    register = Register([one, two])
    assert [register.find(reference) for reference in one.superseded_by] == [two, two]


def test_a_number_that_two_have_means_neither() -> None:
    one = adr("ADR-001", superseded_by="[ADR-2]")
    register = Register([one, adr("ADR-02"), adr("ADR-002")])
    assert register.find(one.superseded_by[0]) is None


def test_a_reference_to_nothing_is_said_with_its_line() -> None:
    (problem,) = Register([adr("ADR-001", superseded_by="[ADR-009]")]).problems()
    assert (problem.code, problem.path, problem.line) == ("adr-dangling", "docs/adr/ADR-001.md", 4)
    assert "`ADR-009`" in problem.message


def test_parts_that_another_decision_replaces() -> None:
    old = adr("ADR-001", superseded_by='["ADR-002#licenses"]')
    new = adr("ADR-002", supersedes='["ADR-001#licenses", "ADR-001#decision"]')
    register = Register([old, new])
    assert register.replaced(old) == {"licenses": "ADR-002", "decision": "ADR-002"}
    assert register.replaced(new) == {}


def test_what_nobody_took_replaces_nothing() -> None:
    for status in ("proposed", "rejected"):
        old = adr("ADR-001", superseded_by='["ADR-002#licenses"]')
        new = adr("ADR-002", status, supersedes='["ADR-001#licenses"]')
        assert Register([old, new]).replaced(old) == {}


def test_what_was_replaced_stays_replaced_when_that_is_replaced_too() -> None:
    old = adr("ADR-001")
    new = adr("ADR-002", "superseded", supersedes='["ADR-001#licenses"]')
    assert Register([old, new]).replaced(old) == {"licenses": "ADR-002"}


def test_the_whole_of_a_decision_is_no_part_of_it() -> None:
    old = adr("ADR-001", superseded_by="[ADR-002]")
    assert Register([old, adr("ADR-002")]).replaced(old) == {}


def test_circles() -> None:
    one = adr("ADR-001", superseded_by="[ADR-002]")
    two = adr("ADR-002", superseded_by="[ADR-003]")
    three = adr("ADR-003", supersedes="[ADR-002]", superseded_by="[ADR-001]")
    message = (
        "ADR-001 is replaced by ADR-002, which is replaced by ADR-003, which is replaced by itself"
    )
    assert said(one, two, three) == [("adr-supersession", message)]
    assert said(adr("ADR-001", superseded_by="[ADR-001]")) == [
        ("adr-supersession", "ADR-001 is replaced by itself")
    ]


def test_a_chain_is_no_circle() -> None:
    one = adr("ADR-001", "superseded", superseded_by="[ADR-002, ADR-003]")
    two = adr("ADR-002", "superseded", supersedes="[ADR-001]", superseded_by="[ADR-003]")
    assert said(one, two, adr("ADR-003", supersedes="[ADR-002]")) == []
