"""Collections of decisions in three styles, each read without an edit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.adr.document import Adr, is_template, number_of, read_adr
from adhere.adr.register import Register
from adhere.errors import ConfigError, Problem

ADRS = Path(__file__).parents[2] / "fixtures" / "adrs"


def collection(name: str) -> dict[str, Adr]:
    found: dict[str, Adr] = {}
    for path in sorted((ADRS / name).glob("*.md")):
        adr = read_adr(path.read_text("utf-8"), f"docs/{path.name}")
        if adr is not None:
            found[adr.id] = adr
    return found


@pytest.mark.parametrize(
    ("style", "statuses"),
    [
        (
            "front-matter",
            {
                "ADR-0001": "accepted",
                "ADR-0002": "superseded",
                "ADR-0003": "accepted",
                "ADR-0004": "proposed",
            },
        ),
        (
            "sections",
            {
                "ADR-0001": "accepted",
                "ADR-0002": "superseded",
                "ADR-0003": "accepted",
                "ADR-0004": "accepted",
                "ADR-0005": "rejected",
            },
        ),
        (
            "bullets",
            {
                "ADR-0000": "accepted",
                "ADR-0007": "superseded",
                "ADR-0011": "accepted",
                "ADR-0012": "deprecated",
            },
        ),
    ],
)
def test_a_collection_is_read_as_it_is(style: str, statuses: dict[str, str]) -> None:
    adrs = collection(style)
    assert {name: adr.status for name, adr in adrs.items()} == statuses
    assert {adr.form for adr in adrs.values()} == {style.replace("-", " ")}
    register = Register(adrs.values())
    assert list(register.problems()) == []


def test_titles_lose_their_number() -> None:
    assert collection("sections")["ADR-0004"].title == "Deploy from the main branch"
    assert collection("bullets")["ADR-0012"].title == "Python 2 is gone"


def test_dates_and_deciders() -> None:
    assert collection("bullets")["ADR-0000"].deciders == ("Lin", "Noor")
    assert collection("front-matter")["ADR-0001"].deciders == ("Ada Byron", "Grace Brewster")
    assert collection("sections")["ADR-0001"].date == "2019-06-01"
    assert collection("bullets")["ADR-0007"].date == "2020-10-05"


@pytest.mark.parametrize(
    ("style", "old", "new"),
    [
        ("front-matter", "ADR-0002", "ADR-0003"),
        ("sections", "ADR-0002", "ADR-0004"),
        ("bullets", "ADR-0007", "ADR-0011"),
    ],
)
def test_links_lead_to_decisions(style: str, old: str, new: str) -> None:
    adrs = collection(style)
    register = Register(adrs.values())
    assert [register.name(one) for one in adrs[old].superseded_by] == [new]
    assert [register.name(one) for one in adrs[new].supersedes] == [old]


def test_an_amendment_supersedes_nothing() -> None:
    amended = collection("sections")["ADR-0003"]
    assert (amended.superseded_by, amended.supersedes) == ((), ())


def prose(status: str, title: str = "# 7. Use it") -> str:
    return f"{title}\n\nDate: 2026-01-02\n\n## Status\n\n{status}\n\n## Context\n\nText.\n"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Accepted", "accepted"),
        ("**Accepted**", "accepted"),
        ("- accepted", "accepted"),
        ("Accepted (2020-01-01)", "accepted"),
        ("<!-- one of them -->\n\nProposed", "proposed"),
        ("<!--\nProposed\n-->\nRejected", "rejected"),
        ("Accepted\n\nSuperseded by [8. It](0008-it.md)", "superseded"),
        ("Accepted\n\nSuperseded by [8. It](0008-it.md#decision)", "accepted"),
        ("Superseded by ADR-8", "superseded"),
    ],
)
def test_words_of_a_status_section(words: str, status: str) -> None:
    adr = read_adr(prose(words), "adr/0007-use-it.md")
    assert adr is not None
    assert adr.status == status


@pytest.mark.parametrize("words", ["Acceptedness", "We like it", "Accepted-ish", ""])
def test_a_status_that_is_none_is_an_error_at_its_line(words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_adr(prose(words), "adr/0007-use-it.md")
    (problem,) = caught.value.problems
    assert (problem.code, problem.line) == ("adr-invalid", 7 if words else 5)


def test_a_projects_own_words() -> None:
    adr = read_adr(prose("In force since May"), "adr/0007.md", {"in force": "accepted"})
    assert adr is not None
    assert adr.status == "accepted"
    front = "---\nid: A-1\nstatus: In Force\n---\n"
    assert read_adr(front, "adr/a.md", {"in force": "deprecated"}).status == "deprecated"  # type: ignore[union-attr]  # it is one


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (prose("Accepted"), "adr/index.md"),
        ("# 7. A title\n\n## Context\n\nText.\n", "adr/0007.md"),
        ("no heading\n\nStatus: accepted\n", "adr/0007.md"),
        (prose("Accepted"), "adr/0000-template.md"),
    ],
    ids=["no number", "no status", "no heading", "a template"],
)
def test_a_page_that_is_no_decision(text: str, path: str) -> None:
    assert read_adr(text, path) is None


def test_front_matter_of_a_site_does_not_hide_the_status() -> None:
    adr = read_adr("---\nlayout: page\n---\n" + prose("Accepted"), "adr/0007-use-it.md")
    assert adr is not None
    assert (adr.status, adr.form) == ("accepted", "sections")
    section = adr.sections["#status"].location
    assert section is not None
    assert section.line == 8


def test_sections_of_prose_may_be_referred_to() -> None:
    adr = read_adr(prose("Accepted"), "adr/0007-use-it.md")
    assert adr is not None
    assert list(adr.sections) == ["", "#7-use-it", "#status", "#context"]


def tried(text: str, path: str) -> tuple[Adr | None, tuple[Problem, ...]]:
    try:
        return read_adr(text, path), ()
    except ConfigError as error:
        return None, error.problems


@given(st.text(max_size=300), st.sampled_from(["adr/0001-a.md", "adr/ADR-1.md", "adr/readme.md"]))
def test_any_text_is_a_decision_or_none_or_a_problem(text: str, path: str) -> None:
    for whole in (
        text,
        f"---\n{text}\n---\n",
        f"# T\n\n## Status\n\n{text}\n",
        f"# T\n* Status: {text}\n",
    ):
        adr, problems = tried(whole, path)
        assert all(problem.path == path and problem.line >= 1 for problem in problems)
        assert adr is None or adr.status


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("docs/adr/ADR-015-performance.md", "015"),
        ("adr/0003-x.md", "0003"),
        ("adr_7.md", "7"),
        ("index.md", ""),
        ("2fa", "2"),
    ],
)
def test_number_in_a_name(path: str, number: str) -> None:
    assert number_of(path) == number


def test_templates() -> None:
    assert is_template("adr/adr-template.md")
    assert not is_template("templates/0001-x.md")
