"""The session for other projects: what it runs, and how it ends."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import adhere
import adhere.nox
from corpus.environments import distribution, site_packages

RULE = '[[rule]]\nid = "licenses"\ncheck = "licenses.allowed"\nwith = {{ allow = ["{}"] }}\n'


class FakeSession:
    """Records what a session would run."""

    def __init__(
        self, location: Path | None, backend: str = "virtualenv", ends: int = 0, site: int = 0
    ) -> None:
        self.virtualenv = SimpleNamespace(location=location and str(location), venv_backend=backend)
        self.posargs: list[str] = []
        self.ran: list[list[str]] = []
        self.installed: list[tuple[str, ...]] = []
        self.said: list[str] = []
        self._ends = {"check": ends, "build": site, "sphinx": site}

    def install(self, *words: str) -> None:
        self.installed.append(words)

    def run_install(self, *words: str, external: bool) -> None:
        assert external
        self.ran.append(list(words))

    def run(self, *words: str, success_codes: Any, **_options: object) -> bool:
        self.ran.append(list(words))
        assert (
            next((code for word, code in self._ends.items() if word in words), 0) in success_codes
        )
        return True

    def log(self, words: str) -> None:
        self.said.append(words)

    def error(self, words: str) -> None:
        raise SystemExit(words)

    def commands(self) -> list[list[str]]:
        """What was run with the tool's Python, without it."""
        return [
            words[2:] for words in self.ran if words[1:2] == ["-m"] and words[2] != "virtualenv"
        ]


def installed_from(monkeypatch: pytest.MonkeyPatch, record: str | None) -> None:
    """Let adhere have been installed with this `direct_url.json`, or from an index."""
    found = SimpleNamespace(read_text=lambda name: {"direct_url.json": record}[name])
    monkeypatch.setattr("adhere.nox.distribution", lambda _name: found)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    installed_from(monkeypatch, None)
    return tmp_path


def compliance(session: FakeSession, **options: Any) -> None:
    adhere.nox.compliance(session, **options)  # type: ignore[arg-type]  # it has what is used


def test_nothing_of_the_engine_is_imported() -> None:
    code = (
        "import sys, adhere.nox; "
        "print([m for m in sys.modules if m.startswith('adhere.') and m != 'adhere.nox'], "
        "'msgspec' in sys.modules, 'jinja2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] False False"


def test_adhere_gets_an_environment_of_its_own(project: Path) -> None:
    session = FakeSession(project / ".nox" / "compliance")
    compliance(session)
    assert session.installed == [(".",)]
    made, filled, *_ = session.ran
    tool = project / ".nox" / "_adhere"
    assert made == [sys.executable, "-m", "virtualenv", "--quiet", "--clear", str(tool)]
    assert Path(filled[0]).parts[: len(tool.parts)] == tool.parts
    assert filled[1:] == [
        *("-m", "pip", "install", "--disable-pip-version-check", "--quiet"),
        f"adhere=={adhere.__version__}",
    ]
    assert session.commands()[-1] == ["adhere", "check", str(project / ".nox" / "compliance")]


def test_a_session_of_the_same_name_has_another_environment(project: Path) -> None:
    session = FakeSession(project / ".nox" / "adhere")
    compliance(session)
    assert session.ran[0][-1] != str(project / ".nox" / "adhere")


def test_uv_fills_the_environment_where_it_fills_the_sessions(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/opt/{name}")
    session = FakeSession(project / ".nox" / "compliance", "uv")
    compliance(session, tool=("adhere==0.9", "extra"))
    assert session.ran[1][:3] == ["/opt/uv", "pip", "install"]
    assert session.ran[1][-2:] == ["adhere==0.9", "extra"]


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        ('{"url": "%(folder)s", "dir_info": {"editable": true}}', "adhere @ %(folder)s"),
        ('{"url": "%(folder)s/gone.whl", "archive_info": {}}', f"adhere=={adhere.__version__}"),
        (
            '{"url": "https://git.example.org/a", "subdirectory": "py", "vcs_info": %(vcs)s}',
            "adhere @ git+https://git.example.org/a@5f1c#subdirectory=py",
        ),
        (
            '{"url": "https://files.example.org/a.whl", "archive_info": {}}',
            "adhere @ https://files.example.org/a.whl",
        ),
        ("{", f"adhere=={adhere.__version__}"),
        ("{}", f"adhere=={adhere.__version__}"),
    ],
)
def test_the_tool_comes_from_where_adhere_came_from(
    record: str, wanted: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"folder": project.as_uri(), "vcs": '{"vcs": "git", "commit_id": "5f1c"}'}
    installed_from(monkeypatch, record % names)
    session = FakeSession(project / ".nox" / "compliance")
    compliance(session)
    assert session.ran[1][-1] == wanted % names


