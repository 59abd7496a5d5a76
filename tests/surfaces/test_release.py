"""``adhere release`` and the checklist: what is frozen, and what is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest

from surfaces.world import LICENSES, World

IDENTITY = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def git(world: World, *words: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(
        ["git", *IDENTITY, *words],
        cwd=world.folder,
        env=environment,
        check=True,
        capture_output=True,
    )


def commit(world: World) -> None:
    git(world, "add", "--all", "--force", "adhere.toml", ".venv")
    git(world, "commit", "--quiet", "--allow-empty", "--message", "x")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project at a commit whose check passed."""
    folder = tmp_path_factory.mktemp("ready") / "project"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ADHERE_CACHE_DIR", str(folder.parent / "cache"))
        made = World(folder, patch)
        made.install("alpha")
        made.write("adhere.toml", LICENSES)
        git(made, "init", "--quiet")
        commit(made)
        assert made.check().code == 0
    return folder


@pytest.fixture
def ready(template: Path, world: World) -> World:
    """A copy of that."""
    (world / ".git").rmdir()
    shutil.copytree(template, world.folder, dirs_exist_ok=True)
    return world


def frozen(world: World, version: str = "1.4.0") -> Path:
    return world / f".adhere/releases/{version}.json"


def test_a_release_is_two_files(ready: World) -> None:
    ran = ready.adhere("release", "1.4.0")
    assert ran.out.splitlines() == [
        "wrote   .adhere/releases/1.4.0.json",
        "wrote   .adhere/releases/1.4.0.md",
        "1.4.0: Ready for a release.",
    ]
    assert ran.code == 0
    text = (ready / ".adhere/releases/1.4.0.md").read_text("utf-8")
    assert text.startswith("# Release 1&#46;4.0\n\n**Ready for a release.** ")
    assert "- [x] passed: " in text
    assert "- [ ]" not in text


def test_it_is_as_its_schema_says(ready: World) -> None:
    ready.adhere("release", "1.4.0")
    value = json.loads(frozen(ready).read_bytes())
    jsonschema.validate(value, ready.adhere("schema", "release").value)
    assert value["schema"] == "adhere.release/1"
    assert value["extract"]["standing"]["commit"] == ready.report()["subject"]["commit"]


def test_the_same_again_changes_nothing(ready: World) -> None:
    ready.adhere("release", "1.4.0")
    before = frozen(ready).read_bytes()
    ready.check("--no-cache")
    ran = ready.adhere("release", "1.4.0")
    assert ran.code == 0
    assert "same    .adhere/releases/1.4.0.json" in ran.out
    assert frozen(ready).read_bytes() == before


def test_what_is_missing_of_it_is_written(ready: World) -> None:
    ready.adhere("release", "1.4.0")
    (ready / ".adhere/releases/1.4.0.md").unlink()
    assert "wrote   .adhere/releases/1.4.0.md" in ready.adhere("release", "1.4.0").out


@pytest.mark.parametrize("again", ["1.4.0", "v1.4", "1.4.0.0"])
def test_a_version_is_frozen_once(ready: World, again: str) -> None:
    ready.adhere("release", "1.4.0")
    before = frozen(ready).read_bytes()
    ready.write("adhere.toml", (ready / "adhere.toml").read_text("utf-8") + "\n")
    commit(ready)
    ready.check()
    ran = ready.adhere("release", again)
    assert ran.code == 2
    assert ran.codes == ["release-frozen"]
    assert ".adhere/releases/1.4.0.json" in ran.err
    assert frozen(ready).read_bytes() == before
    assert len(list((ready / ".adhere/releases").iterdir())) == 2


def test_a_checklist_without_its_release_is_not_written_over(ready: World) -> None:
    ready.write(".adhere/releases/1.4.0.md", "# mine")
    ran = ready.adhere("release", "1.4.0")
    assert ran.codes == ["release-frozen"]
    assert not frozen(ready).exists()


