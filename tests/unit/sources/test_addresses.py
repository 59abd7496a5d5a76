from __future__ import annotations

import pytest

from adhere.model.package import Origin
from adhere.sources.addresses import (
    direct_origin,
    file_name,
    is_local,
    is_vcs,
    masked,
    vcs_origin,
    without_credentials,
)

SHA = "a" * 40


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://index.example.org/simple", "https://index.example.org/simple"),
        ("https://user:secret@index.example.org/simple", "https://index.example.org/simple"),
        ("https://TOKEN@index.example.org:8443/", "https://index.example.org:8443/"),
        ("https://u:p@ss@index.example.org/", "https://index.example.org/"),
        ("https://u:pa/ss@index.example.org/x", "https://index.example.org/x"),
        ("HTTPS://U:P@index.example.org", "HTTPS://index.example.org"),
        ("git+https://u:p@git.example.org/a.git@v1", "git+https://git.example.org/a.git@v1"),
        ("ssh://git@git.example.org/a.git", "ssh://git@git.example.org/a.git"),
        ("ssh://git:pw@git.example.org/a.git", "ssh://git@git.example.org/a.git"),
        ("git@git.example.org:a/b.git", "git@git.example.org:a/b.git"),
        ("https://${USER}:${TOKEN}@index.example.org/", "https://${USER}:${TOKEN}@index.example.org/"),
        ("https://${USER}:plain@index.example.org/", "https://index.example.org/"),
        ("https://h.example.org/a.zip?token=1&x=2#sha256=3", "https://h.example.org/a.zip?x=2#sha256=3"),
        ("https://h.example.org/a?X-Amz-Signature=1", "https://h.example.org/a"),
        ("https://h.example.org/@scope/a@1", "https://h.example.org/@scope/a@1"),
        ("https://h.example.org:8080/a@b", "https://h.example.org:8080/a@b"),
        ("./libs/a@b", "./libs/a@b"),
        ("C:\\a@b", "C:\\a@b"),
        ("", ""),
    ],
)  # fmt: skip
def test_secrets_are_taken_out(url: str, clean: str) -> None:
    assert without_credentials(url) == clean


def test_secrets_in_a_line() -> None:
    line = 'a @ https://u:p@h.example.org/a.whl ; "https://x:y@h.example.org"'
    assert masked(line) == 'a @ https://h.example.org/a.whl ; "https://h.example.org"'
    assert masked("x" * 20_000 + " ://") == "x" * 20_000 + " ://"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://h.example.org/a.whl#sha256=1", Origin("url", "https://h.example.org/a.whl")),
        (
            "git+https://git.example.org/a.git@v1.0#egg=a&subdirectory=sub",
            Origin("vcs", "https://git.example.org/a.git", "v1.0", "", "sub"),
        ),
        (f"git+ssh://git@git.example.org/a@{SHA}", Origin("vcs", "ssh://git@git.example.org/a", SHA, SHA)),
        ("git+https://u:t/k@git.example.org/a@main", Origin("vcs", "https://git.example.org/a", "main")),
        ("git+git@git.example.org:a/b.git@dev", Origin("vcs", "git@git.example.org:a/b.git", "dev")),
        ("hg+file:///srv/repo", Origin("vcs", "file:///srv/repo")),
        ("file:///srv/a.whl", Origin("path", "file:///srv/a.whl")),
        ("./libs/a", Origin("path", "./libs/a")),
        ("../a.whl", Origin("path", "../a.whl")),
    ],
)  # fmt: skip
def test_direct_references(url: str, origin: Origin) -> None:
    assert direct_origin(url) == origin


def test_editable() -> None:
    assert direct_origin(".", editable=True) == Origin("editable", ".")


def test_a_full_revision_is_a_commit() -> None:
    found = vcs_origin("git+https://u@git.example.org/a.git?rev=x", reference=SHA)
    assert found == Origin("vcs", "https://git.example.org/a.git", SHA, SHA)


@pytest.mark.parametrize("path", ["/srv/a", "file:///srv", "C:\\a", "c:/a", "\\\\host\\share"])
def test_absolute_paths(path: str) -> None:
    assert is_local(path)
    assert not is_vcs(path)


def test_file_names_are_decoded() -> None:
    assert file_name("https://h.example.org/x/a%2B1.whl?y=1#z") == "a+1.whl"
    assert file_name("..\\wheels\\a.whl") == "a.whl"
    assert file_name("") == ""
