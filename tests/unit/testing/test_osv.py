"""The fake OSV service, asked with nothing but the standard library."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from adhere.testing import FakeOsv


def record(id_: str, *events: dict[str, str], name: str = "shop", **fields: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "modified": "2026-01-01T00:00:00Z",
        "affected": [
            {
                "package": {"name": name, "ecosystem": "PyPI"},
                "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
                **fields,
            }
        ],
    }


def post(osv: FakeOsv, path: str, body: object) -> Any:
    request = Request(f"{osv.url}{path}", json.dumps(body).encode())  # noqa: S310 - loopback
    with urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
        return json.load(answer)


def query(name: str = "shop", version: str = "", page: str = "") -> dict[str, Any]:
    asked: dict[str, Any] = {"package": {"name": name, "ecosystem": "PyPI"}}
    if version:
        asked["version"] = version
    if page:
        asked["page_token"] = page
    return asked


FIXED = record("OSV-1", {"introduced": "0"}, {"fixed": "1.10"})
LAST = record("OSV-2", {"introduced": "1.2"}, {"last_affected": "1.9"}, {"introduced": "3.0"})
LISTED = record("OSV-3", versions=["1.0.dev1"])


@pytest.mark.parametrize(
    ("version", "ids"),
    [
        ("", ["OSV-1", "OSV-2", "OSV-3"]),
        ("1.0", ["OSV-1"]),
        ("1.2", ["OSV-1", "OSV-2"]),
        ("1.9", ["OSV-1", "OSV-2"]),
        ("1.9.1", ["OSV-1"]),
        ("1.10", []),
        ("3.5", ["OSV-2"]),
        ("1.0.dev1", ["OSV-1", "OSV-3"]),
        ("no version", []),
    ],
)
def test_a_query_names_what_affects_a_version(version: str, ids: list[str]) -> None:
    with FakeOsv([FIXED, LAST, LISTED]) as osv:
        found = post(osv, "/v1/query", query(version=version)).get("vulns", [])
    assert [hit["id"] for hit in found] == ids
    assert all("affected" in hit for hit in found)


def test_a_batch_answers_each_query_in_pages() -> None:
    many = [record(f"OSV-{i}", {"introduced": "0"}) for i in range(5)]
    with FakeOsv(many, page_size=2) as osv:
        ids: list[str] = []
        page = ""
        for _ in range(3):
            asked = {"queries": [query("other"), query(page=page)]}
            other, found = post(osv, "/v1/querybatch", asked)["results"]
            assert other == {}
            ids += [hit["id"] for hit in found["vulns"]]
            assert set(found["vulns"][0]) == {"id", "modified"}
            page = found.get("next_page_token", "")
        assert ids == [f"OSV-{i}" for i in range(5)]
        assert not page
        assert osv.counts["/v1/querybatch"] == 3


def test_a_record_by_its_id_and_one_that_is_taken_back() -> None:
    with FakeOsv([FIXED]) as osv:
        with urlopen(f"{osv.url}/v1/vulns/OSV-1", timeout=10) as answer:  # noqa: S310 - loopback
            assert json.load(answer) == FIXED
        osv.remove("OSV-1")
        with pytest.raises(HTTPError) as caught, urlopen(f"{osv.url}/v1/vulns/OSV-1", timeout=10):  # noqa: S310 - loopback
            pass
        assert caught.value.code == 404
        caught.value.close()
        assert post(osv, "/v1/query", query()) == {}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/query", {}),
        ("/v1/query", []),
        ("/v1/querybatch", {"queries": [{}]}),
        ("/v1/querybatch", {"queries": [query()] * 1_001}),
    ],
)
def test_a_wrong_question_is_refused(path: str, body: object) -> None:
    with FakeOsv() as osv, pytest.raises(HTTPError) as caught:
        post(osv, path, body)
    assert caught.value.code == 400
    caught.value.close()


def test_records_of_a_snapshot(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("OSV-1.json", json.dumps(FIXED))
        archive.writestr("readme.txt", "nothing")
    with FakeOsv(snapshot=str(path)) as osv:
        assert list(osv.records) == ["OSV-1"]
        assert osv.environment == {"ADHERE_OSV_URL": osv.url}
