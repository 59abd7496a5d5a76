"""A verdict that is remembered is shown again while nothing has changed, and only then.

Every thing that a verdict may rest on is changed here, one at a time and in pairs; what the
command then says has to be what it says without any memory.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import adhere.surfaces.cli.command
import adhere.surfaces.cli.keeper
from adhere.app import recall
from adhere.app.remember import remember
from adhere.sources import stamp as stamps
from adhere.testing import FakeIndex
from corpus.advisories import osv, snapshot_of, spans
from corpus.environments import MIT, distribution
from surfaces.world import Ran, World

FINE_NS = 12_000_000
"""Age from which a stamp is trusted here: more than a tick of the kernel's clock."""

CONFIG = """\
schema = 1
extends = ["policy/base.toml"]

[adr]
dir = "docs/adr"

[advisories]
source = "snapshot"
vex = ["vex/one.json"]

[[rule]]
id = "readme"
check = "files.present"
with = { files = ["README*"] }

[[rule]]
id = "named"
check = "data.assert"
with = { file = "pyproject.toml", path = "project.name", op = "equals", value = "demo" }

[[rule]]
id = "calls"
check = "calls.forbidden"
with = { calls = ["os.system"], files = ["lib/*.py"] }

[[rule]]
id = "words"
check = "text.match"
with = { files = ["lib/*.py"], forbid = ["secret"] }

[[rule]]
id = "gate"
check = "vulnerabilities.gate"

[[rule]]
id = "bounded"
check = "requirements.pinned"
with = { lower = ["pyproject.toml"] }
allow_empty = true

[[rule]]
id = "tested"
check = "tests.passed"
with = { results = "results/*.xml", tests = ["t"], max_age = "9000d" }

[[rule]]
id = "lifetimes"
check = "cache.configured"
with = { ttl = { license = "7d" } }

[[rule]]
id = "same"
check = "cache.equivalence"
on_missing = "report"
"""

RESULTS = """\
<testsuite timestamp="2026-11-20T09:00:00"><testcase name="t"/></testsuite>
"""

BASE = """\
schema = 1

[[rule]]
id = "licenses"
check = "licenses.allowed"
with = { allow = ["MIT"] }
"""

ADR = """\
---
id: ADR-001
title: Few packages
status: accepted
---

# Few packages

## Denied
"""

RULES = """\
schema = 1
adr = "ADR-001"

[[rule]]
id = "denied"
check = "packages.denied"
refs = ["#denied"]
with = { deny = [{ package = "unwanted", reason = "no" }] }
"""

WAIVER = """\
[[waiver]]
id = "W-1"
rule = "licenses"
subject = "copyleft"
reason = "accepted-risk"
note = "for now"
owner = "@somebody"
created = 2026-11-01
expires = 2026-12-31
"""

VEX = """\
{
  "@context": "https://openvex.example.org/ns/v0.2.0",
  "@id": "https://example.org/vex/1",
  "author": "somebody",
  "timestamp": "2026-11-01T00:00:00Z",
  "version": 1,
  "statements": [
    {
      "vulnerability": {"name": "PYSEC-9"},
      "products": [{"@id": "pkg:pypi/flawed@1.0"}],
      "status": "not_affected",
      "justification": "vulnerable_code_not_present"
    }
  ]
}
"""

WORDS = ("check", ".venv", "--format", "json")


class Thing:
    """Something that a verdict rests on, and two states of it."""

    def __init__(self, name: str, change: Callable[[Project], None]) -> None:
        self.name = name
        self.change = change

    def __repr__(self) -> str:
        return self.name


