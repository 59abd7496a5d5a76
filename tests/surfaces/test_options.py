"""Options: where a value may come from, which one holds, and how words are read."""

from __future__ import annotations

import pytest

from adhere.app.commands import every_command, options_of
from adhere.app.commands.option import Command, Option
from surfaces.world import LICENSES, World

EVERY = [(command, option) for command in every_command() for option in options_of(command)]


def told(world: World, *words: str, env: dict[str, str] | None = None) -> dict[str, str]:
    """What ``check -v`` says of every effective value."""
    ran = world.check("-v", *words, env=env)
    lines = [line.removeprefix("adhere: ") for line in ran.err.splitlines()]
    return dict(line.split(" = ", 1) for line in lines if " = " in line)


class TestPrecedence:
    """Command line, environment, configuration, default."""

    def test_default(self, good: World) -> None:
        assert told(good)["out"] == "'.adhere'  (default)"
        assert (good / ".adhere/report.json").is_file()

    def test_configuration_with_its_place(self, good: World) -> None:
        good.write("adhere.toml", LICENSES + '[report]\nout = "kept"\n')
        assert told(good)["out"] == "'kept'  (adhere.toml:8:1)"
        assert (good / "kept/report.json").is_file()

    def test_environment_before_configuration(self, good: World) -> None:
        good.write("adhere.toml", LICENSES + '[report]\nout = "kept"\n')
        said = told(good, env={"ADHERE_OUT": "elsewhere"})
        assert said["out"] == "'elsewhere'  (environment, ADHERE_OUT)"
        assert (good / "elsewhere/report.json").is_file()
        assert not (good / "kept").exists()

    def test_command_line_before_all(self, good: World) -> None:
        good.write("adhere.toml", LICENSES + '[report]\nout = "kept"\n')
        said = told(good, "--out", ".adhere", env={"ADHERE_OUT": "elsewhere"})
        assert said["out"] == "'.adhere'  (command line)"
        assert (good / ".adhere/report.json").is_file()

    @pytest.mark.parametrize("words", [("report",), ("verify",), ("docs", "sync", "docs")])
    def test_other_commands_find_the_report_by_the_same_rule(
        self, good: World, words: tuple[str, ...]
    ) -> None:
        good.write("adhere.toml", LICENSES + '[report]\nout = "kept"\n')
        good.check()
        assert good.adhere(*words).code == 0
        ran = good.adhere(*words, "--out", ".adhere")
        assert ran.code == 2 or "there is no report" in ran.err, "the default, said aloud"

    def test_an_empty_variable_is_unset(self, good: World) -> None:
        assert told(good, env={"ADHERE_FORMAT": ""})["format"] == "'text'  (default)"


def test_verbose_tells_where_every_value_came_from(good: World) -> None:
    good.write("org/base.toml", '[index]\ndeadline = "3s"\n[levels]\nlicense-denied = "warn"\n')
    good.write(
        "adhere.toml",
        'extends = ["org/base.toml"]\n[project]\nsources = [".venv"]\n' + LICENSES[12:],
    )
    said = told(good, "--jobs", "2", env={"ADHERE_NO_DEV": "yes"})
    assert said["sources"] == ".venv  (adhere.toml:3:1)"
    assert said["deadline"] == "'3s'  (org/base.toml:2:1)"
    assert said["levels.license-denied"] == "'warn'  (org/base.toml:4:1)"
    assert said["jobs"] == "2  (command line)"
    assert said["no_dev"] == "True  (environment, ADHERE_NO_DEV)"
    assert said["rule"] == "'licenses'  (adhere.toml:4:1)"
    names = {option.name for command, option in EVERY if command.name == "check"}
    assert names <= set(said), "not one is left out"


def test_verbose_tells_sources_that_were_found_or_named(good: World) -> None:
    assert told(good)["sources"] == ".venv  (found)"
    assert told(good, ".venv")["sources"] == ".venv  (command line)"


@pytest.mark.parametrize(("command", "option"), EVERY, ids=[f"{c.name} {o.name}" for c, o in EVERY])
def test_every_option_has_an_environment_variable(command: Command, option: Option) -> None:
    assert option.env.startswith("ADHERE_"), f"{command.name}: {option.flags}"


