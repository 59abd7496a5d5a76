"""Colours that everybody can read."""

from __future__ import annotations

import re

import pytest

from adhere.report.render import Renderer

STYLE = Renderer().static("html/style.css").decode()
THEMED = Renderer().static("adhere.css").decode()
INK = ("ink", "soft", "link", "good", "doubt", "bad", "calm")
ENOUGH = 4.5


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(?:adhere-)?(\w+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", INK)
@pytest.mark.parametrize("paper", ["paper", "band"])
def test_text_of_the_folder_can_be_read(scheme: int, ink: str, paper: str) -> None:
    found = colours(re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[scheme])
    assert contrast(found[ink], found[paper]) >= ENOUGH


@pytest.mark.parametrize("state", INK[3:])
@pytest.mark.parametrize(
    ("scheme", "papers"),
    # What themes have behind text: white, a striped row; Material's slate, a code block.
    [(0, ("#ffffff", "#f2f2f2")), (1, ("#1e2129", "#272a35", "#000000"))],
    ids=["light", "dark"],
)
def test_states_can_be_read_in_a_theme(state: str, scheme: int, papers: tuple[str, ...]) -> None:
    found = colours(re.findall(r"\{(.*?)\}", THEMED, re.DOTALL)[scheme])
    for paper in papers:
        assert contrast(found[state], paper) >= ENOUGH


def test_styles_fetch_nothing_and_mind_paper_and_forced_colours() -> None:
    for text in (STYLE, THEMED):
        assert not re.search(r"url\(|@import|expression\(", text)
        assert "@media print" in text
        assert "@media (forced-colors: active)" in text
    assert "@media (prefers-color-scheme: dark)" in STYLE