class Project:
    """A project in a repository, with something of everything."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.words: tuple[str, ...] = WORDS
        self.env: dict[str, str] = {"ADHERE_CACHE_DIR": str(world.folder.parent / "cache")}
        shutil.rmtree(world / ".git")
        world.write("adhere.toml", CONFIG)
        world.write("policy/base.toml", BASE)
        world.write("docs/adr/ADR-001-few.md", ADR)
        world.write("docs/adr/ADR-001.rules.toml", RULES)
        world.write("adhere.waivers.toml", WAIVER)
        world.write("vex/one.json", VEX)
        world.write("results/a.xml", RESULTS)
        world.write("README.md", "# Demo\n")
        world.write("lib/one.py", "import os\nos.listdir()\n")
        world.write("pyproject.toml", '[project]\nname = "demo"\nversion = "1"\n')
        world.write(".gitignore", ".venv\n.adhere\n")
        world.install("alpha", files={"licenses/LICENSE": MIT})
        world.install("copyleft", license="GPL-3.0-only")
        world.install("flawed")
        record = osv("PYSEC-1", affected=[spans("other", ("0", "2"))])
        snapshot_of(world / ".adhere/osv-pypi.zip", record)
        self.git("init", "-q")
        self.git("add", ".")
        self.git("commit", "-qm", "first")

    def git(self, *words: str) -> None:
        about = ("user.name=a", "user.email=a@example.org", "commit.gpgsign=false")
        options = [part for setting in about for part in ("-c", setting)]
        subprocess.run(["git", *options, *words], cwd=self.world.folder, check=True)

    def edit(self, path: str, old: str, new: str) -> None:
        """Put other words in the place of some, as many of them: a size tells nothing."""
        text = (self.world / path).read_text("utf-8")
        assert old in text
        self.world.write(path, text.replace(old, new))

    @property
    def packages(self) -> Path:
        return self.world / ".venv/lib/python3.12/site-packages"

    def run(self, env: Mapping[str, str] | None = None) -> tuple[Ran, Any]:
        """The command, and the report that is there afterwards."""
        ran = self.world.adhere(*self.words, env={**self.env, **(env or {})})
        out = self.world / self.env.get("ADHERE_OUT", ".adhere") / "report.json"
        report = self.world.report(str(out.parent)) if out.is_file() else None
        return ran, report

    def settle(self) -> None:
        """Files that were just written have no stamp yet."""
        time.sleep(FINE_NS * 1.5 / 1e9)

    def remember(self) -> None:
        """Run until the answer is remembered."""
        said: list[str] = []

        def spied(*what: Any) -> str:
            said.append(remember(*what) or "written down")
            return said[-1]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(adhere.surfaces.cli.keeper, "remember", spied)
            for _ in range(3):
                self.settle()
                self.run()
                if self.is_remembered():
                    return
        running = [thread.name for thread in threading.enumerate()]
        raise AssertionError(f"nothing is remembered: {said}; threads at work: {running}")

    def is_remembered(self) -> bool:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(adhere.surfaces.cli.command, "run_command", _must_not_run)
            try:
                self.run()
            except _RanError:
                return False
        return True


class _RanError(Exception):
    pass


def _must_not_run(*_ignored: object) -> int:
    raise _RanError


def truth(ran: Ran, report: Any) -> tuple[object, ...]:
    """What two runs over the same inputs have in common."""
    shown = ran.value if ran.out.startswith("{") else ran.out
    if isinstance(shown, dict):
        shown = {key: value for key, value in shown.items() if key != "run"}
    kept = report and {key: value for key, value in report.items() if key != "run"}
    return ran.code, shown, ran.err, kept


def _write(path: str, text: str) -> Callable[[Project], None]:
    return lambda project: (project.world.write(path, text), None)[1]


def _edit(path: str, old: str, new: str) -> Callable[[Project], None]:
    return lambda project: project.edit(path, old, new)


def _set(name: str, value: str) -> Callable[[Project], None]:
    return lambda project: project.env.update({name: value})


def _words(*words: str) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        project.words = (*project.words, *words)

    return change


def _metadata(project: Project) -> None:
    path = project.packages / "alpha-1.0.dist-info/METADATA"
    path.write_text(path.read_text("utf-8").replace("MIT", "ISC"), "utf-8")


def _same_times(project: Project) -> None:
    """Another content of the same size, with the time of the one before."""
    path = project.packages / "alpha-1.0.dist-info/METADATA"
    before = path.stat()
    path.write_text(path.read_text("utf-8").replace("MIT", "BSD"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _license_text(project: Project) -> None:
    path = project.packages / "alpha-1.0.dist-info/licenses/LICENSE"
    path.write_text(MIT.replace("Permission", "Prohibition"), "utf-8")


def _swap(project: Project) -> None:
    """Another environment of the same name."""
    other = project.world / ".venv-new"
    shutil.copytree(project.world / ".venv", other)
    distribution(other / "lib/python3.12/site-packages", "beta", license="ISC")
    shutil.rmtree(project.world / ".venv")
    other.rename(project.world / ".venv")


def _commit(project: Project) -> None:
    project.world.write("notes.txt", "more")
    project.git("add", "notes.txt")
    project.git("commit", "-qm", "second")


def _snapshot(project: Project) -> None:
    record = osv("PYSEC-2", affected=[spans("flawed", ("0", "2"))])
    snapshot_of(project.world / ".adhere/osv-pypi.zip", record)


def _unreadable(project: Project) -> None:
    (project.packages / "alpha-1.0.dist-info/METADATA").write_bytes(b"\xff\xfe")


def _uninstall(project: Project) -> None:
    shutil.rmtree(project.packages / "copyleft-1.0.dist-info", ignore_errors=True)


def _report(project: Project) -> None:
    (project.world / ".adhere/report.json").write_text("{}", "utf-8")


def _no_report(project: Project) -> None:
    (project.world / ".adhere/report.json").unlink(missing_ok=True)


def _link(project: Project) -> None:
    """The base policy leads elsewhere."""
    target = project.world.write("policy/other.toml", BASE.replace('"MIT"', '"ISC"'))
    base = project.world / "policy/base.toml"
    base.unlink()
    base.symlink_to(target)


THINGS = (
    Thing("metadata", _metadata),
    Thing("metadata of the same time", _same_times),
    Thing("metadata broken", _unreadable),
    Thing("license text", _license_text),
    Thing("installed", lambda p: (p.world.install("unwanted"), None)[1]),
    Thing("uninstalled", _uninstall),
    Thing("another environment", _swap),
    Thing("python of the environment", _edit(".venv/pyvenv.cfg", "3.12.1", "3.12.2")),
    Thing("configuration", _edit("adhere.toml", '"demo"', '"dome"')),
    Thing("configuration twice", _edit("pyproject.toml", "[project]", "[tool.adhere]\n[project]")),
    Thing("base policy", _edit("policy/base.toml", "MIT", "ISC")),
    Thing("base policy a link", _link),
    Thing("decision", _edit("docs/adr/ADR-001-few.md", "accepted", "proposed")),
    Thing("another decision", _write("docs/adr/ADR-002.md", ADR.replace("-001", "-002"))),
    Thing("rules", _edit("docs/adr/ADR-001.rules.toml", "unwanted", "copyleft")),
    Thing("waiver", _edit("adhere.waivers.toml", "2026-12-31", "2026-11-22")),
    Thing("a file that a rule asks for", lambda p: (p.world / "README.md").unlink()),
    Thing("a file that a pattern matches", _write("README.rst", "Demo")),
    Thing("a source file", _edit("lib/one.py", "listdir()", "system(x)")),
    Thing("another source file", _write("lib/two.py", "secret = 1")),
    Thing("requirements", _edit("pyproject.toml", 'n = "1"', 'n = "1"\ndependencies = ["alpha"]')),
    Thing("snapshot", _snapshot),
    Thing("ledger", _write(".adhere/ledger.toml", "schema = 1\n")),
    Thing("vex", _edit("vex/one.json", "PYSEC-9", "PYSEC-2")),
    Thing("results of tests", _edit("results/a.xml", 'e="t"', 'e="u"')),
    Thing("more results of tests", _write("results/b.xml", "<no results>")),
    Thing("comparison", _write(".adhere/comparison.json", "{}")),
    Thing("times to live", _edit("adhere.toml", "[adr]", '[cache.ttl]\nlicense="8d"\n[adr]')),
    Thing("commit", _commit),
    Thing("tracked file", _edit("README.md", "Demo", "Dome")),
    Thing("report", _report),
    Thing("report gone", _no_report),
    Thing("day", _set("SOURCE_DATE_EPOCH", "1799000000")),
    Thing("option", _words("--group", "dev")),
    Thing("level", _words("-W", "license-denied")),
    Thing("option by a variable", _set("ADHERE_FORMAT", "text")),
    Thing("colours", _set("FORCE_COLOR", "1")),
)


@pytest.fixture
def project(world: World, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(stamps, "_FINE_NS", FINE_NS)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    return Project(world)


def test_it_is_shown_again_word_for_word(project: Project) -> None:
    project.remember()
    first, stored = project.run({"ADHERE_NO_CACHE": "1"})
    project.remember()
    again, kept = project.run()
    assert truth(again, kept) == truth(first, stored)
    assert first.code == 0


@pytest.mark.parametrize("thing", THINGS, ids=repr)
def test_a_change_is_never_missed(project: Project, thing: Thing) -> None:
    project.remember()
    thing.change(project)
    ran = project.run()
    assert truth(*ran) == truth(*project.run({"ADHERE_NO_CACHE": "1"}))


@pytest.mark.once
@pytest.mark.parametrize("thing", THINGS, ids=repr)
def test_changes_in_pairs_are_never_missed(world: World, project: Project, thing: Thing) -> None:
    later = THINGS[THINGS.index(thing) + 1 :]
    pristine = world.folder.parent / "pristine"
    shutil.copytree(world.folder, pristine, symlinks=True)
    for other in later:
        shutil.rmtree(world.folder)
        shutil.copytree(pristine, world.folder, symlinks=True)
        project.words, kept = WORDS, dict(project.env)
        project.remember()
        try:
            for change in (thing.change, other.change):
                change(project)
        except (AssertionError, OSError):  # the one made the other impossible
            project.env = kept
            continue
        ran = project.run()
        assert truth(*ran) == truth(*project.run({"ADHERE_NO_CACHE": "1"})), (thing, other)
        project.env = kept


def test_every_look_is_written_down(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that nobody is told of would be a change that is missed."""
    project.remember()
    (project.world / "README.md").write_text("# Other\n", "utf-8")  # or nothing would be looked at
    project.settle()
    looked: set[str] = set()

    def spied(function: Callable[..., Any]) -> Callable[..., Any]:
        def spy(path: Any, *rest: Any, **options: Any) -> Any:
            caller = sys._getframe(1).f_code.co_name
            if isinstance(path, (str, Path)) and "realpath" not in caller:
                looked.add(os.path.abspath(path))
            return function(path, *rest, **options)

        return spy

    with pytest.MonkeyPatch.context() as patch:
        for name in ("stat", "lstat", "access", "readlink"):
            patch.setattr(os, name, spied(getattr(os, name)))
        project.run()
    cache = project.world.folder.parent / "cache"
    (memory,) = (cache / "verdicts").iterdir()
    written = {line.split(b" ", 2)[-1].decode() for line in memory.read_bytes().splitlines()}
    assert len(looked) > 50
    itself = str(project.world / ".adhere")  # what the run writes to
    inside = {path for path in looked if path.startswith(str(project.world.folder))}
    assert {path for path in inside - written if not path.startswith(itself)} == set()


