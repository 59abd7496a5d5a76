"""A memory is believed only when it is whole, private, and everything is as it was."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.app import recall
from adhere.app.basis import LASTING, Basis, lasts_until
from adhere.app.recall import Memory, Remembered
from adhere.app.remember import KEPT, MOST, Run, remember
from adhere.app.watch import Watch
from adhere.evidence.index import look
from adhere.model.advisory import Vulnerabilities
from adhere.model.caching import CacheSettings, SharedTier
from adhere.model.need import CacheSettingsNeed, InventoryNeed, VulnerabilitiesNeed
from adhere.policy.quantity import Duration
from adhere.policy.rule import Rule, RuleTable
from adhere.sources import probe
from adhere.sources.git import Commit
from fakes import kinds
from fakes.clock import START

FAR = 1e12


def test_both_floors_tell_of_looks_by_one_name() -> None:
    assert look.LOOK == probe.LOOK


ROW = b'{"schema":"adhere.run/1","verdict":"two words"'

posix = pytest.mark.skipif("os.name != 'posix'")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file and a report, old enough to have stamps."""
    for name in ("input.txt", "report.json"):
        (tmp_path / name).write_text(name, "utf-8")
    (tmp_path / "verdicts").mkdir(mode=0o700)
    return tmp_path


def later(path: Path) -> float:
    """A moment at which a file's stamp is trusted, seconds since the epoch."""
    return path.stat().st_ctime + 10


def kept(folder: Path, watch: Watch, shown: bytes = b"fine\n", until: float = FAR) -> bool:
    """Write down a run that read and showed something."""
    basis = Basis({}, (), Commit(), until)
    report = str(folder / "report.json")
    run = Run(str(folder), basis, str(folder / "out"), report, 1, [("out", shown)], ROW)
    path = str(folder / "verdicts" / "one")
    return not remember(path, later(folder / "report.json"), watch, run)


def watched(*paths: Path) -> Watch:
    """A run that read files."""
    watch = Watch()
    for path in paths:
        if path.exists():
            path.read_bytes()
        else:
            probe.is_file(str(path))
    watch.stop()
    return watch


def believed(folder: Path) -> Remembered | None:
    """What is read back."""
    data = recall.read(str(folder / "verdicts" / "one"))
    if data is None:
        return None
    found = Remembered(data)
    return found if found.holds(later(folder / "report.json") + 1) else None


def test_what_was_shown_is_shown_again(folder: Path) -> None:
    assert kept(folder, watched(folder / "input.txt"), b"a\n\nb\x00")
    found = believed(folder)
    assert found is not None
    assert found.exit_code == 1
    assert list(found.parts()) == [(b"out", b"a\n\nb\x00")]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data + b" ",
        lambda data: data[: len(data) // 2],
        lambda _data: b"",
        lambda data: data.replace(recall.MAGIC, b"adhere.remembered/999"),
        lambda data: data.replace(b"fine", b"evil"),
    ],
)
def test_a_damaged_memory_is_none(folder: Path, damage: object) -> None:
    kept(folder, watched())
    path = folder / "verdicts" / "one"
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]  # a function of bytes
    assert believed(folder) is None


@posix
@pytest.mark.parametrize("which", ["verdicts/one", "verdicts"])
@pytest.mark.parametrize("how", ["writable", "stranger"])
def test_what_another_user_can_write_is_not_read(folder: Path, which: str, how: str) -> None:
    kept(folder, watched())
    path = folder / which
    if how == "writable":
        path.chmod(path.stat().st_mode | 0o020)
    elif os.getuid() == 0:
        os.chown(path, 12345, -1)
    else:  # nobody else can give a file away
        path.chmod(path.stat().st_mode | 0o002)
    assert believed(folder) is None


def test_a_link_is_not_followed(folder: Path) -> None:
    kept(folder, watched())
    path = folder / "verdicts" / "one"
    path.rename(folder / "elsewhere")
    path.symlink_to(folder / "elsewhere")
    assert believed(folder) is None


def test_a_file_that_changed(folder: Path) -> None:
    kept(folder, watched(folder / "input.txt"))
    assert believed(folder)
    (folder / "input.txt").write_text("other.txt", "utf-8")
    assert believed(folder) is None


def test_a_file_that_appears(folder: Path) -> None:
    kept(folder, watched(folder / "absent.txt"))
    assert believed(folder)
    (folder / "absent.txt").touch()
    assert believed(folder) is None


