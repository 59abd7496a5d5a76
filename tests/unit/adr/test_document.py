from __future__ import annotations

import pytest

from adhere.adr.document import Adr, read_adr
from adhere.adr.status import ENFORCED
from adhere.errors import ConfigError, Problem
from adhere.model.location import Location

PATH = "docs/adr/ADR-010-dependencies.md"
MADR = """\
---
id: ADR-010
title: Which dependencies may come in
status: accepted
date: 2026-05-04
decision-makers: ["@lead"]
supersedes: []
review_by: 2027-05-04
adhere: { rules: ADR-010.rules.toml }
---

# Another title

## License compliance policy

Only approved ones.

```toml
# not a heading
```

## License compliance policy
"""


def read(text: str, path: str = PATH) -> Adr:
    found = read_adr(text, path)
    assert found is not None
    return found


def refused(front: str, path: str = PATH) -> Problem:
    with pytest.raises(ConfigError) as caught:
        read_adr(f"---\n{front}\n---\n# Title\n", path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("adr-invalid", path)
    return problem


def test_a_decision() -> None:
    adr = read(MADR)
    assert (adr.id, adr.title, adr.status, adr.date, adr.path) == (
        "ADR-010",
        "Which dependencies may come in",
        "accepted",
        "2026-05-04",
        PATH,
    )


def test_its_sections_are_what_rules_may_name() -> None:
    sections = read(MADR).sections
    assert list(sections) == [
        "",
        "#another-title",
        "#license-compliance-policy",
        "#license-compliance-policy_1",
    ]
    section = sections["#license-compliance-policy"]
    assert (section.id, section.section) == ("ADR-010", "License compliance policy")
    assert section.location == Location(PATH, 14)
    assert sections[""].location == Location(PATH, 1)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_change_nothing_that_is_read(end: str) -> None:
    assert read(MADR.replace("\n", end)) == read(MADR)


@pytest.mark.parametrize(
    ("front", "title"),
    [("id: A-1\nstatus: accepted", "Title"), ("id: A-1\nstatus: accepted\ntitle: 5", "Title")],
)
def test_without_a_title_the_first_heading_is_it(front: str, title: str) -> None:
    assert read(f"---\n{front}\n---\n# {title}\n## More\n").title == title


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("accepted", "accepted"),
        ("Accepted", "accepted"),
        (" proposed ", "proposed"),
        ("superseded by ADR-022", "superseded"),
        ("rejected", "rejected"),
        ("deprecated", "deprecated"),
    ],
)
def test_status(written: str, status: str) -> None:
    assert read(f'---\nid: A-1\nstatus: "{written}"\n---\n').status == status


def test_what_a_status_enforces() -> None:
    assert ENFORCED == {
        "proposed": "report",
        "accepted": "error",
        "deprecated": "warn",
        "superseded": None,
        "rejected": None,
    }


@pytest.mark.parametrize("path", ["docs/adr/ADR-010-x.md", "docs/adr/adr_010.md", "a/010-x.md"])
def test_a_file_may_be_named_by_its_number_alone(path: str) -> None:
    assert read("---\nstatus: accepted\n---\n", path).id == "ADR-010"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Only a page\n",
        "---\ntitle: A page of the site\n---\n# Page\n",
        "---\n- a\n- b\n---\n",
        "---\nstatus: accepted\n",
        "text\n---\nstatus: accepted\n---\n",
    ],
    ids=["empty", "no front matter", "no decision", "a list", "no end", "not at the beginning"],
)
def test_a_page_that_is_no_decision(text: str) -> None:
    assert read_adr(text, PATH) is None


@pytest.mark.parametrize(
    ("front", "line", "message"),
    [
        ("id: 010\nstatus: accepted", 2, "its id reads as 8, which is no text"),
        ("status: accepted\nid: 10", 3, "its id reads as 10"),
        ("id: 2026-01-01\nstatus: accepted", 2, "its id reads as 2026-01-01"),
        ("id: [a]\nstatus: accepted", 2, "a value that is no text"),
        ('id: "A/../B"\nstatus: accepted', 2, "its id is `A/../B`, which is none"),
        ('id: ""\nstatus: accepted', 2, "which is none"),
        (f'id: "{"A" * 65}"\nstatus: accepted', 2, "which is none"),
        ("id: A-1\nstatus: acepted", 3, "its status is `acepted`, which is none"),
        ("id: A-1\nstatus: 5", 3, "its status is 5, which is none"),
        ("id: A-1", 1, "it has no status"),
        ("id: A-1\nstatus: [", 4, "not valid YAML"),
        ("id: A-1\nstatus: \0", 1, "not usable YAML"),
        ("id: A-1\n\tstatus: x", 3, "not valid YAML"),
        ("id: 2026-02-31\nstatus: accepted", 1, "not usable YAML"),
    ],
)
def test_front_matter_that_cannot_be(front: str, line: int, message: str) -> None:
    problem = refused(front)
    assert message in problem.message
    assert problem.line == line


def test_a_bare_number_is_told_to_be_quoted() -> None:
    problem = refused("id: 010\nstatus: accepted")
    assert "quote the id" in problem.hint
    assert problem.excerpt == "id: 010"


def test_a_misspelt_status_has_the_nearest() -> None:
    assert refused("id: A-1\nstatus: acepted").hint == "did you mean `accepted`?"


def test_a_status_in_the_body_is_not_pointed_at() -> None:
    with pytest.raises(ConfigError) as caught:
        read_adr("---\nid: A-1\n---\nstatus: accepted\n", PATH)
    assert caught.value.problems[0].line == 1


def test_no_id_and_no_number_in_the_name() -> None:
    assert refused("status: accepted", "docs/adr/readme.md").message == "it has no id"


LAUGHS = "\n".join(
    ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
)


@pytest.mark.parametrize("key", ["id", "status", "date", "title"])
def test_aliases_that_unfold_beyond_memory(key: str) -> None:
    front = {"id": "A-1", "status": "accepted", "date": "2026-01-01", "title": "t", key: "*a11"}
    text = LAUGHS + "\n" + "\n".join(f"{name}: {value}" for name, value in front.items())
    if key in ("id", "status"):
        assert "a value that is no text" in refused(text).message
    else:
        assert read(f"---\n{text}\n---\n").id == "A-1"


def test_a_structure_that_holds_itself() -> None:
    assert read("---\nid: A-1\nstatus: accepted\nextra: &a [*a]\n---\n").date == ""


def test_endless_nesting() -> None:
    assert "YAML" in refused("id: " + "[" * 5_000).message


def test_a_number_of_very_many_digits() -> None:
    assert "YAML" in refused("status: accepted\nid: " + "9" * 5_000).message
    assert "a value that is no text" in refused("status: accepted\nid: " + "9" * 500).message
