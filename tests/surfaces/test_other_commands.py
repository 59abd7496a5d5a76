"""``init``, ``docs sync``, ``templates``, ``explain``, ``why``, ``verify``: what a user relies on."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from adhere.app.codes import PROBLEM_CODES, finding_codes
from adhere.checks import BUILT_IN
from surfaces.world import World


def everything(folder: Path) -> dict[str, bytes]:
    """All files of a project but its environment."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".venv" not in path.parts
    }


class TestInit:
    def test_a_project_that_has_nothing(self, world: World) -> None:
        ran = world.adhere("init")
        assert ran.code == 0
        assert ran.out.splitlines() == [
            "wrote   adhere.toml",
            "wrote   docs/adr/ADR-001-dependencies.md",
            "wrote   docs/adr/ADR-001.rules.toml",
            "wrote   noxfile.py",
            "wrote   .gitignore",
        ]
        assert ran.err == "adhere: next: python -m nox -s compliance\n"
        compile((world / "noxfile.py").read_text("utf-8"), "noxfile.py", "exec")

    def test_what_it_writes_is_right_and_judges(self, world: World) -> None:
        world.adhere("init")
        world.write("pyproject.toml", '[project]\nname = "p"\ndependencies = ["alpha>=1"]\n')
        world.install("alpha")
        ran = world.check()
        assert (ran.code, ran.err) == (0, "adhere: found .venv\n")
        assert "3 rules: 3 passed" in ran.out

    @pytest.mark.parametrize(
        ("file", "text", "advice"),
        [
            ("mkdocs.yml", "site_name: x\n", "add to your mkdocs.yml: plugins: [search, adhere]"),
            ("mkdocs.yml", "plugins: [search]", "add to your mkdocs.yml, below plugins: - adhere"),
            ("properdocs.yml", "plugins: {tags: {}}", "add to your properdocs.yml, below plugins:"),
            ("mkdocs.yml", "plugins: [adhere]", ""),
            (
                "zensical.toml",
                "[project]",
                "Zensical shows the pages: adhere docs sync docs before",
            ),
            (
                "docs/conf.py",
                "extensions = []",
                'add to the extensions in your docs/conf.py: "adhere.sphinx"',
            ),
            (
                "docs/conf.py",
                "adhere_path = 'proof/'",
                'your docs/conf.py: extensions = ["adhere.sphinx"]',
            ),
            ("docs/conf.py", "extensions = ['adhere.sphinx']", ""),
            ("mkdocs.yml", "plugins: [", "mend it, then put the pages into the documentation"),
        ],
    )
    def test_says_how_the_pages_get_into_a_documentation(
        self, world: World, file: str, text: str, advice: str
    ) -> None:
        world.write(file, text)
        ran = world.adhere("init")
        assert ran.code == 0
        assert advice in ran.err
        assert len(ran.err.splitlines()) == (2 if advice else 1)
        assert (world / file).read_text("utf-8") == text

    def test_never_overwrites(self, world: World) -> None:
        for path in ("adhere.toml", "noxfile.py", "docs/adr/0001-mine.md"):
            world.write(path, "# mine\n")
        before = everything(world.folder)
        ran = world.adhere("init")
        assert ran.code == 0
        after = everything(world.folder)
        assert after.pop(".gitignore")
        assert after == before
        assert "kept    adhere.toml, which is there already" in ran.out
        assert "docs/adr has decisions already" in ran.err
        assert "adhere.nox.sessions()" in ran.err

    def test_a_noxfile_that_has_the_session_is_not_asked_for_it(self, world: World) -> None:
        world.write("noxfile.py", "import adhere.nox\n\nadhere.nox.sessions()\n")
        assert world.adhere("init").err == "adhere: next: python -m nox -s compliance\n"

    def test_twice_is_as_once(self, world: World) -> None:
        world.adhere("init")
        before = everything(world.folder)
        ran = world.adhere("init")
        assert everything(world.folder) == before
        assert "wrote" not in ran.out

    def test_adds_to_a_gitignore_and_keeps_what_is_there(self, world: World) -> None:
        world.write(".gitignore", b"*.pyc\n\xff\nlast")
        world.adhere("init")
        data = (world / ".gitignore").read_bytes()
        assert data.startswith(b"*.pyc\n\xff\nlast\n\n# Written by adhere")

    def test_what_is_kept_in_version_control(self, world: World) -> None:
        world.adhere("init")
        lines = (world / ".gitignore").read_text("utf-8").splitlines()
        for kept in (".adhere/ledger.toml", ".adhere/releases/", ".adhere/templates/"):
            assert f"!{kept}" in lines

    def test_beside_a_table_in_pyproject(self, world: World) -> None:
        world.write("pyproject.toml", "[tool.adhere]\n")
        ran = world.adhere("init")
        assert not (world / "adhere.toml").exists()
        assert "pyproject.toml has a [tool.adhere]" in ran.err
        assert world.check().code != 2

    @pytest.mark.parametrize("how", ["helper", "script"])
    def test_either_noxfile(self, world: World, how: str) -> None:
        world.adhere("init", "--nox", how)
        text = (world / "noxfile.py").read_text("utf-8")
        assert ("# /// script" in text) == (how == "script")

    def test_without_a_noxfile(self, world: World) -> None:
        ran = world.adhere("init", env={"ADHERE_NOX": "none"})
        assert not (world / "noxfile.py").exists()
        assert ran.err == "adhere: next: adhere check\n"

    def test_a_preset_that_is_none_writes_nothing(self, world: World) -> None:
        ran = world.adhere("init", "--preset", "startr")
        assert ran.code == 2
        assert "did you mean `starter`?" in ran.err
        assert everything(world.folder) == {}


