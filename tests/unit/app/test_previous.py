"""The license of the release before, by a real index on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adhere.app.check import check
from adhere.app.request import Checked, Request
from adhere.testing import FakeIndex, FakeRelease, Offer, faults
from corpus.environments import distribution, site_packages

POLICY = """\
schema = 1
[index]
retries = 0
rate = 1000
timeout = "500ms"
url = [{urls}]
[[rule]]
id = "same"
check = "licenses.unchanged"
with = {{ against = "previous-release" }}
"""


def release(version: str, terms: str = "MIT", **fields: Any) -> FakeRelease:
    return FakeRelease(version, metadata={"License-Expression": terms}, **fields)


@pytest.fixture
def index() -> Iterator[FakeIndex]:
    releases = [
        release("0.9", "ISC"),
        release("1.0"),
        release("1.5", "ISC", yanked="broken"),
        release("2.0rc1", "BSD-3-Clause"),
        release("2.0", "GPL-3.0-only"),
        release("3.0", "GPL-3.0-only"),
    ]
    with FakeIndex({"shop": releases}) as server:
        yield server


def judged(folder: Path, version: str, terms: str, *urls: str, **about: Any) -> Checked:
    packages = folder / "venv" / "lib" / "python3.12" / "site-packages"
    if not packages.is_dir():
        site_packages(folder / "venv")
        distribution(packages, "shop", version, license=terms)
    listed = ", ".join(f'"{url}"' for url in urls)
    (folder / "adhere.toml").write_text(POLICY.format(urls=listed), "utf-8")
    return check(Request(folder=str(folder), sources=("venv",), **about))


def told(checked: Checked) -> tuple[str, list[str]]:
    """The outcome, and every message and reason."""
    (result,) = (one for one in checked.report.results if one.rule == "same")
    messages = [finding.message for finding in checked.report.findings]
    return result.outcome, [*messages, *(one.reason for one in result.not_judged)]


@pytest.mark.parametrize(
    ("version", "terms", "said"),
    [
        ("2.0", "GPL-3.0-only", "shop changed its license from MIT (1.0) to GPL-3.0-only (2.0)"),
        ("1.0", "MIT", "shop changed its license from ISC (0.9) to MIT (1.0)"),
        (
            "2.0rc1",
            "BSD-3-Clause",
            "shop changed its license from MIT (1.0) to BSD-3-Clause (2.0rc1)",
        ),
    ],
)
def test_the_release_before_is_the_last_that_was_not_withdrawn(
    tmp_path: Path, index: FakeIndex, version: str, terms: str, said: str
) -> None:
    assert told(judged(tmp_path, version, terms, index.url)) == ("fail", [said])


def test_the_same_license_passes_also_offline_afterwards(tmp_path: Path, index: FakeIndex) -> None:
    assert told(judged(tmp_path, "3.0", "GPL-3.0-only", index.url)) == ("pass", [])
    asked = len(index.log)
    assert asked == 2, "one page, one file of metadata"
    again = judged(tmp_path, "3.0", "GPL-3.0-only", index.url, offline=True)
    assert told(again) == ("pass", [])
    assert len(index.log) == asked


def test_the_first_release(tmp_path: Path, index: FakeIndex) -> None:
    assert told(judged(tmp_path, "0.9", "ISC", index.url)) == ("pass", [])


def test_without_a_network_nobody_knows(tmp_path: Path, index: FakeIndex) -> None:
    outcome, reasons = told(judged(tmp_path, "2.0", "MIT", index.url, offline=True))
    assert outcome == "not_run"
    assert reasons == [f"{index.url}: offline"]


def test_an_index_that_does_not_answer_may_have_a_later_one(
    tmp_path: Path, index: FakeIndex
) -> None:
    with FakeIndex({}) as broken:
        broken.fail(faults.Status(500))
        outcome, reasons = told(judged(tmp_path, "2.0", "MIT", index.url, broken.url))
    assert outcome == "not_run"
    assert broken.url in reasons[0]


def test_an_index_without_metadata(tmp_path: Path) -> None:
    with FakeIndex(
        {"shop": [release("1.0"), release("2.0")]}, offer=Offer(core_metadata=False)
    ) as bare:
        outcome, reasons = told(judged(tmp_path, "2.0", "MIT", bare.url))
    assert outcome == "not_run"
    assert reasons == ["no index has metadata of 1.0, the release before"]


def test_indexes_that_differ(tmp_path: Path, index: FakeIndex) -> None:
    with FakeIndex({"shop": [release("1.0", "Apache-2.0")]}) as other:
        outcome, reasons = told(judged(tmp_path, "2.0", "MIT", index.url, other.url))
    assert outcome == "not_run"
    assert "differ about its license" in reasons[0]


def test_a_name_that_no_index_has(tmp_path: Path) -> None:
    with FakeIndex({}) as empty:
        outcome, reasons = told(judged(tmp_path, "2.0", "MIT", empty.url))
    assert (outcome, reasons) == ("not_run", ["no index that tells metadata has it"])


def test_the_report_says_which_index_was_asked_and_why(
    tmp_path: Path, index: FakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = judged(tmp_path, "3.0", "GPL-3.0-only", index.url).report.run.indexes
    assert [(one.index, one.chosen_by) for one in found] == [
        (index.url, "[index] url in adhere.toml")
    ]
    secret = index.url.replace("//", "//someone:hunter2@")
    monkeypatch.setenv("ADHERE_INDEX_URL", secret)
    (one,) = judged(tmp_path, "3.0", "GPL-3.0-only", index.url).report.run.indexes
    assert (one.index, one.chosen_by) == (index.url, "ADHERE_INDEX_URL")
