"""The engine as a library: what `adhere.check` gives to a program."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import adhere
from corpus.environments import distribution, site_packages
from fakes.clock import FakeClock

RULES = """\
[[rule]]
id = "licenses"
check = "licenses.allowed"
with = { allow = ["MIT"] }
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    packages = site_packages(tmp_path / ".venv")
    distribution(packages, "alpha")
    distribution(packages, "copyleft", license="GPL-3.0-only")
    (tmp_path / "adhere.toml").write_text(RULES, "utf-8")
    return tmp_path


def test_the_public_names_are_what_they_say() -> None:
    assert set(adhere.__all__) == {"Checked", "Request", "__version__", "acheck", "check"}
    for name in adhere.__all__:
        assert getattr(adhere, name) is not None
    assert set(dir(adhere)) == set(adhere.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = adhere.nothing  # type: ignore[attr-defined]  # that is what is tried


def test_a_verdict_and_everything_it_rests_on(project: Path) -> None:
    checked = adhere.check(adhere.Request(folder=str(project)), clock=FakeClock())
    assert checked.exit_code == 1
    assert checked.problems == ()
    assert checked.found == (".venv",)
    assert [f.subject for f in checked.report.findings] == ["copyleft"]
    assert checked.report.subject.today == FakeClock().now().date()


def test_nothing_is_written_into_the_project(project: Path) -> None:
    before = sorted(project.rglob("*"))
    adhere.check(adhere.Request(folder=str(project)))
    assert sorted(project.rglob("*")) == before


def test_within_an_event_loop(project: Path) -> None:
    checked = asyncio.run(adhere.acheck(adhere.Request(folder=str(project)), clock=FakeClock()))
    assert checked.exit_code == 1


def test_progress_is_told(project: Path) -> None:
    distribution(
        project / ".venv/lib/python3.12/site-packages", "texted", files={"LICENSE": "some words"}
    )
    told: list[tuple[str, int, int]] = []
    adhere.check(
        adhere.Request(folder=str(project), cache=False),
        progress=lambda what, done, total: told.append((what, done, total)),
    )
    assert told == [("license texts", 1, 1)]


def test_problems_come_file_by_file_from_top_to_bottom(project: Path) -> None:
    rules = RULES.replace("allow", "alow") + "x = 1\n"
    (project / "adhere.toml").write_text(f"zzz = 1\n{rules}[levels]\nno-code = 'deny'\n", "utf-8")
    (project / "adhere.waivers.toml").write_text("[[waiver]]\ny = 1\n", "utf-8")
    checked = adhere.check(adhere.Request(folder=str(project)))
    assert checked.exit_code == 2
    places = [(problem.path, problem.line) for problem in checked.problems]
    assert len(places) > 6
    assert places == sorted(places)


def test_a_broken_project_file_takes_no_environment_with_it(project: Path) -> None:
    (project / "pyproject.toml").write_text("[project\n", "utf-8")
    checked = adhere.check(adhere.Request(folder=str(project)))
    assert checked.exit_code == 2, "and is told"
    assert [problem.place for problem in checked.problems] == ["pyproject.toml:1:9"]
    assert [package.name for package in checked.report.packages] == ["alpha", "copyleft"]
    assert [f.subject for f in checked.report.findings] == ["copyleft"]


class TestCacheFolder:
    @pytest.fixture
    def below(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.delenv("ADHERE_CACHE_DIR")
        monkeypatch.setenv("XDG_CACHE_HOME", str(project / "home"))
        (project / "below").mkdir()
        return project / "below"

    def test_a_configured_one_is_relative_to_the_project(self, project: Path, below: Path) -> None:
        (project / "adhere.toml").write_text(RULES + '[cache]\ndir = "cached"\n', "utf-8")
        adhere.check(adhere.Request(folder=str(below)))
        assert (project / "cached").is_dir()
        assert not (project / "home").exists()

    def test_a_named_one_is_relative_to_the_working_directory(
        self, project: Path, below: Path
    ) -> None:
        (project / "adhere.toml").write_text(RULES + '[cache]\ndir = "cached"\n', "utf-8")
        adhere.check(adhere.Request(folder=str(below), cache_dir="mine"))
        assert (below / "mine").is_dir()
        assert not (project / "cached").exists()

    def test_that_of_the_user_otherwise(self, project: Path, below: Path) -> None:
        adhere.check(adhere.Request(folder=str(below)))
        assert (project / "home" / "adhere").is_dir()
