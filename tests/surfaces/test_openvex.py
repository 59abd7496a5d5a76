"""From a finding through a waiver to a document that another project takes over."""

from __future__ import annotations

import json
from typing import Any

import pytest

from corpus.advisories import osv, snapshot_of, spans
from surfaces.world import World

GATE = """\
schema = 1
[advisories]
source = "snapshot"
[[rule]]
id = "gate"
check = "vulnerabilities.gate"
"""


@pytest.fixture
def flawed(good: World) -> World:
    """One vulnerability, and no waiver."""
    record = osv("PYSEC-1", "CVE-2026-1", affected=[spans("alpha", ("0", "2"))])
    snapshot_of(good / ".adhere/osv-pypi.zip", record)
    good.write("adhere.toml", GATE)
    good.check()
    return good


def waive(world: World, **keys: str) -> None:
    text = world.adhere("waive", "gate", "alpha", "--owner", "@ana").out
    for key, value in keys.items():
        lines = text.splitlines()
        text = "\n".join(
            f"{key} = {value}" if line.startswith(f"{key} = ") else line for line in lines
        )
    world.write("adhere.waivers.toml", text)
    assert world.check().code == 0


def document(world: World, *words: str) -> dict[str, Any]:
    ran = world.adhere("report", "--format", "openvex", *words)
    assert ran.code == 0, ran.err
    value: dict[str, Any] = ran.value
    return value


def test_from_a_waiver_to_a_statement(flawed: World) -> None:
    waive(flawed, reason='"not-reachable"', note='"nothing calls it"', ticket='"SEC-1"')
    value = document(flawed)
    assert value["author"] == "@ana"
    assert value["timestamp"] == "2026-11-23T12:00:00.000+00:00"
    (statement,) = value["statements"]
    assert statement["vulnerability"] == {"name": "CVE-2026-1", "aliases": ["PYSEC-1"]}
    assert statement["status"] == "not_affected"
    assert statement["products"][0]["@id"] == "pkg:pypi/alpha@1.0"


PYPROJECT = '[project]\nname = "Shop_Front"\nversion = "1.4.0"\n'


def products(world: World, *words: str) -> tuple[list[dict[str, Any]], str]:
    """The products of the only statement, and what is said beside it."""
    ran = world.adhere("report", "--format", "openvex", *words)
    assert ran.code == 0, ran.err
    (statement,) = ran.value["statements"]
    found: list[dict[str, Any]] = statement["products"]
    return found, ran.err


def test_the_project_is_the_product(flawed: World) -> None:
    flawed.write("pyproject.toml", PYPROJECT)
    waive(flawed)
    ((product,), said) = products(flawed)
    assert product["@id"] == "pkg:pypi/shop-front@1.4.0"
    assert [part["@id"] for part in product["subcomponents"]] == ["pkg:pypi/alpha@1.0"]
    assert "product" not in said


@pytest.mark.parametrize("version", ["1.5", ""])
def test_a_project_that_is_installed_is_known_by_that(flawed: World, version: str) -> None:
    """Its version may be dynamic; the one that is installed has been judged."""
    dynamic = 'name = "shop"\n' + ('dynamic = ["version"]\n' if version else 'version = "2.0"\n')
    flawed.write("pyproject.toml", f"[project]\n{dynamic}")
    url = (flawed.folder).as_uri()
    direct = f'{{"url": "{url}", "dir_info": {{"editable": true}}}}'
    flawed.install("shop", version or "2.0", requires=["alpha"], files={"direct_url.json": direct})
    flawed.check()
    waive(flawed)
    ((product,), _) = products(flawed)
    assert product["@id"] == f"pkg:pypi/shop@{version or '2.0'}"


@pytest.mark.parametrize(
    "text",
    [
        None,
        "[tool.x]\n",
        '[project]\nname = "shop"\ndynamic = ["version"]\n',
        '[project]\nname = "shop"\nversion = "?"\n',
    ],
    ids=str,
)
def test_where_the_product_is_not_known_that_is_said(flawed: World, text: str | None) -> None:
    """One without a version would speak of every release."""
    if text is not None:
        flawed.write("pyproject.toml", text)
    waive(flawed)
    ((product,), said) = products(flawed)
    assert product == {"@id": "pkg:pypi/alpha@1.0", "identifiers": {"purl": "pkg:pypi/alpha@1.0"}}
    why = "no source of the report tells the version of the project"
    told = f"{why}: each package is named as a product; --product names what ships"
    assert told in " ".join(said.split())