class TestDocsSync:
    def test_writes_removes_and_is_then_current(self, bad: World) -> None:
        bad.check()
        ran = bad.adhere("docs", "sync", "docs")
        assert ran.code == 0
        assert "wrote  docs/compliance/index.md" in ran.out
        assert bad.adhere("docs", "sync", "docs", "--check").code == 0
        assert bad.adhere("docs", "sync", "docs").out == "", "nothing is written again"

    def test_check_says_what_is_stale_and_writes_nothing(self, bad: World) -> None:
        bad.check()
        bad.adhere("docs", "sync", "docs")
        before = everything(bad / "docs")
        bad.install("newcomer", license="MIT")
        bad.check()
        ran = bad.adhere("docs", "sync", "docs", "--check")
        assert ran.code == 1
        assert "stale  docs/compliance/dependencies.md" in ran.out
        assert everything(bad / "docs") == before

    def test_without_a_report_the_pages_say_so(self, bad: World) -> None:
        ran = bad.adhere("docs", "sync", "docs")
        assert ran.code == 0
        assert "there is no report" in ran.err
        assert "no-data" not in (bad / "docs/compliance/index.md").read_text("utf-8")

    def test_a_report_that_was_named_has_to_be_there(self, bad: World) -> None:
        ran = bad.adhere("docs", "sync", "docs", "--report", "no.json")
        assert ran.code == 2
        assert ran.codes == ["report-missing"]
        assert not (bad / "docs").exists()

    @pytest.mark.parametrize("name", ["compliance/index.md", "_adhere/adhere.css"])
    def test_a_file_of_somebody_elses_is_never_touched(self, bad: World, name: str) -> None:
        bad.check()
        bad.write(f"docs/{name}", "mine")
        before = everything(bad / "docs")
        ran = bad.adhere("docs", "sync", "docs")
        assert ran.code == 2
        assert ran.codes == ["docs-foreign"]
        assert f"docs/{name}" in ran.err
        assert everything(bad / "docs") == before, "and nothing else is written either"

    def test_a_page_that_was_changed_by_hand_is_not_lost(self, bad: World) -> None:
        bad.check()
        bad.adhere("docs", "sync", "docs")
        bad.write("docs/compliance/index.md", "mine")
        ran = bad.adhere("docs", "sync", "docs")
        assert ran.code == 2
        assert "it was changed by hand" in ran.err
        assert (bad / "docs/compliance/index.md").read_text("utf-8") == "mine"

    def test_stale_inputs_are_told_on_the_pages(self, bad: World) -> None:
        bad.check()
        bad.write("adhere.toml", (bad / "adhere.toml").read_text("utf-8") + "# more\n")
        bad.adhere("docs", "sync", "docs")
        assert "adhere.toml changed" in (bad / "docs/compliance/index.md").read_text("utf-8")