def test_without_metadata_the_tool_is_of_the_same_version(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("adhere.nox.distribution", missing)
    session = FakeSession(project / ".nox" / "compliance")
    compliance(session)
    assert session.ran[1][-1] == f"adhere=={adhere.__version__}"


def test_uv_builds_a_folder_anew(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/opt/{name}")
    installed_from(monkeypatch, f'{{"url": "{project.as_uri()}", "dir_info": {{}}}}')
    session = FakeSession(project / ".nox" / "compliance", "uv")
    compliance(session)
    words = session.ran[1]
    assert words[words.index("--reinstall-package") + 1] == "adhere"


@pytest.mark.parametrize("name", ["mkdocs.yml", "mkdocs.yaml"])
def test_pages_and_site_are_made_from_what_the_check_wrote(name: str, project: Path) -> None:
    (project / "docs").mkdir()
    (project / name).touch()
    (project / "uv.lock").touch()
    (project / "pdm.lock").touch()
    session = FakeSession(project / ".nox" / "compliance")
    compliance(
        session,
        docs_requirements=("mkdocs", "theme"),
        arguments=("--no-dev", "--config", "other.toml", "--out=kept", "--templates", "t"),
    )
    assert session.ran[1][-2:] == ["mkdocs", "theme"]
    check, sync, build = session.commands()[-3:]
    assert check[:5] == [
        "adhere",
        "check",
        "uv.lock",
        "pdm.lock",
        str(project / ".nox" / "compliance"),
    ]
    shared = ["--config", "other.toml", "--out=kept", "--templates", "t"]
    assert sync == ["adhere", "docs", "sync", "docs", *shared]
    assert build == ["mkdocs", "build", "--strict", "--site-dir", "site"]


@pytest.mark.parametrize(
    "text",
    [
        "plugins:\n  - search\n  - adhere\n",
        "plugins:\n- adhere: {nav: off}\n",
        "plugins:\n  adhere:\n    nav: auto\n",
        "site_name: x\nplugins: [search, adhere]\n",
        "plugins: {search: {}, 'adhere': {}}\n",
        "plugins:\n\n# ours\n  - adhere # one line\n",
    ],
)
def test_a_site_with_our_plugin_needs_no_files(text: str, project: Path) -> None:
    (project / "docs").mkdir()
    (project / "mkdocs.yml").write_text(text, "utf-8")
    session = FakeSession(project / ".nox" / "compliance")
    compliance(session)
    assert [words[0] for words in session.commands()[-2:]] == ["adhere", "mkdocs"]
    assert session.commands()[-2][1] == "check"


@pytest.mark.parametrize(
    "text",
    [
        "plugins: [search]\nnav:\n  - adhere: adhere.md\n",
        "plugins:\n  - search\n\nextra:\n  adhere: yes\n",
        "plugins:\n  - not-adhere\n  - adhere-not: {}\n",
        "plugins:\n  - search\n#  - adhere\n  # - adhere\n",
        "site_name: adhere\n",
    ],
)
def test_a_site_that_speaks_of_us_has_no_plugin_for_that(text: str, project: Path) -> None:
    (project / "docs").mkdir()
    (project / "mkdocs.yml").write_text(text, "utf-8")
    session = FakeSession(project / ".nox" / "compliance")
    compliance(session)
    assert [words[:3] for words in session.commands()][-2] == ["adhere", "docs", "sync"]


@pytest.mark.parametrize("folder", ["docs", "docs/source"])
@pytest.mark.parametrize("requirements", [None, ("furo",)])
def test_a_documentation_of_sphinx_with_our_extension_needs_no_files(
    folder: str, requirements: tuple[str, ...] | None, project: Path
) -> None:
    (project / folder).mkdir(parents=True)
    (project / folder / "conf.py").write_text('extensions = ["adhere.sphinx"]\n', "utf-8")
    session = FakeSession(project / ".nox" / "compliance")
    compliance(session, docs_requirements=requirements)
    build = [["sphinx", "-b", "html", "-W", "--keep-going", folder, "site"]]
    assert session.commands()[-1:] == (build if requirements else session.commands()[-1:])
    assert [words[:2] for words in session.commands()].count(["adhere", "check"]) == 1
    assert not any(words[:2] == ["adhere", "docs"] for words in session.commands())
    assert ("furo" in session.ran[1]) == bool(requirements)
    if not requirements:
        assert f"build the site with Sphinx now: sphinx-build -W {folder} site" in session.said


@pytest.mark.parametrize("text", ["extensions = []\n", "# extensions = ['adhere.sphinx']\n"])
def test_a_documentation_of_sphinx_without_it_gets_files(text: str, project: Path) -> None:
    (project / "docs").mkdir()
    (project / "docs" / "conf.py").write_text(text, "utf-8")
    session = FakeSession(project / ".nox" / "compliance")
    compliance(session)
    assert session.commands()[-1] == ["adhere", "docs", "sync", "docs"]


def test_without_documentation_nothing_is_written(project: Path) -> None:
    session = FakeSession(project / ".nox" / "compliance")
    compliance(session, install=(), sources=("requirements.txt",))
    assert session.installed == []
    assert session.commands()[1:] == [["adhere", "check", "requirements.txt"]]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, "a rule is violated"),
        (2, "the command line or an input file is wrong"),
        (3, "something could not be judged"),
        (4, "there was nothing to judge"),
    ],
)
def test_it_fails_last_and_says_which_code_it_was(code: int, words: str, project: Path) -> None:
    (project / "docs").mkdir()
    session = FakeSession(project / ".nox" / "compliance", ends=code)
    with pytest.raises(SystemExit, match=f"{words} .*ended with {code}"):
        compliance(session)
    assert session.commands()[-1][:3] == ["adhere", "docs", "sync"]


