from __future__ import annotations

import os
from pathlib import Path

import pytest

from adhere.errors import SourceError
from adhere.sources.files import decode_text, digest, read_bytes


def refusal(path: Path, limit: int = 100) -> str:
    with pytest.raises(SourceError) as caught:
        read_bytes(path, "shown/name", limit)
    (problem,) = caught.value.problems
    assert problem.code == "source-unreadable"
    assert problem.path == "shown/name"
    assert str(path) not in problem.message
    return problem.message


def test_reads_up_to_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * 100)
    assert read_bytes(file, "a", 100) == b"x" * 100
    assert read_bytes(file, "a") == b"x" * 100
    assert "larger than 99 bytes" in refusal(file, 99)


def test_missing(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "none")
    (tmp_path / "file").write_text("")
    assert "no such file" in refusal(tmp_path / "file" / "below")


def test_folder(tmp_path: Path) -> None:
    assert "folder" in refusal(tmp_path)


def test_nul_in_the_name(tmp_path: Path) -> None:
    assert "NUL" in refusal(Path(f"{tmp_path}/a\0b"))


def test_name_too_long(tmp_path: Path) -> None:
    assert "too long" in refusal(tmp_path / ("x" * 5000))


def test_circle_of_links(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert "circle" in refusal(tmp_path / "a")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_without_a_writer_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "pipe or a device" in refusal(tmp_path / "pipe")


def test_device() -> None:
    assert "device" in refusal(Path(os.devnull))


def test_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert "may not be read" in refusal(tmp_path / "secret")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert decode_text("größe\r\n".encode(encoding), "f") == "größe\r\n"


def test_big_endian() -> None:
    assert decode_text(b"\xfe\xff\x00a", "f") == "a"


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"a\nb\xff", 2, "byte 3 is not UTF-8"),
        ("a\nb".encode("utf-16") + b"x", 2, "byte 8 is not UTF-16"),
        ("a".encode("utf-32"), 0, "UTF-32"),
        ("a\nb".encode("utf-16-le"), 1, "NUL"),
        (b"a\n\n\0", 3, "NUL"),
    ],
)
def test_not_text(data: bytes, line: int, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        decode_text(data, "f")
    (problem,) = caught.value.problems
    assert (problem.code, problem.path, problem.line) == ("source-invalid", "f", line)
    assert words in problem.message


def test_digest_is_sha256() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest(b"") == f"sha256:{empty}"


CONFLICT = "a = 1\n<<<<<<< HEAD\nb = 1\n=======\nb = 2\n>>>>>>> theirs\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_merge_that_nobody_finished_is_told(end: str) -> None:
    with pytest.raises(SourceError) as caught:
        decode_text(CONFLICT.replace("\n", end).encode(), "uv.lock")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (2, 1)
    assert "conflict" in problem.message
    assert "resolve" in problem.hint


def test_what_only_looks_like_a_conflict_is_text() -> None:
    for text in ("<<<<<<< HEAD\n", "x <<<<<<< a\n=======\n>>>>>>> b\n", "=======\n"):
        assert decode_text(text.encode(), "x") == text
    assert decode_text(CONFLICT.encode(), "tool.py", code=True) == CONFLICT
