"""Bills of materials and notices, as commands write them."""

from __future__ import annotations

import json

import pytest

from surfaces.world import World

FORMATS = ("cyclonedx", "spdx", "spdx3")


@pytest.mark.parametrize("name", FORMATS)
def test_a_bill_is_of_the_stored_report_and_can_be_judged_again(bad: World, name: str) -> None:
    assert bad.check().code == 1
    ran = bad.adhere("report", "--format", name, "--output", "bom.json")
    assert ran.code == 0
    assert "3 packages" in ran.err
    assert bad.adhere("report", "--format", name).out == (bad / "bom.json").read_text("utf-8")
    before = {(p["name"], p["version"], p["direct"]) for p in bad.report()["packages"]}
    assert bad.check("bom.json").code == 1
    again = bad.report()["packages"]
    assert {(p["name"], p["version"], p["direct"]) for p in again} == before
    licenses = {p["name"]: p["license"]["expression"] for p in again}
    assert licenses == {"alpha": "MIT", "copyleft": "GPL-3.0-only", "reviewed": "MPL-2.0"}
    assert next(p for p in again if p["name"] == "reviewed")["requires"] == ["copyleft"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_check_writes_none(good: World, name: str) -> None:
    assert good.adhere("check", "--format", name).code == 2


@pytest.mark.parametrize("name", FORMATS)
def test_without_a_report_there_is_none(good: World, name: str) -> None:
    ran = good.adhere("report", "--format", name)
    assert ran.code == 2
    assert ran.out == ""


@pytest.mark.parametrize("name", FORMATS)
def test_a_bill_of_what_has_changed_since_says_so(good: World, name: str) -> None:
    good.check()
    good.install("beta")
    ran = good.adhere("report", "--format", name)
    assert "STALE" in ran.err
    assert "beta" not in ran.out


def test_the_hash_of_a_lock_file_that_names_one_file_is_in_the_document(good: World) -> None:
    digest = "a" * 64
    good.write("requirements.txt", f"alpha==1.0 --hash=sha256:{digest}\n")
    good.check("requirements.txt")
    (found,) = json.loads(good.adhere("report", "--format", "cyclonedx").out)["components"]
    assert found["hashes"] == [{"alg": "SHA-256", "content": digest}]
    good.write("requirements.txt", f"alpha==1.0 --hash=sha256:{digest} --hash=sha256:{'b' * 64}\n")
    good.check("requirements.txt")
    (found,) = json.loads(good.adhere("report", "--format", "cyclonedx").out)["components"]
    assert "hashes" not in found  # either file may have been taken