@pytest.mark.parametrize(
    ("said", "name"), [("v2.0", "2.0"), ("2.0-rc.1", "2.0rc1"), ("1!2.0", "1!2.0")]
)
def test_a_version_is_written_as_pep_440_writes_it(ready: World, said: str, name: str) -> None:
    assert ready.adhere("release", said).code == 0
    assert frozen(ready, name).exists()


@pytest.mark.parametrize("word", ["", "latest", "../1.0", "1.0/../..", "1.0 ", "1.0\n"])
def test_what_is_no_version_is_refused(ready: World, word: str) -> None:
    ran = ready.adhere("release", word)
    if word.strip() == "1.0":
        assert [p.name for p in (ready / ".adhere/releases").iterdir()] != []
        assert {p.stem for p in (ready / ".adhere/releases").iterdir()} == {"1.0"}
        return
    assert ran.code == 2
    assert ran.codes == ["usage"]
    assert not (ready / ".adhere/releases").exists()


def refused(world: World, *clauses: str, words: tuple[str, ...] = ()) -> None:
    ran = world.adhere("release", "1.4.0", *words)
    assert ran.code == 1
    told = [
        line.removeprefix("in the way  ")
        for line in ran.out.splitlines()
        if line.startswith("in the way  ")
    ]
    for clause in clauses:
        assert any(clause in line for line in told), ran.out
    assert len(told) >= len(clauses)
    assert ran.out.splitlines()[-1].startswith("1.4.0: Not ready for a release: ")
    assert not (world / ".adhere/releases").exists()


def test_a_rule_that_fails_is_in_the_way(ready: World) -> None:
    ready.install("copyleft", license="GPL-3.0-only")
    commit(ready)
    assert ready.check().code == 1
    refused(ready, "`licenses` failed: 1 finding")


def test_what_could_not_be_judged_is_in_the_way_whatever_the_rule_says(ready: World) -> None:
    rule = '[[rule]]\nid = "gate"\ncheck = "vulnerabilities.gate"\non_missing = "report"\n'
    ready.write("adhere.toml", (ready / "adhere.toml").read_text("utf-8") + rule)
    commit(ready)
    assert ready.check("--offline").code == 0
    refused(ready, "`gate` not judged")


def test_a_rule_that_checks_nothing_is_in_the_way_though_it_only_warns(ready: World) -> None:
    rule = (
        '[[rule]]\nid = "none"\ncheck = "licenses.allowed"\nlevel = "warn"\n'
        'groups = ["nobody"]\nwith = { allow = ["MIT"] }\n'
    )
    ready.write("adhere.toml", (ready / "adhere.toml").read_text("utf-8") + rule)
    commit(ready)
    ready.check()
    gates = {gate["id"]: gate["verdict"] for gate in ready.report()["gates"]}
    assert gates == {"check": "pass", "release": "pass"}
    refused(ready, "`none` checked nothing")


def test_a_report_of_another_commit_is_in_the_way(ready: World) -> None:
    commit(ready)
    refused(ready, "the report is of commit `")


def test_a_dirty_tree_is_in_the_way(ready: World) -> None:
    ready.write("adhere.toml", (ready / "adhere.toml").read_text("utf-8") + "\n# later\n")
    refused(ready, "tracked files differ from the commit", "`adhere.toml` changed since")


def test_a_tree_that_was_dirty_is_in_the_way(ready: World) -> None:
    text = (ready / "adhere.toml").read_text("utf-8")
    ready.write("adhere.toml", text + "\n# later\n")
    ready.check()
    ready.write("adhere.toml", text)
    refused(ready, "tracked files differed from the commit when it was judged")


def test_an_input_that_changed_is_in_the_way_though_git_does_not_know_it(ready: World) -> None:
    ready.write(".gitignore", ".venv\n")
    git(ready, "rm", "--quiet", "--cached", "-r", ".venv")
    git(ready, "add", ".gitignore")
    git(ready, "commit", "--quiet", "--message", "x")
    ready.check()
    ready.install("beta")
    refused(ready, "`.venv` changed since it was judged")


