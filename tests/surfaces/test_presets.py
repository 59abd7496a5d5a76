"""Decisions that `adhere init --preset` writes: what keeps them passes, what breaks one sentence
fails the rule of that sentence, and a number cannot be changed on one side alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import adhere
from adhere.adr.numbers import Stated, stated
from adhere.spans.document import Document
from adhere.spans.text import Span
from corpus.shop import CRITICAL, HIGH, MEDIUM, PROJECT, Shop, metadata
from surfaces.world import Ran, World

GOLDEN = Path(__file__).parents[1] / "golden" / "decisions"
PRESETS = ("adr-010", "adr-015", "openchain-cra")
OFFLINE = ("--offline", "--no-cache")
COMPARISON = ".adhere/comparison.json"
GOOD = ("pass", "not_applicable")


def begun(world: World, *presets: str) -> World:
    """A project with the decisions of presets, and nothing else."""
    world.write("pyproject.toml", PROJECT)
    words = [word for name in presets for word in ("--preset", name)]
    assert world.adhere("init", *words).code == 0
    return world


def outcomes(world: World) -> dict[str, str]:
    """What became of each rule."""
    return {one["rule"]: one["outcome"] for one in world.report()["results"]}


def judged(world: World, shop: Shop) -> Ran:
    """Write the shop into a project that has the decisions, and check it."""
    shop.write(world.folder)
    world.check(*OFFLINE)
    world.write(COMPARISON, json.dumps(comparison(world.report(), differs=shop.differs)))
    return world.check(*OFFLINE)


def comparison(report: Any, *, differs: bool) -> dict[str, Any]:
    """What `adhere cache compare` writes down over the inputs of a report."""
    digests = ("a" * 64, "a" * 64, ("b" if differs else "a") * 64)
    runs = zip(("none", "empty", "filled"), digests, (None, 0.0, 0.9), strict=True)
    inputs = report["subject"]["inputs"]
    return {
        "schema": "adhere.comparison/1",
        "version": adhere.__version__,
        "made": report["subject"]["today"],
        "commit": report["subject"].get("commit", ""),
        "inputs": {one["path"]: one["digest"] for one in inputs if one["kind"] != "advisories"},
        "runs": [
            {"cache": cache, "report": f"sha256:{digest}", "hit_rate": rate}
            for cache, digest, rate in runs
        ],
        "differences": ["packages[0].license.state"] if differs else [],
    }


def _spoil_file(path: str, old: str, new: str) -> Callable[[Shop], None]:
    def spoil(shop: Shop) -> None:
        assert old in shop.files[path]
        shop.files[path] = shop.files[path].replace(old, new)

    return spoil


def _without(path: str) -> Callable[[Shop], None]:
    return lambda shop: shop.files.pop(path) and None


def _lenient_bandit(shop: Shop) -> None:
    _spoil_file(".github/workflows/ci.yml", "bandit -r src", "bandit -r src || true")(shop)


def _unrated(shop: Shop) -> None:
    shop.flaw(HIGH, "2026-11-22", waived=False)


def _overdue(shop: Shop) -> None:
    shop.flaw(CRITICAL, "2026-11-10")


def _copyleft(shop: Shop) -> None:
    shop.packages[2]["license_expression"] = "GPL-3.0-or-later"


def _newcomer(shop: Shop) -> None:
    shop.packages.append(metadata("extras", "1.0", "MIT"))
    shop.direct.add("extras")
    shop.releases["extras"] = {"1.0": "2026-09-01"}
    shop.status["extras"] = "active"
    _spoil_file("pyproject.toml", '"orders>=1,<2"', '"orders>=1,<2", "extras>=1,<2"')(shop)


def _behind(shop: Shop) -> None:
    shop.releases["orders"]["1.2"] = "2026-04-01"


def _archived(shop: Shop) -> None:
    shop.status["orders"] = "quarantined"


def _differs(shop: Shop) -> None:
    shop.differs = True


def _slow_now_and_then(shop: Shop) -> None:
    shop.seconds[-3:] = [11.0, 12.0, 13.0]


def _over_five(shop: Shop) -> None:
    shop.seconds[-2:] = [6.0, 7.0]


def _misses(shop: Shop) -> None:
    shop.hit_rate = 0.7


def _large(shop: Shop) -> None:
    shop.memory = 600e6


def _unjudged(shop: Shop) -> None:
    shop.failed = 1


def _late(shop: Shop) -> None:
    shop.late = 3


def _slower(shop: Shop) -> None:
    shop.seconds[-12:] = [seconds * 1.4 for seconds in shop.seconds[-12:]]


def _config(old: str, new: str) -> Callable[[Shop], None]:
    def spoil(shop: Shop) -> None:
        shop.config.append((old, new))

    return spoil


VIOLATIONS: dict[str, Callable[[Shop], None]] = {
    "ADR-010/scan-on-pull-requests": _spoil_file(
        ".github/workflows/ci.yml", "python -m nox -s compliance", "python -m nox -s docs"
    ),
    "ADR-010/bandit-on-pull-requests": _lenient_bandit,
    "ADR-010/semgrep-on-pull-requests": _spoil_file(
        ".github/workflows/ci.yml", "      - run: semgrep scan --error\n", ""
    ),
    "ADR-010/updates-proposed": _spoil_file(".github/dependabot.yml", "weekly", "monthly"),
    "ADR-010/vulnerabilities-gate": _unrated,
    "ADR-010/vulnerabilities-slo": _overdue,
    "ADR-010/licenses-approved": _copyleft,
    "ADR-010/packages-approved": _newcomer,
    "ADR-010/requirements-pinned": _spoil_file("pyproject.toml", "orders>=1,<2", "orders"),
    "ADR-010/packages-fresh": _behind,
    "ADR-010/packages-maintained": _archived,
    "ADR-015/cache-tiers": _config("[index]", '[cache]\nttl = { vulnerability = "2h" }\n\n[index]'),
    "ADR-015/same-answer": _differs,
    "ADR-015/no-process-per-package": _spoil_file(
        "src/shop/installed.py",
        '    return subprocess.run(["pip", "list"], check=True)\n',
        '    for name in ("labels", "orders"):\n'
        '        subprocess.run(["pip", "show", name], check=True)\n',
    ),
    "ADR-015/requests-at-once": _config("concurrency = 10", "concurrency = 50"),
    "ADR-015/requests-a-second": _config("rate = 20", "rate = 100"),
    "ADR-015/requests-retried": _config("retries = 3", "retries = 0"),
    "ADR-015/breaker-opens": _config("breaker_failures = 5", "breaker_failures = 50"),
    "ADR-015/breaker-waits": _config('breaker_pause = "300s"', 'breaker_pause = "3s"'),
    "ADR-015/run-in-ten-seconds": _slow_now_and_then,
    "ADR-015/run-in-five-seconds": _over_five,
    "ADR-015/hit-rate": _misses,
    "ADR-015/memory": _large,
    "ADR-015/runs-do-their-work": _unjudged,
    "ADR-015/no-time-outs": _late,
    "ADR-015/architecture-suite": _spoil_file("junit.xml", "1.25", "31.25"),
    "ADR-015/no-slower": _slower,
}
"""What breaks the sentence of each rule, and no other."""

ALONG = {
    "ADR-010/vulnerabilities-gate": {"ADR-010/vulnerabilities-slo": "warn"},
    "ADR-010/vulnerabilities-slo": {
        "ADR-010/vulnerabilities-gate": "waived",
        "adhere/waivers": "warn",  # no waiver of this severity lasts for long
    },
    "ADR-015/run-in-ten-seconds": {"ADR-015/run-in-five-seconds": "warn"},
}
"""What other rules come to then, for a reason: a deadline that runs, a waiver, a wish that is stricter."""


def test_what_keeps_the_decisions_passes(world: World) -> None:
    Shop().write(begun(world, "adr-010", "adr-015").folder)
    assert world.adhere("cache", "compare", "--offline").code == 0
    ran = world.check(*OFFLINE)
    assert set(outcomes(world).values()) <= set(GOOD), ran.out
    assert ran.code == 0
    assert world.adhere("adr", "lint").code == 0


def test_every_rule_has_a_violation(world: World) -> None:
    listed = begun(world, "adr-010", "adr-015").adhere("adr", "list", "--format", "json").value
    assert {rule for adr in listed["adrs"] for rule in adr["rules"]} == set(VIOLATIONS)


@pytest.mark.parametrize("rule", VIOLATIONS)
def test_a_sentence_that_is_broken_fails_its_rule_alone(
    world: World, rule: str, golden: Callable[[Path, str], None]
) -> None:
    shop = Shop()
    VIOLATIONS[rule](shop)
    ran = judged(begun(world, "adr-010", "adr-015"), shop)
    found = {name: o for name, o in outcomes(world).items() if o not in GOOD}
    expected = "warn" if rule == "ADR-015/run-in-five-seconds" else "fail"
    assert found == {rule: expected, **ALONG.get(rule, {})}, ran.out
    said = [line for line in ran.out.splitlines() if not line.startswith("passed ")]
    golden(GOLDEN / f"{rule}.txt", "\n".join(said) + "\n")


def _open(severity: str, seen: str) -> Callable[[Shop], None]:
    return lambda shop: shop.flaw(severity, seen)


def _keeps(shop: Shop) -> None:
    """Nothing is spoiled."""


def _newer(shop: Shop) -> None:
    shop.releases["orders"]["1.2"] = "2026-06-01"  # 175 days before


def _tenth_slower(shop: Shop) -> None:
    shop.seconds[-12:] = [seconds * 1.1 for seconds in shop.seconds[-12:]]


NUMBERS: dict[tuple[str, str], tuple[Callable[[Shop], None], str]] = {
    ("ADR-010/vulnerabilities-slo", "critical"): (_open(CRITICAL, "2026-11-17"), "5"),
    ("ADR-010/vulnerabilities-slo", "high"): (_open(HIGH, "2026-10-25"), "28"),
    ("ADR-010/vulnerabilities-slo", "medium"): (_open(MEDIUM, "2026-08-26"), "88"),
    ("ADR-010/packages-fresh", "max_behind.days"): (_newer, "170"),
    ("ADR-015/cache-tiers", "memory_items"): (_keeps, "999"),
    ("ADR-015/cache-tiers", "ttl.package_metadata"): (_keeps, '"23h"'),
    ("ADR-015/cache-tiers", "ttl.license"): (_keeps, '"6d"'),
    ("ADR-015/cache-tiers", "ttl.vulnerability"): (_keeps, '"59m"'),
    ("ADR-015/cache-tiers", "ttl.dependency_tree"): (_keeps, '"29m"'),
    ("ADR-015/requests-at-once", "value"): (_keeps, "9"),
    ("ADR-015/requests-a-second", "value"): (_keeps, "19"),
    ("ADR-015/requests-retried", "value"): (_keeps, "4"),
    ("ADR-015/breaker-opens", "value"): (_keeps, "4"),
    ("ADR-015/breaker-waits", "value"): (_keeps, '"301s"'),
    ("ADR-015/run-in-ten-seconds", "max"): (_keeps, '"0.05s"'),
    ("ADR-015/run-in-ten-seconds", "min_samples"): (_keeps, "25"),
    ("ADR-015/run-in-five-seconds", "max"): (_keeps, '"0.05s"'),
    ("ADR-015/hit-rate", "min"): (_keeps, "0.95"),
    ("ADR-015/memory", "max"): (_keeps, '"40MB"'),
    ("ADR-015/runs-do-their-work", "min"): (_unjudged, "0.95"),
    ("ADR-015/runs-do-their-work", "min_samples"): (_keeps, "25"),
    ("ADR-015/no-time-outs", "max"): (_late, "3"),
    ("ADR-015/architecture-suite", "within"): (_keeps, '"1s"'),
    ("ADR-015/no-slower", "vs_baseline"): (_tenth_slower, "1.05"),
}
"""A project at the border of each number, and another number that it is on the other side of."""


def numbers(world: World) -> Iterator[tuple[str, Path, Span, Stated]]:
    """Every number of the rules of a project: its rule, file and place, and what it is."""
    for path in sorted((world / "docs/adr").glob("*.rules.toml")):
        document = Document(path.name, path.read_text("utf-8"))
        for index, rule in enumerate(document.value["rule"]):
            for one in stated(rule.get("with", {})):
                span = document.span(("rule", index, "with", *one.at))
                yield f"{document.value['adr']}/{rule['id']}", path, span, one


def change(world: World, rule: str, name: str, value: str) -> None:
    """Write another number into a rule."""
    (found,) = (found for found in numbers(world) if (found[0], _name(found[3])) == (rule, name))
    write(found[1], found[2], value)


def write(path: Path, at: Span, value: str) -> None:
    """Other text in one place of a file."""
    text = path.read_text("utf-8")
    path.write_text(text[: at.start] + value + text[at.end :], "utf-8")


def _name(one: Stated) -> str:
    return ".".join(map(str, one.at))


def test_every_number_is_tried(world: World) -> None:
    found = {(rule, _name(one)) for rule, _, _, one in numbers(begun(world, "adr-010", "adr-015"))}
    assert found == set(NUMBERS)


@pytest.mark.parametrize(("rule", "name"), NUMBERS)
def test_a_number_that_is_changed_changes_the_verdict(world: World, rule: str, name: str) -> None:
    spoil, value = NUMBERS[rule, name]
    begun(world, "adr-010", "adr-015")
    shop = Shop()
    spoil(shop)
    judged(world, shop)
    before = outcomes(world)[rule]
    change(world, rule, name, value)
    world.check(*OFFLINE)
    assert outcomes(world)[rule] != before


@pytest.mark.parametrize("preset", PRESETS)
def test_a_number_of_a_rule_that_the_prose_does_not_say_is_an_error(
    world: World, preset: str
) -> None:
    begun(world, preset)
    found = list(numbers(world))
    assert world.adhere("adr", "lint").code == 0
    for rule, path, at, one in found:
        text = path.read_text("utf-8")
        written = text[at.start : at.end]
        other = re.sub(r"[0-9][0-9_.]*", lambda digits: _other(digits[0]), written)
        write(path, at, other)
        ran = world.adhere("adr", "lint")
        assert ran.code == 2, f"{rule}: {_name(one)} = {other}"
        assert ran.codes == ["adr-number"], ran.err
        assert f"{rule} has `{_name(one)} = " in ran.err
        path.write_text(text, "utf-8")


def _other(digits: str) -> str:
    if digits == "1.0":
        return "0.9"
    return f"0.{digits[2:]}1" if digits.startswith("0.") else f"{float(digits) + 1:g}"


class TestInit:
    def test_approves_what_the_project_asks_for(self, world: World) -> None:
        rules = (begun(world, "adr-010") / "docs/adr/ADR-010.rules.toml").read_text("utf-8")
        assert '{ package = "labels", category = "in use"' in rules
        assert '{ package = "orders", category = "in use"' in rules

    def test_without_a_project_file_nothing_is_approved(self, world: World) -> None:
        assert world.adhere("init", "--preset", "adr-010").code == 0
        assert "allow = [\n]" in (world / "docs/adr/ADR-010.rules.toml").read_text("utf-8")
        assert world.adhere("adr", "lint").code == 0

    def test_requirements_files_say_what_is_asked_for_too(self, world: World) -> None:
        world.write("requirements.txt", "parts==3.0\n")
        assert world.adhere("init", "--preset", "adr-010").code == 0
        assert '"parts"' in (world / "docs/adr/ADR-010.rules.toml").read_text("utf-8")

    def test_a_project_file_that_cannot_be_read_stops_it(self, world: World) -> None:
        world.write("pyproject.toml", "[project]\ndependencies = [1]\n")
        ran = world.adhere("init", "--preset", "adr-010")
        assert ran.code == 2
        assert not (world / "docs").exists()

    def test_a_number_that_is_taken_stops_it(self, world: World) -> None:
        world.write("docs/adr/0010-use-postgres.md", "# Use PostgreSQL\n\n## Status\n\nAccepted\n")
        ran = world.adhere("init", "--preset", "adr-015", "--preset", "adr-010")
        assert ran.code == 2
        assert "decision 10 is there already, docs/adr/0010-use-postgres.md" in ran.err
        assert not (world / "adhere.toml").exists()

    def test_beside_other_decisions(self, world: World) -> None:
        world.write("docs/adr/0007-use-postgres.md", "# Use PostgreSQL\n\n## Status\n\nAccepted\n")
        assert world.adhere("init", "--preset", "openchain-cra").code == 0
        assert (world / "docs/adr/0008-vulnerability-handling.md").exists()
        assert world.adhere("adr", "lint").code == 0
        ran = world.adhere("init", "--preset", "openchain-cra")
        assert "kept    docs/adr/0008-vulnerability-handling.md" in ran.out
        assert len(list((world / "docs/adr").iterdir())) == 3, "nothing is written twice"

    def test_in_the_folder_that_the_configuration_names(self, world: World) -> None:
        world.write("adhere.toml", 'schema = 1\n\n[adr]\ndir = "decisions"\n')
        assert world.adhere("init", "--preset", "adr-010").code == 0
        assert (world / "decisions/ADR-010.rules.toml").exists()

    def test_with_a_table_in_pyproject(self, world: World) -> None:
        world.write("pyproject.toml", PROJECT + "\n[tool.adhere]\nschema = 1\n")
        ran = world.adhere("init", "--preset", "adr-015")
        wanted = "[tool.adhere.index] concurrency = 10, rate = 20, retries = 3"
        assert f"the decision wants in pyproject.toml: {wanted}" in ran.err
        rules = (world / "docs/adr/ADR-015.rules.toml").read_text("utf-8")
        assert 'file = "pyproject.toml", path = "tool.adhere.index.rate"' in rules
        assert world.adhere("adr", "lint").code == 0

    def test_with_a_configuration_that_is_there(self, world: World) -> None:
        world.write("adhere.toml", "schema = 1\n")
        ran = world.adhere("init", "--preset", "adr-015")
        assert "the decision wants in adhere.toml: [index] concurrency = 10" in ran.err
        assert (world / "adhere.toml").read_text("utf-8") == "schema = 1\n"

    def test_what_a_person_states_is_due_until_it_is_stated(self, world: World) -> None:
        begun(world, "openchain-cra")
        world.install("labels", "2.1", license="MIT")
        world.check("--offline")
        found = {rule: o for rule, o in outcomes(world).items() if o == "manual_due"}
        names = ("reporting-tried", "indicators-reviewed", "support-published")
        assert set(found) == {f"ADR-001/{name}" for name in names}
