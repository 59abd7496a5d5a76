"""Files of the user's that are wrong: every mistake at once, with its place and the remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from surfaces.world import LICENSES, World

GOLDEN = Path(__file__).parent / "golden"
Compare = Callable[[Path, str], None]

WRONG_CONFIG = """\
schema = 1
extend = ["x.toml"]

[project]
sources = ".venv"
first_part = ["acme-*"]
groups = { runtime = "eror" }

[index]
rate = "20"
deadline = "8 parsecs"

[cahce]
dir = 3

[cache]
file = { bytes = "256Mib", size = 2 }
ttl = { license = "P7D", licence = "1h" }

[report]
publish_vulnerabilities = "al"
redact = ["path"]

[levels]
license-denid = "deny"
license-denied = "forbid"

[[rule]]
id = "licenses"
check = "license.allowed"

[[rule]]
id = "Licenses"
check = "licenses.allowed"
with = { allow = ["MIT", "Apache2"], unknown = "denyy", alow = [] }

[[rule]]
id = "Licenses"
check = "licenses.allowed"
severity = "error"
with = { allow = ["MIT"] }

[[rule]]
check = "licenses.allowed"
with = { allow = ["MIT"] }
"""

WRONG_WAIVERS = """\
[[waiver]]
id = "W-1"
rule = "license"
subject = "alpha@@"
reason = "accepted"
owner = "@"
approved_by = "@nobody"
created = 2027-12-01
expires = "soon"
until = 2027-01-01

[[waiver]]
id = "W-1"
rule = "licenses"
subject = "alpha"
reason = "accepted-risk"
owner = "@alice"
created = 2026-10-01
expires = 2027-11-01

[[waiver]]
id = "W-2"

[[clarificaton]]

