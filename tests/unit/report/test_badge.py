"""The verdict as a small picture."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace

from adhere.report.badge import COLOURS, badge
from adhere.report.document import Gate
from adhere.report.pages import empty_pages, markdown_pages
from adhere.report.render import Renderer
from corpus.reports import everything
from unit.report.test_style import contrast

NAME = "_adhere/badge.svg"


def label(data: bytes) -> str:
    return ET.fromstring(data).attrib["aria-label"]  # noqa: S314 - we made it


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        ("pass", "pass"),
        ("fail", "fail"),
        ("not_judged", "not judged"),
        ("nothing", "nothing judged"),
        ("bad_input", "input wrong"),
    ],
)
def test_it_says_the_verdict(verdict: str, word: str) -> None:
    gates = (Gate("check", verdict, 0, ()),)
    pages = markdown_pages(replace(everything(), gates=gates), Renderer())
    assert label(pages[NAME]) == f"compliance: {word}"
    assert (COLOURS["good"].encode() in pages[NAME]) == (verdict == "pass")


def test_a_stale_report_and_none_are_not_green() -> None:
    gates = (Gate("check", "pass", 0, ()),)
    pages = markdown_pages(replace(everything(), gates=gates), Renderer(), stale=("x changed",))
    assert label(pages[NAME]) == "compliance: stale"
    assert label(empty_pages(Renderer())[NAME]) == "compliance: no data"


@pytest.mark.parametrize("tone", COLOURS)
def test_it_can_be_read_and_brings_nothing_along(tone: str) -> None:
    data = badge("a word", tone).decode()
    assert contrast(COLOURS[tone], "#ffffff") >= 4.5
    assert not re.search(r"<style|style=|<script|\bid=|href", data)
