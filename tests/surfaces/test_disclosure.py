"""``publish_vulnerabilities``: what is withheld is on no page, and is never taken for nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.advisories import osv, snapshot_of, spans
from corpus.shop import CRITICAL, HIGH, PROJECT, Shop
from surfaces.world import World

OPEN = ("PYSEC-2026-7", "CVE-2026-7777", "Shop trusts whatever a label says")
FIXED = ("PYSEC-2026-1", "Shop parses orders with eval")


@pytest.fixture
def flawed(world: World) -> World:
    """A project with two vulnerabilities: one that a release fixes, and is waived; one without a fix."""
    world.write("pyproject.toml", PROJECT)
    assert world.adhere("init", "--preset", "adr-010").code == 0
    shop = Shop()
    shop.config.clear()
    shop.flaw(HIGH, "2026-11-20")
    shop.advisories.append(
        osv(
            OPEN[0],
            OPEN[1],
            summary=OPEN[2],
            affected=[spans("labels", ("0", None))],
            severity=[{"type": "CVSS_V3", "score": CRITICAL}],
        )
    )
    config = (world / "adhere.toml").read_text("utf-8")
    world.write("adhere.toml", f"{config}\n[index]\n")
    shop.write(world.folder)
    world.check("--offline")
    return world


def published(world: World, how: str) -> dict[str, str]:
    """Everything that is published, by path, with pages for every builder and those that stand alone."""
    config = (world / "adhere.toml").read_text("utf-8")
    world.write("adhere.toml", f'{config}\n[report]\npublish_vulnerabilities = "{how}"\n')
    (world / "docs").mkdir(exist_ok=True)
    before = {path for path in world.folder.rglob("*") if path.is_file()}
    assert world.adhere("docs", "sync", "docs").code == 0
    assert world.adhere("report", "--format", "html", "--output", "html").code in (0, 1)
    world.adhere("report", "--format", "markdown", "--output", "report.md")
    world.adhere("report", "--format", "cyclonedx", "--output", "bom.json")
    found = {path for path in world.folder.rglob("*") if path.is_file()} - before
    found |= set((world / "html").rglob("*.*")) | {world / "report.md", world / "bom.json"}
    return {
        path.relative_to(world.folder).as_posix(): path.read_text("utf-8", "replace")
        for path in found
        if path.is_file()
    }


def holding(files: dict[str, str], words: tuple[str, ...]) -> set[str]:
    """Files that tell one of some words."""
    return {path for path, text in files.items() if any(word in text for word in words)}


def test_all_is_told(flawed: World) -> None:
    files = published(flawed, "all")
    for words in (OPEN, FIXED):
        pages = {"docs/compliance/dependencies.md", "docs/_adhere/report.json", "bom.json"}
        assert pages <= holding(files, words)
    assert not holding(files, ("not shown here",))


def test_only_what_a_release_fixes_is_told(flawed: World) -> None:
    files = published(flawed, "fixed-only")
    assert holding(files, OPEN) == set()
    assert "docs/compliance/dependencies.md" in holding(files, FIXED)
    assert {"html/dependencies.html", "bom.json"} <= holding(files, FIXED)
    assert '"name": "adhere:withheld:CRITICAL"' in files["bom.json"]
    page = files["docs/compliance/dependencies.md"]
    assert "1 known vulnerability is not shown here: 1 CRITICAL." in page


def test_only_numbers_are_told(flawed: World) -> None:
    files = published(flawed, "counts")
    assert holding(files, (*OPEN, *FIXED)) == set()
    said = "2 known vulnerabilities are not shown here: 1 CRITICAL, 1 HIGH"
    for path in ("docs/compliance/index.md", "docs/compliance/dependencies.md", "html/index.html"):
        assert said in files[path], path


def test_a_waiver_that_covers_nothing_names_nothing_either(flawed: World) -> None:
    text = (flawed / "adhere.waivers.toml").read_text("utf-8")
    other = text.replace("W-1", "W-2").replace(FIXED[0], OPEN[0]).replace('"orders"', '"parts"')
    flawed.write("adhere.waivers.toml", f"{text}\n{other}")
    ran = flawed.check("--offline")
    assert "W-2" in ran.out
    files = published(flawed, "fixed-only")
    assert holding(files, OPEN) == set()
    assert "W-2 for parts" not in "".join(files.values())


@pytest.mark.parametrize("how", ["fixed-only", "counts"])
def test_the_verdict_is_the_same(flawed: World, how: str) -> None:
    stored = flawed.report()
    files = published(flawed, how)
    told: Any = json.loads(files["docs/_adhere/report.json"])
    assert told["gates"] == stored["gates"]
    assert [r["outcome"] for r in told["results"]] == [r["outcome"] for r in stored["results"]]
    assert len(told["findings"]) == len(stored["findings"])
    assert sum(told["completeness"]["withheld"].values()) == (1 if how == "fixed-only" else 2)


@pytest.mark.parametrize("how", ["fixed-only", "counts"])
def test_what_is_gone_since_the_run_before_is_not_told_either(flawed: World, how: str) -> None:
    text = (flawed / "inspect.json").read_text("utf-8")
    flawed.write("inspect.json", text.replace('"version": "2.1"', '"version": "2.0"'))
    snapshot_of(flawed / ".adhere/osv-pypi.zip", osv("PYSEC-2026-9"))
    flawed.check("--offline")
    files = published(flawed, how)
    page = files["docs/compliance/index.md"]
    assert "2.0" in page, "what changed is told"
    assert holding(files, OPEN) == set()


@pytest.mark.parametrize("how", ["all", "counts"])
def test_a_site_is_known_by_the_report_that_it_tells(flawed: World, how: str) -> None:
    flawed.write("mkdocs.yml", "site_name: Shop\n")
    published(flawed, how)
    site = flawed / "site"
    for path in (flawed / "docs").rglob("*.md"):
        target = site / path.relative_to(flawed / "docs").with_suffix(".html")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text("utf-8"), "utf-8")
    ran = flawed.adhere("docs", "doctor")
    assert "another report" not in ran.out + ran.err


def test_what_is_stored_and_what_ci_reads_tells_all(flawed: World) -> None:
    published(flawed, "counts")
    assert OPEN[0] in (flawed / ".adhere/report.json").read_text("utf-8")
    for words in (("report",), ("report", "--format", "sarif"), ("report", "--format", "junit")):
        assert any(word in flawed.adhere(*words).out for word in OPEN), words


def test_two_builds_are_the_same(flawed: World, tmp_path: Path) -> None:
    first = published(flawed, "counts")
    assert flawed.adhere("docs", "sync", "docs").out == ""
    again = {
        path.relative_to(flawed.folder).as_posix(): path.read_text("utf-8", "replace")
        for path in (flawed / "docs").rglob("*")
        if path.is_file()
    }
    assert {
        k: v for k, v in first.items() if k in again and k.startswith("docs/")
    }.items() <= again.items()
