"""Indexes on this machine, and pages of links."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adhere.evidence.fetch import Fetched
from adhere.evidence.index.choice import Index
from adhere.evidence.projects import assemble, plan_projects
from adhere.model.finding import Missing
from adhere.model.names import PackageName
from adhere.model.project import Listed

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SHOP = PackageName("big-shop")
PAGE = b'<a href="../../f/big_shop-1.0-py3-none-any.whl">x</a><a href="other-2.0.zip">y</a>'


def asked(index: Index, name: PackageName = SHOP) -> Listed:
    found = assemble(plan_projects([index], [name]), {}, NOW)[name]
    assert isinstance(found, Listed)
    return found


def versions(index: Index, name: PackageName = SHOP) -> list[str] | Missing | None:
    found = assemble(plan_projects([index], [name]), {}, NOW)[name]
    if isinstance(found, Missing):
        return found
    return [r.version for r in found.pages[0].releases] if found.pages else None


@pytest.mark.parametrize("page", ["index.html", "index.json", ""])
def test_an_index_in_a_folder(tmp_path: Path, page: str) -> None:
    folder = tmp_path / "big-shop"
    folder.mkdir()
    if page == "index.html":
        (folder / page).write_bytes(PAGE)
    elif page:
        data = '{"files": [{"filename": "big-shop-1.0.zip", "url": "big-shop-1.0.zip"}]}'
        (folder / page).write_text(data, "utf-8")
    else:
        (folder / "big_shop-1.0.tar.gz").touch()
    index = Index("", str(tmp_path))
    assert versions(index) == ["1.0"]
    assert versions(index, PackageName("nobody")) is None


def test_a_folder_of_files(tmp_path: Path) -> None:
    for name in ("big_shop-1.0-py3-none-any.whl", "Big.Shop-2.0.tar.gz", "readme.txt", "big-3.zip"):
        (tmp_path / name).touch()
    index = Index("", str(tmp_path), "links")
    assert versions(index) == ["1.0", "2.0"]
    assert versions(index, PackageName("readme")) is None
    (page,) = asked(index).pages
    assert [release.yanked for release in page.releases] == [None, None]
    assert page.silent == ("upload times", "status", "withdrawals")


def test_a_page_of_links_on_disk_and_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "links.html"
    path.write_bytes(PAGE)
    assert versions(Index("", str(path), "links")) == ["1.0"]

    index = Index("https://files.example.org/links.html", kind="links")
    plan = plan_projects([index], [SHOP, PackageName("other"), PackageName("nobody")])
    (fetch,) = plan.fetches  # one request, however many names
    answers = {fetch: Fetched(plan.decode(fetch, PAGE), age=60.0)}
    found = assemble(plan, answers, NOW)
    counts = [len(listed.pages) for listed in found.values() if isinstance(listed, Listed)]
    assert counts == [1, 1, 0]
    listed = found[SHOP]
    assert isinstance(listed, Listed)
    assert listed.collected == datetime(2026, 11, 23, 11, 59, tzinfo=UTC)


def test_what_is_not_there_or_no_page_is_said(tmp_path: Path) -> None:
    gone = versions(Index("", str(tmp_path / "gone")))
    assert isinstance(gone, Missing)
    assert gone.reason.startswith("unreachable")
    (tmp_path / "big-shop").mkdir()
    (tmp_path / "big-shop" / "index.html").write_bytes(b"\xff\xfe")
    garbage = versions(Index("", str(tmp_path)))
    assert isinstance(garbage, Missing)
    assert garbage.reason.startswith("garbage")


def test_no_index_and_no_name() -> None:
    none = assemble(plan_projects([], [SHOP]), {}, NOW)[SHOP]
    assert isinstance(none, Missing)
    assert "no index" in none.reason
    bad = PackageName("../etc/passwd")
    plan = plan_projects([Index("https://index.example.org/simple/")], [bad])
    assert not plan.fetches
    assert isinstance(assemble(plan, {}, NOW)[bad], Missing)