def test_every_variable_is_part_of_the_memory(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[str] = set()

    class Spied(dict[str, str]):
        def __getitem__(self, name: str) -> str:
            asked.add(name)
            return super().__getitem__(name)

        def get(self, name: str, default: Any = None) -> Any:
            asked.add(name)
            return super().get(name, default)

    project.env.pop("ADHERE_CACHE_DIR")
    project.words = ("check", "--cache-dir", str(project.world.folder.parent / "cache"))
    monkeypatch.setattr(os, "environ", Spied(os.environ))
    project.run()
    assert {"VIRTUAL_ENV", "ADHERE_FORMAT", "SOURCE_DATE_EPOCH", "NO_COLOR"} <= asked
    unknown = {
        name
        for name in asked
        if name not in recall.VARIABLES and not name.startswith(recall.PREFIXES)
    }
    assert unknown == set()


def test_a_run_that_reads_what_it_writes_is_not_remembered(project: Project) -> None:
    project.edit("policy/base.toml", 'check = "licenses.allowed"', 'check = "licenses.unchanged"')
    project.edit("policy/base.toml", 'allow = ["MIT"]', 'against = ".adhere/report.json"')
    with pytest.raises(AssertionError, match="nothing is remembered"):
        project.remember()


def test_a_command_that_writes_other_files_is_not_remembered(project: Project) -> None:
    project.words = (*WORDS, "--output", "shown.json")
    with pytest.raises(AssertionError, match="nothing is remembered"):
        project.remember()


def test_an_input_that_is_wrong_is_not_remembered(project: Project) -> None:
    project.edit("adhere.toml", "schema = 1", "schema = 1\nunknown = 1")
    with pytest.raises(AssertionError, match="nothing is remembered"):
        project.remember()


def test_what_an_installer_is_told_is_part_of_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A configuration of pip that was not there, and then is, may name another index."""
    home = project.world.folder.parent / "home"
    (home / "pip").mkdir(parents=True)
    project.env["XDG_CONFIG_HOME"] = str(home)
    monkeypatch.delenv("PIP_CONFIG_FILE", raising=False)
    rule = '[[rule]]\nid = "fresh"\ncheck = "packages.fresh"\nwith = { max_behind = { releases = 9 } }\n\n[[rule]]\nid = "readme"'
    project.edit("adhere.toml", '[[rule]]\nid = "readme"', rule)
    with FakeIndex({name: ["1.0"] for name in ("alpha", "copyleft", "flawed")}) as index:
        project.env["ADHERE_INDEX_URL"] = index.url
        project.env.pop("SOURCE_DATE_EPOCH", None)
        project.remember()
        (home / "pip" / "pip.conf").write_text("[global]\ntimeout = 3\n", "utf-8")
        assert not project.is_remembered()


def test_an_index_that_a_variable_names_is_not_remembered(project: Project) -> None:
    url = '[index]\nurl = "https://${WHERE}/simple"\n\n[adr]'
    project.edit("adhere.toml", "[adr]", url)
    project.env["WHERE"] = "index.example.org"
    with pytest.raises(AssertionError, match="nothing is remembered"):
        project.remember()


def test_a_cache_of_the_configuration_keeps_no_memory_elsewhere(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ADHERE_CACHE_DIR")
    project.env.pop("ADHERE_CACHE_DIR")
    home = project.world.folder.parent / "home"
    project.env["XDG_CACHE_HOME"] = str(home)
    project.edit("adhere.toml", "[adr]", '[cache]\ndir = "kept"\n\n[adr]')
    with pytest.raises(AssertionError, match="nothing is remembered"):
        project.remember()
    assert not home.exists()


@pytest.mark.parametrize("words", [(), ("-q",), ("-v",), ("--format", "markdown")])
def test_every_form_is_shown_again(project: Project, words: tuple[str, ...]) -> None:
    project.words = ("check", ".venv", *words)
    first, _ = project.run({"ADHERE_NO_CACHE": "1"})
    project.remember()
    again, _ = project.run()
    assert (again.code, again.out, again.err) == (first.code, first.out, first.err) or "-v" in words


def test_whoever_reads_no_further_gets_the_code_of_a_closed_pipe(project: Project) -> None:
    project.remember()
    command = [sys.executable, "-m", "adhere", *project.words]
    env = {**os.environ, **project.env, "SOURCE_DATE_EPOCH": "1795435200"}
    codes = []
    for _ in range(4):
        project.settle()
        with subprocess.Popen(
            command,
            cwd=project.world.folder,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout
            process.stdout.close()
            codes.append(process.wait(30))
    assert codes == [141] * 4


def test_all_pairs_are_tried() -> None:
    tried = [(a, b) for i, a in enumerate(THINGS) for b in THINGS[i + 1 :]]
    assert tried == list(combinations(THINGS, 2))