class TestTemplates:
    def test_every_listed_one_is_shown(self, world: World) -> None:
        names = world.adhere("templates", "list").out.splitlines()
        assert "html/index.html.j2" in names
        for name in names:
            ran = world.adhere("templates", "show", name)
            assert ran.code == 0
            assert ran.out

    def test_copy_is_found_before_ours_and_never_overwrites(self, bad: World) -> None:
        ran = bad.adhere("templates", "copy", "markdown/report.md.j2")
        assert ran.code == 0
        copy = bad / ".adhere/templates/markdown/report.md.j2"
        assert (
            copy.read_text("utf-8") == bad.adhere("templates", "show", "markdown/report.md.j2").out
        )
        copy.write_text("mine: {{ 6 * 7 }}\n", "utf-8")
        ran = bad.adhere("templates", "copy", "markdown/report.md.j2")
        assert ran.code == 2
        assert "mine: 42" in bad.check("--format", "markdown").out
        listed = bad.adhere("templates", "list").out
        assert "markdown/report.md.j2  (.adhere/templates)" in listed

    def test_copy_to_a_folder_by_option_or_word(self, bad: World) -> None:
        assert bad.adhere("templates", "copy", "html/style.css", "mine").code == 0
        assert (bad / "mine/html/style.css").is_file()

    @pytest.mark.parametrize("name", ["no.j2", "../../etc/passwd", "/etc/passwd", ""])
    @pytest.mark.parametrize("command", ["show", "copy"])
    def test_one_that_is_none(self, bad: World, command: str, name: str) -> None:
        before = everything(bad.folder)
        ran = bad.adhere("templates", command, name)
        assert (ran.code, ran.out) == (2, "")
        assert everything(bad.folder) == before

    def test_one_that_is_wrong_names_its_line(self, bad: World) -> None:
        bad.write(".adhere/templates/markdown/report.md.j2", "fine\n{% if %}\n")
        ran = bad.check("--format", "markdown")
        assert ran.code == 2
        assert ran.codes == ["template-invalid"]
        assert "  --> .adhere/templates/markdown/report.md.j2:2" in ran.err
        assert (bad / ".adhere/report.json").is_file(), "the verdict is kept all the same"


class TestExplain:
    @pytest.mark.parametrize("name", [*finding_codes(), *(c.id for c in PROBLEM_CODES), *BUILT_IN])
    def test_every_code_and_kind_has_a_page(self, world: World, name: str) -> None:
        ran = world.adhere("explain", name)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith(f"# {name}\n")
        assert len(ran.out.splitlines()) > 10

    def test_all_are_listed(self, world: World) -> None:
        listed = {line.split()[0] for line in world.adhere("explain").out.splitlines() if line}
        assert {*finding_codes(), *(code.id for code in PROBLEM_CODES), *BUILT_IN} <= listed

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("license-denid", "did you mean `license-denied`?"),
            ("licences.allowed", "did you mean `licenses.allowed`?"),
            ("zzz", "adhere explain lists all"),
            ("", "adhere explain lists all"),
            ("../codes/usage", "adhere explain lists all"),
            ("index", ""),
        ],
    )
    def test_one_that_is_none(self, world: World, name: str, hint: str) -> None:
        ran = world.adhere("explain", name)
        assert (ran.code, ran.out) == (2, "")
        assert hint in ran.err


