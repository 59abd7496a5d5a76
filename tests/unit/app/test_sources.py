"""Sources as a user names them: what they are taken for, and what is read of bad ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from adhere.app.check import check
from adhere.app.request import Request
from adhere.app.sources import detect
from adhere.errors import SourceError
from fakes.clock import FakeClock
from readers.given import LOCKS
from readers.sbom import CYCLONEDX_JSON, CYCLONEDX_XML, SPDX2_JSON, SPDX2_TAG_VALUE, SPDX3_JSON

CONTENTS = {
    "bom.json": ("cyclonedx", CYCLONEDX_JSON),
    "bom.xml": ("cyclonedx", CYCLONEDX_XML),
    "sbom.json": ("spdx", SPDX2_JSON),
    "sbom3.json": ("spdx", SPDX3_JSON),
    "sbom.tag": ("spdx", SPDX2_TAG_VALUE),
    "sbom.yml": ("spdx", "SPDXID: x\nspdxVersion: SPDX-2.3\n"),
    "sbom.xml": ("spdx", '<?xml version="1.0"?><rdf:RDF xmlns:spdx="http://spdx.org/rdf/"/>'),
    "a.json": ("pip_json", '[{"name": "a", "version": "1"}]'),
    "b.json": ("pip_json", '{"version": "1", "installed": []}'),
    "tool": ("script", "#!/usr/bin/env python\n# /// script\n# dependencies = []\n# ///\n"),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", [name for name in CONTENTS if name != "sbom.yml"])
def test_a_file_is_known_by_what_it_holds(tmp_path: Path, name: str, encoding: str) -> None:
    kind, text = CONTENTS[name]
    (tmp_path / name).write_bytes(text.encode(encoding))
    assert detect(str(tmp_path / name), name) == kind


def test_yaml_is_known_by_what_it_holds(tmp_path: Path) -> None:
    kind, text = CONTENTS["sbom.yml"]
    (tmp_path / "sbom.yml").write_text(text)
    assert detect(str(tmp_path / "sbom.yml"), "sbom.yml") == kind


@pytest.mark.parametrize("data", [b"", b" \r\n", b"\xef\xbb\xbf", b"\xff\xfe \0"])
def test_an_empty_file_is_called_so(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.json").write_bytes(data)
    with pytest.raises(SourceError, match="it is empty"):
        detect(str(tmp_path / "x.json"), "x.json")


@pytest.mark.parametrize("name", ["a.toml", "a.yaml", "a.cfg", "a.json", "a.xyz"])
def test_anything_else_is_not_guessed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("{}\n" if name == "a.json" else "{}\n[x]\n")
    with pytest.raises(SourceError, match="nothing is known about this kind"):
        detect(str(tmp_path / name), name)


def test_a_json_file_that_is_cut_off_says_where(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{\n"a":')
    with pytest.raises(SourceError, match="ends too early") as caught:
        detect(str(tmp_path / "a.json"), "a.json")
    assert caught.value.problems[0].line == 2


def test_a_folder_without_an_environment_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    request = Request(folder=str(tmp_path), sources=("project",), cache=False)
    checked = check(request, clock=FakeClock())
    assert checked.exit_code == 2
    (problem,) = checked.problems
    assert (problem.path, problem.message) == ("project", "no environment is in it")
    assert "site-packages folder" in problem.hint


def test_one_broken_source_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_bytes((LOCKS / "uv/uv.lock").read_bytes()[:5000])
    (tmp_path / "good.txt").write_text("idna==3.10\n")
    (tmp_path / "list.json").write_bytes('[{"name":"six","version":"1.17"}]'.encode("utf-16"))
    request = Request(
        folder=str(tmp_path), sources=("uv.lock", "good.txt", "list.json"), cache=False
    )
    checked = check(request, clock=FakeClock())
    assert checked.exit_code == 2
    (problem,) = checked.problems
    assert (problem.path, problem.line > 1) == ("uv.lock", True)
    assert problem.hint
    assert [package.name for package in checked.report.packages] == ["idna", "six"]


@pytest.mark.skipif(os.name == "nt", reason="names of files are text there")
def test_names_that_are_no_text_cost_no_other_package(tmp_path: Path) -> None:
    env = tmp_path / "site-packages"
    for name in (b"good-1.0.dist-info", b"bad\xff-1.0.dist-info"):
        folder = os.path.join(os.fsencode(env), name)
        os.makedirs(folder)
        with open(os.path.join(folder, b"METADATA"), "wb") as file:
            file.write(b"Metadata-Version: 2.1\nName: good\nVersion: 1.0\n\n")
    (tmp_path / "adhere.toml").write_text(
        'schema = 1\n[[rule]]\nid = "complete"\ncheck = "sources.complete"\n'
    )
    for _ in range(2):  # the second time from what was remembered
        checked = check(
            Request(folder=str(tmp_path), sources=("site-packages",)), clock=FakeClock()
        )
        assert [package.name for package in checked.report.packages] == ["good"]
        (finding,) = checked.report.findings
        assert finding.subject == "bad\\xff-1.0.dist-info"
        assert checked.exit_code == 1


@pytest.mark.skipif(os.name == "nt", reason="names of files are text there")
def test_a_folder_whose_name_is_no_text_can_be_judged(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/caf\xe9/a-1.0.dist-info"
    os.makedirs(folder)
    with open(folder + b"/METADATA", "wb") as file:
        file.write(b"Metadata-Version: 2.1\nName: a\nVersion: 1.0\n\n")
    source = os.fsdecode(os.path.dirname(folder))
    checked = check(Request(folder=str(tmp_path), sources=(source,)), clock=FakeClock())
    assert [package.name for package in checked.report.packages] == ["a"]
    assert checked.report.packages[0].seen_in[0].path == "caf\\xe9/a-1.0.dist-info/METADATA"
