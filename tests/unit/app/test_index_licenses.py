"""Licenses of what only a lock file knows: by the index, for exactly the version at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adhere.app.check import check
from adhere.app.request import Checked, Request
from adhere.testing import FakeFile, FakeIndex, FakeProject, FakeRelease, Offer, faults
from corpus.environments import distribution, site_packages

POLICY = """\
schema = 1
[index]
retries = 0
rate = 1000
timeout = "500ms"
url = [{urls}]
[project]
sources = ["{source}"]
[[rule]]
id = "licenses"
check = "licenses.allowed"
with = {{ allow = ["MIT", "BSD-3-Clause"] }}
"""
NOWHERE = "it is not installed here, and no source holds its metadata"
OTHER = "f" * 64


def release(version: str = "1.0", terms: str = "MIT", **fields: Any) -> FakeRelease:
    return FakeRelease(version, metadata={"License-Expression": terms}, **fields)


@pytest.fixture
def index() -> Iterator[FakeIndex]:
    with FakeIndex({"shop": [release(), release("2.0", "GPL-3.0-only")]}) as server:
        yield server


Run = Callable[..., Checked]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def judged(*urls: str, lock: str = "shop==1.0\n", **about: Any) -> Checked:
        listed = ", ".join(f'"{url}"' for url in urls)
        policy = POLICY.format(urls=listed, source="requirements.txt")
        (tmp_path / "adhere.toml").write_text(policy, "utf-8")
        (tmp_path / "requirements.txt").write_text(lock, "utf-8")
        return check(Request(folder=str(tmp_path), **about))

    return judged


def outcome(checked: Checked) -> tuple[str, list[str]]:
    """Of the rule, and why packages were not judged."""
    (result,) = (one for one in checked.report.results if one.rule == "licenses")
    return result.outcome, [one.reason for one in result.not_judged]


def test_metadata_of_the_index_is_evidence(run: Run, index: FakeIndex) -> None:
    found = run(index.url)
    assert outcome(found) == ("pass", [])
    (package,) = found.report.packages
    (evidence,) = package.license.evidence
    assert (evidence.kind, evidence.raw) == ("index", "MIT")
    assert evidence.document == f"METADATA of {index.url}"
    assert len(index.log) == 2, "one page, and a few kilobytes beside the wheel"
    assert outcome(run(index.url)) == outcome(run(index.url, offline=True)) == ("pass", [])
    assert len(index.log) == 2


def test_a_later_version_says_nothing_of_this_one(run: Run, index: FakeIndex) -> None:
    found = run(index.url, lock="shop==2.0\n")
    assert outcome(found)[0] == "fail"
    assert [finding.version for finding in found.report.findings] == ["2.0"]


def test_another_spelling_of_a_version_is_that_version(run: Run, index: FakeIndex) -> None:
    assert outcome(run(index.url, lock="shop==1.0.0\n"))[0] == "pass"


def test_what_the_index_does_not_have_stays_open(run: Run, index: FakeIndex) -> None:
    for lock in ("shop==3.0\n", "till==1.0\n"):
        reason = f"{index.url} has no metadata of this version"
        assert outcome(run(index.url, lock=lock)) == ("not_run", [f"{NOWHERE}; {reason}"])


def test_an_index_without_metadata_files(run: Run) -> None:
    with FakeIndex({"shop": [release()]}, offer=Offer(core_metadata=False)) as index:
        found = outcome(run(index.url))
        assert found == (
            "not_run",
            [f"{NOWHERE}; {index.url} has no metadata of this version"],
        )


FAULTS: dict[str, Any] = {
    "silent": faults.Silent(),
    "reset": faults.ResetAfter(),
    "broken": faults.Status(500),
    "garbage": faults.Body(b"\x00 no metadata", "text/plain"),
    "another": faults.Body(b"Metadata-Version: 2.4\nName: till\nVersion: 1.0\n\n", "text/plain"),
    "gone": faults.Status(404),
    "redirect": faults.Redirect("https://elsewhere.example.org/"),
}


@pytest.mark.parametrize("where", ["/simple/*", "/files/*"])
@pytest.mark.parametrize("fault", FAULTS)
def test_without_an_answer_it_stays_open(
    run: Run, index: FakeIndex, fault: str, where: str
) -> None:
    index.fail(FAULTS[fault], path=where)
    said, (reason,) = outcome(run(index.url, deadline=2.0))
    assert said == "not_run"
    assert reason.startswith(f"{NOWHERE}; {index.url}")
    if fault != "gone":  # which is an answer, and kept for a while
        index.heal()
        assert outcome(run(index.url)) == ("pass", [])


def test_offline_nobody_is_asked(run: Run, index: FakeIndex) -> None:
    said, (reason,) = outcome(run(index.url, offline=True))
    assert (said, reason) == ("not_run", f"{NOWHERE}; {index.url}: offline")
    assert index.log == []


def test_a_lock_file_of_other_files_is_not_that_version(run: Run, index: FakeIndex) -> None:
    """A name that two indexes have, and the lock file means that of the other."""
    (wheel, _) = release().files_of("shop")
    assert outcome(run(index.url, lock=f"shop==1.0 --hash=sha256:{wheel.sha256}\n"))[0] == "pass"
    found = outcome(run(index.url, lock=f"shop==1.0 --hash=sha256:{OTHER}\n"))
    assert found == ("not_run", [f"{NOWHERE}; {index.url} has other files of this version"])


def test_of_several_indexes_all_have_to_agree(run: Run, index: FakeIndex) -> None:
    with FakeIndex({"shop": [release(terms="GPL-3.0-only")]}) as other:
        said, (reason,) = outcome(run(index.url, other.url))
        assert said == "not_run"
        assert reason.endswith(f"{index.url} and {other.url} differ about its license")
        other.add("shop", [release()])
        assert outcome(run(index.url, other.url, cache=False)) == ("pass", [])


def test_an_index_that_does_not_answer_leaves_open_what_it_would_have_said(
    run: Run, index: FakeIndex
) -> None:
    dead = "http://127.0.0.1:9/simple/"
    said, (reason,) = outcome(run(index.url, dead))
    assert said == "not_run"
    assert f"{NOWHERE}; {dead}: unreachable" in reason
    (wheel, _) = release().files_of("shop")
    lock = f"shop==1.0 --hash=sha256:{wheel.sha256}\n"
    assert outcome(run(index.url, dead, lock=lock)) == ("pass", []), "its files tell which it is"


def test_digests_decide_between_indexes(run: Run, index: FakeIndex) -> None:
    text = "Metadata-Version: 2.4\nName: shop\nVersion: 1.0\nLicense-Expression: GPL-3.0-only\n"
    mine = FakeFile("shop-1.0-py3-none-any.whl", b"mine", text)
    with FakeIndex({"shop": FakeProject([FakeRelease("1.0", files=(mine,))])}) as other:
        lock = f"shop==1.0 --hash=sha256:{mine.sha256}\n"
        assert outcome(run(index.url, other.url, lock=lock))[0] == "fail"


def test_html_pages_tell_it_as_well(run: Run) -> None:
    (wheel, _) = release().files_of("shop")
    with FakeIndex({"shop": [release()]}, formats=("html",)) as index:
        lock = f"shop==1.0 --hash=sha256:{wheel.sha256}\n"
        assert outcome(run(index.url, lock=lock)) == ("pass", [])
        lock = f"shop==1.0 --hash=sha256:{OTHER}\n"
        assert outcome(run(index.url, lock=lock))[0] == "not_run"


def test_an_environment_needs_no_network(tmp_path: Path, index: FakeIndex) -> None:
    distribution(site_packages(tmp_path / ".venv"), "shop", license=None)
    policy = POLICY.format(urls=f'"{index.url}"', source=".venv")
    (tmp_path / "adhere.toml").write_text(policy, "utf-8")
    checked = check(Request(folder=str(tmp_path)))
    assert outcome(checked)[0] != "pass", "what is installed says nothing, and that counts"
    assert index.log == []


def test_no_rule_about_licenses_asks_nobody(tmp_path: Path, run: Run, index: FakeIndex) -> None:
    policy = POLICY.format(urls=f'"{index.url}"', source="requirements.txt")
    rule = '[[rule]]\nid = "licenses"\ncheck = "packages.denied"\nwith = { deny = ["till"] }\n'
    (tmp_path / "adhere.toml").write_text(policy.partition("[[rule]]")[0] + rule, "utf-8")
    (tmp_path / "requirements.txt").write_text("shop==1.0\n", "utf-8")
    assert outcome(check(Request(folder=str(tmp_path)))) == ("pass", [])
    assert index.log == []


def test_a_configuration_of_an_installer_that_is_wrong_takes_nothing_else_along(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UV_NO_INDEX")
    monkeypatch.setenv("UV_CONFIG_FILE", str(tmp_path / "uv.toml"))
    (tmp_path / "uv.toml").write_text("index-url = [", "utf-8")
    checked = run()
    assert checked.problems == ()
    said, (reason,) = outcome(checked)
    assert said == "not_run"
    assert reason.startswith(NOWHERE)
    assert reason.endswith("cannot be used")