@pytest.mark.parametrize("builder", ["mkdocs.yml", "docs/conf.py"])
@pytest.mark.parametrize("code", [0, 1])
def test_a_site_that_cannot_be_built_is_told_of_with_the_rest(
    code: int, builder: str, project: Path
) -> None:
    (project / "docs").mkdir()
    (project / builder).write_text("", "utf-8")
    session = FakeSession(project / ".nox" / "compliance", ends=code, site=1)
    with pytest.raises(SystemExit) as ended:
        compliance(session, docs_requirements=("sphinx", "mkdocs"))
    assert str(ended.value).endswith("the site was not built, see above")
    assert ("a rule is violated" in str(ended.value)) == bool(code)
    assert not [words for words in session.said if "pages are in" in words]


def test_without_requirements_it_is_said_how_to_name_them(project: Path) -> None:
    (project / "docs").mkdir()
    (project / "mkdocs.yml").write_text("", "utf-8")
    with pytest.raises(SystemExit, match="docs_requirements="):
        compliance(FakeSession(project / ".nox" / "compliance", site=1))


@pytest.mark.parametrize("code", [70, 130])
def test_a_defect_ends_it_at_once(code: int, project: Path) -> None:
    (project / "docs").mkdir()
    session = FakeSession(project / ".nox" / "compliance", ends=code)
    with pytest.raises(AssertionError):
        compliance(session)
    assert session.commands()[-1][:2] == ["adhere", "check"]


# From here on nox itself runs; only making environments is left out, which takes an index.
NOXFILE = """
import sys
import adhere.nox

adhere.nox._tool = lambda *_: sys.executable
adhere.nox.sessions(install=(), sources=("venv",))
"""


@pytest.fixture
def real(project: Path) -> Path:
    distribution(site_packages(project / "venv"), "fine", license="MIT", requested=True)
    (project / "noxfile.py").write_text(NOXFILE, "utf-8")
    (project / "docs").mkdir()
    return project


def nox(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nox", "--no-venv", "-s", "compliance", *words],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_gate_that_passes(real: Path) -> None:
    (real / "adhere.toml").write_text(RULE.format("MIT"), "utf-8")
    done = nox()
    assert done.returncode == 0, done.stderr
    assert "PASS" in (real / "docs" / "compliance" / "index.md").read_text("utf-8")


def test_a_gate_that_fails_leaves_its_pages(real: Path) -> None:
    (real / "adhere.toml").write_text(RULE.format("ISC"), "utf-8")
    done = nox()
    assert done.returncode == 1
    assert "adhere check ended with 1" in done.stderr
    assert "FAIL" in (real / "docs" / "compliance" / "index.md").read_text("utf-8")


def test_an_earlier_report_does_not_speak_for_a_check_that_cannot_start(real: Path) -> None:
    (real / "adhere.toml").write_text(RULE.format("MIT"), "utf-8")
    assert nox().returncode == 0
    done = nox("--", "--no-such-option")
    assert done.returncode == 1
    assert "adhere check ended with 2" in done.stderr


def test_a_report_that_is_kept_elsewhere_is_found(real: Path) -> None:
    text = RULE.format("MIT") + '[report]\nout = "kept"\n'
    (real / "adhere.toml").write_text(text, "utf-8")
    assert nox().returncode == 0
    assert "PASS" in (real / "docs" / "compliance" / "index.md").read_text("utf-8")