[[clarification]]
id = "C-1"
subject = "alpha"
expression = "MITT"
sha256 = ["abc"]
owner = ""
created = 2026-12-01
"""


def test_every_mistake_of_a_configuration(good: World, golden: Compare) -> None:
    good.write("adhere.toml", WRONG_CONFIG)
    ran = good.check()
    assert ran.code == 2
    golden(GOLDEN / "config.txt", ran.err)


def test_every_mistake_of_a_waiver_file(good: World, golden: Compare) -> None:
    good.write("adhere.toml", LICENSES + '[waivers]\napprovers = ["@lead"]\n')
    good.write("adhere.waivers.toml", WRONG_WAIVERS)
    ran = good.check()
    assert ran.code == 2
    golden(GOLDEN / "waivers.txt", ran.err)


def test_every_mistake_of_decisions_and_their_rules(good: World, golden: Compare) -> None:
    good.write("docs/adr/ADR-001.md", "---\nid: 001\ntitle: x\n---\n")
    good.write("docs/adr/ADR-002.md", "---\nid: ADR-002\ntitle: [x\n---\n")
    good.write("docs/adr/ADR-003.md", "---\nid: ADR-003\ntitle: x\nstatus: acepted\n---\n")
    good.write(
        "docs/adr/ADR-004.md", "---\nid: ADR-004\ntitle: x\nstatus: accepted\n---\n## Licenses\n"
    )
    good.write(
        "docs/adr/ADR-004.rules.toml",
        'schema = 1\nadr = "ADR-004"\n[[rule]]\nid = "a"\ncheck = "licenses.allowed"\n'
        'with = { allow = ["MIT"] }\nrefs = ["#license"]\n',
    )
    good.write("docs/adr/ADR-009.rules.toml", 'schema = 2\nadr = "ADR-009"\nrules = []\n')
    ran = good.check()
    assert ran.code == 2
    golden(GOLDEN / "decisions.txt", ran.err)


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("id: Choice-7\nstatus: accepted\n", "known are `Choice-7`"),
        ("title: x\n", "a document that says its status, in front matter or a section; none does"),
    ],
)
def test_rules_of_no_decision_say_which_there_are(good: World, front: str, words: str) -> None:
    good.write("docs/adr/first.md", f"---\n{front}---\n\n# First\n")
    good.write("docs/adr/first.rules.toml", 'schema = 1\nadr = "ADR-0003"\n')
    ran = good.check()
    assert (ran.code, ran.codes[:1]) == (2, ["rule-without-adr"])
    assert words in ran.err


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"schema = 1\n[project\n", "toml-invalid", "adhere.toml:2:9"),
        (b"schema = 2\n", "config-schema", "adhere.toml:1:10"),
        (b"a\n\xff\n", "file-unreadable", "adhere.toml:2"),
        (b'a = "\x1b[31m"\n', "toml-invalid", "adhere.toml:1:6"),
        (b"rule = 3\n", "config-type", "adhere.toml:1:8"),
        (b"[rule]\nid = 1\n", "config-type", "adhere.toml:1:1"),
        (b'extends = ["no.toml"]\n', "config-extends-missing", "adhere.toml:1:12"),
        (b'extends = ["adhere.toml"]\n', "config-extends-cycle", "adhere.toml:1:12"),
        (b'[waivers]\nfile = "no.toml"\n', "file-unreadable", "no.toml"),
    ],
)
def test_configuration_that_cannot_be_used(
    world: World, data: bytes, code: str, place: str
) -> None:
    world.install("alpha")
    world.write("adhere.toml", data)
    ran = world.check()
    assert ran.code == 2
    assert ran.codes == [code]
    assert f"  --> {place}\n" in ran.err
    assert "\x1b" not in ran.err
    assert "alpha  1.0  MIT" in ran.out, "the inventory is shown all the same"


class TestPyproject:
    def test_a_table_is_a_configuration(self, good: World) -> None:
        (good / "adhere.toml").rename(good / "rules.toml")
        good.write("pyproject.toml", '[tool.adhere]\nextends = ["rules.toml"]\n')
        ran = good.check()
        assert (ran.code, ran.err) == (0, "adhere: found .venv\n")

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("[tool.adhere]\nfoo = 1\n", "pyproject.toml:2:1"),
            ("[tool]\nadhere = 3\n", "pyproject.toml:2:10"),
            ("[tool.adhere\n", "pyproject.toml:1:13"),
        ],
    )
    def test_an_invalid_table_is_an_error_and_nothing_milder(
        self, world: World, text: str, place: str
    ) -> None:
        world.install("alpha")
        world.write("pyproject.toml", text)
        ran = world.check()
        assert ran.code == 2
        assert f"  --> {place}\n" in ran.err
        assert len(ran.codes) == 1, "a file that is read twice is wrong once"
        assert "alpha  1.0  MIT" in ran.out, "the environment beside it is judged"

    def test_two_configurations_are_one_too_many(self, good: World) -> None:
        good.write("pyproject.toml", "[tool.adhere]\n")
        ran = good.check()
        assert ran.code == 2
        assert ran.codes == ["config-twice"]

    def test_unless_one_is_named(self, good: World) -> None:
        good.write("pyproject.toml", "[tool.adhere]\n")
        assert good.check("--config", "adhere.toml").code == 0


@pytest.mark.parametrize("what", ["folder", "link"])
def test_something_that_is_no_file_is_not_passed_over(world: World, what: str) -> None:
    world.install("alpha")
    if what == "folder":
        (world / "adhere.toml").mkdir()
    else:
        (world / "adhere.toml").symlink_to("nowhere")
    ran = world.check()
    assert ran.code == 2
    assert ran.codes == ["file-unreadable"]


class TestNamedConfiguration:
    def test_stands_in_place_of_the_projects_own(self, bad: World) -> None:
        bad.write("policy/strict.toml", LICENSES.replace('"MIT"', '"MIT", "GPL-3.0-only"'))
        assert bad.check().out.count("error[") == 2
        ran = bad.check("--config", "policy/strict.toml")
        assert ran.out.count("error[") == 1
        assert "policy/strict.toml:" in ran.out
        assert (bad / ".adhere/report.json").is_file(), "the project stays where it is"
        assert not (bad / "policy/.adhere").exists()

    def test_may_lie_outside_and_is_then_shown_by_its_last_parts(
        self, bad: World, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        folder = tmp_path_factory.mktemp("shared")
        (folder / "org.toml").write_text(LICENSES, "utf-8")
        ran = bad.check("--config", str(folder / "org.toml"))
        assert ran.code == 1
        paths = [entry["path"] for entry in bad.report()["subject"]["inputs"]]
        assert str(folder) not in (bad / ".adhere/report.json").read_text("utf-8")
        assert any(path.endswith(f"{folder.name}/org.toml") for path in paths)

    @pytest.mark.parametrize(
        ("name", "words"),
        [("no.toml", "there is no such file"), (".venv", "it is no regular file")],
    )
    @pytest.mark.parametrize("command", [("check",), ("report",), ("docs", "sync", "docs")])
    def test_has_to_be_a_file(
        self, good: World, command: tuple[str, ...], name: str, words: str
    ) -> None:
        ran = good.adhere(*command, "--config", name)
        assert ran.code == 2
        assert ran.codes == ["file-unreadable"]
        assert words in ran.err


class TestSources:
    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("nothing", "source-unreadable"),
            ("nothing.lock", "source-unreadable"),
            ("folder", "source-unreadable"),
            ("pipe", "source-unreadable"),
            ("notes.md", "source-unsupported"),
            ("empty.json", "source-invalid"),
            ("pyproject.toml", "source-unsupported"),
            ("uv.lock", "source-invalid"),
            ("poetry.lock", "source-invalid"),
            ("broken.cdx.json", "source-invalid"),
        ],
    )
    def test_one_that_cannot_be_read_takes_no_other_with_it(
        self, bad: World, name: str, code: str
    ) -> None:
        import os

        (bad / "folder").mkdir()
        os.mkfifo(bad / "pipe")
        bad.write("notes.md", "# notes\n")
        bad.write("empty.json", "")
        bad.write("pyproject.toml", "[project]\n")
        bad.write("uv.lock", "version = 1\n[[package]\n")
        bad.write("poetry.lock", b"\xff")
        bad.write("broken.cdx.json", '{"bomFormat": "CycloneDX", "components": [')
        ran = bad.check(name, ".venv")
        assert ran.code == 2
        assert ran.codes == [code]
        assert f"  --> {name}" in ran.err
        assert "   = help: " in ran.err or ":" in ran.err.split("-->")[1], "a remedy, or the place"
        assert ran.out.count("error[license-") == 2, "the good one was judged"

    def test_two_are_cross_checked(self, good: World) -> None:
        good.install("extra", license="MIT")
        good.write("requirements.txt", "alpha==2.0\nabsent==1.0\n")
        ran = good.check("requirements.txt", ".venv")
        assert "warning[lock-version]: alpha 1.0 is installed and 2.0 is locked" in ran.out
        assert "warning[lock-missing]: absent 1.0 is locked and not installed" in ran.out
        assert "warning[lock-extra]: extra 1.0 is installed and not locked" in ran.out
        assert "adhere/sources-agree warned" in ran.out.splitlines()[-1]

    def test_several_are_found_and_named(self, good: World) -> None:
        good.write("requirements.txt", "alpha==1.0\n")
        assert good.check().err == "adhere: found requirements.txt, .venv\n"

    def test_an_unreadable_folder(self, good: World, monkeypatch: pytest.MonkeyPatch) -> None:
        import os

        real = os.scandir

        def refuse(path: str = ".") -> object:
            if str(path).endswith("site-packages"):
                raise PermissionError(13, "Permission denied", path)
            return real(path)

        monkeypatch.setattr(os, "scandir", refuse)
        ran = good.check()
        assert ran.code == 2
        assert ran.codes == ["source-unreadable"]
        assert "cannot read it: permission denied" in ran.err
        assert "check its permissions" in ran.err
