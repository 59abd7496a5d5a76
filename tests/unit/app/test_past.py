"""The run before and frozen releases, as files beside the report."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adhere.app.past import read_past
from adhere.app.past_files import past_digest, past_files
from adhere.app.project import Project, find_project
from adhere.app.store import PREVIOUS, REPORT, _differs_in_its_run_alone, store
from adhere.errors import ReportError
from adhere.policy.settings import ConfigTable
from adhere.report.document import Report
from adhere.report.extract import extract
from adhere.report.json import canonical, decode_report, encode_report
from adhere.report.release import encode_release
from corpus.past import earlier, release
from corpus.reports import everything, with_words

CONFIG = ConfigTable()


def kept(root: Path, found: Report) -> None:
    store(str(root), ".adhere", encode_report(found))


def another_run(found: Report, **fields: Any) -> Report:
    return replace(found, run=replace(found.run, **{"id": "run-2", "offline": False, **fields}))


def previous(root: Path) -> Report | None:
    path = root / ".adhere" / PREVIOUS
    return decode_report(path.read_bytes(), "x") if path.exists() else None


def test_the_first_run_has_none_before_it(tmp_path: Path) -> None:
    kept(tmp_path, everything())
    assert previous(tmp_path) is None


def test_a_run_that_says_the_same_is_no_other(tmp_path: Path) -> None:
    kept(tmp_path, everything())
    kept(tmp_path, another_run(everything()))
    assert previous(tmp_path) is None


def test_the_last_that_said_anything_else_is_kept(tmp_path: Path) -> None:
    first, second = earlier(), everything()
    for found in (first, second, another_run(second), another_run(second, counts={})):
        kept(tmp_path, found)
    assert previous(tmp_path) == first
    assert sorted(os.listdir(tmp_path / ".adhere")) == [PREVIOUS, REPORT]


def test_what_is_no_report_is_replaced_all_the_same(tmp_path: Path) -> None:
    (tmp_path / ".adhere").mkdir()
    (tmp_path / ".adhere" / REPORT).write_bytes(b"torn")
    kept(tmp_path, everything())
    assert (tmp_path / ".adhere" / REPORT).read_bytes() == encode_report(everything())


@given(st.text(max_size=20))
def test_another_run_of_the_same_is_told_from_any_other_change(word: str) -> None:
    """However a stranger's words look: what may differ is the run and nothing else."""
    found = with_words(everything(), lambda text: f'{text[:3]}\n "run": {{{word}\n }}')
    now = encode_report(found)
    for other in (found, another_run(found), another_run(found, counts={"a" * 90: 1})):
        assert _differs_in_its_run_alone(BytesIO(encode_report(other)), now)
    whole = msgspec.to_builtins(found)
    for key in whole.keys() - {"run"}:
        changed = canonical({**whole, key: "another"})
        assert not _differs_in_its_run_alone(BytesIO(changed), now)
        assert not _differs_in_its_run_alone(BytesIO(now), changed)


@given(st.data())
def test_a_stored_report_with_a_byte_of_another_is_another(data: st.DataObject) -> None:
    now = encode_report(everything())
    start = now.index(b'\n "run": {') + 10
    end = now.index(b"\n }", start)
    outside = st.integers(0, start - 1) | st.integers(end, len(now) - 1)
    at = data.draw(outside)
    assert not _differs_in_its_run_alone(BytesIO(now[:at] + b"\0" + now[at + 1 :]), now)
    assert not _differs_in_its_run_alone(BytesIO(now[:at]), now)
    assert not _differs_in_its_run_alone(BytesIO(now + now[at:]), now)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    kept(tmp_path, earlier())
    kept(tmp_path, everything())
    folder = tmp_path / ".adhere" / "releases"
    folder.mkdir()
    for version in ("1.9", "1.10", "1.10rc1"):
        made = encode_release(release(version, earlier()))
        (folder / f"{version}.json").write_bytes(made)
    return find_project(str(tmp_path), None)


def report_of(project: Project) -> str:
    return os.path.join(project.root, ".adhere", REPORT)


def test_all_of_it_is_read_releases_by_version(project: Project) -> None:
    found = read_past(project, CONFIG, report_of(project))
    assert found.run == extract(decode_report(encode_report(earlier()), "x"))
    assert [one.version for one in found.releases] == ["1.9", "1.10rc1", "1.10"]


def test_an_earlier_run_that_cannot_be_read_is_told_of(project: Project) -> None:
    path = Path(project.root) / ".adhere" / PREVIOUS
    path.write_bytes(b'{"schema": "adhere.report/9"}')
    found = read_past(project, CONFIG, report_of(project))
    assert found.run is None
    assert ".adhere/previous.json, cannot be read: it is a report of schema" in found.trouble
    path.unlink()
    path.mkdir()
    assert "is a directory" in read_past(project, CONFIG, report_of(project)).trouble
    path.rmdir()
    assert read_past(project, CONFIG, report_of(project)).trouble == "no earlier run is kept here"


def test_a_release_that_cannot_be_read_is_an_error(project: Project) -> None:
    (Path(project.root) / ".adhere" / "releases" / "1.9.json").write_bytes(b"{")
    with pytest.raises(ReportError) as caught:
        read_past(project, CONFIG, report_of(project))
    assert caught.value.problems[0].path == ".adhere/releases/1.9.json"


@pytest.mark.parametrize("name", [PREVIOUS, "releases/1.9.json", "releases/2.0.json"])
def test_whatever_changes_is_another_past(project: Project, name: str) -> None:
    def digest() -> str:
        return past_digest(past_files(project, CONFIG, report_of(project)))

    before = digest()
    assert digest() == before
    path = Path(project.root) / ".adhere" / name
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b"\n")
    changed = digest()
    path.unlink()
    assert len({before, changed, digest()}) == (2 if "2.0" in name else 3)