def test_another_day_is_another_verdict(ready: World) -> None:
    ran = ready.adhere("release", "1.4.0", env={"SOURCE_DATE_EPOCH": "1795521600"})
    assert ran.code == 1
    assert "it was judged on 2026-11-23, and not today" in ran.out


def test_outside_of_version_control_nobody_can_tell(good: World) -> None:
    good.check()
    refused(good, "outside of version control")


def test_there_is_no_way_around_it(ready: World) -> None:
    for flag in ("--allow-blocked", "--force"):
        assert ready.adhere("release", "1.4.0", flag).codes == ["usage"]


def test_a_folder_of_its_own(ready: World) -> None:
    ran = ready.adhere("release", "1.4.0", "--output", "policy/releases")
    assert "wrote   policy/releases/1.4.0.json" in ran.out
    assert (ready / "policy/releases/1.4.0.md").exists()


def test_as_json(ready: World) -> None:
    ran = ready.adhere("release", "1.4.0", "--format", "json")
    assert ran.value["checklist"]["ready"] is True
    assert ran.value["written"] == [".adhere/releases/1.4.0.json", ".adhere/releases/1.4.0.md"]


def test_what_changed_since_the_last_release(ready: World) -> None:
    ready.adhere("release", "1.4.0")
    ready.adhere("release", "1.10.0rc1")
    ready.install("copyleft", license="GPL-3.0-only")
    ready.check()
    last = ready.adhere("diff")
    assert last.code == 0
    assert "added `copyleft` 1.0" in last.out
    assert last.out.splitlines()[-1].startswith("Since release 1.10.0rc1 of 2026-11-23 at commit `")
    assert ready.adhere("diff", "1.4.0", "--fail-on", "worse").code == 1
    assert ready.adhere("diff", "1.4.0", "v1.10rc1").out.endswith(": Nothing changed.\n")
    by_file = ready.adhere("diff", ".adhere/releases/1.4.0.json")
    assert by_file.out.splitlines()[-1].startswith("Since release 1.4.0 ")


def test_without_a_release_there_is_no_last_one(ready: World) -> None:
    ran = ready.adhere("diff")
    assert (ran.code, ran.codes) == (2, ["report-missing"])
    assert "adhere release VERSION" in ran.err


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "report-invalid"),
        ("[]", "report-invalid"),
        ('{"schema": "adhere.release/1"}', "report-invalid"),
        ('{"schema": "adhere.release/9"}', "report-schema"),
        ('{"schema": "adhere.report/1"}', "report-schema"),
    ],
)
@pytest.mark.parametrize("command", ["diff", "release"])
def test_a_frozen_release_that_cannot_be_read_is_said(
    ready: World, content: str, code: str, command: str
) -> None:
    ready.write(".adhere/releases/1.3.0.json", content)
    ran = ready.adhere(command, *(["1.4.0"] if command == "release" else []))
    assert (ran.code, ran.codes) == (2, [code])
    assert ".adhere/releases/1.3.0.json" in ran.err
    assert not frozen(ready).exists()


def test_a_frozen_release_under_another_name_is_said(ready: World) -> None:
    ready.adhere("release", "1.4.0")
    frozen(ready).rename(frozen(ready, "1.5.0"))
    ran = ready.adhere("diff")
    assert (ran.code, ran.codes) == (2, ["report-invalid"])
    assert "it says that it is release `1.4.0`" in ran.err


def test_the_checklist_of_the_next_release(ready: World) -> None:
    ran = ready.adhere("report", "--format", "checklist")
    assert ran.code == 0
    assert ran.out.startswith("# Release checklist\n\n**Ready for a release.** ")
    ready.install("copyleft", license="GPL-3.0-only")
    stale = ready.adhere("report", "--format", "checklist").out
    assert "**Not ready for a release: 1 thing stands in the way.**" in stale
    assert "- [ ] in the way: " in stale
    assert ".venv changed" in stale