@pytest.mark.parametrize("now", ['version = "2.0"', 'dynamic = ["version"]'])
def test_the_product_is_what_was_judged_whatever_the_file_says_by_now(
    flawed: World, now: str
) -> None:
    flawed.write("pyproject.toml", PYPROJECT)
    waive(flawed)
    flawed.write("pyproject.toml", PYPROJECT.replace('version = "1.4.0"', now))
    ((product,), said) = products(flawed)
    assert product["@id"] == "pkg:pypi/shop-front@1.4.0"
    assert "STALE: pyproject.toml changed" in said


def test_the_product_may_be_named(flawed: World) -> None:
    flawed.write("pyproject.toml", PYPROJECT)
    waive(flawed)
    image = "pkg:oci/shop@sha256%3A00?repository_url=registry.example.org/shop"
    ((product,), said) = products(flawed, "--product", image)
    assert product["@id"] == product["identifiers"]["purl"] == image
    assert "product" not in said


@pytest.mark.parametrize("named", ["shop", "pkg:pypi", "pkg:pypi/a b", "https://example.org"])
def test_a_product_that_is_no_package_url_is_refused(flawed: World, named: str) -> None:
    waive(flawed)
    ran = flawed.adhere("report", "--format", "openvex", "--product", named)
    assert (ran.code, ran.codes) == (2, ["usage"])
    assert f"`{named}` is no package URL" in ran.err


def test_a_product_is_about_this_format(flawed: World) -> None:
    ran = flawed.adhere("report", "--format", "spdx", "--product", "pkg:pypi/a@1")
    assert "--product is about openvex" in ran.err


def test_into_a_file_and_the_same_to_the_byte(flawed: World) -> None:
    waive(flawed)
    first = flawed.adhere("report", "--format", "openvex").out
    ran = flawed.adhere("report", "--format", "openvex", "--output", "vex.json")
    assert (ran.code, ran.out) == (0, "")
    assert (flawed / "vex.json").read_text("utf-8") == first
    flawed.check("--no-cache")
    assert flawed.adhere("report", "--format", "openvex").out == first


@pytest.mark.parametrize("known", [True, False])
def test_another_project_takes_it_over(flawed: World, known: bool) -> None:
    if known:
        flawed.write("pyproject.toml", PYPROJECT)
    waive(flawed, reason='"not-reachable"')
    flawed.adhere("report", "--format", "openvex", "--output", "vex.json")
    (flawed / "adhere.waivers.toml").unlink()
    assert flawed.check().code == 1
    flawed.write("adhere.toml", GATE.replace("[[rule]]", 'vex = ["vex.json"]\n[[rule]]'))
    ran = flawed.check()
    assert ran.code == 0, ran.out
    assert "vex.json says not affected: vulnerable_code_not_in_execute_path  @ana" in ran.out


def test_where_nothing_is_to_be_stated_nothing_is_written(flawed: World) -> None:
    ran = flawed.adhere("report", "--format", "openvex", "--output", "vex.json")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err == "adhere: there is nothing to state\n"
    assert not (flawed / "vex.json").exists()


def test_a_waiver_that_has_ended_since_the_report_states_nothing(flawed: World) -> None:
    waive(flawed)
    for day, code in (("1795435200", 0), ("1811808000", 4)):
        ran = flawed.adhere("report", "--format", "openvex", env={"SOURCE_DATE_EPOCH": day})
        assert ran.code == code
    assert "has ended since the report, and is left out" in ran.err


def test_one_that_names_no_advisory_states_nothing_and_that_is_said(flawed: World) -> None:
    waive(flawed, advisory='""')
    ran = flawed.adhere("report", "--format", "openvex")
    assert ran.code == 4
    assert "names no advisory, and is left out" in ran.err


def test_hostile_words_do_nothing_to_whoever_prints_it(flawed: World) -> None:
    waive(flawed, note='"\\u001b[31m\\u202e \\" </script>"', ticket='"\\u009b"')
    text = flawed.adhere("report", "--format", "openvex").out
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "\\\\x1b[31m" in text
    json.loads(text)


def test_a_check_does_not_write_it(flawed: World) -> None:
    assert flawed.check("--format", "openvex").code == 2
