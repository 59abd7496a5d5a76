"""``adhere adr review``: what a change of decisions does to rules, and to today's project."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.shop import HIGH, PROJECT, Shop
from surfaces.world import World

GOLDEN = Path(__file__).parent / "golden"
RULES = "docs/adr/ADR-010.rules.toml"
DECISION = "docs/adr/ADR-010-dependencies.md"


def git(world: World, *words: str) -> str:
    """Run git in the project."""
    settings = (
        "-c",
        "user.name=Ana",
        "-c",
        "user.email=ana@example.org",
        "-c",
        "init.defaultBranch=main",
    )
    done = subprocess.run(
        ["git", *settings, *words], cwd=world.folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def commit(world: World, message: str = "change") -> str:
    """Everything of the project as a commit."""
    git(world, "add", "--all", "--force")
    git(world, "commit", "--quiet", "--message", message)
    return git(world, "rev-parse", "HEAD")


def change(world: World, path: str, *pairs: tuple[str, str]) -> None:
    """Other text in a file."""
    text = (world / path).read_text("utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    world.write(path, text)


@pytest.fixture
def shop(world: World) -> World:
    """A project that keeps ADR-010, with one vulnerability that a waiver covers, committed."""
    git(world, "init", "--quiet")
    world.write("pyproject.toml", PROJECT)
    assert world.adhere("init", "--preset", "adr-010").code == 0
    wares = Shop()
    wares.flaw(HIGH, "2026-10-20")
    wares.config.clear()
    text = (world / "adhere.toml").read_text("utf-8")
    world.write("adhere.toml", f"{text}\n[index]\n")
    wares.write(world.folder)
    commit(world, "base")
    git(world, "tag", "base")
    return world


def spoiled(shop: World) -> None:
    """A change that has a bit of everything."""
    change(
        shop,
        RULES,
        ("high = 30", "high = 60"),
        ('"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause",', '"Apache-2.0", "BSD-2-Clause",'),
        ('    "MPL-2.0",\n', ""),
        ("max_behind = { days = 180 }", "max_behind = { days = 90 }"),
        (
            'fail_on = ["CRITICAL", "HIGH"], warn_on = ["MEDIUM"]',
            'fail_on = ["CRITICAL"], warn_on = ["HIGH"]',
        ),
        ('id = "updates-proposed"', 'id = "updates-offered"'),
        ('interval = "weekly"', 'interval = "monthly"'),
    )
    change(
        shop,
        DECISION,
        ("HIGH within 30", "HIGH within 60"),
        ("status: accepted", "status: deprecated"),
    )
    change(shop, "adhere.toml", ('url = "index"', 'url = "index"\nconcurrency = 5'))
    change(shop, "adhere.waivers.toml", ("expires = 2026-11-26", "expires = 2026-11-25"))
    text = (shop / "adhere.waivers.toml").read_text("utf-8")
    other = text.replace('"W-1"', '"W-2"').replace("vulnerabilities-gate", "licenses-approved")
    shop.write(
        "adhere.waivers.toml", text + "\n" + other.replace('advisory = "PYSEC-2026-1"\n', "")
    )


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_says_what_a_change_does(
    shop: World, form: str, golden: Callable[[Path, str], None]
) -> None:
    spoiled(shop)
    head = commit(shop)
    base = git(shop, "rev-parse", "base")
    ran = shop.adhere("adr", "review", "base..HEAD", "--offline", "--format", form)
    assert ran.code == 0
    said = ran.out.replace(head[:12], "0123456789ab").replace(base[:12], "ba9876543210")
    golden(GOLDEN / f"review.{'md' if form == 'markdown' else 'txt'}", said)


def reviewed(world: World, range_: str = "base") -> dict[str, Any]:
    """The review as JSON, its rules by id."""
    ran = world.adhere("adr", "review", range_, "--offline", "--format", "json")
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    assert found["schema"] == "adhere.review/1"
    return {**found, "rules": {rule["rule"]: rule for rule in found["rules"]}}


def test_nothing_changed(shop: World) -> None:
    found = reviewed(shop, "base..HEAD")
    assert found["rules"] == {}
    assert found["decisions"] == found["waivers"] == found["settings"] == []
    assert shop.adhere("adr", "review", "base..HEAD", "--offline", "--fail-on", "looser").code == 0


def test_words_for_people_are_no_change_of_a_rule(shop: World) -> None:
    change(shop, RULES, ('title = "Nothing is far behind"', 'title = "Keep up"'))
    change(
        shop,
        RULES,
        (
            'reason = "asked for when this was decided" },\n    { package = "orders"',
            'reason = "used" },\n    { package = "orders"',
        ),
    )
    assert reviewed(shop)["rules"] == {}


def test_the_working_tree_is_a_side(shop: World) -> None:
    change(shop, RULES, ("critical = 7", "critical = 5"))
    rule = reviewed(shop)["rules"]["ADR-010/vulnerabilities-slo"]
    assert rule["change"] == "tighter"
    assert rule["changes"] == [
        {"what": "with.critical", "old": "7", "new": "5", "change": "tighter"}
    ]


def test_three_dots_begin_where_the_two_parted(shop: World) -> None:
    git(shop, "checkout", "--quiet", "-b", "feature")
    change(shop, RULES, ("critical = 7", "critical = 5"))
    commit(shop)
    git(shop, "checkout", "--quiet", "main")
    change(shop, RULES, ("days = 180", "days = 90"))
    commit(shop)
    assert set(reviewed(shop, "main...feature")["rules"]) == {"ADR-010/vulnerabilities-slo"}
    assert len(reviewed(shop, "main..feature")["rules"]) == 2


def test_what_is_judged_is_the_project_as_it_is(shop: World) -> None:
    change(shop, RULES, ("high = 30", "high = 60"))
    rule = reviewed(shop)["rules"]["ADR-010/vulnerabilities-slo"]
    assert (rule["before"]["outcome"], rule["after"]["outcome"]) == ("fail", "warn")
    assert [text.split()[0] for text in rule["gone"]] == ["orders"]


def test_a_rule_that_is_as_it_was_may_judge_otherwise(shop: World) -> None:
    change(
        shop,
        "adhere.waivers.toml",
        ('rule = "ADR-010/vulnerabilities-gate"', 'rule = "ADR-010/packages-fresh"'),
    )
    found = reviewed(shop)
    rule = found["rules"]["ADR-010/vulnerabilities-gate"]
    assert (rule["what"], rule["change"]) == ("judged", None)
    assert rule["found"]


@pytest.mark.parametrize(
    ("old", "new", "change_"),
    [
        ("high = 30", "high = 29", "tighter"),
        ("critical = 7, ", "", "changed"),
        ("high = 30, medium = 90", "high = 31, medium = 89", "changed"),
        ('check = "packages.fresh"', 'check = "packages.fresh"\nlevel = "warn"', "looser"),
        ('check = "packages.fresh"', 'check = "packages.fresh"\non_missing = "warn"', "looser"),
        ('check = "packages.fresh"', 'check = "packages.fresh"\ngroups = ["dev"]', "looser"),
        (
            'check = "packages.fresh"',
            'check = "packages.fresh"\napplies_from = 2027-01-01',
            "looser",
        ),
        (
            'check = "packages.fresh"',
            'check = "packages.fresh"\napplies_until = 2027-01-01',
            "looser",
        ),
        ('unused = "warn"', 'unused = "allow"', "looser"),
        ("allow_empty = true  # a", "# a", "tighter"),
        ('"MIT", "Apache-2.0"', '"MIT", "Zlib", "Apache-2.0"', "looser"),
        ('    "SSPL-1.0",\n', "", "looser"),
        ('runs = "bandit"', 'runs = "bandit -ll"', "changed"),
    ],
)
def test_which_way_a_change_goes(shop: World, old: str, new: str, change_: str) -> None:
    change(shop, RULES, (old, new))
    found = [rule["change"] for rule in reviewed(shop)["rules"].values() if rule["change"]]
    if old == "critical = 7, ":
        assert found == []  # it is what the kind takes anyway
    else:
        assert found == [change_]


@pytest.mark.parametrize(("new", "code"), [("high = 60", 1), ("high = 20", 0)])
def test_a_gate_for_what_got_looser(shop: World, new: str, code: int) -> None:
    change(shop, RULES, ("high = 30", new))
    ran = shop.adhere("adr", "review", "base", "--offline", "--fail-on", "looser")
    assert ran.code == code


def test_a_rule_that_is_gone_is_looser(shop: World) -> None:
    text = (shop / RULES).read_text("utf-8")
    head, _, _ = text.partition('[[rule]]\nid = "packages-fresh"')
    shop.write(RULES, head)
    rules = reviewed(shop)["rules"]
    assert rules["ADR-010/packages-fresh"]["change"] == "looser"
    assert rules["ADR-010/packages-fresh"]["after"] is None


def test_decisions_that_came_and_went(shop: World) -> None:
    shop.write("docs/adr/0011-more.md", "---\nid: ADR-011\nstatus: proposed\n---\n\n# More\n")
    (shop / DECISION).unlink()
    (shop / RULES).unlink()
    (shop / "adhere.waivers.toml").unlink()
    found = reviewed(shop)["decisions"]
    assert [(d["id"], d["what"], d["before"], d["after"]) for d in found] == [
        ("ADR-010", "removed", "accepted", ""),
        ("ADR-011", "added", "", "proposed"),
    ]


def test_a_project_in_a_folder_of_the_repository(world: World) -> None:
    git(world, "init", "--quiet")
    inner = World(world / "services/shop", world._patch)
    inner.write("pyproject.toml", PROJECT)
    assert inner.adhere("init").code == 0
    commit(world)
    change(inner, "docs/adr/ADR-001.rules.toml", ('"MIT", ', ""))
    assert reviewed(inner, "HEAD")["rules"]["ADR-001/licenses-approved"]["change"] == "tighter"


def test_before_there_was_any_decision(world: World) -> None:
    git(world, "init", "--quiet")
    world.write("pyproject.toml", PROJECT)
    first = commit(world)
    assert world.adhere("init").code == 0
    commit(world)
    rules = reviewed(world, f"{first}..HEAD")["rules"]
    assert {rule["what"] for rule in rules.values()} == {"added"}


class TestBadInput:
    @pytest.mark.parametrize(
        ("range_", "said"),
        [
            ("..HEAD", "names no commit to compare with"),
            ("nowhere..HEAD", "there is no commit `nowhere` here"),
            ("base..--output=x", "`--output=x` is no commit"),
            ("base..HEAD^{tree}", "there is no commit"),
        ],
    )
    def test_a_range_that_is_none(self, shop: World, range_: str, said: str) -> None:
        ran = shop.adhere("adr", "review", range_, "--offline")
        assert ran.code == 2
        assert said in ran.err

    def test_outside_of_a_repository(self, world: World) -> None:
        ran = world.adhere("adr", "review", "main..HEAD", "--offline")
        assert ran.code == 2
        assert ran.codes == ["usage"]

    def test_without_git(self, shop: World) -> None:
        ran = shop.adhere("adr", "review", "base", "--offline", env={"PATH": "/nowhere"})
        assert ran.code == 2
        assert "there is no git here" in ran.err

    def test_a_side_whose_rules_are_wrong(self, shop: World) -> None:
        change(shop, RULES, ("critical = 7", 'critical = "soon"'))
        ran = shop.adhere("adr", "review", "base", "--offline")
        assert ran.code == 2
        assert "Wrong in the files of a side" in ran.out
        assert f"working tree: {RULES}:" in ran.out
        assert "ADR-010/vulnerabilities-slo" in ran.out, "what is intact is compared"

    def test_a_file_that_is_not_utf_8_at_a_commit(self, shop: World) -> None:
        good = (shop / RULES).read_bytes()
        shop.write(RULES, b"\xff\xfe")
        broken = commit(shop)
        shop.write(RULES, good)
        ran = shop.adhere("adr", "review", broken, "--offline")
        assert ran.code == 2
        assert "it is not UTF-8" in ran.out

    def test_a_link_at_a_commit(self, shop: World) -> None:
        good = (shop / RULES).read_bytes()
        (shop / RULES).unlink()
        (shop / RULES).symlink_to("/etc/passwd")
        broken = commit(shop)
        (shop / RULES).unlink()
        shop.write(RULES, good)
        ran = shop.adhere("adr", "review", f"base..{broken}", "--offline")
        assert ran.code == 2
        assert "root:" not in ran.out + ran.err

    def test_a_file_that_a_partial_clone_does_not_have(self, shop: World) -> None:
        name = git(shop, "rev-parse", f"HEAD:{RULES}")
        change(shop, RULES, ("high = 30", "high = 60"))
        change(shop, "adhere.toml", ('url = "index"', 'url = "index"\nconcurrency = 5'))
        path = shop / ".git" / "objects" / name[:2] / name[2:]
        path.chmod(0o644)
        path.unlink()
        ran = shop.adhere("adr", "review", "base", "--offline")
        assert ran.code == 2
        assert f"{RULES}" in ran.out
        assert "this clone does not have what it holds" in ran.out
        assert "fetch it: a partial clone has only those files that were asked for" in ran.out
        assert "concurrency" in ran.out, "what is intact is compared"

    def test_a_repository_does_not_make_git_run_anything(self, shop: World) -> None:
        mark = shop / "ran"
        script = shop.write("evil.sh", f"#!/bin/sh\ntouch {mark}\n")
        script.chmod(0o755)
        git(shop, "config", "core.fsmonitor", str(script))
        git(shop, "config", "filter.evil.smudge", str(script))
        git(shop, "config", "diff.external", str(script))
        shop.write(".gitattributes", "*.toml filter=evil diff=evil\n")
        mark.unlink(missing_ok=True)
        assert shop.adhere("adr", "review", "base..HEAD", "--offline").code == 0
        assert not mark.exists()
