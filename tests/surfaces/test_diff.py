"""``adhere diff``: two reports in, what changed out."""

from __future__ import annotations

import json

import jsonschema
import pytest

from adhere.report.json import encode_report
from corpus.reports import everything
from surfaces.world import World


@pytest.fixture
def both(good: World) -> World:
    """A project whose first report passed and whose second one fails."""
    good.check()
    good.write("before.json", (good / ".adhere/report.json").read_bytes())
    good.install("copyleft", license="GPL-3.0-only")
    good.check()
    return good


@pytest.fixture
def schema(world: World) -> object:
    return world.adhere("schema", "diff").value


def test_what_came_and_what_it_did(both: World) -> None:
    ran = both.adhere("diff", "before.json")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert "  changed  added `copyleft` 1.0" in lines
    assert "  worse    `licenses`: failed, passed before" in lines
    assert "  worse    gate `check`: fail, pass before" in lines
    assert lines[-1].startswith("Since `before.json` of 2026-11-23: ")
    assert not ran.err


def test_the_other_way_round_it_is_better(both: World) -> None:
    ran = both.adhere("diff", ".adhere/report.json", "before.json", "--fail-on", "worse")
    assert ran.code == 0
    assert "  better   `licenses`: passed, failed before" in ran.out.splitlines()


def test_only_who_asks_for_it_is_failed(both: World) -> None:
    assert both.adhere("diff", "before.json").code == 0
    assert both.adhere("diff", "before.json", "--fail-on", "worse").code == 1
    assert both.adhere("diff", "before.json", "before.json", "--fail-on", "worse").code == 0


def test_a_rule_that_says_another_thing_is_told(both: World) -> None:
    both.write(
        "adhere.toml",
        (both / "adhere.toml").read_text("utf-8").replace('["MIT"]', '["MIT", "GPL-3.0-only"]'),
    )
    both.check()
    out = both.adhere("diff", "before.json", "--fail-on", "worse").out
    assert "`licenses`: it says another thing: `with.allow` with `GPL-3.0-only`" in out


def test_json_is_as_its_schema_says(both: World, schema: object) -> None:
    ran = both.adhere("diff", "before.json", "--format", "json")
    jsonschema.validate(ran.value, schema)
    assert ran.value["schema"] == "adhere.diff/1"
    assert [p["name"] for p in ran.value["packages"]] == ["copyleft"]
    assert ran.out == both.adhere("diff", "before.json", "--format", "json").out


def test_markdown_is_a_comment(both: World) -> None:
    ran = both.adhere("diff", "before.json", "--format", "markdown", "--output", "c.md")
    assert (ran.code, ran.out) == (0, "")
    text = (both / "c.md").read_text("utf-8")
    assert text.startswith("## ✖ ")
    assert "\n### Packages\n" in text
    assert "<code>before.json</code>" in text


@pytest.mark.parametrize(
    ("content", "code", "hint"),
    [
        (None, "report-missing", "check the path"),
        (b"{", "report-invalid", ""),
        (b"\xff", "report-invalid", ""),
        (b"[]", "report-invalid", ""),
        (b'{"schema": "adhere.report/9"}', "report-schema", "run adhere check again"),
        (b'{"schema": "adhere.release/9"}', "report-schema", "adhere"),
        (b'{"schema": "other"}', "report-schema", "name a report.json"),
        (b'{"schema": "adhere.report/1"}', "report-invalid", "run adhere check again"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_cannot_be_compared_is_named(
    world: World, content: bytes | None, code: str, hint: str, *, first: bool
) -> None:
    world.write("before.json", encode_report(everything()))
    if content is not None:
        world.write("odd.json", content)
    names = ("odd.json", "before.json") if first else ("before.json", "odd.json")
    ran = world.adhere("diff", *names, "--fail-on", "worse")
    assert ran.code == 2
    assert ran.codes == [code]
    assert "odd.json" in ran.err
    assert hint in ran.err
    assert not ran.out


def test_without_a_run_there_is_nothing_to_compare_with(world: World) -> None:
    world.write("before.json", json.dumps({}))
    ran = world.adhere("diff", "before.json")
    assert ran.code == 2
