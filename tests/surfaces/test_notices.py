"""Notices: every package that ships is there, with its texts or with the reason why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.environments import MIT
from surfaces.world import LICENSES, World

APACHE_NOTICE = "Beta\nCopyright 2020 B\u00e9ta\n"


@pytest.fixture
def shop(world: World) -> World:
    """Two packages with files, one without, one for development, and the project itself."""
    world.write(
        "pyproject.toml",
        '[project]\nname = "shop"\nversion = "1.0"\ndependencies = ["alpha", "beta", "gamma"]\n'
        '[dependency-groups]\ndev = ["tester"]\n',
    )
    world.write("adhere.toml", LICENSES)
    world.install("alpha", files={"licenses/LICENSE": MIT})
    world.install("beta", files={"licenses/LICENSE": MIT, "licenses/NOTICE": APACHE_NOTICE})
    world.install("gamma")
    world.install("tester", files={"LICENSE": "Only tests"})
    world.check()
    return world


def test_every_package_that_ships(shop: World) -> None:
    ran = shop.adhere("report", "--format", "notices")
    assert ran.code == 0
    assert ran.out.startswith(
        "Third-party notices of shop 1.0\n\n"
        "It comes with 3 packages of others. Each is listed with its license,\n"
        "and with the license files that it brings, indented.\n"
        "Of 1, a license text was not to be had; the entry says why.\n"
        "Not listed: 1 for development alone.\n"
    )
    entries = ran.out.split("=" * 78 + "\n")[1:]
    assert [entry.partition("\n")[0] for entry in entries] == ["alpha 1.0", "beta 1.0", "gamma 1.0"]
    assert "License: MIT\n\nlicenses/LICENSE:\n\n    " in entries[0]
    assert "    Permission is hereby granted" in entries[0]
    assert "licenses/LICENSE: the same text as licenses/LICENSE of alpha 1.0" in entries[1]
    assert "licenses/NOTICE:\n\n    Beta\n    Copyright 2020 B\u00e9ta\n" in entries[1]
    assert "Without a text: it was installed without a license file" in entries[2]
    assert "Only tests" not in ran.out
    assert "lacking  gamma 1.0: it was installed without a license file" in ran.err


def test_strict_ends_with_3_and_writes_all_the_same(shop: World) -> None:
    ran = shop.adhere("report", "--format", "notices", "--strict", "--output", "NOTICES.txt")
    assert ran.code == 3
    assert "(exit 3: --strict)" in ran.err
    assert (shop / "NOTICES.txt").read_text("utf-8").count("=" * 78) == 3
    (site_packages(shop) / "gamma-1.0.dist-info/COPYING").write_text(MIT, "utf-8")
    shop.check()
    assert shop.adhere("report", "--format", "notices", "--strict").code == 0


def test_strict_is_about_notices(shop: World) -> None:
    ran = shop.adhere("report", "--strict")
    assert ran.code == 2
    assert ran.codes == ["usage"]
    assert shop.adhere("report", env={"ADHERE_STRICT": "1"}).code == 0


def site_packages(shop: World) -> Path:
    return shop / ".venv/lib/python3.12/site-packages"


def test_a_text_that_is_not_the_one_that_was_judged_is_not_handed_on(shop: World) -> None:
    license_ = site_packages(shop) / "alpha-1.0.dist-info/licenses/LICENSE"
    license_.write_text("All rights reserved", "utf-8")
    (site_packages(shop) / "beta-1.0.dist-info/licenses/NOTICE").unlink()
    ran = shop.adhere("report", "--format", "notices", "--strict")
    assert ran.code == 3
    assert "All rights reserved" not in ran.out
    assert "Without a text: licenses/LICENSE is not what was judged" in ran.out
    assert "Without a text: licenses/NOTICE: cannot read it: there is no such file" in ran.out


def test_a_lock_file_has_no_texts(world: World) -> None:
    world.write("requirements.txt", "alpha==1.0\nbeta==2.0\n")
    world.write("adhere.toml", LICENSES)
    world.check("requirements.txt")
    ran = world.adhere("report", "--format", "notices", "--strict")
    assert ran.code == 3
    assert ran.out.count("Without a text: nothing that was judged has it installed") == 2
    assert "Of 2, the license is not known for sure" in ran.out


def test_what_could_not_be_read_is_there(shop: World) -> None:
    folder = site_packages(shop) / "lost-1.0.dist-info"
    folder.mkdir()
    shop.check()
    ran = shop.adhere("report", "--format", "notices", "--strict")
    assert ran.code == 3
    assert "lost-1.0\nIt could not be read: it has no METADATA" in ran.out
    assert "lacking  lost-1.0: it could not be read" in ran.err


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"\x1b[31mred \xe2\x80\xae", "    \\x1b[31mred \\u202e\n"),
        (b"Copyright Ren\xe9", "    Copyright Ren\u00e9\n"),
        ("UTF-16".encode("utf-16"), "    UTF-16\n"),
        (b"\xef\xbb\xbfone\r\ntwo\x0cthree\ttab\n\n\n", "    one\n    two\n    three   tab\n"),
        (b"=" * 78 + b"\nfake 1.0\nLicense: MIT", "    " + "=" * 78 + "\n    fake 1.0\n"),
    ],
)
def test_hostile_texts_stay_texts(world: World, content: bytes, shown: str) -> None:
    world.write("adhere.toml", LICENSES)
    folder = world.install("alpha")
    (folder / "LICENSE").write_bytes(content)
    world.check()
    out = world.adhere("report", "--format", "notices").out
    assert shown in out
    assert "\x1b" not in out
    assert sum(line == "=" * 78 for line in out.splitlines()) == 1


def test_a_report_from_elsewhere_leads_nowhere(shop: World) -> None:
    (shop / "secret").write_text("secret", "utf-8")
    path = shop / ".adhere/report.json"
    report = json.loads(path.read_text("utf-8"))
    alpha = report["packages"][0]
    for claim in alpha["license"]["evidence"]:
        if claim["kind"] == "license-text":
            claim["document"] = "../" * 5 + "secret"
    path.write_text(json.dumps(report), "utf-8")
    ran = shop.adhere("report", "--format", "notices")
    assert "would lie outside of its folder" in ran.out
    assert "    secret" not in ran.out


def test_a_text_in_the_metadata_is_taken_where_there_is_no_file(world: World) -> None:
    lines = MIT.strip().split("\n")
    field = "License: " + "\n        ".join(lines)
    world.write("adhere.toml", LICENSES)
    folder = world.install("alpha", license=None, fields=[field])
    world.check()
    ran = world.adhere("report", "--format", "notices", "--strict")
    assert "License field of METADATA:\n\n    MIT License\n" in ran.out
    assert f"    {lines[-1]}\n" in ran.out
    assert ran.code == 0
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\n", "utf-8")
    assert world.adhere("report", "--format", "notices", "--strict").code == 3


def test_an_environment_whose_place_the_report_does_not_tell(
    shop: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = shop / ".adhere/report.json"
    label = ".venv/lib/python3.12/site-packages/"
    path.write_text(path.read_text("utf-8").replace(label, ".../site-packages/"), "utf-8")
    away = tmp_path_factory.mktemp("away") / ".venv"
    (shop / ".venv").rename(away)
    ran = shop.adhere("report", "--format", "notices")
    assert "lies: name the place with --source" in ran.out
    ran = shop.adhere("report", "--format", "notices", "--source", str(away))
    assert "Permission is hereby granted" in ran.out
    assert ran.out.count("Without a text") == 1
    ran = shop.adhere("report", "--format", "notices", "--source", str(shop / "adhere.toml"))
    assert (ran.code, ran.codes) == (2, ["usage"])
    assert shop.adhere("report", "--source", str(away)).code == 2


def test_a_host_that_only_our_network_knows_is_not_told(world: World) -> None:
    world.write("adhere.toml", LICENSES)
    link = "Project-URL: Homepage, https://artifactory/alpha"
    world.install("alpha", fields=[link], files={"LICENSE": MIT})
    world.check()
    for name in ("notices", "cyclonedx", "spdx"):
        out = world.adhere("report", "--format", name).out
        assert "alpha" in out
        assert "artifactory" not in out
        assert "private-host" not in out


def test_the_same_twice(shop: World) -> None:
    first = shop.adhere("report", "--format", "notices").out
    assert shop.adhere("report", "--format", "notices").out == first
