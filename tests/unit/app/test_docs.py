"""Pages in a folder that is somebody else's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from adhere.app import docs
from adhere.app.docs import MANIFEST, ForeignFileError, Synced, sync
from adhere.app.project import find_project
from adhere.app.store import StoreError
from adhere.errors import ReportError
from adhere.policy.settings import ConfigTable
from adhere.report.document import Report
from adhere.report.json import encode_report
from corpus.reports import everything

INDEX = "compliance/index.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n', "utf-8")
    (tmp_path / "docs").mkdir()
    store(tmp_path)
    return tmp_path


def store(root: Path, report: Report | None = None) -> None:
    (root / ".adhere").mkdir(exist_ok=True)
    (root / ".adhere" / "report.json").write_bytes(encode_report(report or everything()))


def run(root: Path, folder: str = "docs", **options: bool) -> Synced:
    project = find_project(str(root), None)
    return sync(project, ConfigTable(), str(root / folder), **options)


def other() -> Report:
    return replace(everything(), waivers=(), run=replace(everything().run, id="run-2"))


def files(root: Path, folder: str = "docs") -> dict[str, bytes]:
    found = root / folder
    return {
        p.relative_to(found).as_posix(): p.read_bytes() for p in found.rglob("*") if p.is_file()
    }


def test_a_second_run_writes_nothing(root: Path) -> None:
    first = run(root)
    assert INDEX in first.written
    stamps = {path: path.stat().st_mtime_ns for path in (root / "docs").rglob("*")}
    second = run(root)
    assert second.is_current
    assert second.same == len(first.written)
    assert stamps == {path: path.stat().st_mtime_ns for path in (root / "docs").rglob("*")}


def test_only_what_changed_is_written(root: Path) -> None:
    run(root)
    store(root, other())
    done = run(root)
    assert "compliance/waivers.md" in done.written
    assert "_adhere/adhere.css" not in done.written
    assert not done.removed


def test_check_writes_nothing_and_says_what_it_would(root: Path) -> None:
    before = files(root)
    assert not run(root, write=False).is_current
    assert files(root) == before
    run(root)
    assert run(root, write=False).is_current
    store(root, other())
    assert "compliance/waivers.md" in run(root, write=False).written


def test_a_foreign_file_is_refused_before_anything_is_written(root: Path) -> None:
    theirs = root / "docs" / "compliance" / "waivers.md"
    theirs.parent.mkdir()
    theirs.write_text("theirs", "utf-8")
    with pytest.raises(ForeignFileError) as caught:
        run(root)
    assert [p.path for p in caught.value.problems] == ["docs/compliance/waivers.md"]
    assert files(root) == {"compliance/waivers.md": b"theirs"}


def test_a_page_that_was_changed_by_hand_is_refused(root: Path) -> None:
    run(root)
    (root / "docs" / INDEX).write_text("mine now", "utf-8")
    store(root, other())
    with pytest.raises(ForeignFileError, match="changed by hand"):
        run(root)
    assert (root / "docs" / INDEX).read_text("utf-8") == "mine now"


def test_a_folder_in_the_way_is_refused(root: Path) -> None:
    (root / "docs" / INDEX).mkdir(parents=True)
    with pytest.raises(ForeignFileError, match="in the way") as caught:
        run(root)
    assert caught.value.problems[0].path == f"docs/{INDEX}"


def test_only_our_own_pages_are_removed(root: Path) -> None:
    run(root)
    theirs = root / "docs" / "compliance" / "notes.md"
    theirs.write_text("theirs", "utf-8")
    (root / ".adhere" / "report.json").unlink()
    done = run(root)
    assert done.missing_report
    assert "compliance/waivers.md" in done.removed
    ours = {INDEX, "_adhere/adhere.css", "_adhere/badge.svg", MANIFEST}
    assert set(files(root)) == {*ours, "compliance/notes.md"}


@pytest.mark.parametrize(
    "name", ["../secret.md", "/secret.md", "a/../../secret.md", "..\\secret.md", "c:x", "", "a//b"]
)
def test_a_manifest_leads_to_nothing_outside_of_the_folder(name: str, root: Path) -> None:
    (root / "secret.md").write_text("secret", "utf-8")
    run(root)
    path = root / "docs" / MANIFEST
    manifest = json.loads(path.read_bytes())
    digest = docs._digest(b"secret")
    path.write_text(json.dumps(manifest | {"files": manifest["files"] | {name: digest}}), "utf-8")
    assert run(root).removed == ()
    assert (root / "secret.md").read_text("utf-8") == "secret"


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b'{"schema": "adhere.docs/9", "files": {}}', b"[" * 100_000]
)
def test_a_broken_manifest_owns_nothing(text: bytes, root: Path) -> None:
    run(root)
    (root / "docs" / MANIFEST).write_bytes(text)
    assert run(root).written == ()
    (root / "docs" / MANIFEST).write_bytes(text)
    store(root, other())
    with pytest.raises(ForeignFileError, match="did not write it"):
        run(root)


def test_two_folders_do_not_know_of_each_other(root: Path) -> None:
    for report in (everything(), other(), everything()):
        store(root, report)
        for folder in ("docs", "site-docs"):
            run(root, folder)
            assert run(root, folder).is_current


def test_a_moved_folder_stays_ours(root: Path) -> None:
    run(root)
    (root / "docs").rename(root / "handbook")
    store(root, other())
    assert "compliance/waivers.md" in run(root, "handbook").written


@pytest.mark.parametrize("after", range(6))
def test_a_run_that_is_killed_can_be_repeated(
    after: int, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each write of a run; twice in a row, with another report each time."""
    run(root)
    for report in (other(), replace(other(), packages=())):
        store(root, report)
        with monkeypatch.context() as patch:
            patch.setattr(docs, "write_atomically", _dying(after))
            with pytest.raises(KeyboardInterrupt):
                run(root)
    store(root, replace(everything(), findings=()))
    run(root)
    assert run(root).is_current


def _dying(after: int) -> Callable[[str, bytes, str], None]:
    left = [after]

    def write(path: str, data: bytes, label: str) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(data)

    return write


def test_a_full_disk_is_an_error_and_no_half_page(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", full)
        with pytest.raises(StoreError, match="no space left"):
            run(root)
    assert files(root) == {}
    assert INDEX in run(root).written


def test_a_broken_report_is_an_error_and_pages_stay(root: Path) -> None:
    run(root)
    before = files(root)
    (root / ".adhere" / "report.json").write_bytes(b"{")
    with pytest.raises(ReportError, match="no report"):
        run(root)
    assert files(root) == before


def test_a_changed_input_shows_on_every_page(root: Path) -> None:
    report = everything()
    lock = replace(report.subject.inputs[1], path="adhere.toml", kind="config")
    (root / "adhere.toml").write_text("schema = 1\n", "utf-8")
    store(root, replace(report, subject=replace(report.subject, inputs=(lock,))))
    run(root)
    pages = {name: data for name, data in files(root).items() if name.endswith(".md")}
    assert pages
    assert all(b"STALE" in data and b"adhere.toml changed" in data for data in pages.values())