def test_one_variable_is_one_option() -> None:
    meant: dict[str, set[tuple[str, str]]] = {}
    for _, option in EVERY:
        meant.setdefault(option.env, set()).add((option.name, option.type))
    assert [env for env, options in meant.items() if len(options) > 1] == []


class TestEnvironment:
    @pytest.mark.parametrize("text", ["1", "true", "YES", "on"])
    def test_flag_on(self, world: World, text: str) -> None:
        assert world.check(env={"ADHERE_ALLOW_EMPTY": text}).code == 0

    @pytest.mark.parametrize("text", ["0", "False", "no", "off"])
    def test_flag_off(self, world: World, text: str) -> None:
        assert world.check(env={"ADHERE_ALLOW_EMPTY": text}).code == 4

    @pytest.mark.parametrize(
        "text", ["license-denied,license-review", "license-denied license-review"]
    )
    def test_list(self, bad: World, text: str) -> None:
        assert bad.check(env={"ADHERE_WARN": text}).code == 0

    @pytest.mark.parametrize(
        ("name", "text", "words"),
        [
            ("ADHERE_OFFLINE", "maybe", "'maybe': write 1 or 0"),
            ("ADHERE_JOBS", "-3", "'-3': write a whole number, 0 or more"),
            ("ADHERE_JOBS", "x", "'x': write a whole number, 0 or more"),
            ("ADHERE_JOBS", "9" * 5000, "write a whole number, 0 or more"),
            ("ADHERE_VERBOSE", "very", "'very': write a whole number, 0 or more"),
            ("ADHERE_DEADLINE", "0", "'0': a time has to be positive"),
            ("ADHERE_DEADLINE", "nan", "'nan': a time has to be positive"),
            ("ADHERE_FORMAT", "yaml", "'yaml': it may be text, json, markdown, html"),
            ("ADHERE_COLOR", "blue", "'blue': it may be auto, always, never"),
            ("ADHERE_DENY", "no-code", "there is no code `no-code`"),
            ("SOURCE_DATE_EPOCH", "today", "'today', no time in seconds"),
            ("SOURCE_DATE_EPOCH", "9" * 30, "no time in seconds"),
        ],
    )
    def test_wrong_value_is_named(self, good: World, name: str, text: str, words: str) -> None:
        ran = good.check(env={name: text})
        assert ran.code == 2
        assert ran.out == ""
        assert ran.codes == ["usage"]
        assert words in ran.err
        assert name in ran.err or name == "ADHERE_DENY"


class TestWords:
    @pytest.mark.parametrize(
        "words",
        [
            ("--quiet", "check", ".venv"),
            ("--format", "text", "-q", "check"),
            ("check", ".venv", "--offline", ".venv", "-q"),
            ("check", "-q", "--", ".venv"),
            ("--out", "check", "check", "-q"),
            ("check", "-qj2", "--format=text"),
        ],
    )
    def test_options_and_arguments_stand_in_any_order(
        self, good: World, words: tuple[str, ...]
    ) -> None:
        ran = good.adhere(*words)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith("PASS: 1 package")

    def test_argument_behind_an_option(self, good: World) -> None:
        ran = good.adhere("license", "explain", "--allow", "MIT", "Expat", "--format", "text")
        assert ran.out.splitlines()[0] == "Expat"

    @pytest.mark.parametrize(
        ("words", "message", "hint"),
        [
            ((), "no command was named", "adhere --help lists them"),
            (("chekc",), "there is no command `chekc`", "did you mean `check`?"),
            (("license",), "there is no command `license`", "there is license explain"),
            (("templates",), "there is no command `templates`", "there are templates list, "),
            (
                ("check", "--ofline"),
                "unrecognized arguments: --ofline",
                "did you mean `--offline`?",
            ),
            (
                ("explain", "a", "b"),
                "unrecognized arguments: b",
                "adhere explain --help tells more",
            ),
            (("check", "--jobs", "-1"), "'-1': write a whole number", "adhere check --help"),
            (("check", "--jobs"), "expected one argument", "adhere check --help"),
            (("check", "--deadline", "soon"), "not a duration", "adhere check --help"),
            (("why",), "arguments are required: PACKAGE", "adhere why --help"),
            (("check", "--format", "html"), "html is a folder of pages", "--output"),
            (("report", "--format", "html"), "html is a folder of pages", "--output"),
        ],
    )
    def test_what_cannot_be_meant(
        self, good: World, words: tuple[str, ...], message: str, hint: str
    ) -> None:
        ran = good.adhere(*words)
        assert ran.code == 2
        assert ran.out == ""
        assert message in ran.err
        assert hint in ran.err
        assert not (good / ".adhere").exists(), "nothing was judged"

    def test_all_unknown_codes_are_named_at_once(self, good: World) -> None:
        ran = good.check("-D", "license-denid", "-W", "nonsense", "-A", "license-review")
        assert ran.code == 2
        assert "there is no code `license-denid`" in ran.err
        assert "did you mean `license-denied`?" in ran.err
        assert "there is no code `nonsense`" in ran.err