class TestWhy:
    def test_every_path_evidence_and_rule(self, bad: World) -> None:
        bad.write("pyproject.toml", '[project]\nname = "p"\ndependencies = ["alpha", "reviewed"]\n')
        told = bad.adhere("why", "CopyLeft", "--format", "json").value
        assert told["paths"] == [["p", "reviewed", "copyleft"]]
        assert told["needed_by"] == ["reviewed"]
        assert [finding["code"] for finding in told["findings"]] == ["license-denied"]
        assert "licenses" in [rule["rule"] for rule in told["rules"]]

    def test_stores_nothing(self, bad: World) -> None:
        bad.adhere("why", "alpha")
        assert not (bad / ".adhere").exists()

    def test_without_any_rule(self, world: World) -> None:
        world.install("alpha")
        assert world.adhere("why", "alpha").code == 0

    def test_one_that_is_not_there(self, bad: World) -> None:
        ran = bad.adhere("why", "copylft")
        assert (ran.code, ran.out) == (2, "")
        assert "did you mean `copyleft`?" in ran.err


class TestVerify:
    def test_holds_until_something_changes(self, bad: World) -> None:
        bad.check()
        ran = bad.adhere("verify")
        assert ran.code == 0
        assert ran.out.splitlines()[-1] == ".adhere/report.json holds: 2 of 2 inputs are the same"

    @pytest.mark.parametrize(
        ("path", "verdict"),
        [
            ("adhere.toml", "changed"),
            (".venv/lib/python3.12/site-packages/alpha-1.0.dist-info/METADATA", "changed"),
        ],
    )
    def test_a_change_is_found(self, bad: World, path: str, verdict: str) -> None:
        bad.check()
        with (bad / path).open("a", encoding="utf-8") as file:
            file.write("# more\n")
        ran = bad.adhere("verify", "--format", "json")
        assert ran.code == 1
        assert ran.value["holds"] is False
        assert verdict in [entry["verdict"] for entry in ran.value["inputs"]]

    def test_a_file_that_is_gone(self, bad: World) -> None:
        bad.check()
        (bad / "adhere.toml").unlink()
        ran = bad.adhere("verify")
        assert ran.code == 1
        assert "missing   adhere.toml  it is not there" in ran.out

    def test_a_touched_file_is_the_same(self, bad: World) -> None:
        bad.check()
        (bad / "adhere.toml").touch()
        assert bad.adhere("verify").code == 0

    def test_a_place_that_the_report_does_not_tell_has_to_be_named(self, bad: World) -> None:
        bad.check()
        report = bad.report()
        report["subject"]["inputs"][0]["path"] = ".../far/.venv"
        bad.write("far.json", json.dumps(report))
        ran = bad.adhere("verify", "far.json")
        assert ran.code == 1, "what could not be looked at is not said to hold"
        assert "unplaced  .../far/.venv" in ran.out
        assert bad.adhere("verify", "far.json", ".venv").code == 0

    def test_a_report_that_was_forged_without_inputs_does_not_hold(self, bad: World) -> None:
        bad.check()
        report = bad.report()
        report["subject"]["inputs"] = []
        bad.write("forged.json", json.dumps(report))
        assert bad.adhere("verify", "forged.json").code == 1


def test_what_schema_says_of_a_configuration_is_what_check_takes(world: World) -> None:
    import jsonschema

    world.adhere("init")
    schema = world.adhere("schema", "config").value
    jsonschema.validate(tomllib.loads((world / "adhere.toml").read_text("utf-8")), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"projekt": {}}, schema)


def test_a_schema_that_is_none(world: World) -> None:
    ran = world.adhere("schema", "confg")
    assert ran.code == 2
    assert "did you mean `config`?" in ran.err
