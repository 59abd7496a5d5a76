"""One metadata folder at a time, broken in every way that was met or thought of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from adhere.model.package import Origin
from adhere.sources.distribution import Distribution, read_distribution
from adhere.sources.markers import environment

HERE = environment("3.12.1", "linux")
PLAIN = "Metadata-Version: 2.4\nName: {}\nVersion: {}\n{}\nText.\n"


def meta(name: str = "a", version: str = "1.0", more: str = "") -> bytes:
    return PLAIN.format(name, version, more).encode()


def made(
    root: Path, files: dict[str, bytes | None], entry: str = "a-1.0.dist-info"
) -> Distribution:
    """A metadata folder, read; ``None`` for a pipe."""
    folder = root / entry
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if data is None:
            os.mkfifo(path)
        else:
            path.write_bytes(data)
    return read_distribution(str(root), entry, "env", HERE)


def reason(found: Distribution, *, kept: bool) -> str:
    (fault,) = found.faults
    assert fault.kept is kept
    assert (found.package is not None) is kept
    assert fault.code == "package-unreadable"
    return fault.reason


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no Name"),
        (b"Metadata-Version: 2.4\nVersion: 1\n\n", "no Name"),
        (b"Metadata-Version: 2.4\nName: a\n\n", "no Version"),
        (meta(version=""), "no Version"),
        (meta(more="Author: Jos\xe9\n").decode().encode("latin-1"), "not UTF-8 at byte 54"),
        (meta().decode().encode("utf-16"), "UTF-16"),
        (meta().decode().encode("utf-16-le"), "NUL"),
        (meta(more="Summary: a\0b\n"), "NUL"),
        (meta("../../etc/passwd"), "a Name that is none"),
        (meta("a\N{RIGHT-TO-LEFT OVERRIDE}b"), "a Name that is none"),
        (meta("a\x1b[31mb"), "a Name that is none"),
        (meta("<b>a</b>"), "a Name that is none"),
        (meta("{{ a }}"), "a Name that is none"),
        (b"Name: a\nVersion: 1\n" + b"Classifier: x\n" * 400_000, "bytes of fields"),
        (meta().replace(b"\n", b"\r"), "no Name"),
    ],
)
def test_metadata_that_cannot_be_used(tmp_path: Path, data: bytes, words: str) -> None:
    assert words in reason(made(tmp_path, {"METADATA": data}), kept=False)


@pytest.mark.parametrize(
    "data",
    [
        meta().replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + meta(),
        meta() + b"\0",
        meta() + b"x" * 50_000_000,
        meta(more="Summary: " + "x" * 3_000_000 + "\n"),
    ],
    ids=["crlf", "bom", "nul below the fields", "50 MB of text", "3 MB in a line"],
)
def test_metadata_that_is_odd_and_fine(tmp_path: Path, data: bytes) -> None:
    found = made(tmp_path, {"METADATA": data})
    assert found.faults == ()
    assert found.package is not None
    assert (found.package.name, found.package.version) == ("a", "1.0")
    assert len(found.package.summary) <= 500


def test_a_folder_without_metadata_and_a_pipe_in_its_place(tmp_path: Path) -> None:
    assert reason(made(tmp_path, {"RECORD": b""}), kept=False) == "it has no METADATA"
    assert "no regular file" in reason(made(tmp_path, {"METADATA": None}), kept=False)
    os.mkfifo(tmp_path / "b-1.0.dist-info")
    found = read_distribution(str(tmp_path), "b-1.0.dist-info", "env", HERE)
    assert "its folder cannot be read" in reason(found, kept=False)


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "METADATA").write_bytes(meta())
    env = tmp_path / "env"
    env.mkdir()
    (env / "a-1.0.dist-info").symlink_to(outside)
    found = read_distribution(str(env), "a-1.0.dist-info", "env", HERE)
    assert [fault.code for fault in found.faults] == ["package-outside"]
    made(env, {}, "b-1.0.dist-info")
    (env / "b-1.0.dist-info" / "METADATA").symlink_to(outside / "METADATA")
    found = read_distribution(str(env), "b-1.0.dist-info", "env", HERE)
    assert [fault.code for fault in found.faults] == ["package-outside"]
    assert found.package is None


@pytest.mark.parametrize("what", ["a-1.0.dist-info", "a-1.0.dist-info/METADATA"])
def test_what_may_not_be_read_is_told(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, {"METADATA": meta()})
    denied = str(tmp_path / what)
    opened, listed = os.open, os.scandir

    def refuse(path: str, *rest: object) -> object:
        if path == denied:
            raise PermissionError(13, "Permission denied")
        return listed(path) if not rest else opened(path, *rest)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "scandir", refuse)
    found = read_distribution(str(tmp_path), "a-1.0.dist-info", "env", HERE)
    assert "permission denied" in reason(found, kept=False)


def test_a_folder_of_licenses_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, {"METADATA": meta()})
    folder = tmp_path / "a-1.0.dist-info" / "licenses"
    folder.mkdir()
    listed = os.scandir

    def refuse(path: str) -> object:
        if path == str(folder):
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = read_distribution(str(tmp_path), "a-1.0.dist-info", "env", HERE)
    assert "its licenses cannot be used: permission denied" in reason(found, kept=True)


def test_licenses_that_lie_too_deep_are_told(tmp_path: Path) -> None:
    deep = "/".join(["licenses", *"abcdefghijklmnop"])
    (tmp_path / "a-1.0.dist-info" / deep).mkdir(parents=True)
    (tmp_path / "a-1.0.dist-info" / deep / "LICENSE").write_bytes(b"MIT")
    found = made(tmp_path, {"METADATA": meta()})
    assert "nested too deeply" in reason(found, kept=True)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b'{"url":', "not JSON"), (b"[]", "no url"), (b"\xff", "not JSON"), (None, "no regular file")],
)
def test_a_direct_url_that_cannot_be_used_costs_the_origin_and_is_told(
    tmp_path: Path, data: bytes | None, words: str
) -> None:
    found = made(tmp_path, {"METADATA": meta(), "direct_url.json": data})
    assert words in reason(found, kept=True)
    assert found.package is not None
    assert found.package.origin == Origin()


def test_origins_without_secrets(tmp_path: Path) -> None:
    text = b'{"url": "https://u:p@git.example.org/a", "vcs_info": {"vcs": "git", "commit_id": "0"}}'
    found = made(tmp_path, {"METADATA": meta(), "direct_url.json": text, "REQUESTED": b""})
    assert found.package is not None
    assert found.package.origin == Origin("vcs", "https://git.example.org/a", commit="0")
    assert found.package.requested is True


@pytest.mark.parametrize(
    ("entry", "name", "version"),
    [
        ("a-1.0.dist-info", "b", "1.0"),
        ("a-1.0.dist-info", "a", "2.0"),
        ("~a-1.0.dist-info", "a", "1.0"),
        ("a-odd.dist-info", "a", "1.0"),
    ],
)
def test_a_folder_that_is_named_as_another_package(
    tmp_path: Path, entry: str, name: str, version: str
) -> None:
    found = made(tmp_path, {"METADATA": meta(name, version)}, entry)
    assert "its folder's name says" in " ".join(fault.reason for fault in found.faults)
    assert found.package is not None


@pytest.mark.parametrize(
    ("entry", "name", "version"),
    [
        ("Zope.Interface-1.0.dist-info", "zope-interface", "1.0.0"),
        ("a_b-1.0_post1.dist-info", "A.b", "1.0-post1"),
        ("a-1.0+acme.1.dist-info", "a", "1.0+acme-1"),
    ],
)
def test_a_folder_whose_name_is_only_spelled_otherwise(
    tmp_path: Path, entry: str, name: str, version: str
) -> None:
    assert made(tmp_path, {"METADATA": meta(name, version)}, entry).faults == ()


def test_old_metadata_of_setuptools_and_distutils(tmp_path: Path) -> None:
    files: dict[str, bytes | None] = {"PKG-INFO": meta(), "requires.txt": b"b\n\n[x]\nc\n"}
    found = made(tmp_path, files, "a-1.0-py3.12.egg-info")
    assert found.package is not None
    assert [(edge.name, edge.extra) for edge in found.package.requires] == [("b", ""), ("c", "x")]
    assert found.package.requested is None
    (tmp_path / "d-1.0.egg-info").write_bytes(meta("d"))
    found = read_distribution(str(tmp_path), "d-1.0.egg-info", "env", HERE)
    assert found.package is not None
    assert found.package.name == "d"


def test_old_requirements_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    files: dict[str, bytes | None] = {"PKG-INFO": meta(), "requires.txt": None}
    assert "requires.txt" in reason(made(tmp_path, files, "a-1.0.egg-info"), kept=True)


@pytest.mark.skipif(os.name == "nt", reason="names of files are text there")
def test_names_of_license_files_that_are_no_text(tmp_path: Path) -> None:
    made(tmp_path, {"METADATA": meta(), "licenses/LICENSE": b"MIT"})
    folder = os.fsencode(tmp_path / "a-1.0.dist-info")
    for name in (b"/LICENSE\xff", b"/licenses/COPYING\xff"):
        with open(folder + name, "wb"):
            pass
    found = read_distribution(str(tmp_path), "a-1.0.dist-info", "env", HERE)
    assert found.package is not None
    assert [file.path for file in found.package.license_files] == ["licenses/LICENSE"]
    assert [fault.location.path for fault in found.faults] == [
        "env/a-1.0.dist-info/LICENSE\\xff",
        "env/a-1.0.dist-info/licenses/COPYING\\xff",
    ]


def test_license_files_that_lead_out_are_not_read(tmp_path: Path) -> None:
    more = "License-File: ../../secret\nLicense-File: LICENSE\n"
    found = made(tmp_path, {"METADATA": meta(more=more), "LICENSE": b"MIT"})
    assert found.package is not None
    assert [file.path for file in found.package.license_files] == ["LICENSE"]
    assert "lead out of its folder" in found.package.remarks[0]
