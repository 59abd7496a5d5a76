"""What is remembered of an environment never changes what a report says.

Each example makes an environment, judges it so that it is remembered, changes it in one
way or in two, and judges it twice: from what is remembered, and without any memory.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.app.check import check
from adhere.app.request import Request
from adhere.report.document import Report, Run
from adhere.report.json import encode_report
from corpus.environments import MIT, distribution, site_packages
from fakes.clock import FakeClock

TICK = 0.012
"""Seconds in which the kernel gives every file the same time, and a little more."""

POLICY = """\
schema = 1
[[rule]]
id = "licenses"
check = "licenses.allowed"
with = { allow = ["MIT"] }
[[rule]]
id = "origins"
check = "sources.allowed"
with = { indexes = ["index.example.org"] }
"""

Change = Callable[[Path], None]


def make(root: Path) -> Path:
    """A project whose environment has a package of every sort that the changes need."""
    (root / "adhere.toml").write_text(POLICY, "utf-8")
    packages = site_packages(root / ".venv")
    distribution(packages, "alpha", requires=["beta"], requested=True)
    distribution(packages, "beta", license=None, fields=["License: MIT"])
    distribution(packages, "gamma", license=None, files={"licenses/LICENSE": MIT})
    distribution(packages, "delta", license=None, fields=["License: BSD"])
    return packages


def same_size(packages: Path) -> None:
    """Another license in as many bytes, and the old time of modification."""
    path = packages / "alpha-1.0.dist-info" / "METADATA"
    before = path.stat()
    path.write_text(path.read_text("utf-8").replace("MIT", "ISC"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def swapped(packages: Path) -> None:
    """Two files of one size change places."""
    one = packages / "alpha-1.0.dist-info" / "METADATA"
    other = packages / "zeta-1.0.dist-info" / "METADATA"
    distribution(packages, "zeta", license="ISC", requires=["beta"], requested=True)
    text = other.read_text("utf-8").replace("zeta", "alpha")
    other.write_text(one.read_text("utf-8"), "utf-8")
    one.unlink()
    one.write_text(text, "utf-8")
    shutil.rmtree(other.parent)


def edited_text(packages: Path) -> None:
    path = packages / "gamma-1.0.dist-info" / "licenses" / "LICENSE"
    path.write_text(MIT.replace("Permission", "No permission"), "utf-8")


def more_texts(packages: Path) -> None:
    (packages / "delta-1.0.dist-info" / "LICENSE").write_text(MIT, "utf-8")


def text_in_a_folder(packages: Path) -> None:
    path = packages / "gamma-1.0.dist-info" / "licenses" / "vendored" / "LICENSE"
    path.parent.mkdir()
    path.write_text("Proprietary. All rights reserved.", "utf-8")


def text_gone(packages: Path) -> None:
    (packages / "gamma-1.0.dist-info" / "licenses" / "LICENSE").unlink()


def new_package(packages: Path) -> None:
    distribution(packages, "epsilon", license="GPL-3.0-only")


def package_gone(packages: Path) -> None:
    shutil.rmtree(packages / "beta-1.0.dist-info")


def renamed(packages: Path) -> None:
    (packages / "beta-1.0.dist-info").rename(packages / "beta-2.0.dist-info")


def replaced_folder(packages: Path) -> None:
    shutil.rmtree(packages / "delta-1.0.dist-info")
    distribution(packages, "delta", license="MIT")


def from_elsewhere(packages: Path) -> None:
    (packages / "alpha-1.0.dist-info" / "direct_url.json").write_text(
        '{"url": "https://example.org/a.zip", "archive_info": {}}', "utf-8"
    )


def no_longer_requested(packages: Path) -> None:
    (packages / "alpha-1.0.dist-info" / "REQUESTED").unlink()


def linked(packages: Path) -> None:
    folder = packages / "beta-1.0.dist-info"
    shutil.move(folder, packages / "elsewhere")
    folder.symlink_to(packages / "elsewhere")


def linked_file(packages: Path) -> None:
    path = packages / "beta-1.0.dist-info" / "METADATA"
    shutil.move(path, packages / "METADATA")
    path.symlink_to(packages / "METADATA")


def broken(packages: Path) -> None:
    (packages / "delta-1.0.dist-info" / "METADATA").write_bytes(b"\xff\xfe\x00")


def emptied(packages: Path) -> None:
    (packages / "gamma-1.0.dist-info" / "METADATA").write_bytes(b"")


def other_python(packages: Path) -> None:
    path = packages.parents[2] / "pyvenv.cfg"
    path.write_text(path.read_text("utf-8").replace("3.12", "3.13"), "utf-8")


def other_policy(packages: Path) -> None:
    path = packages.parents[3] / "adhere.toml"
    path.write_text(path.read_text("utf-8").replace('["MIT"]', '["ISC"]'), "utf-8")


CHANGES: tuple[Change, ...] = (
    same_size,
    swapped,
    edited_text,
    more_texts,
    text_in_a_folder,
    text_gone,
    new_package,
    package_gone,
    renamed,
    replaced_folder,
    from_elsewhere,
    no_longer_requested,
    linked,
    linked_file,
    broken,
    emptied,
    other_python,
    other_policy,
)


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def judged(root: Path, *, remember: bool) -> Report:
    # Tomorrow: every file is then old enough to be trusted by its stamp.
    clock = FakeClock()
    clock.pass_time(seconds=time.time() - clock.now().timestamp() + 86_400)
    wanted = Request(folder=str(root), cache=remember, cache_dir=str(root / "cache"))
    return check(wanted, clock=clock).report


def said(report: Report) -> bytes:
    """A report without the part in which every two runs differ."""
    blank = Run(
        id="",
        started="",
        seconds={},
        peak_memory=0,
        counts={},
        python="",
        platform="",
        offline=False,
    )
    return encode_report(msgspec.structs.replace(report, run=blank))


def remembered(report: Report) -> int:
    return report.run.counts.get("inventory.remembered", 0)


def tried(changes: tuple[Change, ...]) -> None:
    with folder() as root:
        packages = make(root)
        before = judged(root, remember=True)
        assert remembered(judged(root, remember=True)) == 4, "nothing would be shown below"
        time.sleep(TICK)
        for change in changes:
            try:
                change(packages)
            except FileNotFoundError:  # the first change took what the second changes
                continue
        plain = judged(root, remember=False)
        assert said(judged(root, remember=True)) == said(plain)
        assert said(judged(root, remember=True)) == said(plain), "nor after it was remembered anew"
        assert said(plain) != said(before), "the change changes nothing, so it shows nothing"


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_one_change_is_seen(change: Change) -> None:
    tried((change,))


@given(st.sampled_from(tuple(combinations(CHANGES, 2))))
def test_two_changes_are_seen(pair: tuple[Change, Change]) -> None:
    tried(pair)


def test_a_file_younger_than_the_clock_can_tell_is_read_again() -> None:
    with folder() as root:
        make(root)
        clock = FakeClock()
        clock.pass_time(seconds=time.time() - clock.now().timestamp())
        wanted = Request(folder=str(root), cache_dir=str(root / "cache"))
        check(wanted, clock=clock)
        assert remembered(check(wanted, clock=clock).report) == 0


@given(st.binary(max_size=200))
def test_a_foreign_value_in_the_cache_is_no_memory(value: bytes) -> None:
    import sqlite3

    with folder() as root:
        make(root)
        plain = said(judged(root, remember=True))
        with sqlite3.connect(root / "cache" / "cache.sqlite3") as connection:
            changed = connection.execute("UPDATE entry SET value = ?", (value,)).rowcount
        connection.close()
        assert changed
        again = judged(root, remember=True)
        assert remembered(again) == 0
        assert said(again) == plain
