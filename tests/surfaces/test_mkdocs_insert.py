"""Where a panel stands on a page that somebody else wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import markdown as rendered

from adhere.surfaces.mkdocs.insert import below_title

LINES = st.sampled_from(
    [
        "# Title",
        "#Title",
        "## Sub",
        "Title",
        "=====",
        "---",
        "```",
        "~~~~",
        "text",
        "",
        "    # code",
        " # x",
    ]
)


@pytest.mark.parametrize(
    ("page", "above"),
    [
        ("# Title\ntext", 1),
        ("#Title\ntext", 1),
        ("  # Title\ntext", 1),
        ("intro\n\n# Title\ntext", 3),
        ("Title\n=====\ntext", 2),
        ("## Only a section\ntext", 0),
        ("text", 0),
        ("", 0),
        ("```sh\n# no title\n```\n\n# Title", 5),
        ("~~~~\n~~~\n# no title\n~~~~\n# Title", 5),
        ("````\n```\n# no title\n````\n# Title", 5),
        ("```\n``` x\n# no title", 0),
        ("    # code\n\n# Title", 3),
    ],
)
def test_it_stands_below_the_title(page: str, above: int) -> None:
    lines = below_title(page, "PANEL").split("\n")
    assert lines.index("PANEL") == above + 1
    assert lines[above] == lines[above + 2] == ""


@given(st.lists(LINES, max_size=8).map("\n".join))
def test_nothing_of_the_page_is_lost_and_it_is_never_in_a_block_of_code(page: str) -> None:
    found = below_title(page, "PANEL")
    lines = found.split("\n")
    at = lines.index("PANEL")
    assert "\n".join([*lines[: at - 1], *lines[at + 2 :]]) == page
    assert "<p>PANEL</p>" in rendered(found, extensions=["fenced_code"])
