"""Pages of an index: what they come to, and what is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.evidence.address import join
from adhere.evidence.wire.core_metadata import parse_stored, read_core_metadata
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.pypi import (
    MetadataLink,
    Project,
    as_stored,
    from_stored,
    page_from_stored,
    read_project,
)
from adhere.model.names import PackageName
from adhere.model.project import Release
from adhere.testing import FakeProject, FakeRelease, Offer
from adhere.testing.pages import HTML, JSON, project_page

SHOP = PackageName("big-shop")
BASE = "https://index.example.org/simple/big-shop/"
FILES = "https://files.example.org/big-shop"
NEW = datetime(2026, 5, 1, 10, 30, tzinfo=UTC)
OLD = datetime(2024, 5, 1, 10, 30, tzinfo=UTC)
PROJECT = FakeProject(
    [
        FakeRelease("1.10", uploaded=NEW, requires_python=">=3.9"),
        FakeRelease("1.9", uploaded=OLD, yanked="it <deletes> things"),
        FakeRelease("1.9.post1", uploaded=OLD, yanked=True),
    ],
    status="archived",
    status_reason="no longer <needed>",
)


def read(data: bytes, name: PackageName = SHOP) -> Project:
    return read_project(data, name, "index", partial(join, BASE))


def page(**changes: Any) -> bytes:
    return json.dumps(
        {"meta": {"api-version": "1.1"}, "name": "Big.Shop", "files": [], **changes}
    ).encode()


def file(filename: str, **fields: Any) -> dict[str, Any]:
    return {"filename": filename, "url": f"{FILES}/{filename}", "hashes": {}, **fields}


@pytest.mark.parametrize("media", [JSON, HTML])
def test_both_formats_say_the_same_but_for_upload_times(media: str) -> None:
    found = read(project_page(SHOP, PROJECT, FILES, Offer(), media))
    json_ = media == JSON
    assert found.page.releases == (
        Release("1.9", OLD if json_ else None, yanked=True, yanked_reason="it <deletes> things"),
        Release("1.9.post1", OLD if json_ else None, yanked=True),
        Release("1.10", NEW if json_ else None, requires_python=">=3.9"),
    )
    assert found.page.status == "archived"
    assert found.page.status_reason == "no longer <needed>"
    assert found.page.silent == (() if json_ else ("upload times",))
    assert {link.version for link in found.metadata} == {"1.9", "1.9.post1", "1.10"}
    assert all(link.url.startswith(FILES) and len(link.sha256) == 64 for link in found.metadata)


@pytest.mark.parametrize("media", [JSON, HTML])
def test_an_old_index_says_less_and_we_say_so(media: str) -> None:
    offer = Offer(core_metadata=False, upload_times=False, status=False)
    data = project_page(SHOP, PROJECT, FILES, offer, media).replace(b'"1.4"', b'"1.0"')
    found = read(data)
    assert [release.version for release in found.page.releases] == ["1.9", "1.9.post1", "1.10"]
    assert found.page.status is None
    assert found.page.silent == ("upload times", "status")
    assert not found.metadata


def test_from_1_4_on_silence_means_active() -> None:
    found = read(page(meta={"api-version": "1.4"}))
    assert found.page.status == "active"
    assert not found.page.silent


def test_a_release_is_yanked_when_all_of_its_files_are() -> None:
    files = [file("big_shop-1.0-py3-none-any.whl", yanked="bad"), file("big_shop-1.0.tar.gz")]
    assert not read(page(files=files)).page.releases[0].yanked
    files[1]["yanked"] = True
    assert read(page(files=files)).page.releases[0] == Release(
        "1.0", yanked=True, yanked_reason="bad"
    )


def test_a_release_dates_from_its_first_file() -> None:
    times = ["2026-02-01T00:00:00Z", "2026-01-01T02:00:00+02:00"]
    files = [
        file("big_shop-1.0-py3-none-any.whl", **{"upload-time": times[0]}),
        file("big-shop-1.0.tar.gz", **{"upload-time": times[1]}),
    ]
    assert read(page(files=files)).page.releases[0].uploaded == datetime(2026, 1, 1, tzinfo=UTC)


def test_versions_without_files_are_versions_and_spellings_of_one_are_one() -> None:
    files = [file("big_shop-1.0.0rc1-py3-none-any.whl"), file("big-shop-2004d.tar.gz")]
    found = read(page(files=files, versions=["1.0.0-rc1", "0.9"]))
    assert [release.version for release in found.page.releases] == ["2004d", "0.9", "1.0.0-rc1"]


def test_files_of_others_do_not_count() -> None:
    links = [
        '<a href="../big_shop-1.0.tar.gz">x</a>',
        '<a href="../big_shop_extra-3.0.tar.gz">x</a>',
        '<a href="../small-9.0-py3-none-any.whl">x</a>',
        '<a href="https://[">x</a>',
    ]
    found = read("".join(links).encode())
    assert [release.version for release in found.page.releases] == ["1.0"]


def test_metadata_is_taken_from_the_wheel_and_only_from_where_we_go() -> None:
    digest = {"sha256": "ab" * 32}
    files = [
        file("big-shop-1.0.tar.gz", **{"core-metadata": True}),
        file("big_shop-1.0-py3-none-any.whl", **{"dist-info-metadata": digest}),
        {
            **file("big_shop-2.0-py3-none-any.whl", **{"core-metadata": True}),
            "url": "http://10.0.0.1/x.whl",
        },
        {
            **file("big_shop-3.0-py3-none-any.whl", **{"core-metadata": True}),
            "url": f"../f/x.whl#sha256={'CD' * 32}",
        },
        {**file("big_shop-1.0-py2-none-any.whl"), "hashes": {"sha256": "12" * 32, "md5": "3"}},
        {**file("big_shop-1.0-py3-none-win32.whl"), "hashes": {"sha256": "too short"}},
    ]
    first = f"{FILES}/big_shop-1.0-py3-none-any.whl.metadata"
    assert set(read(page(files=files)).metadata) == {
        MetadataLink("1.0", first, "ab" * 32, ("12" * 8,)),
        MetadataLink("3.0", "https://index.example.org/simple/f/x.whl.metadata", "", ("cd" * 8,)),
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"null",
        b'{"files": 3}',
        b'{"files": [[]]}',
        page(name="other"),
        page(meta={"api-version": "2.0"}),
        page(files=[file("other-1.0.tar.gz")]),
        page(files=[file("big_shop-1.0.tar.gz", yanked=3)]),
        page(files=[file("big_shop-1.0.tar.gz", **{"upload-time": "yesterday"})]),
        page(files=[file("../big_shop-1.0.tar.gz")]),
        page(versions=["1" * 5_000]),
        page(**{"project-status": {"status": "fine"}}),
        b"[" * 100_000,
        b"<html><body>Please log in: <a href='/login'>here</a></body></html>",
        b"\xff\xfe<html>",
    ],
)
def test_what_is_no_page_is_refused(data: bytes) -> None:
    with pytest.raises(Garbage):
        read(data)


def test_what_is_stored_comes_back_whole_or_in_part() -> None:
    found = read(project_page(SHOP, PROJECT, FILES, Offer(), JSON))
    data = as_stored(found)
    assert from_stored(data) == found
    assert page_from_stored(data) == found.page
    for damaged in (data[:-1], b"", b"\x01", data[1:]):
        with pytest.raises(Garbage):
            from_stored(damaged)
        if damaged != data[:-1]:
            with pytest.raises(Garbage):
                page_from_stored(damaged)


@given(st.binary() | st.text().map(str.encode))
def test_no_bytes_break_the_parser(data: bytes) -> None:
    with suppress(Garbage):
        read(data)


leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
values = st.recursive(
    leaves, lambda part: st.lists(part) | st.dictionaries(st.text(max_size=8), part)
)


@given(st.sampled_from(["meta", "name", "files", "versions", "project-status"]), values)
def test_no_value_of_a_key_breaks_the_parser(key: str, value: Any) -> None:
    with suppress(Garbage):
        read(page(**{key: value}))


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "filename": st.sampled_from(["big_shop-1.0.tar.gz", "big-shop-.zip", "-"])
                | st.text(),
                "url": st.text(),
            },
            optional={
                "yanked": leaves,
                "upload-time": leaves,
                "core-metadata": values,
                "requires-python": leaves,
            },
        )
    )
)
def test_no_file_breaks_the_parser(files: list[dict[str, Any]]) -> None:
    with suppress(Garbage):
        read(page(files=files))


@given(st.text(alphabet="<>/a \"'=&;!-href#b", max_size=200))
def test_no_markup_breaks_the_parser(text: str) -> None:
    with suppress(Garbage):
        read(f"<meta name='pypi:repository-version' content='1.0'>{text}".encode())


HEAD = b"Metadata-Version: 2.4\nName: Big.Shop\nVersion: 1.0\nLicense-Expression: MIT"


def test_core_metadata_is_checked_and_cut_to_its_header() -> None:
    head = read_core_metadata(HEAD + b"\n\nA long description", SHOP, "1.0.0", "")
    assert head == HEAD
    assert parse_stored(head).expression == "MIT"


@pytest.mark.parametrize(
    ("data", "version", "digest"),
    [
        (HEAD, "1.1", ""),
        (HEAD.replace(b"Big.Shop", b"Small"), "1.0", ""),
        (HEAD, "1.0", "00" * 32),
        (b"\xff" + HEAD, "1.0", ""),
        (b"<html></html>", "1.0", ""),
        (b"", "1.0", ""),
    ],
)
def test_core_metadata_of_something_else_is_refused(data: bytes, version: str, digest: str) -> None:
    with pytest.raises(Garbage):
        read_core_metadata(data, SHOP, version, digest)
