from __future__ import annotations

import os
from pathlib import Path

import pytest

from adhere.app.store import StoreError, load_report, write_atomically
from adhere.errors import ReportError


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "file"
    write_atomically(str(target), b"one", "file")
    write_atomically(str(target), b"two", "file")
    assert target.read_bytes() == b"two"
    assert os.listdir(target.parent) == ["file"]


@pytest.mark.parametrize("call", ["write", "replace"])
def test_a_disk_that_is_full_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"one")

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    if call == "replace":
        monkeypatch.setattr(os, "replace", full)
    else:
        import builtins

        real = builtins.open

        def opened(path: str, mode: str) -> object:
            file = real(path, mode)
            file.close()
            full()

        monkeypatch.setattr("builtins.open", opened)
    with pytest.raises(StoreError, match="cannot write it: no space left on device") as caught:
        write_atomically(str(target), b"two", "label/file")
    monkeypatch.undo()
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("unwritable", "label/file")
    assert target.read_bytes() == b"one"
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize(
    ("named", "words", "hint"),
    [
        (False, "there is no report yet", "run adhere check first"),
        (True, "there is no such file", "check the path"),
    ],
)
def test_a_report_that_is_not_there(tmp_path: Path, named: bool, words: str, hint: str) -> None:
    with pytest.raises(ReportError, match=words) as caught:
        load_report(str(tmp_path / "r.json"), "r.json", named=named)
    assert caught.value.problems[0].hint == hint


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b"\xff", b'{"schema": 1}', b'{"schema": "adhere.report/1"}'],
)
def test_a_report_that_is_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "r.json").write_bytes(data)
    with pytest.raises(ReportError) as caught:
        load_report(str(tmp_path / "r.json"), "r.json")
    assert caught.value.problems[0].path == "r.json"
