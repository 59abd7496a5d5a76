from __future__ import annotations

import pytest
from msgspec import Struct

from adhere.model.location import Location
from adhere.model.package import Package
from adhere.sources.entry import (
    EntryError,
    collect,
    decode,
    hashes,
    is_pep440,
    package_name,
    package_version,
    shown,
    spelled,
)

HERE = Location("f", 3)


@pytest.mark.parametrize(
    "name", ["", "-a", "a-", "a b", "../a", "a/b", "a\x1b[31m", "ä", "a" * 300, None, 1, ["a"]]
)
def test_names_that_are_none(name: object) -> None:
    with pytest.raises(EntryError):
        package_name(name)


def test_names_are_canonical() -> None:
    assert package_name("Zope.Interface_x") == "zope-interface-x"
    assert spelled("Zope.Interface", package_name("Zope.Interface")) == "Zope.Interface"
    assert spelled("six", package_name("six")) == ""


@pytest.mark.parametrize(
    "version",
    ["", None, 1, 1.0, True, "1 0", "1\n", "1.0\x1b[0m", "1" * 200, "\u0661.\u0662", [], {}],
)
def test_versions_that_are_none(version: object) -> None:
    with pytest.raises(EntryError):
        package_version(version, [])


@pytest.mark.parametrize(
    ("version", "standard"),
    [
        ("1.0", True),
        ("1!2.0rc1.post2.dev3+local.4", True),
        ("v1.0-beta", True),
        ("2024.1.1", True),
        ("1.0-SNAPSHOT", False),
        ("9" * 100 + "x", False),
        ("unknown", False),
    ],
)
def test_odd_versions_are_kept_and_said(version: str, standard: bool) -> None:
    remarks: list[str] = []
    assert package_version(version, remarks) == version
    assert (remarks == []) is standard
    assert is_pep440(version) is standard


def test_hashes_are_checked() -> None:
    remarks: list[str] = []
    good = "sha256:" + "AB" * 32
    assert hashes([good, good, "sha256=" + "cd" * 32], remarks) == (
        "sha256:" + "ab" * 32,
        "sha256:" + "cd" * 32,
    )
    assert not remarks
    assert hashes(["sha256:", "x", 1, "sha256:zz"], remarks) == ()
    assert len(remarks) == 4


class _Row(Struct):
    name: str
    tags: tuple[str, ...] = ()


def test_a_wrong_type_is_told_with_its_place() -> None:
    with pytest.raises(EntryError, match=r"`tags\[1\]`: expected `str`, got `int`"):
        decode({"name": "a", "tags": ["x", 1]}, _Row)
    with pytest.raises(EntryError, match="missing required field `name`"):
        decode({}, _Row)


def test_one_wrong_entry_leaves_the_others() -> None:
    def read(entry: object, location: Location) -> Package | None:
        row = decode(entry, _Row)
        return Package(package_name(row.name), "1.0+odd-", location) if row.name != "skip" else None

    entries = [{"name": "a"}, {"name": "b", "tags": 1}, {"name": "skip"}, 5]
    packages, faults = collect(entries, lambda n: Location("f", n + 1), read)
    assert [package.name for package in packages] == ["a"]
    assert [(f.subject, f.location.line, f.code, f.kept) for f in faults] == [
        ("a", 1, "package-version", True),
        ("b", 2, "package-unreadable", False),
        ("entry 4", 4, "package-unreadable", False),
    ]


def test_untrusted_text_is_shown_plainly() -> None:
    assert shown("a\x1b[31m`b\u202e") == "`a\\x1b[31m'b\\u202e`"
    assert len(shown("x" * 500)) < 100