def test_a_file_that_is_young_is_not_remembered(folder: Path) -> None:
    watch = watched(folder / "input.txt")
    soon = (folder / "input.txt").stat().st_ctime
    report = str(folder / "report.json")
    run = Run(str(folder), Basis({}, (), Commit(), FAR), "/", report, 0, [], ROW)
    assert "only just changed" in remember(str(folder / "verdicts" / "one"), soon, watch, run)


def test_a_link_that_leads_elsewhere(folder: Path) -> None:
    link, other = folder / "link", folder / "other"
    os.link(folder / "input.txt", other)  # the same file by another name
    link.symlink_to("input.txt")
    kept(folder, watched(link))
    assert believed(folder)
    link.unlink()
    link.symlink_to("other")
    assert believed(folder) is None


def test_where_a_path_leads(folder: Path) -> None:
    (folder / "a").mkdir()
    (folder / "link").symlink_to("a")
    watch = Watch()
    probe.realpath(str(folder / "link" / "x"))
    watch.stop()
    kept(folder, watch)
    assert believed(folder)
    (folder / "link").unlink()
    (folder / "link").symlink_to("verdicts")
    assert believed(folder) is None


def test_a_folder_that_was_listed(folder: Path) -> None:
    (folder / "listed").mkdir()
    watch = Watch()
    os.listdir(folder / "listed")
    watch.stop()
    kept(folder, watch)
    assert believed(folder)
    (folder / "listed" / "more").touch()
    assert believed(folder) is None


def test_the_folder_of_the_report_is_known_by_its_names(folder: Path) -> None:
    (folder / "out").mkdir()
    watch = Watch()
    os.listdir(folder / "out")
    watch.stop()
    assert not kept(folder, watch), "nobody knows what it held before"
    watch.expect(str(folder / "out"), str(folder / "out" / "r.json"), later(folder / "out"))
    (folder / "out" / "report.json").touch()
    assert kept(folder, watch)
    assert believed(folder)
    (folder / "out" / "more").touch()
    assert believed(folder) is None


def test_the_report_that_is_replaced_is_read_for_nothing_that_is_shown(folder: Path) -> None:
    (folder / "out").mkdir()
    report = folder / "out" / "report.json"
    report.write_text("old", "utf-8")
    watch = Watch()
    watch.expect(str(folder / "out"), str(report), later(folder / "out"))
    assert report.read_text("utf-8") == "old"
    (folder / "other").write_text("x", "utf-8")
    (folder / "other").read_text("utf-8")
    watch.stop()
    assert str(report) not in watch.opened
    assert str(folder / "other") in watch.opened


def test_the_report_is_as_it_was_left(folder: Path) -> None:
    kept(folder, watched())
    (folder / "report.json").write_text("other", "utf-8")
    assert believed(folder) is None


def test_the_end_of_its_time(folder: Path) -> None:
    now = later(folder / "report.json")
    kept(folder, watched(), until=now + 0.5)
    assert believed(folder) is None
    assert not kept(folder, watched(), until=now - 1)


def test_a_clock_that_was_set_back(folder: Path) -> None:
    kept(folder, watched())
    data = recall.read(str(folder / "verdicts" / "one"))
    assert data
    now = later(folder / "report.json")
    assert Remembered(data).holds(now - recall.SKEW + 1)
    assert not Remembered(data).holds(now - recall.SKEW - 1)


def test_what_cannot_be_written_on_a_line_is_not_remembered(folder: Path) -> None:
    odd = folder / "a\nb"
    odd.touch()
    assert not kept(folder, watched(odd))


def test_too_much_is_not_remembered(folder: Path) -> None:
    assert not kept(folder, watched(), b"x" * MOST)


def test_old_memories_make_room(folder: Path) -> None:
    for number in range(KEPT + 5):
        (folder / "verdicts" / f"old-{number}").touch()
    kept(folder, watched())
    left = sorted(path.name for path in (folder / "verdicts").iterdir())
    assert len(left) == KEPT
    assert "one" in left


def test_nothing_is_said_where_it_cannot_be_written(folder: Path) -> None:
    (folder / "verdicts").rmdir()
    (folder / "verdicts").touch()
    kept(folder, watched())
    assert believed(folder) is None


@given(st.binary(max_size=300))
def test_anything_else_is_no_memory(data: bytes) -> None:
    try:
        found = Remembered(data)
        assert found.holds(0.0) in (True, False)
        list(found.parts())
    except (ValueError, IndexError, OSError):
        pass