class TestHelp:
    @pytest.mark.parametrize("command", every_command(), ids=lambda command: command.name)
    def test_every_command_explains_every_option(self, world: World, command: Command) -> None:
        ran = world.adhere(*command.name.split(), "--help")
        assert (ran.code, ran.err) == (0, "")
        for option in options_of(command):
            assert all(flag in ran.out for flag in option.flags)
            assert f"[{option.env}]" in " ".join(ran.out.split())

    def test_overview(self, world: World) -> None:
        ran = world.adhere("--help")
        assert (ran.code, ran.err) == (0, "")
        for command in every_command():
            assert f"  {command.name} " in ran.out

    def test_commands_of_a_word(self, world: World) -> None:
        ran = world.adhere("templates", "--help")
        assert ran.code == 0
        assert "templates copy" in ran.out
        assert "  check " not in ran.out

    def test_version_is_a_result(self, world: World) -> None:
        from adhere import __version__

        assert world.adhere("--version").out == f"adhere {__version__}\n"


class TestLevels:
    def test_allow(self, bad: World) -> None:
        ran = bad.check("-A", "license-denied", "-A", "license-review")
        assert ran.code == 0
        assert "2 findings allowed by code" in ran.out, "they are counted all the same"

    def test_deny(self, bad: World) -> None:
        bad.write("adhere.toml", LICENSES + 'level = "warn"\n')
        assert bad.check().code == 0
        assert bad.check("-D", "license-denied").code == 1

    def test_the_stricter_holds(self, bad: World) -> None:
        words = ("-W", "license-review", "-W", "license-denied")
        assert bad.check(*words).code == 0
        assert bad.check("-D", "license-denied", *words).code == 1

    def test_command_line_over_configuration(self, bad: World) -> None:
        levels = '[levels]\nlicense-denied = "allow"\nlicense-review = "allow"\n'
        bad.write("adhere.toml", LICENSES + levels)
        assert bad.check().code == 0
        assert bad.check("-D", "license-denied").code == 1


class TestGroups:
    @pytest.fixture
    def grouped(self, world: World) -> World:
        world.write(
            "pyproject.toml",
            '[project]\nname = "p"\nversion = "1"\ndependencies = ["alpha"]\n'
            '[project.optional-dependencies]\nextra = ["gamma"]\n'
            '[dependency-groups]\ndev = ["beta"]\n',
        )
        for name in ("alpha", "beta", "gamma"):
            world.install(name, license="MIT" if name == "alpha" else "GPL-3.0-only")
        world.write("adhere.toml", LICENSES)
        return world

    def test_all_without_a_word(self, grouped: World) -> None:
        assert "3 packages; 1 rule: 1 failed; 2 errors" in grouped.check("-q").out

    def test_group(self, grouped: World) -> None:
        ran = grouped.check("-q", "--group", "dev")
        assert ran.out.startswith("FAIL: 1 package, 2 more out of scope;")

    def test_extra(self, grouped: World) -> None:
        ran = grouped.check("-q", "--extra", "extra")
        assert ran.out.startswith("FAIL: 1 package, 2 more out of scope;")

    def test_no_dev(self, grouped: World) -> None:
        ran = grouped.check("-q", "--no-dev")
        assert "1 error " in ran.out
        assert ", 1 more out of scope;" in ran.out

    def test_a_group_that_nobody_has_is_no_empty_success(self, grouped: World) -> None:
        ran = grouped.check("--group", "prod")
        assert ran.code == 2
        assert "no package belongs to the group `prod`" in ran.err
        assert "groups are dev, extra:extra, runtime" in ran.err