def memory_of(*words: str, environ: dict[str, str] | None = None) -> Memory:
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    return Memory(words, {"HOME": "/home/a", **(environ or {})}, (out, out))


@posix
def test_whatever_decides_makes_another_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    base = memory_of("check", "a")
    assert base.path == memory_of("check", "a").path
    assert "/adhere/verdicts/" in base.path
    others = {
        memory_of("check", "b").path,
        memory_of("check", "a", "-q").path,
        memory_of("check", environ={"ADHERE_FORMAT": "a"}).path,
        memory_of("check", "a", environ={"UV_INDEX_URL": "https://index.example.org"}).path,
        Memory(("check", "a"), {"HOME": "/home/a"}, (None, None)).path,
    }
    monkeypatch.chdir("/")
    others.add(memory_of("check", "a").path)
    monkeypatch.setattr(sys, "version", "4.0")
    others.add(memory_of("check", "a").path)
    assert len(others) == 7
    assert base.path not in others
    assert memory_of("check", "a", environ={"SHLVL": "3"}).path in others


@posix
@pytest.mark.parametrize(
    ("words", "environ"),
    [
        ((), {}),
        (("report",), {}),
        (("check", "--no-cache"), {}),
        (("check",), {"ADHERE_NO_CACHE": "1"}),
        (("check", "--cache-dir"), {"HOME": ""}),
    ],
)
def test_what_is_never_remembered(words: tuple[str, ...], environ: dict[str, str]) -> None:
    found = memory_of(*words, environ=environ)
    assert not found.path or words == ("check", "--cache-dir")
    assert found.recall() is None


@posix
@pytest.mark.parametrize("words", [("--cache-dir", "/c"), ("--cache-dir=/c",)])
def test_the_cache_folder_of_the_command(words: tuple[str, ...]) -> None:
    assert memory_of("check", *words).path.startswith("/c/verdicts/")
    assert memory_of("check", environ={"ADHERE_CACHE_DIR": "/d"}).path.startswith("/d/verdicts/")


def rule_of(check: str, **params: object) -> Rule:
    """A rule of a kind."""
    return Rule("r", RuleTable("r", check), kinds.probe(), SimpleNamespace(**params))


def _known(age: float, max_age: float) -> Vulnerabilities:
    return Vulnerabilities({}, "s", age=age, max_age=max_age)


def test_a_verdict_ends_with_its_day() -> None:
    day = 86_400
    end = lasts_until([], {InventoryNeed(): ()}, START, fixed=False)
    assert end % day == 0
    assert 0 < end - START.timestamp() <= day
    assert lasts_until([], {}, START, fixed=True) == float("inf")


@pytest.mark.parametrize(
    ("variables", "lasts"),
    [((), True), (("ADHERE_REDIS_URL",), True), (("ADHERE_REDIS_URL", "SHARED_SECRET"), False)],
)
def test_a_variable_that_only_a_configuration_names_is_looked_at_each_time(
    variables: tuple[str, ...], *, lasts: bool
) -> None:
    settings = CacheSettings({}, SharedTier(there=True, why="", variables=variables))
    end = lasts_until([], {CacheSettingsNeed(): settings}, START, fixed=True)
    assert end == (float("inf") if lasts else 0.0)


def test_the_age_of_other_evidence_is_not_that_of_advisories() -> None:
    answers = {VulnerabilitiesNeed(): _known(100.0, 160.0)}
    rule = rule_of("tests.passed", max_age=Duration("1s"))
    assert lasts_until([rule], answers, START, fixed=False) == START.timestamp() + 60


def test_a_verdict_ends_when_advisories_are_too_old() -> None:
    answers = {VulnerabilitiesNeed(): _known(100.0, 160.0)}
    assert lasts_until([], answers, START, fixed=False) == START.timestamp() + 60
    rule = rule_of("vulnerabilities.gate", max_age=Duration("130s"))
    assert lasts_until([rule], answers, START, fixed=False) == START.timestamp() + 30
    old = {VulnerabilitiesNeed(): _known(200.0, 160.0)}
    assert lasts_until([], old, START, fixed=False) == 0.0


def test_a_kind_of_somebody_else_may_rest_on_anything() -> None:
    assert lasts_until([rule_of("acme.few")], {}, START, fixed=True) == 0.0


def test_an_answer_of_unknown_basis_is_asked_for_again() -> None:
    class OtherNeed:
        pass

    assert OtherNeed not in LASTING
    assert lasts_until([], {OtherNeed(): 1}, START, fixed=True) == 0.0  # type: ignore[dict-item]  # that is the point
